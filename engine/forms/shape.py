"""Holds answers against the form's JSON Schema and words what doesn't fit.

The schema library decides; this only finds the field that an error is about and the sentence for it.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import jsonschema_rs

from engine.errors import FieldError
from engine.forms.bounds import AnswerPath, Reason
from engine.forms.kinds import KINDS
from engine.forms.model import LISTS, TEXTS, Field, Level
from engine.forms.schema import schema_of
from engine.forms.sentences import fault

_SIZES = frozenset({"type", "unknown", "maxLength", "maxItems", "not-allowed"})
"""What a draft is held to."""
MOST_FAULTS = 200


class Shape:
    """The compiled schema of one form."""

    __slots__ = ("_level", "_validator", "schema")

    def __init__(self, level: Level) -> None:
        self.schema = schema_of(level)
        self._level = level
        self._validator = jsonschema_rs.Draft202012Validator(
            self.schema, pattern_options=jsonschema_rs.RegexOptions()
        )

    def faults(
        self, answers: dict[str, Any], *, draft: bool = False
    ) -> Iterator[tuple[AnswerPath, FieldError]]:
        """What doesn't fit, one fault a place and rule."""
        if self._validator.is_valid(answers):
            return
        for number, error in enumerate(self._validator.iter_errors(answers)):
            if number >= MOST_FAULTS:
                return
            for path, found in self._worded(error):
                if not draft or found.code in _SIZES:
                    yield path, found

    def _worded(self, error: jsonschema_rs.ValidationError) -> Iterator[tuple[AnswerPath, FieldError]]:
        path, rule = tuple(error.instance_path), error.kind.name
        item = field_at(self._level, path)
        value = error.instance
        if rule == "additionalProperties":
            if item is not None and item.type == "filepicker":
                yield path, fault(path, "file", item)
                return
            for name in error.kind.as_dict()["unexpected"][:MOST_FAULTS]:
                yield (*path, name), fault((*path, name), "unknown", name=name)
        elif item is None:
            yield path, fault(path, "object", name=path[-1] if path else "")
        elif _is_blank(value) and item.type not in LISTS:
            return  # blank text counts as not answered
        else:
            yield path, _worded_for(item, path, rule, value, error.kind.as_dict())


def _is_blank(value: Any) -> bool:
    return isinstance(value, str) and (not value or value.isspace())


def _worded_for(item: Field, path: AnswerPath, rule: str, value: Any, data: dict[str, Any]) -> FieldError:
    is_part = bool(path) and isinstance(path[-1], int)
    if rule == "type":
        return fault(path, _expected(item, is_part=is_part), item)
    if item.type == "filepicker" and rule not in ("maxItems", "minItems"):
        return fault(path, "file", item)
    if rule == "pattern" and item.kind and (reason := KINDS[item.kind].fault(value)):
        return kind_fault(path, item, reason)
    limit = next((v for v in data.values() if isinstance(v, (int, float, Decimal))), "")
    if rule == "multipleOf" and "increment" not in item.limits:
        digits = item.limits["decimalDigits"]
        return fault(path, "decimals" if digits else "whole", item, limit=digits)
    return fault(path, rule, item, limit=limit)


def _expected(item: Field, *, is_part: bool) -> str:
    if item.type in LISTS and not is_part:
        return "list"
    if item.type in ("number", "checkbox"):
        return item.type
    if item.rows is not None:
        return "row"
    if item.type == "filepicker":
        return "file"
    return "text" if item.type in TEXTS or item.type == "datetime" else "choice"


def kind_fault(path: AnswerPath, item: Field, reason: Reason) -> FieldError:
    return fault(path, "kind", item, say_zh=reason[0], say_en=reason[1])


def character_fault(level: Level, path: AnswerPath, reason: Reason) -> FieldError:
    """The refusal of a character or number that no form may hold."""
    item = field_at(level, path)
    shown = tuple(p.encode("utf-8", "backslashreplace").decode() if isinstance(p, str) else p for p in path)
    name = str(shown[-1])
    return fault(
        shown, "not-allowed", zh=item.zh if item else name, en=item.en if item else name,
        say_zh=reason[0], say_en=reason[1],
    )  # fmt: skip


def field_at(level: Level, path: AnswerPath) -> Field | None:
    """The field that owns the place in the answers; None for an object between fields."""
    for item in level.fields:
        size = len(item.path)
        if path[:size] == item.path:
            inner = path[size:]
            if item.rows is not None and len(inner) > 1:
                return field_at(item.rows, inner[1:])
            return item
    return None
