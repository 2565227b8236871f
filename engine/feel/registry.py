"""How built-in functions are declared, found and called: signatures, argument coercion, named arguments.

A signature reads `"string: string, start position: number, length?: number"`. A parameter with `?` after its
name may be left out, one with `?` after its type may be null; any other null argument makes the result null.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any, NamedTuple

from engine.feel.operators import kind_of
from engine.feel.temporal import Date, DateTime, DaysTime, Time, YearsMonths
from engine.feel.values import MISSING, FeelFunction, Frame, Function, Null, Range, Run, Value

_KINDS: dict[str, tuple[type, ...]] = {
    "number": (Decimal,),
    "string": (str,),
    "boolean": (bool,),
    "context": (dict,),
    "date": (Date,),
    "time": (Time,),
    "duration": (DaysTime, YearsMonths),
    "days": (DaysTime,),
    "day": (Date, DateTime),
    "function": (FeelFunction,),
    "range": (Range,),
}


class Param(NamedTuple):
    name: str
    kind: str
    optional: bool
    nullable: bool


class Signature(NamedTuple):
    """`whole` says that a single list argument stands for all the items (`sum([1, 2])`)."""

    params: tuple[Param, ...]
    variadic: bool
    whole: bool
    call: Callable[..., Value]

    @property
    def required(self) -> int:
        return sum(not param.optional for param in self.params)

    def takes(self, count: int) -> bool:
        return self.required <= count and (self.variadic or count <= len(self.params))

    def apply(self, args: list[Value], run: Run) -> Value:
        params = self.params
        for value in args:
            # What a function copies or searches is paid for here, once for all functions.
            if type(value) is str or type(value) is list:
                run.spend(len(value) >> (6 if type(value) is str else 3))
        if self.whole:
            if len(args) == 1 and args[0] is None:
                raise Null("the list is null", "列表为空值")
            return self.call(run, args[0] if len(args) == 1 and type(args[0]) is list else args)
        ready = [coerce(value, param) for value, param in zip(args, params, strict=False)]
        if self.variadic:
            ready.extend(args[len(params) :])
        else:
            ready.extend([None] * (len(params) - len(ready)))
        return self.call(run, *ready)


def _signature(text: str, call: Callable[..., Value]) -> Signature:
    params: list[Param] = []
    for part in filter(None, text.split(",")):
        name, kind = (half.strip() for half in part.split(":"))
        params.append(Param(name.strip("?*"), kind.rstrip("?"), name.endswith("?"), kind.endswith("?")))
    return Signature(tuple(params), "*" in text, text.startswith("*"), call)


class Builtin(FeelFunction):
    """A standard function: one or several signatures."""

    __slots__ = ("signatures",)

    def __init__(self, name: str) -> None:
        super().__init__((), self._invoke, name=name)
        self.signatures: list[Signature] = []

    def add(self, signature: Signature) -> None:
        self.signatures.append(signature)
        if len(self.signatures) == 1:
            self.params = tuple(param.name for param in signature.params)
            self.required = signature.required
            self.variadic = signature.variadic

    def takes(self, count: int) -> bool:
        return any(signature.takes(count) for signature in self.signatures)

    def arrange(self, names: tuple[str, ...], args: list[Value]) -> list[Value] | None:
        """The signature that has these names, and its arguments; MISSING for those left out."""
        given = dict(zip(names, args, strict=True))
        for signature in self.signatures:
            own = {param.name for param in signature.params}
            if given.keys() <= own and all(p.optional or p.name in given for p in signature.params):
                return [signature, *(given.get(param.name, MISSING) for param in signature.params)]
        return None

    def _invoke(self, args: list[Value], frame: Frame) -> Value:
        """Calls the signature that `arrange` chose, else the first that takes these arguments."""
        frame.run.spend(1)
        if args and type(args[0]) is Signature:
            return args[0].apply(args[1:], frame.run)
        why = Null("no such form", "没有这种调用形式", "bad-arguments")
        for signature in self.signatures:
            if signature.takes(len(args)):
                try:
                    return signature.apply(args, frame.run)
                except Null as reason:
                    why = reason
        raise why


BUILTINS: dict[str, Builtin] = {}


def builtin(name: str, *signatures: str) -> Callable[[Callable[..., Value]], Callable[..., Value]]:
    """Declares a standard function. The decorated function gets the Run and then one argument a parameter."""

    def register(call: Callable[..., Value]) -> Callable[..., Value]:
        function = BUILTINS.setdefault(name, Builtin(name))
        for text in signatures:
            function.add(_signature(text, call))
        return call

    return register


def coerce(value: Value, param: Param) -> Value:
    """The argument as the parameter wants it: a value becomes a list of one, a list of one its item."""
    kind = param.kind
    if value is MISSING:
        return None
    if value is None:
        if param.nullable:
            return None
        raise Null(f"argument '{param.name}' is null", f"参数“{param.name}”为空值")
    if kind == "any":
        return value
    if kind == "list":
        return value if type(value) is list else [value]
    allowed = _KINDS[kind]
    if type(value) in allowed or isinstance(value, allowed):
        return value
    if type(value) is list and len(value) == 1 and isinstance(value[0], allowed):
        return value[0]
    raise Null(
        f"argument '{param.name}' must be a {kind}, not a {kind_of(value)}",
        f"参数“{param.name}”应为{kind}，而不是{kind_of(value)}",
    )


class ProductFunction(FeelFunction):
    """A function that the environment brings along, seen from FEEL."""

    __slots__ = ()

    def __init__(self, function: Function) -> None:
        def invoke(args: list[Value], frame: Frame) -> Value:
            frame.run.spend(1)
            args = [*args, *[None] * (len(function.params) - len(args))]
            return function.call(args, frame.run.env)

        super().__init__(function.params, invoke, name=function.name, required=function.required)


_wrapped: dict[int, tuple[Function, ProductFunction]] = {}


def wrap_product(function: Function) -> FeelFunction:
    """The same wrapper each time for the same function, so that functions compare equal to themselves."""
    found: Any = _wrapped.get(id(function))
    if found is None or found[0] is not function:
        if len(_wrapped) > 2000:
            _wrapped.clear()
        found = _wrapped[id(function)] = (function, ProductFunction(function))
    wrapped: FeelFunction = found[1]
    return wrapped
