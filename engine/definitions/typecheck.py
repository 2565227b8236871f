"""The types of FEEL expressions as far as they can be seen without running them.

Says nothing where a type isn't certain: a check that guesses would cry wolf.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal

from engine.feel import nodes as n
from engine.feel.names import children
from engine.feel.operators import kind_of
from engine.feel.temporal_text import parse_temporal

NAMES_ZH = {
    "number": "数字",
    "string": "文本",
    "boolean": "真假值",
    "date": "日期",
    "time": "时间",
    "date and time": "日期时间",
    "list": "列表",
    "context": "结构",
}
RESULTS: dict[str, tuple[str, ...]] = {
    "number": (
        *("number", "count", "sum", "mean", "median", "floor", "ceiling", "decimal", "abs", "modulo", "sqrt"),
        *("string length", "day of year", "week of year", "round up", "round down", "round half up"),
        *("age at", "months between", "workdays between"),
    ),
    "string": ("string", "substring", "upper case", "lower case", "replace", "string join", "day of week"),
    "boolean": (
        *("not", "contains", "starts with", "ends with", "matches", "list contains", "all", "any", "is"),
        *("is workday", "close relative", "近亲属"),
    ),
    "date": ("date", "today", "add workdays"),
    "date and time": ("date and time", "now", "accepted at"),
    "list": ("split", "append", "concatenate", "distinct values", "flatten", "reverse", "sort", "sublist"),
    "limit": ("workdays", "calendar days", "hours", "limit"),
}
RESULT_OF = {function: kind for kind, functions in RESULTS.items() for function in functions}
BOOLEANS = (n.Compare, n.Logic, n.Between, n.In, n.InstanceOf, n.Quantified)
COMPARABLE = ({"date", "date and time"},)


def type_of(tree: n.Node, types: Mapping[str, str]) -> str:
    """The FEEL type of an expression; empty where it can't be told."""
    match tree:
        case n.Literal(value=value):
            return _of_value(value)
        case n.AtLiteral(text=text):
            return kind_of(parse_temporal(text)) if parse_temporal(text) is not None else ""
        case n.Name(name=name):
            return types.get(name, "")
        case n.Negate(operand=operand):
            return type_of(operand, types)
        case n.Arithmetic(left=left, right=right):
            one, other = type_of(left, types), type_of(right, types)
            return one if one == other and one in {"number", "string"} else ""
        case n.If(then=then, otherwise=otherwise):
            one, other = type_of(then, types), type_of(otherwise, types)
            return one if one == other else ""
        case n.Call(function=n.Name(name=name)):
            return RESULT_OF.get(name, "") if name not in types else ""
        case n.For() | n.ListNode():
            return "list"
        case n.ContextNode():
            return "context"
    return "boolean" if isinstance(tree, BOOLEANS) else ""


def simple(kind: str) -> str:
    """The type without its parameters; empty for any type: `list<number>` is a list."""
    return {"Any": ""}.get(kind, kind.split("<")[0])


def _of_value(value: object) -> str:
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, Decimal):
        return "number"
    return "string" if isinstance(value, str) else ""


def mismatches(tree: n.Node, types: Mapping[str, str]) -> Iterator[tuple[int, str, str]]:
    """Where two values meet that can't: offset in the text and a sentence in both languages."""
    yield from _here(tree, types)
    inner = _without(types, tree)
    for child in children(tree):
        yield from mismatches(child, inner)


def _here(tree: n.Node, types: Mapping[str, str]) -> Iterator[tuple[int, str, str]]:
    match tree:
        case n.Compare(left=left, right=right):
            yield from _pair(tree.at, type_of(left, types), type_of(right, types))
        case n.Between(value=value, low=low, high=high):
            for bound in (low, high):
                yield from _pair(tree.at, type_of(value, types), type_of(bound, types))
        case n.In(value=value, tests=tests):
            for test in tests:
                against = test.operand if isinstance(test, n.UnaryRange) else test
                kind = type_of(against, types) if isinstance(against, n.Literal | n.AtLiteral) else ""
                yield from _pair(tree.at, type_of(value, types), kind)
        case n.Arithmetic(op=op, left=left, right=right):
            kinds = {type_of(left, types), type_of(right, types)}
            bad = kinds & {"boolean", "context"} or (
                kinds & {"string"} and (op != "+" or len(kinds - {""}) > 1)
            )
            if bad and "" not in kinds:
                shown = "、".join(sorted(NAMES_ZH.get(k, k) for k in kinds))
                zh = f"“{op}”不能用于{shown}，结果总为空。"
                yield (
                    tree.at,
                    zh,
                    f"{op} doesn't work on {' and '.join(sorted(kinds))}; the result is always null.",
                )
        case n.Logic(op=op, operands=operands):
            for operand in operands:
                yield from _truth(operand, types, op)
        case n.If(condition=condition):
            yield from _truth(condition, types, "if")


def _truth(tree: n.Node, types: Mapping[str, str], word: str) -> Iterator[tuple[int, str, str]]:
    kind = type_of(tree, types)
    if kind not in ("", "boolean"):
        zh = f"“{word}”要的是真假值，这里是{NAMES_ZH.get(kind, kind)}。"
        yield tree.at, zh, f"{word} needs true or false, and this is a {kind}."


def _pair(at: int, one: str, other: str) -> Iterator[tuple[int, str, str]]:
    if one and other and one != other and not any({one, other} <= group for group in COMPARABLE):
        zh = f"拿{NAMES_ZH.get(one, one)}与{NAMES_ZH.get(other, other)}比较，结果总为空。"
        yield at, zh, f"it compares a {one} with a {other}; the result is always null."


def _without(types: Mapping[str, str], tree: n.Node) -> Mapping[str, str]:
    """The types inside `tree`: names that it binds itself hide the variables."""
    match tree:
        case n.For(iterators=iterators) | n.Quantified(iterators=iterators):
            hidden = {iterator.name for iterator in iterators}
        case n.FunctionDef(params=params):
            hidden = set(params)
        case n.ContextNode(entries=entries):
            hidden = {key for key, _ in entries}
        case n.Filter():
            return {}  # inside a filter any name may be an entry of the item
        case _:
            return types
    return {name: kind for name, kind in types.items() if name not in hidden}
