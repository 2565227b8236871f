"""Fields that say whose household a case is about: identity numbers with the property `household`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from engine.forms.form import Form
from engine.forms.kinds import KINDS
from engine.forms.model import Level

APPLICANT, MEMBER = "applicant", "member"
_KIND = "idNumber"


def household_names(forms: Iterable[Form]) -> dict[str, str]:
    """The variables that hold an applicant's or a member's number, those in rows too, each with its role."""
    return {name: role for form in forms for name, role in _of_level(form.level)}


def asks_for_household(level: Level) -> bool:
    """Whether a level itself, its rows aside, asks for such a number."""
    return any(
        field.kind == _KIND and (field.component.get("properties") or {}).get("household")
        for field in level.fields
    )


def _of_level(level: Level) -> Iterator[tuple[str, str]]:
    for field in level.fields:
        role = (field.component.get("properties") or {}).get("household")
        if role and field.kind == _KIND:
            yield field.path[-1], role
        if field.rows is not None:
            yield from _of_level(field.rows)


def people_in(value: Any, names: Mapping[str, str], name: str = "") -> Iterator[tuple[str, str]]:
    """The role and the identity number of every person that plain JSON answers put into the household."""
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from people_in(inner, names, key)
    elif isinstance(value, list):
        for inner in value:
            yield from people_in(inner, names, name)
    elif name in names and value is not None:
        text = str(value).strip().upper()
        if KINDS[_KIND].fault(text) is None:
            yield names[name], text
