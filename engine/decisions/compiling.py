"""Turns FEEL text into closures, once a model, and collects what the check wants to know about it.

Text that can't be read doesn't stop the rest of the file: it is a problem for the check, and evaluating it
is null with a warning (an error in strict mode).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from engine import feel
from engine.decisions import model as m
from engine.decisions.coercion import MISFIT, Types
from engine.decisions.session import Evaluate, Session
from engine.errors import ExpressionError


@dataclass(frozen=True, slots=True)
class Problem:
    """Text that can't be read; line and column count within the file."""

    element_id: str
    error: ExpressionError
    line: int | None
    column: int | None


@dataclass(frozen=True, slots=True)
class Read:
    """A compiled FEEL text, with the names it reads that nothing inside its element defines."""

    text: m.Text
    element_id: str
    expression: feel.Expression
    free: frozenset[str]


@dataclass(frozen=True, slots=True)
class Compiler:
    """Compiles for one drawn element: `owner` is its id, `title` its label. `names` are those in scope.

    `members` are names that may follow a dot. `problems` and `reads` are shared by all copies.
    """

    owner: str
    title: str
    types: Types
    names: frozenset[str]
    members: frozenset[str]
    local: frozenset[str] = frozenset()
    problems: list[Problem] = field(default_factory=list)
    reads: list[Read] = field(default_factory=list)

    def knowing(self, names: Iterable[str]) -> Compiler:
        """The same with local names added, as inside a context or a function."""
        added = frozenset(names)
        return replace(self, names=self.names | added, local=self.local | added)

    @property
    def readable(self) -> frozenset[str]:
        return self.names | self.members

    def problem(self, text: m.Text, place: str, error: ExpressionError) -> None:
        line, column = error.data.get("line"), error.data.get("column")
        if text.line is not None and line:
            line += text.line - 1
        self.problems.append(Problem(text.id or place, error, line or text.line, column))

    def reading(self, text: m.Text, place: str, expression: feel.Expression) -> None:
        free = expression.names - self.local - {"?"}
        self.reads.append(Read(text, text.id or place, expression, free))

    def text(self, text: m.Text, place: str) -> Evaluate:
        """A FEEL expression; no text at all is null."""
        if not text.text.strip():
            return lambda frame, session: None
        try:
            expression = feel.compile(text.text, names=self.readable)
        except ExpressionError as error:
            self.problem(text, place, error)
            return broken(place, error)
        self.reading(text, place, expression)
        run = expression.run
        return lambda frame, session: run(frame)

    def typed(self, evaluate: Evaluate, type_name: str, place: str) -> Evaluate:
        """The same with its result held to a type."""
        coerce = self.types.coercer(type_name)
        if coerce is None:
            return evaluate

        def held(frame: feel.Frame, session: Session) -> feel.Value:
            return fit(coerce(evaluate(frame, session), session.env), type_name, place, session)

        return held


def fit(value: feel.Value, type_name: str, place: str, session: Session) -> feel.Value:
    """A coerced value, or null with a complaint if it was a misfit."""
    if value is not MISFIT:
        return value
    session.complain(
        "type-mismatch",
        place,
        f"“{place}”的值不符合类型“{type_name}”。",
        f'The value of "{place}" does not fit the type "{type_name}".',
    )
    return None


def broken(place: str, error: ExpressionError) -> Evaluate:
    def fail(frame: feel.Frame, session: Session) -> feel.Value:
        session.complain("syntax", place, error.zh, error.en, **error.data)
        return None

    return fail
