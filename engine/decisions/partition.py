"""Cuts each input column of a decision table into atoms: regions in which no cell changes its answer.

Each atom is stood for by one concrete value, so that what is proved about atoms can be shown and run.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal
from typing import Any

from engine import feel
from engine.decisions.cells import constants
from engine.feel.temporal import DAY, NANOS
from engine.feel.values import DECIMAL


@dataclass(frozen=True, slots=True)
class Scale:
    """An ordered type as a number line.

    `step` leads to a natural next value; a `whole` scale has nothing between whole numbers. `from_number`
    gets a value of the same kind (zone and all) beside the number; it raises `OverflowError` past the ends.
    """

    to_number: Callable[[Any], Decimal]
    from_number: Callable[[Decimal, Any], feel.Value]
    step: Decimal = Decimal(1)
    whole: bool = True

    def cut(self, points_at: Iterable[Any]) -> list[feel.Value]:
        """A value below, at, between and above all the constants, as far as there are such values."""
        by_number = {self.to_number(c): c for c in points_at}
        points = sorted(by_number)
        like = by_number[points[0]]
        found = self._values([DECIMAL.subtract(points[0], self.step)], like)
        for point, after in zip(points, [*points[1:], None], strict=True):
            found.append(by_number[point])
            found += self._values(self._between(point, after), like)
        return found

    def _values(self, numbers: list[Decimal], like: Any) -> list[feel.Value]:
        found = []
        for number in numbers:
            with suppress(OverflowError):
                found.append(self.from_number(number, like))
        return found

    def _between(self, low: Decimal, high: Decimal | None) -> list[Decimal]:
        """One number above `low` and below `high`, a round one if there is one."""
        after = DECIMAL.add(low, self.step)
        if not self.whole:
            after = after.to_integral_value(ROUND_FLOOR)
        if high is None or low < after < high:
            return [after]
        half = Decimal("0.5")
        middle = DECIMAL.add(DECIMAL.multiply(low, half), DECIMAL.multiply(high, half))
        if self.whole:
            middle = middle.to_integral_value(ROUND_FLOOR)
        return [middle] if low < middle < high else []


def _time(number: Decimal, like: feel.Time) -> feel.Time:
    nanos = int(number) + (like.offset_on(0) or 0) * NANOS
    if not 0 <= nanos < DAY:
        raise OverflowError("no such time of day")
    return feel.Time(nanos, like.offset, like.zone)


SCALES: dict[type, Scale] = {
    Decimal: Scale(lambda v: v, lambda x, like: x, whole=False),
    feel.Date: Scale(lambda v: Decimal(v.days), lambda x, like: feel.Date.from_days(int(x))),
    feel.YearsMonths: Scale(lambda v: Decimal(v.months), lambda x, like: feel.YearsMonths(int(x))),
    feel.DaysTime: Scale(
        lambda v: Decimal(v.nanos), lambda x, like: feel.DaysTime(int(x)), step=Decimal(NANOS)
    ),
    feel.Time: Scale(lambda v: Decimal(v.utc_nanos), _time, step=Decimal(NANOS)),
    feel.DateTime: Scale(
        lambda v: Decimal(v.instant),
        lambda x, like: like.plus_nanos(int(x) - like.instant),
        step=Decimal(NANOS),
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
