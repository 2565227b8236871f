"""Nothing an expression says runs for ever, grows without end or reaches the machine."""

from __future__ import annotations

import pytest

from engine.errors import BoundError, EngineError, ExpressionError
from engine.feel import Bounds, compile, dumps, from_feel
from tests.feel.fuzz import run as run_fuzz
from tests.feel.helpers import environment, feel

CATASTROPHE = '"' + "a" * 40 + '!"'


@pytest.mark.parametrize(
    ("text", "bound"),
    [
        ("for i in 1..1000000000 return i", "list size"),
        ("count(for i in 1..1000000000 return i)", "list size"),
        ("every i in 1..1000000000 satisfies i > 0", "steps"),
        ('for i in @"0001-01-01"..@"999999999-01-01" return i', "list size"),
        ("for i in 1..1000, j in 1..1000 return i", "list size"),
        ('for i in 1..100 return if i = 1 then "ab" else partial[-1] + partial[-1]', "string size"),
        (
            "for i in 1..100 return if i = 1 then [1, 2] else concatenate(partial[-1], partial[-1])",
            "steps",
        ),
        ("{f: function(n) f(n + 1), r: f(0)}.r", "depth"),
        ("(function(f) f(f))(function(f) f(f))", "depth"),
        (f'matches({CATASTROPHE}, "^(a|aa)+$")', "regex time"),
        (f'replace({CATASTROPHE}, "(x+x+)+y|^(a|aa|aaa)+$", "")', "regex time"),
        ("string(for i in 1..40 return [partial[-1], partial[-1]])", "steps"),
        ("date(for i in 1..40 return [partial[-1], partial[-1]])", None),
        ("for i in 1..40 return [partial[-1], partial[-1]]", None),
        (f'for i in 1..10 return matches({CATASTROPHE}, "^(a|aa)+$")', "regex time"),
        (
            '{b: string join(for i in 1..9999 return "12345"), r: for i in 1..9999 return upper case(b)}',
            "steps",
        ),
        ("{big: for i in 1..50000 return i, r: for i in 1..9999 return sublist(big, 1)}", "steps"),
        ("every i in 1..190000 satisfies 1.0000123 ** (i / 7) > 0", "steps"),
        ("for i in 1e6144..5000 return i", None),
        ("10 ** 100000000", None),
        ("1.0000001 ** 1e30", None),
        ("exp(1e6000)", None),
        ('@"P1Y" * 1e6000', None),
        ("9e6144 + 9e6144", None),
    ],
)
def test_what_would_never_end_ends_with_a_bound_or_null(text: str, bound: str | None) -> None:
    if bound is None:
        feel(text)
        return
    with pytest.raises(BoundError) as caught:
        feel(text)
    assert caught.value.data["bound"] == bound
    assert caught.value.data["expression"]


@pytest.mark.parametrize("piece", ["(", "[", "{a:", "-", "not(", "f(", "if ", "x[", "function(a) "])
def test_deep_nesting_is_refused_when_read(piece: str) -> None:
    with pytest.raises(ExpressionError):
        compile(piece * 10_000 + "1")


def test_ten_thousand_parentheses_pass_the_bound_in_depth() -> None:
    with pytest.raises(BoundError) as caught:
        compile("(" * 10_000 + "1" + ")" * 10_000)
    assert caught.value.data["bound"] == "depth"


@pytest.mark.parametrize(
    "pattern", ["((((a{1000}){1000}){1000}){1000})", "((a{0,99}){0,99}){0,99}", "a{99999}"]
)
def test_counted_repeats_that_multiply_are_no_pattern(pattern: str) -> None:
    """Compiling writes them out: the first would take all memory before the first character is compared."""
    assert feel(f'matches("a", "{pattern}")') is None
    assert feel('matches("350481199001010013", "^(([0-9]{2}){3}){3}$")') is True


def test_a_long_chain_is_bounded_and_a_long_conjunction_is_not() -> None:
    with pytest.raises(BoundError):
        compile(" + ".join(["1"] * 5_000))
    assert compile(" and ".join(["true"] * 3_000)).evaluate({}) is True


def test_text_beyond_its_bound_is_refused() -> None:
    with pytest.raises(BoundError) as caught:
        compile("1" * 200_000)
    assert caught.value.data["bound"] == "text size"


def test_bounds_are_the_callers_to_set() -> None:
    env = environment(bounds=Bounds(steps=50))
    assert compile("for i in 1..40 return i").evaluate({}, env)
    with pytest.raises(BoundError):
        compile("for i in 1..60 return i").evaluate({}, env)


def test_values_that_share_their_parts_cannot_be_written_out_endlessly() -> None:
    value = feel("for i in 1..40 return [partial[-1], partial[-1]]")
    for write in (from_feel, lambda v: dumps({"v": v})):
        with pytest.raises(BoundError):
            write(value)


def test_no_more_warnings_are_kept_than_a_person_reads() -> None:
    env = environment()
    compile("for i in 1..5000 return missing").evaluate({}, env)
    assert len(env.warnings) == 100


def test_without_a_clock_now_and_today_are_null() -> None:
    env = environment(now=None)
    assert compile("now()").evaluate({}, env) is None
    assert compile("today()").evaluate({}, env) is None
    assert [warning.code for warning in env.warnings] == ["no-clock", "no-clock"]


@pytest.mark.parametrize(
    "text", ["__class__", "x.__class__", "x.__class__.__mro__", 'open("/etc/passwd")', "eval(x)"]
)
def test_nothing_of_python_can_be_reached(text: str) -> None:
    assert feel(text, x="text") is None


def test_the_fuzzer_finds_nothing_in_a_small_run() -> None:
    outcomes, failures = run_fuzz(3_000, seed=20261027)
    assert failures == []
    assert outcomes["value"] > 200
    assert outcomes["syntax error"] > 200
    assert issubclass(BoundError, EngineError)
