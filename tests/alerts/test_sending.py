"""Nothing lost, nothing doubled: against a real mail server and a real HTTP receiver, which fail and come back."""

from __future__ import annotations

import datetime as dt
import random
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from looking import GEDAREF, KASSALA, look, report
from receivers import SECRET, Mailbox, Receiver, free_port, http_receiver, mail_server

from constat.alerts.alert import Alert
from constat.alerts.channels import Channel, NotSentError, opened
from constat.alerts.sending import Sender, Sent
from constat.casebook import Casebook
from constat.store.alert_state import AlertState
from constat.watching import Watch

pytest.importorskip("aiosmtpd", reason="NO MAIL SERVER HERE: sending alerts was not tested")
ADA, BEN = "ada@example.org", "ben@example.org"


class Clock:
    def __init__(self) -> None:
        self.now = dt.datetime(2024, 5, 3, 10, tzinfo=dt.UTC).timestamp()

    def __call__(self) -> float:
        return self.now


class Desk:
    """A casebook with a mail server and a receiver, and a clock that is turned by hand."""

    def __init__(self, book: Casebook, folder: Path, watch: Watch) -> None:
        self.book, self.folder, self.watch = book, folder, watch
        self.box, self.receiver, self.clock = Mailbox(), Receiver(), Clock()
        self.mail_port, self.http_port = free_port(), free_port()
        self.channels: dict[str, Channel] = opened(
            [
                {
                    "name": "mail", "kind": "email", "server": "127.0.0.1", "port": self.mail_port, "security": "none",
                    "sender": "constat@example.org", "recipients": [ADA, BEN], "seconds": 5,
                },
                {
                    "name": "hook", "kind": "webhook", "address": f"http://127.0.0.1:{self.http_port}/in",
                    "secret_variable": "HOOK_SECRET", "seconds": 5,
                },
                {"name": "feed", "kind": "atom"},
                {"name": "cap", "kind": "cap"},
            ]
        )  # fmt: skip
        look(book, watch)
        self.raised: list[Alert] = []

    def tell(self, publisher: str, **said: Any) -> None:
        report(self.book, self.folder, publisher, **said)
        self.raised += look(self.book, self.watch)

    def send(self, **how: Any) -> Sent:
        with AlertState(self.book.folder) as state:
            return Sender(state, self.book.folder, self.channels, [self.watch], self.clock).run(**how)

    def waiting(self) -> int:
        with AlertState(self.book.folder) as state:
            return Sender(state, self.book.folder, self.channels, [self.watch], self.clock).waiting()

    def mailed(self) -> list[str]:
        return [f"<{alert.id}@example.org>" for alert in self.raised]


@pytest.fixture
def desk(book: Casebook, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    monkeypatch.setenv("HOOK_SECRET", SECRET)
    return Desk(book, tmp_path, Watch(name="all", channels=("mail", "hook", "feed", "cap")))


def test_servers_that_are_away_get_everything_when_they_are_back_in_order_and_once(desk: Desk) -> None:
    desk.tell("Morning", killed=2, **KASSALA)
    desk.tell("Evening", killed=5, **KASSALA)
    away = desk.send()
    assert set(away.causes) == {"mail", "hook"} and away.failed == 2 and desk.waiting() == 6
    assert desk.send().failed == 0  # not due: they are left alone
    desk.clock.now += 31
    with mail_server(desk.box, desk.mail_port):
        assert desk.send().causes.keys() == {"hook"}
    desk.clock.now += 61
    with mail_server(desk.box, desk.mail_port), http_receiver(desk.receiver, desk.http_port):
        desk.tell("Night", killed=3, **GEDAREF)
        assert desk.send().causes == {} and desk.waiting() == 0
        assert desk.send() == Sent()
    assert desk.box.ids(ADA) == desk.box.ids(BEN) == desk.mailed()
    assert desk.receiver.ids() == [alert.id for alert in desk.raised]


def test_updates_are_replies_and_name_what_changed(desk: Desk) -> None:
    desk.tell("Morning", killed=2, **KASSALA)
    desk.tell("Evening", killed=5, **KASSALA)
    with mail_server(desk.box, desk.mail_port), http_receiver(desk.receiver, desk.http_port):
        desk.send()
    first, second = (letter for to, letter in desk.box.taken if to == ADA)
    assert second["In-Reply-To"] == second["References"] == first["Message-ID"]
    assert "- killed: 5 (2 to 5) (was 2)" in second.get_content()
    (_, one), (_, two) = desk.receiver.got
    assert two["earlier"] == [one["id"]] and two["thread"] == one["thread"] and two["number"] == 2
    assert {change["field"] for change in two["changes"]} >= {"killed", "voices"}


def test_a_recipient_that_is_refused_holds_up_nobody_else(desk: Desk) -> None:
    desk.box.refuse[BEN] = "550 no such person"
    with mail_server(desk.box, desk.mail_port), http_receiver(desk.receiver, desk.http_port):
        desk.tell("Morning", killed=2, **KASSALA)
        assert "550 no such person" in desk.send().causes["mail"]
        desk.tell("Evening", killed=3, **GEDAREF)
        desk.send()
        assert desk.box.ids(ADA) == desk.mailed() and desk.box.ids(BEN) == []
        desk.box.refuse.clear()
        desk.send(anyway=True)
        assert desk.box.ids(BEN) == desk.mailed() and desk.box.ids(ADA) == desk.mailed()


def test_a_lost_answer_brings_the_same_letter_again_under_the_same_id(desk: Desk) -> None:
    desk.box.lose_answers = 1
    with mail_server(desk.box, desk.mail_port), http_receiver(desk.receiver, desk.http_port):
        desk.tell("Morning", killed=2, **KASSALA)
        desk.send()
        desk.send(anyway=True)
    assert desk.box.ids(ADA) == desk.mailed() * 2 and desk.box.ids(BEN) == desk.mailed()


def test_a_busy_receiver_is_left_alone_as_long_as_it_asks(desk: Desk) -> None:
    desk.receiver.answers = [(429, {"Retry-After": "600"})]
    with mail_server(desk.box, desk.mail_port), http_receiver(desk.receiver, desk.http_port):
        desk.tell("Morning", killed=2, **KASSALA)
        done = desk.send()
        assert done.due == desk.clock.now + 600
        desk.clock.now += 599
        assert desk.send().sent == 0
        desk.clock.now += 2
        assert desk.send().sent == 1
    assert desk.receiver.ids() == [alert.id for alert in desk.raised]


def test_a_crash_between_sending_and_noting_sends_once_more_under_the_same_key(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    class PowerCutError(BaseException):
        pass

    def cut(self: Sender, row: Any, state: str) -> None:
        raise PowerCutError

    with http_receiver(desk.receiver, desk.http_port):
        del desk.channels["mail"]
        desk.tell("Morning", killed=2, **KASSALA)
        with monkeypatch.context() as patched:
            patched.setattr(Sender, "_mark", cut)
            for _ in range(3):
                with pytest.raises(PowerCutError):
                    desk.send()
        desk.send()
    (alert,) = desk.raised
    assert set(desk.receiver.ids()) == {alert.id}
    feed = (desk.book.folder / "alerts.atom").read_text(encoding="utf-8")
    assert feed.count("<entry>") == 1 and len(list((desk.book.folder / "alerts-cap").iterdir())) == 1


@pytest.mark.parametrize("seed", range(2))
def test_with_servers_that_fail_at_random_nothing_is_lost_and_nothing_doubled(seed: int, desk: Desk) -> None:
    chance = random.Random(seed)
    for number in range(4):
        desk.tell(f"Outlet {number}", killed=number + 1, **chance.choice([KASSALA, GEDAREF]))
        desk.box.answers = chance.choices(["451 later", "554 not that one", "421 closing"], k=chance.randint(0, 3))
        desk.receiver.answers = [(chance.choice([0, 302, 404, 413, 500, 503]), {}) for _ in range(chance.randint(0, 3))]
        if chance.random() < 0.7:
            with mail_server(desk.box, desk.mail_port), http_receiver(desk.receiver, desk.http_port):
                desk.send()
        else:
            desk.send()
        desk.clock.now += chance.choice([1, 40, 400])
    desk.box.answers, desk.receiver.answers = [], []
    with mail_server(desk.box, desk.mail_port), http_receiver(desk.receiver, desk.http_port):
        for _ in range(12):
            desk.clock.now += 3_700
            desk.send()
    assert desk.waiting() == 0 and len(desk.raised) >= 4
    for ids in (desk.box.ids(ADA), desk.box.ids(BEN)):
        assert Counter(ids) == Counter(desk.mailed())
    assert Counter(desk.receiver.ids()) == Counter(alert.id for alert in desk.raised)
    threads: dict[str, list[int]] = {}
    for _, told in desk.receiver.got:
        threads.setdefault(told["thread"], []).append(told["number"])
    assert all(numbers == sorted(numbers) for numbers in threads.values())


def test_quiet_hours_hold_alerts_back_but_not_the_gravest(book: Casebook, tmp_path: Path) -> None:
    desk = Desk(book, tmp_path, Watch(name="w", channels=("feed",), quiet="22:00-06:00", time_zone="Etc/GMT-3",
                                      urgent_killed=20))  # fmt: skip
    desk.clock.now = dt.datetime(2024, 5, 3, 20, tzinfo=dt.UTC).timestamp()  # 23:00 there
    desk.tell("Morning", killed=2, **KASSALA)
    desk.tell("Evening", killed=25, **GEDAREF)
    done = desk.send()
    assert (done.sent, done.quiet) == (1, 1)
    desk.clock.now += 7 * 3_600 + 60
    assert desk.send().sent == 1 and desk.waiting() == 0


def test_a_channel_that_is_gone_from_the_settings_keeps_what_waits(desk: Desk) -> None:
    desk.tell("Morning", killed=2, **KASSALA)
    hook = desk.channels.pop("hook")
    desk.channels.pop("mail")
    desk.send()
    assert desk.waiting() == 2
    desk.channels["hook"] = hook
    with http_receiver(desk.receiver, desk.http_port):
        desk.send()
    assert desk.receiver.ids() == [alert.id for alert in desk.raised]


def test_a_folder_that_cannot_be_written_is_tried_again(desk: Desk) -> None:
    (desk.book.folder / "alerts-cap").write_text("in the way")
    desk.tell("Morning", killed=2, **KASSALA)
    assert "cap" in desk.send().causes
    (desk.book.folder / "alerts-cap").unlink()
    desk.send(anyway=True)
    assert len(list((desk.book.folder / "alerts-cap").iterdir())) == 1


def test_what_a_server_says_is_one_line(desk: Desk) -> None:
    with pytest.raises(NotSentError, match=r"^[^\n]+$"):
        raise NotSentError("550 go\r\naway")
