"""Random syntax trees and values, such as the parser and the evaluator can meet."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from engine.feel import nodes as n
from engine.feel.temporal import MAX_YEAR, Date, DateTime, DaysTime, Time, YearsMonths, days_in_month
from engine.feel.types import ANY, ContextType, FunctionType, ListType, NamedType, RangeType
from engine.feel.values import Range

WORDS = (
    "a",
    "b2",
    "人均收入",
    "household_size",
    "低保 标准",
    "first name",
    "x y z",
    "𠮷",
    "Straße",
    "count",
    "if only",
)
SPECIAL = ("profit and loss", "a-b", "rate/day", "O'Brien", "u+v", "take or leave")
NAMES = tuple(word for word in WORDS if not word.startswith("if")) + SPECIAL

names = st.sampled_from(NAMES)
plain_names = st.sampled_from(tuple(name for name in NAMES if name not in SPECIAL))
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=6) | st.sampled_from(
    ("𠮷㐂", 'a"b\\', "line\nbreak")
)
decimals = st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**9), max_value=10**9, places=3)
literals = st.one_of(
    st.builds(n.Literal, st.none() | st.booleans() | texts | decimals.map(abs)),
    st.builds(n.AtLiteral, st.sampled_from(("2026-10-27", "P1Y2M", "10:30:00@Asia/Shanghai", "bad"))),
    st.builds(n.Name, names),
)
types = st.recursive(
    st.sampled_from(
        (ANY, NamedType("number"), NamedType("date and time"), NamedType("tPerson"), NamedType("list"))
    ),
    lambda inner: st.one_of(
        inner.map(ListType),
        inner.map(RangeType),
        st.lists(st.tuples(plain_names, inner), max_size=2).map(lambda f: ContextType(tuple(f))),
        st.builds(FunctionType, st.lists(inner, max_size=2).map(tuple), inner),
    ),
    max_leaves=3,
)


def _tuple(inner: st.SearchStrategy[Any], low: int, high: int = 3) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.lists(inner, min_size=low, max_size=high).map(tuple)


@st.composite
def _calls(draw: st.DrawFn, inner: st.SearchStrategy[n.Node]) -> n.Node:
    args = draw(_tuple(inner, 0))
    named = draw(st.booleans()) and bool(args)
    return n.Call(draw(inner), args, draw(_tuple(names, len(args), len(args))) if named else ())


@st.composite
def _functions(draw: st.DrawFn, inner: st.SearchStrategy[n.Node]) -> n.Node:
    params = tuple(draw(st.lists(names, unique=True, max_size=2)))
    kinds = draw(_tuple(st.none() | types, len(params), len(params)))
    return n.FunctionDef(params, kinds, draw(inner))


def _forms(inner: st.SearchStrategy[n.Node]) -> st.SearchStrategy[n.Node]:
    iterators = _tuple(st.builds(n.Iterator, names, inner, st.none() | inner), 1, 2)
    comparisons = st.sampled_from(("=", "!=", "<", "<=", ">", ">="))
    return st.one_of(
        st.builds(n.Negate, inner),
        st.builds(n.Arithmetic, st.sampled_from(("+", "-", "*", "/", "**")), inner, inner),
        st.builds(n.Compare, comparisons, inner, inner),
        st.builds(n.Logic, st.sampled_from(("and", "or")), _tuple(inner, 2)),
        st.builds(n.Between, inner, inner, inner),
        st.builds(n.In, inner, _tuple(inner, 1)),
        st.builds(n.InstanceOf, inner, types),
        st.builds(n.If, inner, inner, inner),
        st.builds(n.For, iterators, inner),
        st.builds(n.Quantified, st.sampled_from(("some", "every")), iterators, inner),
        st.builds(n.Path, inner, names),
        st.builds(n.Filter, inner, inner),
        _calls(inner),
        _functions(inner),
        st.builds(n.ContextNode, _tuple(st.tuples(names | texts, inner), 0)),
        st.builds(n.ListNode, _tuple(inner, 0)),
        st.builds(n.RangeNode, inner, st.booleans(), inner, st.booleans()),
        st.builds(n.UnaryRange, comparisons, inner),
    )


trees = st.recursive(literals, _forms, max_leaves=12)

dates = st.integers(-9999, 9999).flatmap(
    lambda year: st.integers(1, 12).flatmap(
        lambda month: st.builds(
            Date, st.just(year), st.just(month), st.integers(1, days_in_month(year, month))
        )
    )
) | st.sampled_from((Date(MAX_YEAR, 12, 31), Date(-MAX_YEAR, 1, 1), Date(0, 2, 29)))
times = st.builds(
    Time,
    st.integers(0, 86_400 * 10**9 - 1),
    st.none() | st.integers(-18 * 3600, 18 * 3600),
) | st.builds(
    Time, st.integers(0, 86_400 * 10**9 - 1), st.none(), st.sampled_from(("Asia/Shanghai", "Etc/UTC"))
)
scalars = st.one_of(
    st.none(),
    st.booleans(),
    texts,
    decimals,
    dates,
    times,
    st.builds(DateTime, dates, times),
    st.integers(-(10**6), 10**6).map(YearsMonths),
    st.integers(-(10**18), 10**18).map(DaysTime),
    st.builds(Range, decimals, st.booleans(), decimals, st.booleans()),
    st.builds(Range, st.none(), st.just(False), dates, st.booleans(), st.just("<")),
)
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=8,
)


def number(text: str | int) -> Decimal:
    return Decimal(text)
