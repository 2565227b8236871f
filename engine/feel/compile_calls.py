"""Compiles function definitions and invocations."""

from __future__ import annotations

from collections.abc import Callable

from engine.feel.compiler import Code, Compiler, Constant, compiles, find_function
from engine.feel.lexer import line_column
from engine.feel.names import weight
from engine.feel.nodes import Call, FunctionDef, Name
from engine.feel.operators import kind_of, kind_zh
from engine.feel.temporal_text import parse_date, parse_date_time, parse_duration, parse_time
from engine.feel.types import FeelType, conforms
from engine.feel.values import FeelFunction, Frame, Null, Run, Value

_CONSTANT_CALLS: dict[str, Callable[[str], Value]] = {
    "date": parse_date,
    "time": parse_time,
    "date and time": parse_date_time,
    "duration": parse_duration,
}


@compiles(FunctionDef)
def _function(c: Compiler, node: FunctionDef) -> Code:
    """A closure: the body sees the frame of its definition. External (Java) functions are null."""
    params, types = node.params, node.types
    if node.external:
        warn = c.warner(node, "external-function")
        return lambda f: warn(f, "external functions are not run here", "不执行外部函数")
    body, steps = c.code(node.body), weight(node.body)

    def make(f: Frame) -> Value:
        def invoke(args: list[Value], caller: Frame) -> Value:
            run = caller.run
            run.spend(steps)
            bound = {
                name: value if kind is None else fit(value, kind, run, name)
                for name, kind, value in zip(params, types, args, strict=True)
            }
            run.depth -= 1
            if run.depth < 0:
                raise run.past("depth", run.bounds.depth)
            value = body(Frame(bound, f, run))
            run.depth += 1
            return value

        return FeelFunction(params, invoke, types=types)

    return make


def fit(value: Value, kind: FeelType, run: Run, name: str) -> Value:
    """The value as its declared type wants it: a list of one is unwrapped, or made. Raises Null otherwise."""
    if value is None or conforms(value, kind, run.env.types):
        return value
    if type(value) is list and len(value) == 1 and conforms(value[0], kind, run.env.types):
        return value[0]
    if type(value) is not list and conforms([value], kind, run.env.types):
        return [value]
    raise Null(
        f"'{name}' must be a {kind}, not a {kind_of(value)}", f"“{name}”应为{kind}，而不是{kind_zh(value)}"
    )


@compiles(Call)
def _call(c: Compiler, node: Call) -> Code:
    args, names, count = [c.code(arg) for arg in node.args], node.names, len(node.args)
    folded = _fold(node, args)
    if folded is not None:
        return Constant(folded)
    label = node.function.name if isinstance(node.function, Name) else "function"
    target = _target(c, node)
    warn, place = c.warner(node, "bad-call"), line_column(c.text, node.at)

    def run(f: Frame) -> Value:
        function = target(f)
        if not isinstance(function, FeelFunction):
            if function is not None:
                warn(f, f"a {kind_of(function)} cannot be called", f"{kind_zh(function)}不能作为函数调用")
            return None
        values: list[Value] | None = [arg(f) for arg in args]
        if names:
            values = function.arrange(names, values or [])
        if values is None or not (names or function.takes(count)):
            warn(f, f"'{label}' does not take these arguments", f"“{label}”的参数不符")
            return None
        try:
            return function.invoke(values, f)
        except Null as why:
            f.run.warn(why.code, f"{label}: {why.en}", f"{label}：{why.zh}", *place)
            return None

    return run


def _target(c: Compiler, node: Call) -> Code:
    if not isinstance(node.function, Name):
        return c.code(node.function)
    name, warn = node.function.name, c.warner(node, "unknown-name")
    return lambda f: find_function(f, name, warn)


def _fold(node: Call, args: list[Code]) -> Value:
    """The value of `date("2026-01-01")` and its like, known at once; None for any other call."""
    if len(args) != 1 or node.names or not isinstance(node.function, Name):
        return None
    parse, arg = _CONSTANT_CALLS.get(node.function.name), args[0]
    if parse is None or not isinstance(arg, Constant) or type(arg.value) is not str:
        return None
    return parse(arg.value)
