"""Which names an index may hold, told without asking it: a Bloom filter, a few MB that are read when it is opened."""

from __future__ import annotations

from collections.abc import Iterable
from zlib import adler32, crc32

_BITS_A_NAME = 12  # with two positions a name, three in a hundred names that are not there are asked for in vain
_LEAST = 1 << 13  # bits
_GOLDEN = 2_654_435_761  # by which Knuth spreads numbers of 32 bits


def number(name: str) -> int:
    """A number of 63 bits that tells names apart, by which the index holds them: quicker to find than text."""
    data = name.encode()
    return crc32(data) << 31 ^ adler32(data)  # the same in every process, as hash() is not


def presence(names: Iterable[str], count: int) -> bytes:
    """The filter of about so many names."""
    bits = _LEAST
    while bits < count * _BITS_A_NAME:
        bits *= 2
    out = bytearray(bits // 8)
    for name in names:
        for at in _positions(number(name), bits - 1):
            out[at >> 3] |= 1 << (at & 7)
    return bytes(out)


class Presence:
    """Answers whether the name of a number may be there; no is certain."""

    def __init__(self, filter: bytes) -> None:
        self._filter = filter
        self._mask = len(filter) * 8 - 1

    def __call__(self, number: int) -> bool:
        one, two = _positions(number, self._mask)
        return bool(self._filter[one >> 3] >> (one & 7) & 1 and self._filter[two >> 3] >> (two & 7) & 1)


def _positions(number: int, mask: int) -> tuple[int, int]:
    top = number >> 31
    return top & mask, top * _GOLDEN >> 20 & mask
