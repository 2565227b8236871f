"""What an expression computes with: the value types, the environment and its bounds.

Values are `None, bool, Decimal, str, list, dict`, the temporal values, `Range`, `FeelFunction` and opaque
objects that product functions return. Values are never changed in place.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Context, DivisionByZero, InvalidOperation, Overflow
from types import MappingProxyType
from typing import Any, TypeAlias

from engine.errors import BoundError
from engine.feel.temporal import DateTime

Value: TypeAlias = Any
"""Any FEEL value; a closed union would not admit the opaque objects of product functions."""

DECIMAL = Context(
    prec=34, Emin=-6143, Emax=6144, capitals=1, clamp=1, traps=[InvalidOperation, DivisionByZero, Overflow]
)
"""IEEE 754 decimal128, round half even: the number space DMN prescribes."""

MAX_WARNINGS = 100
POWER_STEPS = 10
"""Steps for a power, root or logarithm, which takes up to twenty times as long as a sum."""
MISSING: Any = object()
"""Stands for "no value at all", where null would be a value."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """How far one evaluation may go. Only regular expressions are bounded in time, all of them together."""

    steps: int = 200_000
    depth: int = 100
    list_size: int = 100_000
    string_size: int = 200_000
    text_size: int = 30_000
    regex_seconds: float = 0.5


@dataclass(frozen=True, slots=True)
class Warned:
    """Why a null came about. `line` and `column` count from 1."""

    code: str
    en: str
    zh: str
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        return self.en


@dataclass(frozen=True, slots=True)
class Function:
    """A product function. `name` may hold spaces; `call(args, env)` gets positional FEEL values.

    `call` may raise `Null` (the result is null with a warning) or an `EngineError`. `required` is the
    number of parameters that must be given (all when None); missing optional ones arrive as None.
    """

    name: str
    params: tuple[str, ...]
    call: Callable[[list[Value], Environment], Value]
    required: int | None = None


class _Discard(list[Warned]):
    """The warnings of an environment that nobody reads."""

    def append(self, item: Warned) -> None:
        pass


@dataclass(frozen=True, slots=True, kw_only=True)
class Environment:
    """All that an expression can reach besides its scope. `types` names item definitions."""

    functions: Mapping[str, Function] = field(default_factory=lambda: MappingProxyType({}))
    now: DateTime | None = None
    bounds: Bounds = field(default_factory=Bounds)
    warnings: list[Warned] = field(default_factory=_Discard)
    types: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))


DEFAULT = Environment()


@dataclass(frozen=True, slots=True)
class Range:
    """An interval. One written as a unary test (`< 5`, `!= 5`) has its `op`, and an undefined open end."""

    low: Value
    low_closed: bool
    high: Value
    high_closed: bool
    op: str | None = None


class FeelFunction:
    """A function value. `invoke(args, frame)` gets as many arguments as there are `params`."""

    __slots__ = ("invoke", "name", "params", "required", "result", "types", "variadic")

    def __init__(
        self,
        params: tuple[str, ...],
        invoke: Callable[[list[Value], Frame], Value],
        *,
        name: str = "",
        types: tuple[Any, ...] = (),
        result: Any = None,
        required: int | None = None,
        variadic: bool = False,
    ) -> None:
        self.params, self.invoke, self.name = params, invoke, name
        self.types, self.result = types, result
        self.required = len(params) if required is None else required
        self.variadic = variadic

    def takes(self, count: int) -> bool:
        """Whether it can be called with that many positional arguments."""
        return self.required <= count <= len(self.params)

    def arrange(self, names: tuple[str, ...], args: list[Value]) -> list[Value] | None:
        """Named arguments in the order of the parameters; None when a name is wrong or one is missing."""
        given = dict(zip(names, args, strict=True))
        if not given.keys() <= set(self.params) or any(p not in given for p in self.params[: self.required]):
            return None
        return [given.get(param) for param in self.params]

    def __repr__(self) -> str:
        return f"<function {self.name or ''}({', '.join(self.params)})>"


class Null(Exception):  # a signal, not an error: the value is null, for this reason
    """Raised by a built-in or product function whose result is null for a reason worth a warning."""

    def __init__(self, en: str, zh: str, code: str = "invalid-argument") -> None:
        super().__init__(en)
        self.en, self.zh, self.code = en, zh, code


class Run:
    """One evaluation's budget: the steps and the depth left, and where warnings go."""

    __slots__ = ("bounds", "depth", "env", "regex_seconds", "steps", "text")

    def __init__(self, env: Environment, text: str = "") -> None:
        self.env = env
        self.bounds = env.bounds
        self.steps = env.bounds.steps
        self.depth = env.bounds.depth
        self.regex_seconds = env.bounds.regex_seconds
        self.text = text

    def spend(self, steps: int) -> None:
        """Counts work; loops, calls and built-ins report here, plain operators are bounded by the text."""
        self.steps -= steps
        if self.steps < 0:
            raise self.past("steps", self.bounds.steps)

    def past(self, bound: str, limit: float) -> BoundError:
        return past_bound(bound, limit, self.text)

    def size(self, count: int) -> None:
        """Refuses a list longer than the bound and counts its items as steps."""
        if count > self.bounds.list_size:
            raise self.past("list size", self.bounds.list_size)
        self.spend(count)

    def string(self, count: int) -> None:
        if count > self.bounds.string_size:
            raise self.past("string size", self.bounds.string_size)
        self.spend(count >> 6)

    def warn(self, code: str, en: str, zh: str, line: int = 0, column: int = 0) -> None:
        warnings = self.env.warnings
        if len(warnings) < MAX_WARNINGS:
            warnings.append(Warned(code, en, zh, line, column))


_BOUND_ZH = {
    "steps": "步数",
    "depth": "嵌套深度",
    "list size": "列表长度",
    "string size": "文本长度",
    "text size": "表达式长度",
    "regex time": "正则匹配时间（秒）",
}


def past_bound(bound: str, limit: float, text: str, line: int = 0, column: int = 0) -> BoundError:
    shown = text if len(text) <= 80 else text[:77] + "..."
    return BoundError(
        en=f"The expression passed its bound in {bound} ({limit:g}): {shown}",
        zh=f"表达式超出{_BOUND_ZH[bound]}限度（{limit:g}）：{shown}",
        data={"bound": bound, "limit": limit, "expression": shown, "line": line, "column": column},
    )


class Frame:
    """A scope while evaluating: its variables, the enclosing frame and the run they belong to."""

    __slots__ = ("parent", "run", "vars")

    def __init__(self, variables: Mapping[str, Value], parent: Frame | None, run: Run) -> None:
        self.vars, self.parent, self.run = variables, parent, run
