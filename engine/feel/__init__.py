"""FEEL, the expression language of DMN 1.5: one safe language for every rule a designer writes.

Owns reading, compiling, evaluating and converting. Refuses every road to the machine, the clock and
the network: an expression sees its scope, the built-ins and what its Environment brings, within Bounds.
"""

from __future__ import annotations

from engine.errors import BoundError, ExpressionError
from engine.feel.convert import dumps, from_datetime, from_feel, loads, to_feel
from engine.feel.expression import Expression, compile, compile_unary, open_frame
from engine.feel.registry import BUILTINS
from engine.feel.temporal import Date, DateTime, DaysTime, Time, YearsMonths
from engine.feel.types import (
    ANY,
    ContextType,
    FeelType,
    FunctionType,
    ListType,
    NamedType,
    RangeType,
    conforms,
)
from engine.feel.values import (
    DEFAULT,
    Bounds,
    Environment,
    FeelFunction,
    Frame,
    Function,
    Null,
    Range,
    Run,
    Value,
    Warned,
)

FeelDateTime = DateTime
BUILTIN_NAMES = frozenset(BUILTINS)

__all__ = [
    "ANY",
    "BUILTIN_NAMES",
    "DEFAULT",
    "BoundError",
    "Bounds",
    "ContextType",
    "Date",
    "DateTime",
    "DaysTime",
    "Environment",
    "Expression",
    "ExpressionError",
    "FeelDateTime",
    "FeelFunction",
    "FeelType",
    "Frame",
    "Function",
    "FunctionType",
    "ListType",
    "NamedType",
    "Null",
    "Range",
    "RangeType",
    "Run",
    "Time",
    "Value",
    "Warned",
    "YearsMonths",
    "compile",
    "compile_unary",
    "conforms",
    "dumps",
    "from_datetime",
    "from_feel",
    "loads",
    "open_frame",
    "to_feel",
]
