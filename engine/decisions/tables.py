"""Runs decision tables: which rules match, and what the hit policy makes of them.

Every rule that takes part in the result is recorded as a hit with the inputs it saw.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from engine import feel
from engine.decisions import model as m
from engine.decisions.cells import is_dash
from engine.decisions.coercion import Coerce, Types, allowed_test
from engine.decisions.compiling import Compiler, fit
from engine.decisions.policies import POLICIES, Match, Plan, Ranking
from engine.decisions.session import Evaluate, Hit, Session, show
from engine.errors import ExpressionError

Test = Callable[[feel.Value, feel.Frame], bool | None]


@dataclass(frozen=True, slots=True)
class Column:
    """An input: how to get its value and what it may be."""

    name: str
    place: str
    read: Evaluate
    coerce: Coerce | None
    type: str
    allowed: Callable[[feel.Value, feel.Environment], bool] | None


@dataclass(frozen=True, slots=True)
class Line:
    """A compiled rule: its tests with the columns they look at, and its outputs."""

    rule: m.Rule
    tests: tuple[tuple[int, Test], ...]
    output: Evaluate


def compile_table(c: Compiler, table: m.Table, place: str) -> Evaluate:
    """A closure for the table; its value is what the hit policy yields, null when no rule matches."""
    names = _column_names(table)
    columns = [_column(c, clause, place, names[i]) for i, clause in enumerate(table.inputs)]
    faults: list[tuple[str, ExpressionError]] = []
    lines = tuple(_line(c, rule, table, place, faults) for rule in table.rules)
    default = _output(c, [o.default or m.Text(text="") for o in table.outputs], table, place)
    has_default = any(o.default for o in table.outputs)
    plan = Plan(table.hit_policy, table.aggregation, ranking(c.types, table), place, c.title)
    resolve = POLICIES[table.hit_policy]
    first_only = table.hit_policy == "FIRST"
    owner = c.owner

    def evaluate(frame: feel.Frame, session: Session) -> feel.Value:
        for at, error in faults:
            session.complain("syntax", at, error.zh, error.en, **error.data)
        values = _inputs(columns, frame, session)
        if values is None:
            return None
        matched = _matching(lines, values, frame, first_only)
        if not matched:
            return default(frame, session) if has_default else None
        results = [Match(line.rule, line.output(frame, session)) for line in matched]
        chosen, value = resolve(results, plan, session)
        inputs = dict(zip(names, values, strict=True))
        session.hits.extend(
            Hit(owner, place, match.rule.index, match.rule.id, match.rule.annotations, inputs)
            for match in chosen
        )
        return value

    return evaluate


def _column_names(table: m.Table) -> list[str]:
    """Labels, else expressions; with the column's number where two would be called the same."""
    names: list[str] = []
    for index, clause in enumerate(table.inputs, 1):
        name = clause.label or clause.expression.text.strip()
        names.append(name if name and name not in names else f"{name} {index}".strip())
    return names


def _column(c: Compiler, clause: m.InputClause, place: str, name: str) -> Column:
    return Column(
        name=name,
        place=clause.id or place,
        read=c.text(clause.expression, clause.id or place),
        coerce=c.types.coercer(clause.type),
        type=clause.type,
        allowed=allowed_test(clause.allowed.text) if clause.allowed else None,
    )


def _inputs(columns: list[Column], frame: feel.Frame, session: Session) -> list[feel.Value] | None:
    """The values of the input columns; None after a complaint that one of them is not allowed."""
    values = []
    for column in columns:
        value = column.read(frame, session)
        if column.coerce is not None:
            value = fit(column.coerce(value, session.env), column.type, column.place, session)
        if column.allowed is not None and value is not None and not column.allowed(value, session.env):
            session.complain(
                "value-not-allowed",
                column.place,
                f"“{column.name}”的值 {show(value)} 不在允许值之内。",
                f'The value {show(value)} of "{column.name}" is not among the allowed values.',
            )
            return None
        values.append(value)
    return values


def _matching(
    lines: tuple[Line, ...], values: list[feel.Value], frame: feel.Frame, first_only: bool
) -> list[Line]:
    matched = []
    for line in lines:
        for index, test in line.tests:
            if test(values[index], frame) is not True:
                break
        else:
            matched.append(line)
            if first_only:
                break
    return matched


def _line(
    c: Compiler, rule: m.Rule, table: m.Table, place: str, faults: list[tuple[str, ExpressionError]]
) -> Line:
    """A cell that can't be read matches nothing and is added to the faults."""
    place = rule.id or place
    tests: list[tuple[int, Test]] = []
    for index, text in enumerate(rule.tests):
        try:
            cell = feel.compile_unary(text.text, names=c.readable)
        except ExpressionError as error:
            c.problem(text, place, error)
            faults.append((place, error))
            tests.append((index, _never))
            continue
        c.reading(text, place, cell)
        if not is_dash(cell):
            assert cell.test is not None
            tests.append((index, cell.test))
    return Line(rule, tuple(tests), _output(c, list(rule.results), table, place))


def _never(value: feel.Value, frame: feel.Frame) -> bool:
    return False


def _output(c: Compiler, texts: list[m.Text], table: m.Table, place: str) -> Evaluate:
    """The output of one rule (or the default): a value, or a context when there are several columns."""
    cells = []
    for clause, text in zip(table.outputs, texts, strict=True):
        evaluate = c.typed(c.text(text, place), clause.type, clause.id or place)
        cells.append((clause.name, _held(evaluate, clause, place)))
    if len(cells) == 1:
        return cells[0][1]
    return lambda frame, session: {name: cell(frame, session) for name, cell in cells}


def _held(evaluate: Evaluate, clause: m.OutputClause, place: str) -> Evaluate:
    if clause.allowed is None:
        return evaluate
    allowed = allowed_test(clause.allowed.text)

    def held(frame: feel.Frame, session: Session) -> feel.Value:
        value = evaluate(frame, session)
        if value is None or allowed(value, session.env):
            return value
        session.complain(
            "value-not-allowed",
            place,
            f"输出值 {show(value)} 不在允许值之内。",
            f"The output {show(value)} is not among the allowed values.",
        )
        return None

    return held


def ranking(types: Types, table: m.Table) -> Ranking:
    """For each output its allowed values in falling priority: the clause's own, else its type's."""
    found = []
    for clause in table.outputs:
        item = types.items.get(clause.type or (table.type if len(table.outputs) == 1 else ""))
        allowed = clause.allowed or (item.allowed if item else None)
        found.append((clause.name, _values(allowed.text) if allowed else []))
    return found


def _values(text: str) -> list[feel.Value]:
    try:
        found = feel.compile(f"[{text}]").evaluate({})
    except ExpressionError:
        return []
    return found if isinstance(found, list) else []
