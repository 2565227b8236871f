"""List, context and range functions."""

from __future__ import annotations

import statistics
from decimal import Decimal
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.feel import Range
from tests.feel.helpers import dec, feel
from tests.feel.strategies import decimals


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("list contains([1, null], null)", True),
        ("list contains(5, 5)", True),
        ("count(null)", None),
        ("count([])", 0),
        ("min(3, 1, 2)", 1),
        ('max(["a", "c", "b"])', "c"),
        ("max([])", None),
        ('min(1, "a")', None),
        ("sum([])", None),
        ("sum(1, 2.5)", dec("3.5")),
        ('sum([@"P1D", @"PT12H"]) = @"P1DT12H"', True),
        ('sum(1, "a")', None),
        ("mean([1, 2, 3])", 2),
        ("median(8, 2, 5, 3, 4)", 4),
        ("median([6, 1, 2, 3])", dec("2.5")),
        ("stddev([47])", None),
        ("mode([6, 3, 9, 6, 6, 3, 3])", [3, 6]),
        ("product(2, 3, 4)", 24),
        ("all([])", True),
        ("any([])", False),
        ("sublist([4, 5, 6], 2)", [5, 6]),
        ("sublist([4, 5, 6], -2, 1)", [5]),
        ("sublist([4], 3)", None),
        ("append([1], 2, null)", [1, 2, None]),
        ("concatenate([1], [2, 3])", [1, 2, 3]),
        ("insert before([1, 3], 2, 2)", [1, 2, 3]),
        ("insert before([1], 5, 2)", None),
        ("remove([1, 2, 3], -1)", [1, 2]),
        ("list replace([2, 4], 1, 9)", [9, 4]),
        ("list replace([2, 4, 7], function(item, newItem) item < newItem, 5)", [5, 5, 7]),
        ("reverse([1, 2])", [2, 1]),
        ("index of([1, 2, 1], 1)", [1, 3]),
        ("union([1, 2], [2, 3])", [1, 2, 3]),
        ('distinct values([1, 1.0, "1", null, null, [1], [1]])', [1, "1", None, [1]]),
        ("flatten([1, [2, [3, []]]])", [1, 2, 3]),
        ("sort([3, 1, 2])", [1, 2, 3]),
        ("sort(list: [3, 1, 2], precedes: function(a, b) a > b)", [3, 2, 1]),
        ('sort([1, "a"])', None),
        ('get value({a: 1}, "a")', 1),
        ("get entries({a: 1})", [{"key": "a", "value": 1}]),
        ('context([{key: "a", value: 1}])', {"a": 1}),
        ("context([{key: null, value: 1}])", None),
        ('context put({a: 1}, "b", 2)', {"a": 1, "b": 2}),
        ('context put({a: {b: 1}}, ["a", "b"], 2)', {"a": {"b": 2}}),
        ('context put({}, ["a", "b"], 2)', None),
        ("context merge([{a: 1}, {a: 2, b: 3}])", {"a": 2, "b": 3}),
    ],
)
def test_lists_and_contexts(text: str, expected: Any) -> None:
    assert feel(text) == expected


@given(st.lists(decimals, min_size=2, max_size=8))
def test_statistics_agree_with_python(numbers: list[Decimal]) -> None:
    assert feel("median(xs)", xs=numbers) == statistics.median(numbers)
    assert feel("mode(xs)", xs=numbers) == sorted(set(statistics.multimode(numbers)))
    expected = Decimal(statistics.stdev(map(float, numbers)))
    assert abs(feel("stddev(xs)", xs=numbers) - expected) <= max(Decimal("0.01"), expected * Decimal("1e-6"))
    assert feel("sort(xs)", xs=numbers) == sorted(numbers)


ENDS = [
    Range(Decimal(a), x, Decimal(b), y)
    for a, b in product(range(4), repeat=2)
    if a < b
    for x in (True, False)
    for y in (True, False)
]


def _points(r: Range) -> set[Decimal]:
    """The members of a range on a fine grid, which decides every relation of ranges with whole ends."""
    grid = [Decimal(i) / 4 for i in range(-4, 20)]
    return {
        p
        for p in grid
        if (p > r.low or (r.low_closed and p == r.low)) and (p < r.high or (r.high_closed and p == r.high))
    }


@pytest.mark.parametrize("a", ENDS, ids=str)
def test_range_relations_agree_with_sets_of_points(a: Range) -> None:
    for b in ENDS:
        p, q = _points(a), _points(b)
        relations = {
            "before": max(p) < min(q),
            "after": min(p) > max(q),
            "includes": q <= p,
            "during": p <= q,
            "overlaps": bool(p & q),
            "overlaps before": bool(p & q) and min(p) < min(q) and max(p) <= max(q),
            "overlaps after": bool(p & q) and min(q) < min(p) and max(q) <= max(p),
            "starts": min(p) == min(q) and p <= q,
            "started by": min(p) == min(q) and q <= p,
            "finishes": max(p) == max(q) and p <= q,
            "finished by": max(p) == max(q) and q <= p,
            "coincides": p == q,
            "meets": max(p) == min(q) and a.high_closed and b.low_closed,
            "met by": max(q) == min(p) and b.high_closed and a.low_closed,
        }
        for name, expected in relations.items():
            assert feel(f"{name}(a, b)", a=a, b=b) is expected, (name, a, b)


@pytest.mark.parametrize("point", [Decimal(i) / 2 for i in range(-1, 8)], ids=str)
def test_point_relations_agree_with_sets_of_points(point: Decimal) -> None:
    for r in ENDS:
        members = _points(r)
        assert feel("before(p, r)", p=point, r=r) is (point < min(members))
        assert feel("after(p, r)", p=point, r=r) is (point > max(members))
        assert feel("during(p, r)", p=point, r=r) is (point in members)
        assert feel("includes(r, p)", p=point, r=r) is (point in members)
        assert feel("starts(p, r)", p=point, r=r) is (point == min(members))
        assert feel("finishes(p, r)", p=point, r=r) is (point == max(members))
        assert feel("p in r", p=point, r=r) is (point in members)


def test_ranges_without_comparable_ends_have_no_relation() -> None:
    assert feel('before([1..2], ["a".."b"])') is None
    assert feel("before(1, (> 5))") is True
    assert feel("before((> 5), 1)") is None
    assert feel("meets(1, [1..2])") is None
