"""What the administrators' pages share: their tabs, days that were typed, and faults beside their fields."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from flask import Response

from api.problems import status_of
from engine import access
from engine.actions.sheets import as_date
from engine.errors import EngineError, FieldError, InputError
from engine.types import Actor
from web.language import t
from web.page import Ask, show

_TABS = (
    ("overview", "/admin", "概览", "Overview", "people.manage"),
    ("people", "/admin/people", "人员", "People", "people.see"),
    ("regions", "/admin/regions", "地区", "Regions", "region.manage"),
    ("substitutes", "/admin/substitutes", "代办", "Substitutes", "substitution.manage"),
    ("calendars", "/admin/calendars", "日历", "Calendars", "calendar.change"),
    ("parameters", "/admin/parameters", "参数", "Parameters", "definition.see"),
    ("incidents", "/admin/incidents", "异常", "Incidents", "incident.retry"),
    ("tokens", "/admin/tokens", "令牌", "Tokens", ""),
    ("audit", "/admin/audit", "操作日志", "Audit log", "audit.read"),
    ("means", "/supervision/means", "人员与资金", "Staff and money", "headcount.see"),
)


def tabs(actor: Actor) -> list[tuple[str, str, str]]:
    """Key, address and name of the pages that the actor's roles bring them to; the actions decide."""
    return [
        (key, path, t(zh, en))
        for key, path, zh, en, permission in _TABS
        if not permission or access.regions_where(actor, permission)
    ]


def draw(ask: Ask, name: str, *, tab: str = "", error: EngineError | None = None, **values: Any) -> Response:
    """A page of administration; with an error the form once more, its faults at their fields."""
    faults = {one.pointer: t(one.zh, one.en) for one in error.errors} if error else {}
    return show(
        f"admin/{name}.html",
        status=status_of(error) if error else 200,
        tab=tab or name,
        tabs=tabs(ask.actor),
        error=error,
        faults=faults,
        **values,
    )


def read_day(ask: Ask, name: str, *, required: bool = False) -> date | None:
    """A day of the form, or None where it was left empty; InputError at its field."""
    text = ask.form.get(name, "").strip()
    day = as_date(text)
    if day is None and (text or required):
        raise fault(name, "请填写日期，如 2026-01-31", "a date like 2026-01-31 is needed")
    return day


def day_of(ask: Ask, name: str) -> date:
    """A day that has to be there."""
    day = read_day(ask, name, required=True)
    assert day is not None, "it is required"
    return day


def fault(name: str, zh: str, en: str) -> InputError:
    """A refusal that belongs to one field."""
    detail = FieldError(pointer=f"/{name}", zh=f"{zh}。", en=f"{en[0].upper()}{en[1:]}.")
    return InputError(detail.en, detail.zh, [detail])


def as_text(value: Any) -> str:
    """A variable as it stands in the form: text as it is, all else as JSON."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
