"""Gaps, overlaps and shadowed rules of a table, over columns already cut into atoms.

A rule is a box: one bit mask of atoms a column. The search for uncovered inputs walks the columns and keeps
the set of rules that still match; equal sets at the same column are looked at once. It gives up after a
number of steps rather than take for ever.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeAlias

Box: TypeAlias = tuple[int, ...]
Point: TypeAlias = tuple[int, ...]

MAX_STEPS = 200_000


class TooLarge(Exception):  # a signal between the search and the check
    """The search was given up; nothing is proved."""


def bits(mask: int) -> Iterator[int]:
    while mask:
        low = mask & -mask
        yield low.bit_length() - 1
        mask ^= low


def full(sizes: Sequence[int]) -> Box:
    return tuple((1 << size) - 1 for size in sizes)


def uncovered(space: Box, boxes: Sequence[Box], wanted: int) -> list[Point]:
    """Up to `wanted` points of `space` that lie in none of the boxes. Raises `TooLarge`."""
    found: list[Point] = []
    covered: set[tuple[int, int]] = set()
    steps = 0

    careless = _careless(space, boxes)
    matching = [_rules_by_atom(boxes, column, mask) for column, mask in enumerate(space)]

    def search(column: int, rules: int, prefix: Point) -> None:
        nonlocal steps
        if not rules:
            found.append(prefix + tuple(next(bits(mask)) for mask in space[column:]))
            return
        if rules & careless[column] or (column, rules) in covered:
            return
        before = len(found)
        tried: set[int] = set()
        for atom in bits(space[column]):
            steps += 1
            if steps > MAX_STEPS:
                raise TooLarge
            rest = rules & matching[column][atom]
            if rest not in tried:
                tried.add(rest)
                search(column + 1, rest, (*prefix, atom))
            if len(found) >= wanted:
                return
        if len(found) == before:
            covered.add((column, rules))

    if all(space):
        search(0, (1 << len(boxes)) - 1, ())
    return found


def _rules_by_atom(boxes: Sequence[Box], column: int, mask: int) -> dict[int, int]:
    """For each atom of a column the set of rules that accept it."""
    return {
        atom: sum(1 << rule for rule, box in enumerate(boxes) if box[column] >> atom & 1)
        for atom in bits(mask)
    }


def _careless(space: Box, boxes: Sequence[Box]) -> list[int]:
    """For each column the rules that accept all of it and of the columns after it."""
    found = [(1 << len(boxes)) - 1]
    for column in reversed(range(len(space))):
        whole = sum(1 << rule for rule, box in enumerate(boxes) if not space[column] & ~box[column])
        found.append(found[-1] & whole)
    return found[::-1]


def common(one: Box, other: Box) -> Point | None:
    """A point in both boxes."""
    masks = [a & b for a, b in zip(one, other, strict=True)]
    return tuple(next(bits(mask)) for mask in masks) if all(masks) else None
