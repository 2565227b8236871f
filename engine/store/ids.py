"""Names for things that many machines make at once: 63-bit integers, ordered by time, shown in base 32.

41 bits of milliseconds since 2020 and 22 low bits. The low bits walk through all their values in an
order drawn once a process, so that one process never repeats itself within a millisecond even on a
frozen clock, and two processes meet only by a chance of one in four million for the same millisecond.
The order is a random permutation (a Feistel network over random tables): whoever sees some ids can't
tell how many others were made between them.
"""

from __future__ import annotations

import itertools
import os
import secrets
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from engine.errors import NotFoundError

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"  # Crockford's: no i, l, o, u to misread on paper
_VALUES = {letter: value for value, letter in enumerate(_ALPHABET)}
_EPOCH = datetime(2020, 1, 1, tzinfo=UTC)
_LOW_BITS = 22
_LENGTH = 13


def _walk() -> Iterator[int]:
    """All low-bit values, over and over, in an order of this process's own."""
    half, rounds = _LOW_BITS // 2, 4
    mask = (1 << half) - 1
    tables = [[secrets.randbits(half) for _ in range(1 << half)] for _ in range(rounds)]
    for number in itertools.count(secrets.randbits(_LOW_BITS)):
        left, right = number >> half & mask, number & mask
        for table in tables:
            left, right = right, left ^ table[right]
        yield left << half | right


_low = _walk()


def _reseed() -> None:
    """A forked worker would repeat its parent's ids; it draws its own order instead."""
    global _low
    _low = _walk()


os.register_at_fork(after_in_child=_reseed)


def new_id(at: datetime) -> int:
    """A fresh id that sorts with `at` (aware) to the millisecond."""
    milliseconds = max(0, int((at - _EPOCH).total_seconds() * 1000))
    return (milliseconds << _LOW_BITS) | next(_low)


def lowest_id(at: datetime) -> int:
    """The least id that something made at `at` or later can have."""
    return max(0, int((at - _EPOCH).total_seconds() * 1000)) << _LOW_BITS


def instant_of(number: int) -> datetime:
    """When an id was made, to the millisecond."""
    return _EPOCH + timedelta(milliseconds=number >> _LOW_BITS)


def show_id(number: int) -> str:
    """The 13 characters people and URLs see."""
    letters = []
    for _ in range(_LENGTH):
        number, low = number >> 5, number & 31
        letters.append(_ALPHABET[low])
    return "".join(reversed(letters))


def read_id(text: str) -> int:
    """The number behind 13 characters; anything else is an address where there is nothing."""
    number = 0
    if len(text) != _LENGTH:
        raise NotFoundError
    for letter in text:
        value = _VALUES.get(letter)
        if value is None:
            raise NotFoundError
        number = (number << 5) | value
    if number >> 63:
        raise NotFoundError
    return number
