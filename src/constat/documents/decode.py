"""Bytes to text: the encoding told by its marks, guessed only where it must be, and always flagged when guessed."""

from __future__ import annotations

from constat.errors import EncodingError

_MARKS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
_KNOWN_BINARIES = (
    (b"%PDF", "a PDF"),
    (b"PK\x03\x04", "a ZIP archive or an office document"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"\xd0\xcf\x11\xe0", "an old office document"),
    (b"SQLite format 3", "a database"),
)
_SAMPLE = 65_536  # bytes
_LARGEST_SHARE_OF_CONTROLS = 0.02  # text has almost none; pictures and archives have many
_CONTROLS = bytes(set(range(32)) - set(b"\t\n\r\x0b\x0c"))
_SHARE_OF_NULS_IN_UTF16 = 0.3  # of the bytes at even or at odd places, in a Latin text
_LARGEST_SHARE_OF_BROKEN = 0.1  # of the bytes over 127, in a text that is UTF-8 with a few bytes lost


def decode(data: bytes, name: str, line: int | None = None) -> tuple[str, tuple[str, ...]]:
    """The text of some bytes and flags for what was odd about them; raises `EncodingError` for what is no text.

    Line ends become `\\n` and a byte-order mark is dropped; offsets count in the text as returned.
    """
    text, flags = _text(data, name, line)
    if any(control in text for control in ("\x00", "\x1b", "\x08")):
        flags = (*flags, "control characters")
    return text.replace("\r\n", "\n").replace("\r", "\n"), flags


def _text(data: bytes, name: str, line: int | None) -> tuple[str, tuple[str, ...]]:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _marked(data[len(mark) :], encoding, name, line)
    for head, what in _KNOWN_BINARIES:
        if data.startswith(head):
            raise EncodingError(name, line, f"this is {what}, not text; save its text as UTF-8 and read that")
    if guessed := _unmarked_utf16(data):
        return data.decode(guessed, errors="replace"), (f"encoding guessed: {guessed}",)
    if _binary(data):
        raise EncodingError(name, line, "binary data, not text; save the text as UTF-8 and read that")
    try:
        return data.decode("utf-8"), ()
    except UnicodeDecodeError:
        return _guess(data)


def _marked(data: bytes, encoding: str, name: str, line: int | None) -> tuple[str, tuple[str, ...]]:
    if encoding == "utf-8" and _binary(data):
        raise EncodingError(name, line, "binary data behind a UTF-8 mark; save the text as UTF-8 and read that")
    try:
        return data.decode(encoding), ()
    except UnicodeDecodeError:
        text = data.decode(encoding, errors="replace")
        return text, (f"invalid {encoding.upper()}: {text.count(chr(0xFFFD))} signs replaced",)


def _unmarked_utf16(data: bytes) -> str | None:
    sample = data[:_SAMPLE]
    if len(sample) < 8 or len(data) % 2:
        return None
    half = len(sample) / 2
    nuls = (sample[::2].count(0) / half, sample[1::2].count(0) / half)
    if max(nuls) < _SHARE_OF_NULS_IN_UTF16 or min(nuls) > _LARGEST_SHARE_OF_CONTROLS:
        return None
    encoding = "utf-16-be" if nuls[0] > nuls[1] else "utf-16-le"
    return None if _binary(sample.decode(encoding, errors="replace").encode()) else encoding


def _binary(data: bytes) -> bool:
    sample = data[:_SAMPLE]
    controls = len(sample) - len(sample.translate(None, _CONTROLS))
    return controls > _LARGEST_SHARE_OF_CONTROLS * len(sample)


def _guess(data: bytes) -> tuple[str, tuple[str, ...]]:
    """Mostly UTF-8 with broken bytes, or a Windows code page, Arabic if most high bytes are its letters."""
    repaired = data.decode("utf-8", errors="replace")
    broken = repaired.count("\ufffd")
    high = sum(byte >= 0x80 for byte in data)
    if broken <= _LARGEST_SHARE_OF_BROKEN * high:
        return repaired, (f"invalid UTF-8: {broken} signs replaced",)
    arabic = data.decode("cp1256", errors="replace")
    letters = sum("\u0621" <= c <= "\u064a" for c in arabic)
    if letters > 0.6 * high and letters > 0.3 * len(arabic):
        return arabic, ("encoding guessed: windows-1256",)
    return data.decode("cp1252", errors="replace"), ("encoding guessed: windows-1252",)
