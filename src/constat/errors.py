"""Every error that Constat raises on purpose.

    ConstatError
    ├── UsageError            the command was called wrongly
    ├── InputError            a report could not be read: path, line, cause
    │   ├── EncodingError     bytes that are not text
    │   ├── LimitError        larger or deeper than a setting allows
    │   ├── ModelError        the language model gave no answer that can be used
    │   └── MissingExtraError a package that reads this format is not installed
    ├── PackError             a language pack or the ontology is at fault: file, line, what would be right
    ├── GazetteerError        the place index cannot be built or opened
    ├── EvidenceError         a quote does not stand where it is said to stand
    ├── SettingsError         a setting is unknown or has a wrong value
    └── StoreError            a casebook cannot be opened, written or trusted
        ├── BusyError         another process writes to it
        └── ConflictError     a decision was made on a state that is no longer the last

Each message names what is at fault and what to do about it.
"""

from __future__ import annotations


class ConstatError(Exception):
    """Base of all errors that Constat raises on purpose; its text is fit to be shown to a user."""

    def __reduce__(self) -> tuple[object, ...]:
        """Errors travel between the processes of an engine as they are, whatever they are made from."""
        return _again, (type(self), self.args, self.__dict__)


def _again(kind: type[ConstatError], arguments: tuple[object, ...], state: dict[str, object]) -> ConstatError:
    error = kind.__new__(kind)
    error.args = arguments
    error.__dict__.update(state)
    return error


class UsageError(ConstatError):
    """The command or function was called with arguments that make no sense together."""


class InputError(ConstatError):
    """A report could not be read; `path` and `line` (1-based, or None) say which one."""

    def __init__(self, path: str, line: int | None, cause: str) -> None:
        self.path, self.line, self.cause = path, line, cause
        where = path if line is None else f"{path}:{line}"
        super().__init__(f"{where}: {cause}")


class EncodingError(InputError):
    """The bytes of a report are not text in any encoding that Constat reads."""


class LimitError(InputError):
    """The input is larger, deeper or slower to read than a named setting allows."""


class ModelError(InputError):
    """A language model gave no answer for a document, or none that can be used; `path` is the document."""

    def __init__(self, document: str, cause: str) -> None:
        super().__init__(document, None, cause)


class MissingExtraError(InputError):
    """The package that reads this format is not installed; the message names the extra that brings it."""

    def __init__(self, path: str, package: str, extra: str) -> None:
        super().__init__(path, None, f"reading this needs {package}: pip install 'constat[{extra}]', then add it again")


class PackError(ConstatError):
    """A table of a language pack or of the ontology is at fault; says the file, the line and what would be right."""

    def __init__(self, path: str, line: int | None, cause: str) -> None:
        self.path, self.line, self.cause = path, line, cause
        where = path if line is None else f"{path}:{line}"
        super().__init__(f"{where}: {cause}")


class GazetteerError(ConstatError):
    """The place index cannot be built, opened or read."""


class EvidenceError(ConstatError):
    """A quote does not stand at its offsets in the document that it names."""


class SettingsError(ConstatError):
    """A setting is unknown or has a wrong value."""


class StoreError(ConstatError):
    """A casebook cannot be opened or written, is held by another process, or does not hold what it should."""


class BusyError(StoreError):
    """Another process writes to a casebook of which only one may."""


class ConflictError(StoreError):
    """A decision was made on a revision that is no longer the last one; look at the new one and decide again."""
