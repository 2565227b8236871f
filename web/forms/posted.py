"""From the fields of a posted HTML form to the answers of a process's form, as JSON.

An input is named by its answer's place (`/members/0/name`). What is no number, no date or no choice is
passed on as it was typed, so that the validator says so at the field. A field that the page did not
show is left out; one that was emptied is null.
"""

from __future__ import annotations

import json
import unicodedata
from decimal import Decimal, InvalidOperation
from typing import Any

from werkzeug.datastructures import MultiDict

from engine.forms import Field, Form
from engine.forms.model import LISTS, Level

Posted = MultiDict[str, str]
_OFFSET = "+08:00"  # what is typed is Chinese time
_FEN = 100


def read_answers(form: Form, posted: Posted) -> dict[str, Any]:
    """The answers that a page sent; `_shown` names the boxes and lists that were there to be ticked."""
    shown = frozenset(posted.getlist("_shown"))
    answers: dict[str, Any] = {}
    _read_level(form.level, posted, shown, "", answers)
    return answers


def change_rows(answers: dict[str, Any], posted: Posted) -> bool:
    """Add or remove the row that a button asked for; whether one did."""
    if place := posted.get("_add"):
        rows = _at(answers, place)
        rows.append({})
        return True
    if place := posted.get("_remove"):
        before, _, number = place.rpartition("/")
        rows = _at(answers, before)
        if number.isdecimal() and int(number) < len(rows):
            del rows[int(number)]
        return True
    return False


def _at(answers: dict[str, Any], place: str) -> list[Any]:
    """The list at a place, made where there is none."""
    here: Any = answers
    *above, last = place.strip("/").split("/")
    for part in above:
        here = here[int(part)] if isinstance(here, list) else here.setdefault(part, {})
    if not isinstance(here.get(last), list):
        here[last] = []
    found: list[Any] = here[last]
    return found


def _read_level(level: Level, posted: Posted, shown: frozenset[str], base: str, into: dict[str, Any]) -> None:
    for item in level.fields:
        place = base + "".join(f"/{part}" for part in item.path)
        if item.computed is not None:
            continue
        if item.type in LISTS or item.type == "checkbox":
            if place in shown:
                _put(into, item, _ticked(item, posted, shown, place))
        elif place in posted:
            _put(into, item, _value(item, posted[place]))


def _ticked(item: Field, posted: Posted, shown: frozenset[str], place: str) -> Any:
    """What a browser sends nothing of where nothing is ticked, added or chosen."""
    if item.rows is not None:
        return _rows(item.rows, posted, shown, place)
    if item.type == "checkbox":
        return posted.get(place) == "true"
    given = [one for one in posted.getlist(place) if one]
    return given if item.type == "filepicker" else [_choice(one) for one in given]


def _rows(level: Level, posted: Posted, shown: frozenset[str], place: str) -> list[Any]:
    count = posted.get(f"{place}#", "0")
    rows: list[Any] = []
    for number in range(min(int(count), 2_000) if count.isdecimal() else 0):
        row: dict[str, Any] = {}
        _read_level(level, posted, shown, f"{place}/{number}", row)
        rows.append(row)
    return rows


def _put(into: dict[str, Any], item: Field, value: Any) -> None:
    for name in item.path[:-1]:
        into = into.setdefault(name, {})
    into[item.path[-1]] = value


def _value(item: Field, text: str) -> Any:
    if item.type in ("radio", "select"):
        return _choice(text)
    if not text.strip():
        return None
    if item.type == "number":
        return _number(text, _FEN if item.kind == "moneyFen" else 1)
    if item.type == "datetime":
        return _instant(item, text.strip())
    if item.kind in ("idNumber", "creditCode", "regionCode", "bankCard", "mobile"):
        return unicodedata.normalize("NFKC", text).replace(" ", "").replace("x", "X")
    return text.replace("\r\n", "\n") if item.type == "textarea" else text.strip()


def _number(text: str, factor: int) -> Any:
    """Exact; digits as a Chinese keyboard types them and thousands marks are understood."""
    plain = unicodedata.normalize("NFKC", text).strip().replace(",", "").replace("，", "")
    try:
        value = Decimal(plain) * factor
    except InvalidOperation:
        return text
    if not value.is_finite():
        return text
    return int(value) if value == value.to_integral_value() and abs(value) < Decimal(10) ** 18 else value


def _choice(text: str) -> Any:
    """An option's value, which the page wrote as JSON."""
    if not text:
        return None
    try:
        return json.loads(text, parse_float=Decimal)
    except ValueError:
        return text


def _instant(item: Field, text: str) -> str:
    if item.subtype == "date" or item.zone_format == "no_timezone":
        return text
    if item.zone_format == "utc_normalized":
        return f"{text}Z"
    return f"{text}{_OFFSET}"
