"""Parameters by effective date: the set as written, and what is in force on one day.

Refuses to answer for a key that is unknown or not yet in force: a missing legal number is never
guessed.
"""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Any, Literal, get_args

from engine.errors import DeploymentError, FieldError, InputError
from engine.parameters.limits import UNITS, Limit

ParameterUnit = Literal[
    "workdays", "calendar_days", "hours", "months", "fen", "ratio", "count", "flag", "text", "list"
]
PARAMETER_UNITS: tuple[str, ...] = get_args(ParameterUnit)
Scalar = Decimal | bool | str
Value = Scalar | tuple[Scalar, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DatedValue:
    """A value from its first day on, until the next one's first day."""

    since: date
    value: Value
    source: str
    placeholder: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """One key with its values, oldest first."""

    key: str
    zh: str
    en: str
    unit: ParameterUnit
    values: tuple[DatedValue, ...]

    def at(self, day: date) -> DatedValue | None:
        index = bisect_right(self.values, day, key=lambda value: value.since)
        return self.values[index - 1] if index else None


@dataclass(frozen=True, slots=True, eq=False)
class Parameters:
    """What is in force from one change (`since`) to the next; frozen: a case that keeps it keeps its law."""

    since: date | None
    in_force: Mapping[str, tuple[Parameter, DatedValue]]
    _limits: dict[str, Limit] = field(default_factory=dict)

    def get(self, key: str) -> Any:
        """The value as FEEL knows it: Decimal, bool, str or a list of these.

        Raises InputError if the key is unknown or not yet in force.
        """
        value = self._find(key)[1].value
        return list(value) if isinstance(value, tuple) else value

    def source(self, key: str) -> str:
        """The document and article that the value in force comes from. Raises InputError."""
        return self._find(key)[1].source

    def limit(self, key: str) -> Limit:
        """The limit under `key`, with its source and, from `<key>.grounds`, its grounds of extension.

        Raises InputError if there is none in force or the parameter counts in something else.
        """
        known = self._limits.get(key)
        if known is not None:
            return known
        parameter, value = self._find(key)
        if parameter.unit not in UNITS:
            raise InputError(
                f"The parameter '{key}' is in '{parameter.unit}'; "
                "a limit is in workdays, calendar_days or hours.",
                f"参数“{key}”的单位是“{parameter.unit}”，不能作为时限（须为工作日、日历天或小时）。",
                data={"key": key},
            )
        grounds = self.in_force.get(f"{key}.grounds")
        listed = grounds[1].value if grounds else ()
        amount = int(value.value) if isinstance(value.value, Decimal) else 0
        limit = Limit(
            parameter.unit,
            amount,
            key,
            value.source,
            value.placeholder,
            tuple(map(str, listed)) if isinstance(listed, tuple) else (str(listed),),
        )
        self._limits[key] = limit
        return limit

    def describe(self, lang: str) -> list[dict[str, Any]]:
        """One row a parameter, for people: title, value, unit, since when, source, placeholder."""
        return [
            {
                "key": parameter.key,
                "title": parameter.zh if lang.startswith("zh") else parameter.en,
                "unit": parameter.unit,
                "value": _plain(value.value),
                "since": value.since.isoformat(),
                "source": value.source,
                "placeholder": value.placeholder,
            }
            for parameter, value in self.in_force.values()
        ]

    def _find(self, key: str) -> tuple[Parameter, DatedValue]:
        try:
            return self.in_force[key]
        except KeyError:
            raise InputError(
                f"There is no parameter '{key}' in force on the day that counts for this case.",
                f"在本案适用日没有有效的参数“{key}”。",
                data={"key": key},
            ) from None


class ParameterSet(Mapping[str, Parameter]):
    """Every parameter of a definition, by key; immutable."""

    __slots__ = ("_at", "_changes", "_parameters")

    def __init__(self, parameters: Mapping[str, Parameter] | None = None) -> None:
        self._parameters = MappingProxyType(dict(sorted((parameters or {}).items())))
        self._changes = sorted({v.since for p in self._parameters.values() for v in p.values})
        self._at: dict[int, Parameters] = {}

    def __getitem__(self, key: str) -> Parameter:
        return self._parameters[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._parameters)

    def __len__(self) -> int:
        return len(self._parameters)

    def at(self, day: date) -> Parameters:
        """What is in force on `day`. The same object for all days between two changes."""
        index = bisect_right(self._changes, day)
        found = self._at.get(index)
        if found is None:
            dated = ((parameter, parameter.at(day)) for parameter in self._parameters.values())
            in_force = {parameter.key: (parameter, value) for parameter, value in dated if value}
            since = self._changes[index - 1] if index else None
            found = self._at[index] = Parameters(since, MappingProxyType(in_force))
        return found

    def merge(self, other: ParameterSet, *, replace: bool = False) -> ParameterSet:
        """Both sets in one. With `replace`, a key of `other` stands in for ours (defaults first).

        Raises DeploymentError for a key that both have, unless replacing.
        """
        twice = sorted(self.keys() & other.keys())
        if twice and not replace:
            raise DeploymentError(
                f"More than one parameter file defines: {', '.join(twice)}.",
                f"参数在多个文件中重复定义：{'、'.join(twice)}。",
                [
                    FieldError(pointer=f"#{k}", zh="重复定义", en="defined twice", code="duplicate-key")
                    for k in twice
                ],
            )
        return ParameterSet({**self._parameters, **other._parameters})

    def canonical(self) -> bytes:
        """The set as sorted JSON: equal sets give equal bytes, whatever the layout of their files."""
        rows = [
            [p.key, p.zh, p.en, p.unit, [_dated_row(value) for value in p.values]]
            for p in self._parameters.values()
        ]
        return json.dumps(rows, ensure_ascii=False, separators=(",", ":")).encode()

    def describe(self, lang: str) -> list[dict[str, Any]]:
        """Every parameter with all its dated values, for people."""
        return [
            {
                "key": p.key,
                "title": p.zh if lang.startswith("zh") else p.en,
                "unit": p.unit,
                "values": [
                    {
                        "from": value.since.isoformat(),
                        "value": _plain(value.value),
                        "source": value.source,
                        "placeholder": value.placeholder,
                    }
                    for value in p.values
                ],
            }
            for p in self._parameters.values()
        ]


def _dated_row(value: DatedValue) -> list[Any]:
    return [value.since.isoformat(), _plain(value.value), value.source, value.placeholder]


def _plain(value: Value) -> Any:
    """JSON for a value. A fraction stays text: a binary float would not be the written number."""
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else str(value.normalize())
    return value
