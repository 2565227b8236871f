"""One answer from JSON to its FEEL value.

The shape has been checked before; what a schema can't say (check digits, real dates, file kinds) is here.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from engine.errors import FieldError
from engine.feel import Value
from engine.feel.temporal_text import parse_date, parse_date_time, parse_time
from engine.forms.bounds import AnswerPath
from engine.forms.kinds import KINDS
from engine.forms.model import Field
from engine.forms.sentences import fault
from engine.forms.shape import kind_fault

MAX_FILE_BYTES = Decimal(20_000_000)

_DATE = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
_TIME = r"[0-9]{2}:[0-9]{2}(?P<seconds>:[0-9]{2}(?:\.[0-9]{1,9})?)?"
_ZONES = {"utc_offset": r"(?:Z|[+-][0-9]{2}:[0-9]{2})", "utc_normalized": "Z", "no_timezone": ""}
_EXAMPLES = {"utc_offset": "09:30+08:00", "utc_normalized": "01:30Z", "no_timezone": "09:30"}
_TIMES = {zone: re.compile(_TIME + ending) for zone, ending in _ZONES.items()}
_DATE_TIMES = {zone: re.compile(_DATE + "T" + _TIME + ending) for zone, ending in _ZONES.items()}
_ONLY_DATE = re.compile(_DATE)
_BREAK = re.compile(r"[\n\r\t]")


class Refused(Exception):  # a signal inside this package, never seen outside
    """The answer can't be taken; `fault` says why."""

    def __init__(self, fault: FieldError) -> None:
        self.fault = fault


def value_of(item: Field, raw: Any, path: AnswerPath) -> Value:
    """The FEEL value of an answer that is not null. Raises Refused."""
    return _READERS[item.type](item, raw, path)


def _text(item: Field, raw: str, path: AnswerPath) -> Value:
    if not raw or raw.isspace():
        return None
    if item.type == "textfield" and not raw.isprintable() and _BREAK.search(raw) and not item.kind:
        raise Refused(fault(path, "line-break", item))
    if item.kind and (reason := KINDS[item.kind].fault(raw)):
        raise Refused(kind_fault(path, item, reason))
    return raw


def scalar(raw: Any) -> Value:
    """A JSON scalar; numbers become Decimal, a float by its shortest text."""
    if isinstance(raw, bool) or not isinstance(raw, (int, float)):
        return raw
    return Decimal(repr(raw)) if isinstance(raw, float) else Decimal(raw)


def _scalar(item: Field, raw: Any, path: AnswerPath) -> Value:
    return None if raw == "" else scalar(raw)


def _choices(item: Field, raw: list[Any], path: AnswerPath) -> Value:
    return [scalar(one) for one in raw]


def _moment(item: Field, raw: str, path: AnswerPath) -> Value:
    if not raw or raw.isspace():
        return None
    if item.subtype == "date":
        found: Value = parse_date(raw) if _ONLY_DATE.fullmatch(raw) else None
        if found is None:
            raise Refused(fault(path, "date", item))
        return found
    is_time = item.subtype == "time"
    match = (_TIMES if is_time else _DATE_TIMES)[item.zone_format].fullmatch(raw)
    if match:
        if match["seconds"] is None:
            end = match.end("seconds") if match["seconds"] else (5 if is_time else 16)
            raw = raw[:end] + ":00" + raw[end:]
        found = parse_time(raw) if is_time else parse_date_time(raw)
        if found is not None:
            return found
    example = _EXAMPLES[item.zone_format]
    raise Refused(fault(path, item.subtype, item, limit=example if is_time else f"2026-09-22T{example}"))


def _files(item: Field, raw: list[Any], path: AnswerPath) -> Value:
    most = item.limits.get("maxBytes", MAX_FILE_BYTES)
    seen: set[str] = set()
    for place, one in enumerate(raw):
        here = (*path, place)
        identity = one if isinstance(one, str) else one["id"]
        if identity in seen:
            raise Refused(fault(here, "uniqueItems", item))
        seen.add(identity)
        if not isinstance(one, dict):
            continue
        if isinstance(most, Decimal) and one["size"] > most:
            raise Refused(fault((*here, "size"), "file-size", item, limit=most))
        if item.accept and not any(_accepts(rule, one) for rule in item.accept):
            raise Refused(fault(here, "file-type", item, limit=", ".join(item.accept)))
    return [one if isinstance(one, str) else {k: scalar(v) for k, v in one.items()} for one in raw]


def _accepts(rule: str, file: dict[str, Any]) -> bool:
    """HTML's `accept`: an extension, a media type, or a family of them (`image/*`)."""
    if rule.startswith("."):
        return str(file["name"]).lower().endswith(rule)
    media = str(file["type"])
    return media == rule or (rule.endswith("/*") and media.startswith(rule[:-1]))


_READERS: dict[str, Callable[[Field, Any, AnswerPath], Value]] = {
    "textfield": _text,
    "textarea": _text,
    "number": _scalar,
    "checkbox": _scalar,
    "radio": _scalar,
    "select": _scalar,
    "checklist": _choices,
    "taglist": _choices,
    "datetime": _moment,
    "filepicker": _files,
}
