"""Evaluates what is constant in expressions, so that a null or an endless count shows at deployment.

Whatever reads a variable, the clock, the case or a parameter is left to the running case.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from engine import feel
from engine.clocks import Calendar, product_functions
from engine.definitions.expressions import Use, shorten, uses, walk
from engine.definitions.names import compiled
from engine.definitions.report import Context, found
from engine.definitions.times import kind_of_time
from engine.errors import BoundError, InputError
from engine.feel.names import children, reads
from engine.feel.nodes import Call, Name
from engine.feel.nodes import Iterator as Binding
from engine.feel.nodes import Node as Tree
from engine.types import Finding

CONSTANT_FUNCTIONS = frozenset({"workdays", "calendar days", "hours", "age at", "months between"})
CLOCK_FUNCTIONS = frozenset({"now", "today"})
MAX_EVALUATED = 200  # in one process: a file must not buy unlimited computing by its length


def check_constants(context: Context) -> Iterator[Finding]:
    """Constant parts have a value, and reach it within the bounds."""
    law = context.bundle.parameters.at(date.max)
    functions = product_functions(law, Calendar(), None)
    evaluated = 0
    for use in uses(context):
        expression = compiled(context, use)
        for part in _constants(expression.node) if expression is not None else ():
            evaluated += 1
            if evaluated > MAX_EVALUATED:
                return
            warnings: list[feel.Warned] = []
            env = feel.Environment(functions=functions, warnings=warnings)
            try:
                feel.Expression(use.text, part).evaluate({}, env)
            except InputError as error:
                code = "expression-bound" if isinstance(error, BoundError) else "bad-expression"
                zh = f"{use.zh} {shorten(use.text)}：{error.zh}"
                en = f"the {use.en} {shorten(use.text)}: {error.en}"
                yield found("error", code, use.at, zh, en, line=use.line)
            yield from (_null(use, warning) for warning in warnings)
        if expression is not None and use.expects in ("moment", "limit") and _is_constant(expression.node):
            yield from _no_time(use, expression, functions)


def _no_time(
    use: Use, expression: feel.Expression, functions: Mapping[str, feel.Function]
) -> Iterator[Finding]:
    """A time that is always null, or always a text that is none."""
    try:
        value = expression.evaluate({}, feel.Environment(functions=functions))
    except InputError:
        return  # said before
    if value is None or (isinstance(value, str) and not kind_of_time(value.strip())):
        zh = f"{use.zh} {shorten(use.text)} 的结果不是时限、时长、日期或周期；请改写，如 workdays(3)、P3D。"
        en = f"the {use.en} {shorten(use.text)} gives no limit, duration, date or cycle: write P3D, say."
        yield found("error", "bad-time", use.at, zh, en, line=use.line)


def _constants(tree: Tree) -> Iterator[Tree]:
    """The largest parts, beyond plain literals, that always have the same value."""
    if isinstance(tree, Binding) or not _is_constant(tree):
        for child in children(tree):
            yield from _constants(child)
    elif children(tree):
        yield tree


def _is_constant(tree: Tree) -> bool:
    read = reads(tree)
    if (read.names | read.item_names) - read.calls or read.calls - CONSTANT_FUNCTIONS:
        return False
    calls = (node.function for node in walk(tree) if isinstance(node, Call))
    return not any(isinstance(function, Name) and function.name in CLOCK_FUNCTIONS for function in calls)


def _null(use: Use, warning: feel.Warned) -> Finding:
    zh = f"{use.zh} {shorten(use.text)}：{warning.zh}，结果为空。"
    en = f"the {use.en} {shorten(use.text)}: {warning.en}; the result is null."
    line = use.line + max(warning.line, 1) - 1
    return found("warning", "null-result", use.at, zh, en, line=line, column=warning.column or None)
