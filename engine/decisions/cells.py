"""What the input cells of decision tables say: the constants at which a cell's answer can change.

A cell made only of comparisons with constants answers the same everywhere between two neighbouring
constants; that is what the table check builds on. Any other cell is opaque: it runs, but proves nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from engine import feel
from engine.feel import nodes as n
from engine.feel.temporal_text import parse_date, parse_date_time, parse_duration, parse_temporal, parse_time

_READERS: dict[str, Callable[[str], feel.Value]] = {
    "date": parse_date,
    "time": parse_time,
    "date and time": parse_date_time,
    "duration": parse_duration,
}


class Opaque(Exception):  # a signal inside this module, never shown
    """The cell is more than comparisons with constants."""


def is_dash(cell: feel.Expression) -> bool:
    """Whether the cell accepts everything."""
    return isinstance(cell.node, n.UnaryTests) and not cell.node.tests


def constants(cell: feel.Expression) -> tuple[feel.Value, ...] | None:
    """The constants a cell compares with; None for an opaque cell."""
    try:
        return tuple(_constants(cell.node))
    except Opaque:
        return None


def constant(node: n.Node) -> feel.Value:
    """The value of a literal, also of a negative number and of `date("…")`; raises `Opaque` for others."""
    match node:
        case n.Literal(value=value):
            return value
        case n.AtLiteral(text=text):
            return _present(parse_temporal(text))
        case n.Negate(operand=n.Literal(value=Decimal() as value)):
            return -value
        case n.Call(function=n.Name(name=name), args=(n.Literal(value=str() as text),)) if name in _READERS:
            return _present(_READERS[name](text))
        case n.ListNode(items=items):
            return [constant(item) for item in items]
    raise Opaque


def _present(value: feel.Value) -> feel.Value:
    if value is None:
        raise Opaque
    return value


def _constants(node: n.Node) -> list[feel.Value]:
    match node:
        case n.Name(name="?"):
            return []
        case n.UnaryTests(tests=parts) | n.Logic(operands=parts):
            return [c for part in parts for c in _constants(part)]
        case n.UnaryRange(operand=operand):
            return [constant(operand)]
        case n.RangeNode(low=low, high=high):
            return [constant(low), constant(high)]
        case n.Compare(left=left, right=right):
            return _constants(left) + _constants(right)
        case n.Between(value=n.Name(name="?"), low=low, high=high):
            return [constant(low), constant(high)]
        case n.In(value=n.Name(name="?"), tests=parts):
            return [c for part in parts for c in _constants(part)]
        case n.Call(function=n.Name(name="not"), args=parts):
            return [c for part in parts for c in _constants(part)]
    value = constant(node)
    return list(value) if isinstance(value, list) else [value]
