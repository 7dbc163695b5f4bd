"""E-mail over SMTP, one message a recipient; updates are replies to the first message of their thread."""

from __future__ import annotations

import datetime as dt
import os
import smtplib
import ssl
from contextlib import suppress
from email.errors import HeaderParseError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import Annotated, Literal

import msgspec

from constat.alerts.alert import Alert
from constat.alerts.channels import Context, NotSentError
from constat.errors import SettingsError

_PORTS = {"starttls": 587, "tls": 465, "none": 25}
_LOCAL = ("localhost", "127.0.0.1", "::1")


class Options(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`password_variable`: the environment variable with the password of `user`; `security` none: this machine only."""

    server: str
    sender: str
    recipients: tuple[str, ...]
    port: int = 0
    security: Literal["starttls", "tls", "none"] = "starttls"
    user: str = ""
    password_variable: str = "CONSTAT_SMTP_PASSWORD"
    seconds: Annotated[float, msgspec.Meta(gt=0)] = 30.0

    def check(self) -> Options:
        """The channel itself; raises `SettingsError`."""
        if not self.recipients:
            raise SettingsError("`recipients` is empty")
        for address in (self.sender, *self.recipients):
            _address(address)
        if self.security == "none" and self.server not in _LOCAL:
            raise SettingsError("`security` is none; that is for a server on this machine alone")
        return self

    def targets(self) -> tuple[str, ...]:
        """The recipients."""
        return tuple(dict.fromkeys(self.recipients))

    def send(self, alert: Alert, target: str, context: Context) -> None:
        """Hand the message to the server; what it has taken counts as sent, whatever comes of saying goodbye."""
        letter = message(alert, self.sender, target)
        server: smtplib.SMTP | None = None
        try:
            server = self._connect()
            server.send_message(letter, self.sender, [target])
        except smtplib.SMTPRecipientsRefused as error:
            code, said = next(iter(error.recipients.values()), (550, b""))
            raise NotSentError(f"{target}: {code} {_text(said)}", whole=False) from error
        except smtplib.SMTPSenderRefused as error:
            raise NotSentError(f"{self.sender}: {error.smtp_code} {_text(error.smtp_error)}") from error
        except smtplib.SMTPDataError as error:
            cause = f"{self.server}: {error.smtp_code} {_text(error.smtp_error)}"
            raise NotSentError(cause, whole=error.smtp_code < 500) from error
        except (smtplib.SMTPException, ssl.SSLError, OSError) as error:
            raise NotSentError(f"{self.server}: {type(error).__name__}: {error}") from error
        finally:
            if server is not None:
                with suppress(smtplib.SMTPException, OSError):
                    server.quit()

    def renew(self, context: Context) -> None:
        """What was mailed is the recipients'."""

    def _connect(self) -> smtplib.SMTP:
        port = self.port or _PORTS[self.security]
        context = ssl.create_default_context()
        if self.security == "tls":
            server: smtplib.SMTP = smtplib.SMTP_SSL(self.server, port, timeout=self.seconds, context=context)
        else:
            server = smtplib.SMTP(self.server, port, timeout=self.seconds)
        if self.security == "starttls":
            server.starttls(context=context)
        if self.user:
            server.login(self.user, os.environ.get(self.password_variable, ""))
        return server


def message(alert: Alert, sender: str, recipient: str) -> EmailMessage:
    """An alert as a message; sent again it has the same Message-ID."""
    domain = _address(sender).domain
    letter = EmailMessage(policy=SMTP)
    letter["From"], letter["To"] = sender, recipient
    first = alert.words("alert.subject_low", watch=alert.watch, headline=alert.headline)
    letter["Subject"] = " ".join((alert.subject if not alert.earlier else f"Re: {first}").split())
    letter["Date"] = format_datetime(dt.datetime.fromisoformat(alert.at.replace("Z", "+00:00")))
    letter["Message-ID"] = f"<{alert.id}@{domain}>"
    if alert.earlier:
        letter["In-Reply-To"] = f"<{alert.earlier[-1]}@{domain}>"
        letter["References"] = " ".join(f"<{id}@{domain}>" for id in alert.earlier[-20:])
    letter["Auto-Submitted"] = "auto-generated"
    letter["Content-Language"] = alert.lang
    letter["Constat-Alert"] = alert.id
    letter.set_content(f"{alert.subject}\n\n{alert.text()}")
    return letter


def _address(text: str) -> Address:
    try:
        found = Address(addr_spec=text)
    except (ValueError, IndexError, HeaderParseError):
        found = Address()
    if not found.username or not found.domain:
        raise SettingsError(f"{text!r} is no e-mail address")
    return found


def _text(said: bytes | str) -> str:
    return said.decode("utf-8", "replace") if isinstance(said, bytes) else said
