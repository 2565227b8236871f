"""Three-valued logic, comparison and conditions."""

from __future__ import annotations

from itertools import product

import pytest

from tests.feel.helpers import feel, warnings

TRUTH = (True, False, None)
PAIRS = list(product(TRUTH, TRUTH))


def _and(a: bool | None, b: bool | None) -> bool | None:
    if a is False or b is False:
        return False
    return True if a and b else None


def _or(a: bool | None, b: bool | None) -> bool | None:
    if a or b:
        return True
    return False if a is False and b is False else None


@pytest.mark.parametrize(("a", "b"), PAIRS)
def test_and_or_follow_the_ternary_tables(a: bool | None, b: bool | None) -> None:
    assert feel("a and b", a=a, b=b) is _and(a, b)
    assert feel("a or b", a=a, b=b) is _or(a, b)
    assert feel("a and b and b", a=a, b=b) is _and(_and(a, b), b)
    assert feel("not(a)", a=a) is (None if a is None else not a)


@pytest.mark.parametrize(("a", "b"), PAIRS)
def test_quantifiers_and_list_functions_agree_with_the_tables(a: bool | None, b: bool | None) -> None:
    assert feel("every x in xs satisfies x", xs=[a, b]) is _and(a, b)
    assert feel("some x in xs satisfies x", xs=[a, b]) is _or(a, b)
    assert feel("all(xs)", xs=[a, b]) is _and(a, b)
    assert feel("any(xs)", xs=[a, b]) is _or(a, b)


@pytest.mark.parametrize("other", [1, "true", [True, False], {"a": True}])
def test_anything_but_a_boolean_counts_as_null_in_logic(other: object) -> None:
    assert feel("true and x", x=other) is None
    assert feel("false and x", x=other) is False
    assert feel("x or true", x=other) is True
    assert warnings("true and x", x=other) == ["not-boolean"]


def test_an_empty_quantifier_domain_decides_as_in_logic() -> None:
    assert feel("some x in [] satisfies x") is False
    assert feel("every x in [] satisfies x") is True
    assert feel("some x in null satisfies x") is None


def test_only_true_takes_the_then_branch() -> None:
    assert feel("if true then 1 else 2") == 1
    assert feel("if null then 1 else 2") == 2
    assert feel('if "true" then 1 else 2') == 2
    assert warnings('if "true" then 1 else 2') == ["not-boolean"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("null = null", True),
        ("1 = null", False),
        ("null != 1", True),
        ('1 = "1"', None),
        ('1 != "1"', None),
        ("1 < null", None),
        ("true < false", None),
        ('"a" < "b"', True),
        ("1.0 = 1.00", True),
        ("[1, [2]] = [1, [2]]", True),
        ("[1] = [1, 2]", False),
        ('[1] = ["1"]', False),
        ("{a: 1, b: 2} = {b: 2, a: 1}", True),
        ("[1..3] = [1..3]", True),
        ("[1..3] = [1..3)", False),
        ("(< 3) = (< 3)", True),
        ("2 between 1 and 3", True),
        ('"b" between "a" and "c"', True),
        ("1 between 2 and null", None),
        ("5 in (1, [4..6])", True),
        ("5 in [1, [4..6]]", True),
        ("5 in < 5", False),
        ("5 in (!= 5)", False),
        ("null in [1, null]", True),
        ("[1] in [[1], [2]]", True),
        ('"a" in < 5', None),
    ],
)
def test_comparisons_give_what_the_standard_says(text: str, expected: bool | None) -> None:
    assert feel(text) is expected
