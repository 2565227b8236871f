"""Numeric functions."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from math import floor
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.feel.helpers import dec, feel
from tests.feel.strategies import decimals


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1/3", "0.3333333333333333333333333333333333"),
        ("0.1 + 0.2", "0.3"),
        ("10 ** 2.5 > 316", True),
        ("2 ** -2", "0.25"),
        ("0 ** 0", "1"),
        ("0 ** -1", None),
        ("1e34 + 0.1", "1E+34"),
        ("decimal(1/3, 2)", "0.33"),
        ("decimal(2.5, 0)", "2"),
        ("decimal(1250, -2)", "1.2E+3"),
        ("decimal(1, 7000)", None),
        ("floor(-1.5)", "-2"),
        ("floor(1.567, 2)", "1.56"),
        ("floor(1.5, null)", None),
        ("ceiling(-1.5)", "-1"),
        ("round up(5.11, 1)", "5.2"),
        ("round up(-5.11, 1)", "-5.2"),
        ("round down(-5.19, 1)", "-5.1"),
        ("round half up(-2.5, 0)", "-3"),
        ("round half down(2.5, 0)", "2"),
        ("abs(-10)", "10"),
        ("modulo(-12, 5)", "3"),
        ("modulo(12, -5)", "-3"),
        ("modulo(10.1, 4.5)", "1.1"),
        ("modulo(1, 0)", None),
        ("sqrt(16)", "4"),
        ("sqrt(-1)", None),
        ("exp(0)", "1"),
        ("log(0)", None),
        ("even(2)", True),
        ("even(2.5)", False),
        ("odd(-3)", True),
        ("odd(n: 3)", None),
        ("-x", None),
        ('-@"P1D" = @"-P1D"', True),
    ],
)
def test_numbers(text: str, expected: Any) -> None:
    assert feel(text, x="text") == (dec(expected) if isinstance(expected, str) else expected)


@given(decimals, decimals.filter(bool))
def test_modulo_is_what_floored_division_leaves(a: Decimal, b: Decimal) -> None:
    exact = Fraction(a) - Fraction(b) * floor(Fraction(a) / Fraction(b))
    assert Fraction(feel("modulo(a, b)", a=a, b=b)) == exact


@given(decimals, st.integers(-3, 2))
def test_round_half_up_agrees_with_the_exact_fraction(a: Decimal, scale: int) -> None:
    expected = (a.scaleb(scale)).quantize(Decimal(1), rounding=ROUND_HALF_UP).scaleb(-scale)
    assert feel("round half up(a, s)", a=a, s=scale) == expected


@given(decimals, decimals)
def test_sums_and_products_are_exact(a: Decimal, b: Decimal) -> None:
    assert Fraction(feel("a + b", a=a, b=b)) == Fraction(a) + Fraction(b)
    assert Fraction(feel("a * b", a=a, b=b)) == Fraction(a) * Fraction(b)
    assert feel("a - b", a=a, b=b) == -feel("b - a", a=a, b=b)
