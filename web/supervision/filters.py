"""What a page of supervision is narrowed to, read from its address; and the addresses of what lies behind."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from datetime import date
from typing import Any
from urllib.parse import urlencode

from engine.actions.supervision.drilling import CaseQuery
from engine.errors import FieldError, InputError

_DAYS = (
    "from_day",
    "to_day",
    "opened_from",
    "opened_to",
    "decided_from",
    "decided_to",
    "since",
    "until",
    "done_from",
    "done_to",
)
_FLAGS = {"true": True, "false": False, "1": True, "0": False}
_QUERY = frozenset(field.name for field in fields(CaseQuery))


def narrowed(args: Mapping[str, str], *names: str) -> dict[str, Any]:
    """Those of the named filters that the address gives. InputError for a day or number that is none."""
    return {name: _read(name, args[name].strip()) for name in names if args.get(name, "").strip()}


def case_query(args: Mapping[str, str]) -> CaseQuery:
    """All filters of a list of cases."""
    return CaseQuery(**narrowed(args, *_QUERY))


def address(path: str, **filters: Any) -> str:
    """A page with filters; what is None is left out."""
    given = {name: _write(value) for name, value in filters.items() if value is not None}
    return f"{path}?{urlencode(given)}" if given else path


def cases(**filters: Any) -> str:
    """The list of cases behind a figure."""
    return address("/supervision/cases", **filters)


def tasks(**filters: Any) -> str:
    """The list of tasks behind a figure."""
    return address("/supervision/tasks", **filters)


def _write(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _read(name: str, text: str) -> Any:
    if name in ("late", "open", "done_late"):
        if text in _FLAGS:
            return _FLAGS[text]
        raise _bad(name, "应为 true 或 false", "must be true or false")
    if name in ("version", "days"):
        if text.isascii() and text.isdigit() and len(text) <= 9:
            return int(text)
        raise _bad(name, "应为数字", "must be a number")
    if name not in _DAYS:
        return text
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise _bad(name, "应为日期，如 2026-11-25", "must be a day such as 2026-11-25") from None


def _bad(name: str, zh: str, en: str) -> InputError:
    return InputError(f"{name} {en}.", f"{name} {zh}。", [FieldError(pointer=f"/{name}", zh=zh, en=en)])
