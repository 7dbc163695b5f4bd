"""Which names an index may hold, told without asking it: a Bloom filter, a few MB that are read when it is opened."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, TypeVar
from zlib import adler32, crc32

_BITS_A_NAME = 12  # with two positions a name, three in a hundred names that are not there are asked for in vain
_LEAST = 1 << 13  # bits
_Top = TypeVar("_Top", int, Any)  # the upper bits of a number, or an array of them
_GOLDEN = 2_654_435_761  # by which Knuth spreads numbers of 32 bits


def number(name: str) -> int:
    """A number of 63 bits that tells names apart, by which the index holds them: quicker to find than text."""
    data = name.encode()
    return crc32(data) << 31 ^ adler32(data)  # the same in every process, as hash() is not


def presence(numbers: Collection[int]) -> bytes:
    """The filter of names by their numbers."""
    import numpy as np  # only where an index is built

    bits = _LEAST
    while bits < len(numbers) * _BITS_A_NAME:
        bits *= 2
    there = np.zeros(bits, dtype=np.bool_)
    top = np.fromiter(numbers, dtype=np.uint64, count=len(numbers)) >> np.uint64(31)
    for positions in _positions(top, bits - 1):
        there[positions] = True
    return np.packbits(there, bitorder="little").tobytes()


class Presence:
    """Answers whether the name of a number may be there; no is certain."""

    def __init__(self, filter: bytes) -> None:
        self._filter = filter
        self._mask = len(filter) * 8 - 1

    def __call__(self, number: int) -> bool:
        one, two = _positions(number >> 31, self._mask)
        return bool(self._filter[one >> 3] >> (one & 7) & 1 and self._filter[two >> 3] >> (two & 7) & 1)


def _positions(top: _Top, mask: int) -> tuple[_Top, _Top]:
    return top & mask, top * _GOLDEN >> 20 & mask
