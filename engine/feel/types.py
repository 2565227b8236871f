"""The types of `instance of` and of parameters: reading, printing, membership.

Refuses nothing at run time: a type name that nobody defined has no members (with a warning by the caller).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from engine.feel.temporal import Date, DateTime, DaysTime, Time, YearsMonths
from engine.feel.values import FeelFunction, Range, Value


@dataclass(frozen=True, slots=True)
class NamedType:
    name: str

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True, slots=True)
class ListType:
    item: FeelType

    def __str__(self) -> str:
        return f"list<{self.item}>"


@dataclass(frozen=True, slots=True)
class RangeType:
    item: FeelType

    def __str__(self) -> str:
        return f"range<{self.item}>"


@dataclass(frozen=True, slots=True)
class ContextType:
    fields: tuple[tuple[str, FeelType], ...]

    def __str__(self) -> str:
        return f"context<{', '.join(f'{name}: {kind}' for name, kind in self.fields)}>"


@dataclass(frozen=True, slots=True)
class FunctionType:
    params: tuple[FeelType, ...]
    result: FeelType

    def __str__(self) -> str:
        return f"function<{', '.join(map(str, self.params))}> -> {self.result}"


FeelType = NamedType | ListType | RangeType | ContextType | FunctionType
ANY = NamedType("Any")

_CLASSES: dict[str, tuple[type, ...]] = {
    "number": (Decimal,),
    "string": (str,),
    "boolean": (bool,),
    "date": (Date,),
    "time": (Time,),
    "date and time": (DateTime,),
    "dateTime": (DateTime,),
    "years and months duration": (YearsMonths,),
    "yearMonthDuration": (YearsMonths,),
    "days and time duration": (DaysTime,),
    "dayTimeDuration": (DaysTime,),
    "duration": (YearsMonths, DaysTime),
    "list": (list,),
    "context": (dict,),
    "range": (Range,),
    "function": (FeelFunction,),
}


def is_builtin(name: str) -> bool:
    return name in _CLASSES or name in ("Any", "Null")


def conforms(value: Value, kind: FeelType, types: Mapping[str, Any], depth: int = 40) -> bool | None:
    """Whether `value` is a member of `kind`; None when a type name is unknown.

    Null belongs to no type but `Null`; inside a list or a context it fits any (DMN 1.5, 10.3.2.9.2).
    """
    if depth <= 0:
        return None
    if isinstance(kind, NamedType):
        return _conforms_named(value, kind.name, types, depth)
    if isinstance(kind, ListType):
        return isinstance(value, list) and _all(
            conforms_within(v, kind.item, types, depth - 1) for v in value
        )
    if isinstance(kind, ContextType):
        return isinstance(value, dict) and _all(
            name in value and conforms_within(value[name], inner, types, depth - 1)
            for name, inner in kind.fields
        )
    if isinstance(kind, RangeType):
        return isinstance(value, Range) and _all(
            end is None or conforms(end, kind.item, types, depth - 1) for end in (value.low, value.high)
        )
    return _function_conforms(value, kind)


def conforms_within(value: Value, kind: FeelType, types: Mapping[str, Any], depth: int) -> bool | None:
    return True if value is None else conforms(value, kind, types, depth)


def _all(results: Any) -> bool | None:
    unknown = False
    for result in results:
        if result is False:
            return False
        unknown = unknown or result is None
    return None if unknown else True


def _conforms_named(value: Value, name: str, types: Mapping[str, Any], depth: int) -> bool | None:
    defined = types.get(name)
    if defined is not None:
        return conforms(value, defined, types, depth - 1)
    if name == "Null":
        return value is None
    if name == "Any":
        return value is not None
    classes = _CLASSES.get(name)
    return None if classes is None else isinstance(value, classes)


def _function_conforms(value: Value, kind: FunctionType) -> bool:
    """A function fits when it takes as many parameters, of types no narrower than asked for."""
    if not isinstance(value, FeelFunction):
        return False
    if len(value.params) != len(kind.params) or value.variadic:
        return False
    given = value.types or (None,) * len(value.params)
    return all(
        own is None or ANY in (own, asked) or own == asked
        for own, asked in zip(given, kind.params, strict=True)
    ) and (value.result is None or ANY in (kind.result, value.result) or value.result == kind.result)
