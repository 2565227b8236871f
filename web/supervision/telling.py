"""The filters of a list of cases, said to whoever reads it."""

from __future__ import annotations

from dataclasses import fields
from datetime import date
from typing import Any

from engine.actions.supervision.drilling import WORDS, CaseQuery
from engine.actions.supervision.field import list_choices
from web.language import in_tongue, t
from web.look import day
from web.page import Ask
from web.wording import word


def tell(ask: Ask, query: CaseQuery) -> list[tuple[str, str, Any]]:
    """Label, name and value of each filter that is set; a region stays a code, for the page to name."""
    processes = dict(list_choices(ask.tx, actor=ask.actor).processes)
    found = []
    for field in fields(query):
        value = getattr(query, field.name)
        if value is None or (field.name in ("open", "done_late") and not value):
            continue
        if field.name == "process":
            value = in_tongue(processes.get(value, value))
        found.append((t(*WORDS[field.name]), field.name, _said(field.name, value)))
    return found


def _said(name: str, value: Any) -> Any:
    if isinstance(value, bool):
        return t("是", "yes") if value else t("否", "no")
    if isinstance(value, date):
        return day(value)
    family = {"light": "light", "turns": "light", "status": "case"}.get(name)
    return word(family, value) if family else value
