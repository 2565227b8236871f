"""Reads calendar additions: years published since, and days that a region declared free or working."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from engine.clocks.calendar import CalendarDay, CalendarYear
from engine.errors import DeploymentError, FieldError
from engine.parameters import load_yaml

_LONGEST_RUN = 31  # days in one entry; a slip in `to` must not free a whole year


def load_calendar(
    data: bytes | str, *, file: str = ""
) -> tuple[tuple[CalendarDay, ...], tuple[CalendarYear, ...]]:
    """The additions of one YAML file, for `Calendar(days, county, published)`.

    `calendar: {published: [{year, announced, source}], days: [{from, to?, works, region?, zh, en,
    announced, source}]}`. Raises DeploymentError naming the file, the entry and the rule.
    """
    document = load_yaml(data, file=file)
    body = document.get("calendar") if isinstance(document, dict) else None
    if not isinstance(body, dict) or not set(body) <= {"published", "days"}:
        raise _refused(file, "/calendar", "须有 calendar，其下为 published、days", "needs published and days")
    years = [
        CalendarYear(**_fields(row, {"year": int, "announced": date, "source": str}, file, f"published/{n}"))
        for n, row in enumerate(_rows(body, "published", file))
    ]
    days: list[CalendarDay] = []
    for n, row in enumerate(_rows(body, "days", file)):
        days += _run(row, file, f"days/{n}")
    return tuple(days), tuple(years)


def _rows(body: dict[str, Any], name: str, file: str) -> list[Any]:
    rows = body.get(name, [])
    if not isinstance(rows, list):
        raise _refused(file, f"/calendar/{name}", "应为列表", "must be a list")
    return rows


def _run(row: Any, file: str, at: str) -> list[CalendarDay]:
    kinds = {"from": date, "to": date, "works": bool, "region": str, "zh": str, "en": str}
    optional = {"region": "", "to": row.get("from") if isinstance(row, dict) else None}
    fields = _fields(row, {**kinds, "announced": date, "source": str}, file, at, optional)
    first, last = fields.pop("from"), fields.pop("to")
    if not 0 <= (last - first).days < _LONGEST_RUN:
        raise _refused(
            file,
            f"/calendar/{at}/to",
            f"须在起日起{_LONGEST_RUN}天内",
            f"must end within {_LONGEST_RUN} days of 'from'",
        )
    if not (fields["region"] == "" or fields["region"].isdecimal()):
        raise _refused(file, f"/calendar/{at}/region", "须为行政区划代码", "must be a region code")
    span = range((last - first).days + 1)
    return [CalendarDay(day=first + timedelta(days=n), **fields) for n in span]


def _fields(
    row: Any, kinds: dict[str, type], file: str, at: str, optional: dict[str, Any] | None = None
) -> dict[str, Any]:
    if not isinstance(row, dict):
        raise _refused(file, f"/calendar/{at}", "应为键值结构", "must be a mapping")
    fields = {**(optional or {}), **row}
    for name in fields.keys() | kinds.keys():
        value, kind = fields.get(name), kinds.get(name)
        if kind is None:
            raise _refused(file, f"/calendar/{at}/{name}", "未知字段", "unknown field")
        exact = isinstance(value, kind) and not isinstance(value, datetime)
        exact = exact and (kind is not int or not isinstance(value, bool))
        if not exact or (value == "" and name != "region"):
            kind_zh = {"int": "整数", "date": "日期", "str": "文本", "bool": "true 或 false"}[kind.__name__]
            raise _refused(file, f"/calendar/{at}/{name}", f"应为{kind_zh}", f"must be a {kind.__name__}")
    return fields


def _refused(file: str, pointer: str, zh: str, en: str) -> DeploymentError:
    detail = FieldError(pointer=pointer, zh=zh, en=en)
    return DeploymentError(f"{file} {pointer}: {en}.", f"{file} {pointer}：{zh}。", [detail], {"file": file})
