"""The frozen model of a form: levels of fields, each with its rules compiled.

A level is the form itself or one row of a dynamiclist; a group is no level of its own, its fields
carry its path and its conditions. Owns no behaviour beyond naming.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from engine.feel import Expression

Path = tuple[str, ...]
Scalar = str | Decimal | bool
Bound = Decimal | Expression
"""A fixed limit, or a FEEL expression that gives it."""


@dataclass(frozen=True, slots=True)
class Option:
    value: Scalar
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Check:
    """A FEEL condition that must hold, and what to do when it doesn't."""

    expression: Expression
    zh: str
    en: str


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Field:
    """An input, a computed value (`expression`) or a group. `path` counts from its level.

    Equal only to itself, so that it can be looked up by identity.
    """

    id: str
    type: str
    path: Path
    zh: str
    en: str
    kind: str = ""
    required: bool = False
    subtype: str = ""
    zone_format: str = ""
    hides: tuple[Expression, ...] = ()
    locked: bool = False
    locks: tuple[Expression, ...] = ()
    options: tuple[Option, ...] = ()
    options_from: Expression | None = None
    limits: Mapping[str, Bound] = field(default_factory=dict)
    checks: tuple[Check, ...] = ()
    computed: Expression | None = None
    unique_by: tuple[Path, ...] = ()
    accept: tuple[str, ...] = ()
    pattern: str = ""
    no_past: bool = False
    rows: Level | None = None
    component: Mapping[str, Any] = field(default_factory=dict)

    @property
    def expressions(self) -> Iterator[Expression]:
        """All FEEL the field carries, its rows' not included."""
        yield from (*self.hides, *self.locks)
        yield from (check.expression for check in self.checks)
        for one in (self.computed, self.options_from, *self.limits.values()):
            if isinstance(one, Expression):
                yield one

    @property
    def floor(self) -> Decimal | None:
        """Money is not negative unless the field says so; no other limit can lower this."""
        properties = self.component.get("properties") or {}
        if self.kind != "moneyFen" or properties.get("allowNegative") == "true":
            return None
        return Decimal(0)

    @property
    def empty(self) -> Any:
        """The value of a field that nobody answered."""
        if self.type == "checkbox":
            return False
        return [] if self.type in LISTS else None


@dataclass(frozen=True, slots=True, eq=False)
class Level:
    """`fields` in the order in which their effective values can be settled; `groups` carry only checks."""

    fields: tuple[Field, ...]
    groups: tuple[Field, ...] = ()
    speaks_feel: bool = False


CHOICES = frozenset({"radio", "select", "checklist", "taglist"})
LISTS = frozenset({"checklist", "taglist", "filepicker", "dynamiclist"})
TEXTS = frozenset({"textfield", "textarea"})
INPUTS = CHOICES | LISTS | TEXTS | {"number", "checkbox", "datetime", "expression"}
DISPLAY = frozenset({"text", "html", "image", "table", "separator", "spacer", "button"})
RESERVED = frozenset({"this", "parent", "i", "value"})
