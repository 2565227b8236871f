"""Cuts each input column of a decision table into atoms: regions in which no cell changes its answer.

Each atom is stood for by one concrete value, so that what is proved about atoms can be shown and run.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from engine import feel
from engine.decisions.cells import constants
from engine.feel.temporal import DAY, NANOS


@dataclass(frozen=True, slots=True)
class Scale:
    """An ordered type as a number line.

    `step` leads to a natural next value; a `whole` scale has nothing between whole numbers.
    """

    to_number: Callable[[Any], Decimal]
    from_number: Callable[[Decimal, Any], feel.Value]
    step: Decimal
    whole: bool
    low: Decimal | None = None
    high: Decimal | None = None

    def cut(self, points_at: Iterable[Any]) -> list[feel.Value]:
        """A value below, at, between and above all the constants."""
        by_number = {self.to_number(c): c for c in points_at}
        points = sorted(by_number)
        like = by_number[points[0]]
        numbers = [points[0] - self.step]
        for point, after in zip(points, [*points[1:], points[-1] + 2 * self.step], strict=True):
            numbers.append(point)
            between = self._between(point, after)
            if between is not None:
                numbers.append(between)
        return [
            by_number[x] if x in by_number else self.from_number(x, like) for x in numbers if self._fits(x)
        ]

    def _between(self, low: Decimal, high: Decimal) -> Decimal | None:
        following = (low // self.step + 1) * self.step if not self.whole else low + self.step
        if low < following < high:
            return following
        middle = (low + high) / 2
        if self.whole:
            middle = Decimal(int(middle))
        return middle if low < middle < high else None

    def _fits(self, number: Decimal) -> bool:
        return (self.low is None or number >= self.low) and (self.high is None or number <= self.high)


SCALES: dict[type, Scale] = {
    Decimal: Scale(lambda v: v, lambda x, like: x, Decimal(1), False),
    feel.Date: Scale(
        lambda v: Decimal(v.days), lambda x, like: feel.Date.from_days(int(x)), Decimal(1), True
    ),
    feel.YearsMonths: Scale(
        lambda v: Decimal(v.months), lambda x, like: feel.YearsMonths(int(x)), Decimal(1), True
    ),
    feel.DaysTime: Scale(
        lambda v: Decimal(v.nanos), lambda x, like: feel.DaysTime(int(x)), Decimal(NANOS), True
    ),
    feel.Time: Scale(
        lambda v: Decimal(v.utc_nanos),
        lambda x, like: feel.Time(int(x), like.offset, like.zone),
        Decimal(NANOS),
        True,
        Decimal(0),
        Decimal(DAY - 1),
    ),
    feel.DateTime: Scale(
        lambda v: Decimal(v.instant),
        lambda x, like: like.plus_nanos(int(x) - like.instant),
        Decimal(NANOS),
        True,
    ),
}

SAMPLES: dict[str, feel.Value] = {"number": Decimal(0), "string": "", "date": feel.Date(2000, 1, 1)}
"""What stands in a column that no cell looks at, by type."""


def atoms(
    type_name: str, cells: Iterable[feel.Expression], allowed: feel.Expression | None
) -> list[feel.Value]:
    """The values that stand for a column's atoms, those the allowed values exclude left out."""
    limits = None if allowed is None else constants(allowed)
    named = [c for cell in cells for c in constants(cell) or ()] + list(limits or ())
    found: list[feel.Value] = []
    kinds = {type(c) for c in named}
    if type_name == "boolean" or bool in kinds:
        found += [True, False]
    if str in kinds:
        texts = dict.fromkeys(c for c in named if isinstance(c, str))
        found += [*texts, _other(texts)]
    for kind, scale in SCALES.items():
        if kind in kinds:
            found += scale.cut(c for c in named if type(c) is kind)
    if not found:
        found = [SAMPLES.get(type_name)]
    if None in named:
        found.append(None)
    if allowed is not None and limits is not None:
        found = [value for value in found if answers(allowed, value)]
    return found


def _other(texts: Iterable[str]) -> str:
    """A text that no cell names."""
    known, other = set(texts), "其他"
    while other in known:
        other += "…"
    return other


def answers(cell: feel.Expression, value: feel.Value) -> bool:
    """Whether a cell that is not opaque accepts a value."""
    return cell.evaluate({"?": value}) is True
