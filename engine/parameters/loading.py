"""Reads parameter files strictly: every fault is reported with its file, key and rule, all at once."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from importlib.resources import files
from typing import Any, cast

from engine.errors import DeploymentError, FieldError, InputError
from engine.parameters.limits import UNITS, Limit
from engine.parameters.model import (
    PARAMETER_UNITS,
    DatedValue,
    Parameter,
    ParameterSet,
    ParameterUnit,
    Scalar,
    Value,
)
from engine.parameters.strict_yaml import load_yaml

_WHOLE = {"workdays", "calendar_days", "hours", "months", "fen", "count"}


@dataclass(slots=True)
class _Faults:
    file: str
    found: list[FieldError] = field(default_factory=list)

    def add(self, pointer: str, key: str, code: str, zh: str, en: str) -> None:
        place = " ".join(filter(None, (self.file, key)))
        zh, en = f"{place}：{zh}。", f"{place}: {en}."
        self.found.append(FieldError(pointer=pointer, zh=zh, en=en, code=code))

    def raise_if_any(self) -> None:
        if self.found:
            first = self.found[0]
            raise DeploymentError(first.en, first.zh, self.found, {"file": self.file})


def load_parameters(data: bytes | str, *, file: str = "") -> ParameterSet:
    """The parameters of one YAML file (shape: docs/architecture.md, "parameters").

    Raises DeploymentError listing every fault: unknown unit or field, wrong type, missing source or
    title, two values from the same day, a key defined twice.
    """
    document = load_yaml(data, file=file)
    faults = _Faults(file)
    rows = document.get("parameters") if isinstance(document, dict) else None
    if not isinstance(rows, list):
        faults.add("/parameters", "", "wrong-type", "“parameters”应为列表", "'parameters' must be a list")
        rows = []
    elif set(document) != {"parameters"}:
        _unknown_fields(document, {"parameters"}, "", "", faults)
    parameters: dict[str, Parameter] = {}
    for index, row in enumerate(rows):
        parameter = _parameter(row, f"/parameters/{index}", faults)
        if parameter and parameter.key in parameters:
            pointer = f"/parameters/{index}/key"
            faults.add(pointer, parameter.key, "duplicate-key", "参数重复定义", "the key is defined twice")
        elif parameter:
            parameters[parameter.key] = parameter
    faults.raise_if_any()
    return ParameterSet(parameters)


def _parameter(row: Any, at: str, faults: _Faults) -> Parameter | None:
    before = len(faults.found)
    if not isinstance(row, dict):
        faults.add(at, "", "wrong-type", "参数应为键值结构", "a parameter must be a mapping")
        return None
    key = row.get("key")
    if not isinstance(key, str) or not key.strip() or len(key) > 100:
        faults.add(f"{at}/key", "", "missing-key", "缺少参数键“key”", "the text 'key' is missing")
        return None
    _unknown_fields(row, {"key", "title", "unit", "values"}, at, key, faults)
    title = row.get("title")
    if not isinstance(title, dict) or set(title) != {"zh", "en"} or not all(map(_is_text, title.values())):
        faults.add(f"{at}/title", key, "missing-title", "标题须有中文 zh 和英文 en", "title needs zh and en")
    unit = row.get("unit")
    if unit not in PARAMETER_UNITS:
        known = ", ".join(PARAMETER_UNITS)
        faults.add(
            f"{at}/unit",
            key,
            "unknown-unit",
            f"未知单位“{unit}”，可用：{known}",
            f"unknown unit '{unit}'; use {known}",
        )
        return None
    values = _values(row.get("values"), unit, f"{at}/values", key, faults)
    if len(faults.found) > before:
        return None
    titles = cast("dict[str, str]", title)
    return Parameter(key=key, zh=titles["zh"], en=titles["en"], unit=unit, values=values)


def _values(rows: Any, unit: ParameterUnit, at: str, key: str, faults: _Faults) -> tuple[DatedValue, ...]:
    if not isinstance(rows, list) or not rows:
        faults.add(at, key, "missing-value", "至少要有一个值", "at least one value is needed")
        return ()
    values: dict[date, DatedValue] = {}
    for index, row in enumerate(rows):
        value = _dated_value(row, unit, f"{at}/{index}", key, faults)
        if value and value.since in values:
            zh, en = f"{value.since}起的值重复", f"two values are in force from {value.since}"
            faults.add(f"{at}/{index}/from", key, "overlapping-dates", zh, en)
        elif value:
            values[value.since] = value
    return tuple(values[since] for since in sorted(values))


def _dated_value(row: Any, unit: ParameterUnit, at: str, key: str, faults: _Faults) -> DatedValue | None:
    before = len(faults.found)
    if not isinstance(row, dict):
        faults.add(at, key, "wrong-type", "值应为键值结构", "a value must be a mapping")
        return None
    _unknown_fields(row, {"from", "value", "source", "placeholder"}, at, key, faults)
    since, source, placeholder = row.get("from"), row.get("source"), row.get("placeholder", False)
    if not isinstance(since, date) or isinstance(since, datetime):
        faults.add(f"{at}/from", key, "wrong-type", "“from”应为日期", "'from' must be a date")
    if not _is_text(source):
        faults.add(f"{at}/source", key, "missing-source", "缺少依据“source”", "the source is missing")
    if not isinstance(placeholder, bool):
        zh, en = "“placeholder”应为 true 或 false", "'placeholder' must be true or false"
        faults.add(f"{at}/placeholder", key, "wrong-type", zh, en)
    value = _typed(row.get("value"), unit)
    if value is None:
        zh, en = f"“value”不是单位“{unit}”的值", f"'value' is no value in '{unit}'"
        faults.add(f"{at}/value", key, "wrong-type", zh, en)
    if len(faults.found) > before or value is None:
        return None
    return DatedValue(
        since=cast(date, since), value=value, source=cast(str, source), placeholder=cast(bool, placeholder)
    )


def _typed(value: Any, unit: ParameterUnit) -> Value | None:
    """The value in FEEL's types, or None if it does not fit the unit."""
    if unit == "flag":
        return value if isinstance(value, bool) else None
    if unit == "text":
        return value if _is_text(value) else None
    if unit == "list":
        items = [_scalar(item) for item in value] if isinstance(value, list) else [None]
        return None if None in items else tuple(item for item in items if item is not None)
    number = _scalar(value)
    if not isinstance(number, Decimal) or number < 0:
        return None
    if unit in _WHOLE and number != number.to_integral_value():
        return None
    if unit in UNITS:
        try:
            Limit(unit, int(number))
        except InputError:
            return None
    return number


def _scalar(value: Any) -> Scalar | None:
    if isinstance(value, bool) or _is_text(value):
        return cast("bool | str", value)
    return Decimal(value) if isinstance(value, (int, Decimal)) else None


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _unknown_fields(row: dict[Any, Any], known: set[str], at: str, key: str, faults: _Faults) -> None:
    for name in row:
        if name not in known:
            zh, en = f"未知字段“{name}”", f"unknown field '{name}'"
            faults.add(f"{at}/{name}", key, "unknown-field", zh, en)


DEFAULTS = load_parameters(
    files("engine.parameters").joinpath("defaults.yaml").read_bytes(), file="engine/parameters/defaults.yaml"
)
