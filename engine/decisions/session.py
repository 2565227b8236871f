"""One evaluation: what it may reach, what it has found so far, and how it complains.

In strict mode, which the product uses, a conflict or misfit is an `ExpressionError`; otherwise it is a null
with a warning, as the DMN specification has it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from engine import feel
from engine.errors import ExpressionError

_IN_A_LIST = feel.compile("string([value])")


def show(value: feel.Value) -> str:
    """A value as a designer would write it: FEEL quotes text only inside a list."""
    return str(_IN_A_LIST.evaluate({"value": value}))[1:-1]


@dataclass(frozen=True, slots=True)
class Hit:
    """A rule that took part in a result. `rule_index` counts from 1; `inputs` are by column.

    A column is called by its label, else by its expression. `annotations` are (name, text).
    """

    decision_id: str
    table: str
    rule_index: int
    rule_id: str
    annotations: tuple[tuple[str, str], ...]
    inputs: Mapping[str, feel.Value]


@dataclass(frozen=True, slots=True)
class Outcome:
    """The value of a decision, the rules hit (in the order they were reached) and why nulls came about."""

    value: feel.Value
    hits: tuple[Hit, ...]
    warnings: tuple[feel.Warned, ...]


@dataclass(slots=True)
class Session:
    """`base` holds the caller's variables; `known` the values of drawn elements by model and id."""

    env: feel.Environment
    base: Mapping[str, feel.Value]
    strict: bool
    run: feel.Run
    hits: list[Hit] = field(default_factory=list)
    known: dict[tuple[object, str], feel.Value] = field(default_factory=dict)

    def inside(self, base: Mapping[str, feel.Value]) -> Session:
        """The session of a called service: other variables, the same budget, hits and warnings."""
        return Session(self.env, base, self.strict, self.run, self.hits)

    def complain(self, code: str, place: str, zh: str, en: str, **data: Any) -> None:
        """`place` is the id of the element at fault."""
        if self.strict:
            raise ExpressionError(en=en, zh=zh, data={"element": place, "reason": code, **data})
        self.run.warn(code, en, zh)


Evaluate: TypeAlias = Callable[[feel.Frame, Session], feel.Value]
"""A compiled expression: the frame holds the variables it sees."""
