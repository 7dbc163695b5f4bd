"""What a person sees of a report: the copy that a model is sent, and the way back to the offsets of the report."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

from constat.records import Document, Part, Span

_JOINERS = "\u200c\u200d"  # which Persian and the scripts of India write inside words
_SELECTORS = (range(0xFE00, 0xFE10), range(0xE0100, 0xE01F0))


class Visible:
    """The visible signs of one part of a document, each with its offset in the part."""

    def __init__(self, document: Document, part: Part) -> None:
        self.part = part
        self._whole = document.part(part)
        self._at = [i for i, sign in enumerate(self._whole) if _seen(self._whole, i, sign)]
        self.text = "".join(self._whole[i] for i in self._at)

    def find(self, quote: str) -> Iterator[Span]:
        """Everywhere in the part where a quote stands, to the letter; never where it is empty or only space."""
        start = self.text.find(quote) if quote.strip() else -1
        while start >= 0:
            first, last = self._at[start], self._at[start + len(quote) - 1] + 1
            yield Span(self.part, first, last, self._whole[first:last])
            start = self.text.find(quote, start + 1)


def _seen(text: str, i: int, sign: str) -> bool:
    if sign in "\n\t" or sign.isascii():
        return sign >= " " or sign in "\n\t"
    if sign in _JOINERS:
        return 0 < i < len(text) - 1 and text[i - 1].isalpha() and text[i + 1].isalpha()
    if any(ord(sign) in selectors for selectors in _SELECTORS):
        return False
    return unicodedata.category(sign) not in ("Cf", "Cc", "Cs")
