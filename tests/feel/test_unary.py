"""Unary tests, the cells of decision tables."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.feel import Date, compile_unary, open_frame, to_feel
from tests.feel.helpers import environment, feel, passes
from tests.feel.strategies import decimals


@pytest.mark.parametrize(
    ("tests", "value", "expected"),
    [
        ("-", None, True),
        ("", 1, True),
        ("< 18", 17, True),
        ("< 18", 18, False),
        ("< 18", "x", None),
        ("< 18", None, None),
        ("[18..60)", 18, True),
        ("[18..60)", 60, False),
        ("]18..60]", 18, False),
        ('"a","b"', "b", True),
        ('"a","b"', "c", False),
        ('"a","b"', None, False),
        ('"a", null', None, True),
        ("1, 2, [5..7]", 6, True),
        ("not(1, 2)", 3, True),
        ("not(1, 2)", 2, False),
        ("not(< 5)", None, None),
        ("true", True, True),
        ("false", True, False),
        ("-5", -5, True),
        ("= 5", 5, True),
        ("!= 5", 5, False),
        ("? > 5 and ? < 10", 7, True),
        ('starts with(?, "35")', "350481", True),
        ('< date("2026-10-28")', Date(2026, 10, 27), True),
        ("list contains([1, 2], ?)", 2, True),
        ("[1, 2, 3]", 2, True),
        ("[1, 2, 3]", 5, False),
        ("not(true) or true", 1, True),
        ("(not(true))", False, True),
    ],
)
def test_a_cell_passes_or_not(tests: str, value: Any, expected: bool | None) -> None:
    assert passes(tests, value) is expected


def test_a_cell_may_read_other_variables() -> None:
    assert passes("< standard", 5, standard=10) is True
    assert passes("options", "b", options=["a", "b"]) is True
    assert passes("flag", 1, flag=True) is True
    assert passes("flag", False, flag=True) is False
    assert passes("other > 3", 1, other=4) is True


def test_a_cell_that_cannot_be_compared_warns() -> None:
    env = environment()
    cell = compile_unary("< 18")
    assert cell.test is not None
    assert cell.test("x", open_frame({}, env)) is None
    assert [warning.code for warning in env.warnings] == ["not-comparable"]


@given(decimals, decimals, decimals, st.booleans(), st.booleans())
def test_a_range_cell_agrees_with_the_comparison(v: Any, low: Any, high: Any, a: bool, b: bool) -> None:
    cell = f"{'[' if a else '('}{low}..{high}{']' if b else ')'}"
    condition = f"v {'>=' if a else '>'} low and v {'<=' if b else '<'} high"
    assert passes(cell, v) is feel(condition, v=v, low=low, high=high)
    assert compile_unary(cell).evaluate({"?": to_feel(v)}) is feel(f"v in {cell}", v=v)
