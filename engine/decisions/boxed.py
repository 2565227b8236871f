"""Compiles the boxed expressions of DMN: contexts, lists, relations, functions, invocations, iterations."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

from engine import feel
from engine.decisions import model as m
from engine.decisions.coercion import MISFIT, Coerce
from engine.decisions.compiling import Compiler
from engine.decisions.session import Evaluate, Session
from engine.decisions.tables import compile_table


def compile_boxed(c: Compiler, expression: m.Expression) -> Evaluate:
    """The closure for one boxed expression, its result held to its type."""
    place = expression.id or c.owner
    return c.typed(_COMPILERS[type(expression)](c, expression, place), expression.type, place)


def _literal(c: Compiler, e: m.Literal, place: str) -> Evaluate:
    return c.text(e.text, place)


def _context(c: Compiler, e: m.Context, place: str) -> Evaluate:
    steps: list[tuple[str, Evaluate]] = []
    for entry in e.entries:
        steps.append(
            (entry.name, c.typed(compile_boxed(c, entry.value), entry.type, entry.value.id or place))
        )
        c = c.knowing([entry.name] if entry.name else [])

    def evaluate(frame: feel.Frame, session: Session) -> feel.Value:
        made: dict[str, feel.Value] = {}
        inner = feel.Frame(made, frame, session.run)
        for name, step in steps:
            value = step(inner, session)
            if not name:
                return value
            made[name] = value
        return made

    return evaluate


def _list(c: Compiler, e: m.ListOf, place: str) -> Evaluate:
    items = [compile_boxed(c, item) for item in e.items]
    return lambda frame, session: [item(frame, session) for item in items]


def _relation(c: Compiler, e: m.Relation, place: str) -> Evaluate:
    rows = [
        [(name, compile_boxed(c, cell)) for name, cell in zip(e.columns, row, strict=True)] for row in e.rows
    ]
    return lambda frame, session: [{name: cell(frame, session) for name, cell in row} for row in rows]


def _conditional(c: Compiler, e: m.Conditional, place: str) -> Evaluate:
    condition, then, otherwise = (compile_boxed(c, part) for part in (e.condition, e.then, e.otherwise))

    def evaluate(frame: feel.Frame, session: Session) -> feel.Value:
        holds = condition(frame, session)
        if holds is not None and not isinstance(holds, bool):
            return _not_boolean(place, session)
        return (then if holds else otherwise)(frame, session)

    return evaluate


def _not_boolean(place: str, session: Session) -> None:
    session.complain(
        "not-boolean", place, f"“{place}”的条件不是布尔值。", f'The condition of "{place}" is no boolean.'
    )


def _items(value: feel.Value) -> list[feel.Value] | None:
    """The items to go over: a list's, or the value itself; None for null."""
    if value is None or isinstance(value, list):
        return value
    return [value]


def _filter(c: Compiler, e: m.Filter, place: str) -> Evaluate:
    source = compile_boxed(c, e.source)
    match = compile_boxed(c.knowing({"item"} | c.members), e.match)

    def evaluate(frame: feel.Frame, session: Session) -> feel.Value:
        items = _items(source(frame, session))
        if items is None:
            return None
        kept = []
        for item in items:
            session.run.spend(1)
            fields = item if isinstance(item, dict) else {}
            inner = feel.Frame({"item": item, **fields}, frame, session.run)
            holds = match(inner, session)
            if holds is not None and not isinstance(holds, bool):
                return _not_boolean(place, session)
            if holds:
                kept.append(item)
        return kept

    return evaluate


def _iteration(c: Compiler, e: m.Iteration, place: str) -> Evaluate:
    source = compile_boxed(c, e.source)
    body = compile_boxed(c.knowing([e.variable, "partial"] if e.partial else [e.variable]), e.body)

    def evaluate(frame: feel.Frame, session: Session) -> feel.Value:
        items = _items(source(frame, session))
        if items is None:
            return None
        done: list[feel.Value] = []
        for item in items:
            session.run.spend(1)
            variables: dict[str, feel.Value] = {e.variable: item}
            if e.partial:
                session.run.spend(len(done) >> 4)
                variables["partial"] = list(done)
            done.append(body(feel.Frame(variables, frame, session.run), session))
        return done if e.kind == "for" else _quantified(e.kind == "some", done, place, session)

    return evaluate


def _quantified(some: bool, results: list[feel.Value], place: str, session: Session) -> bool | None:
    """Three-valued: a null leaves the answer open unless another result decides it."""
    if any(result is not None and not isinstance(result, bool) for result in results):
        _not_boolean(place, session)
        return None
    if some in results:
        return some
    return None if None in results else not some


def _invocation(c: Compiler, e: m.Invocation, place: str) -> Evaluate:
    called = compile_boxed(c, e.called)
    names = tuple(b.name for b in e.bindings)
    values = [c.typed(compile_boxed(c, b.value), b.type, b.value.id or place) for b in e.bindings]

    def evaluate(frame: feel.Frame, session: Session) -> feel.Value:
        function = called(frame, session)
        return invoke(function, [value(frame, session) for value in values], names, place, frame, session)

    return evaluate


def invoke(
    function: feel.Value,
    values: list[feel.Value],
    names: tuple[str, ...],
    place: str,
    frame: feel.Frame,
    session: Session,
) -> feel.Value:
    """Calls a function value with arguments by name; null after a complaint if it can't be called so."""
    arranged = function.arrange(names, values) if isinstance(function, feel.FeelFunction) else None
    if arranged is None:
        session.complain(
            "bad-arguments",
            place,
            f"“{place}”调用的不是函数，或参数不符。",
            f'"{place}" calls what is no function, or with other arguments than it takes.',
        )
        return None
    try:
        return function.invoke(arranged, frame)
    except feel.Null as why:
        session.complain(why.code, place, why.zh, why.en)
        return None


def _function(c: Compiler, e: m.Function, place: str) -> Evaluate:
    return function_maker(c, e, place, "")


def function_maker(c: Compiler, e: m.Function, place: str, result: str) -> Evaluate:
    """Makes the function value, closed over a frame. Functions of other kinds than FEEL are null."""
    if e.kind != "FEEL" or e.body is None:
        return partial(_foreign, e.kind, place)
    inner = c.knowing(p.name for p in e.parameters)
    body = inner.typed(inner.typed(compile_boxed(inner, e.body), e.type, place), result, place)
    names = tuple(p.name for p in e.parameters)
    coercers = tuple(c.types.coercer(p.type) for p in e.parameters)
    types = tuple(c.types.feel_type(p.type) for p in e.parameters)

    def make(frame: feel.Frame, session: Session) -> feel.Value:
        def run(args: list[feel.Value], caller: feel.Frame) -> feel.Value:
            with deeper(session.run):
                bound = {
                    name: argument(name, value, coerce, session)
                    for name, coerce, value in zip(names, coercers, args, strict=True)
                }
                return body(feel.Frame(bound, frame, session.run), session)

        return feel.FeelFunction(names, run, name=place, types=types)

    return make


def argument(name: str, value: feel.Value, coerce: Coerce | None, session: Session) -> feel.Value:
    """An argument as its parameter's type wants it. Raises `feel.Null`: then the function is not called."""
    fitted = value if coerce is None else coerce(value, session.env)
    if fitted is MISFIT:
        zh, en = f"参数“{name}”的类型不符。", f"The argument '{name}' does not fit its type."
        session.complain("type-mismatch", name, zh, en)
        raise feel.Null(en, zh)
    return fitted


@contextmanager
def deeper(run: feel.Run) -> Iterator[None]:
    """Counts a call against the bounds, as calls inside FEEL are."""
    run.spend(1)
    run.depth -= 1
    if run.depth < 0:
        raise run.past("depth", run.bounds.depth)
    try:
        yield
    finally:
        run.depth += 1


def _foreign(kind: str, place: str, frame: feel.Frame, session: Session) -> feel.Value:
    session.complain(
        "foreign-function",
        place,
        f"“{place}”是 {kind} 函数，本系统只执行 FEEL 函数。",
        f'"{place}" is a {kind} function; only FEEL functions run here.',
    )
    return None


_COMPILERS: dict[type, Callable[[Compiler, Any, str], Evaluate]] = {
    m.Literal: _literal,
    m.Context: _context,
    m.Invocation: _invocation,
    m.ListOf: _list,
    m.Relation: _relation,
    m.Function: _function,
    m.Conditional: _conditional,
    m.Filter: _filter,
    m.Iteration: _iteration,
    m.Table: compile_table,
}
