"""Scopes, paths, filters, loops, functions and what the environment brings along."""

from __future__ import annotations

from typing import Any

import pytest

from engine.errors import BoundError
from engine.feel import (
    Bounds,
    ContextType,
    Environment,
    Function,
    ListType,
    NamedType,
    Null,
    Value,
    compile,
    open_frame,
    to_feel,
)
from tests.feel.helpers import dec, environment, feel, warnings

PEOPLE = [{"name": "甲", "age": 70}, {"name": "乙", "age": 30}, {"name": "丙"}]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("people.name", ["甲", "乙", "丙"]),
        ("people.age", [70, 30, None]),
        ("people[age > 50].name", ["甲"]),
        ("people[item.age < 50][1].name", "乙"),
        ("people[-1].name", "丙"),
        ("people[4]", None),
        ("people[limit - 68].name", "乙"),
        ("people[age > limit]", []),
        ("null[1]", None),
        ("null[item > 1]", []),
        ("5[1]", 5),
        ("null.x", None),
        ("{a: {b: 2}}.a.b", 2),
        ("{a: 1, a: 2}", None),
        ("for p in people return p.name", ["甲", "乙", "丙"]),
        ("for i in 3..1 return i", [3, 2, 1]),
        ("for i in [1..3) return i", [1, 2]),
        ("for i in [3..1] return i", None),
        ("for x in [[1, 2], [3]], y in x return y", [1, 2, 3]),
        ("for i in 1..3 return count(partial)", [0, 1, 2]),
        ("for i in 1..2 return for j in 1..2 return i * j", [[1, 2], [2, 4]]),
        ("{f: function(a, b) a - b, r: f(b: 1, a: 3)}.r", 2),
        ("{n: 2, f: function(x) x * n, r: for n in [10] return f(3)}.r", [6]),
        ("(function(x: number) x)([5])", 5),
        ('(function(x: number) x)("a")', None),
        ("(function(x) x)(1, 2)", None),
        ("(function() external {java: {}})", None),
        ('{date: 1, r: date("2026-01-01").year}.r', 2026),
        ("sort([2, 1, 3], function(a, b) a > b)", [3, 2, 1]),
    ],
)
def test_scoped_expressions_give_what_the_standard_says(text: str, expected: Any) -> None:
    assert feel(text, people=PEOPLE, limit=70) == expected


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("missing", "unknown-name"),
        ("missing(1)", "unknown-name"),
        ("{a: 1}.b", "unknown-path"),
        ("null.a", "unknown-path"),
        ("1 / 0", "invalid-operand"),
        ('1 + "a"', "invalid-operand"),
        ('1 < "a"', "not-comparable"),
        ("[1][2]", "bad-index"),
        ('[1]["a"]', "bad-filter"),
        ('number("x")', "failed-conversion"),
        ('substring("abc", "x")', "invalid-argument"),
        ("substring(1)", "bad-call"),
        ("5(1)", "bad-call"),
        ("1 instance of tNothing", "unknown-type"),
        ("[1..true]", "bad-range"),
        ('@"x"', "bad-literal"),
        ("for i in null return i", "not-iterable"),
        ('matches("a", "(")', "bad-pattern"),
        ("{a: 1, a: 2}", "duplicate-entry"),
    ],
)
def test_every_null_says_why(text: str, code: str) -> None:
    assert feel(text) is None
    assert warnings(text)[0] == code


def _functions() -> dict[str, Function]:
    def call(args: list[Value], env: Environment) -> Value:
        if args[0] is None:
            raise Null("an amount is needed", "需要数量")
        return {"days": args[0], "from": args[1], "today": env.now.date if env.now else None}

    return {"calendar days": Function("calendar days", ("amount", "from"), call, required=1)}


def test_product_functions_are_called_by_their_names_with_spaces() -> None:
    env = environment(functions=_functions())
    assert compile("calendar days(3).days").evaluate({}, env) == 3
    assert compile("calendar days(from: 1, amount: 2)").evaluate({}, env)["from"] == 1
    assert compile("calendar days(3).today.year").evaluate({}, env) == 2026
    assert compile("calendar  days(null)").evaluate({}, env) is None
    assert env.warnings[-1].zh == "calendar days：需要数量"
    assert compile("calendar days()").evaluate({}, env) is None


def test_a_variable_hides_a_function_only_if_it_can_be_called() -> None:
    env = environment(functions=_functions())
    assert compile("calendar days(3).days").evaluate({"calendar days": dec(1)}, env) == 3
    assert compile("calendar days + 1").evaluate({"calendar days": dec(1)}, env) == 2


def test_item_definitions_are_types_to_instance_of() -> None:
    person = ContextType((("name", NamedType("string")), ("age", NamedType("number"))))
    env = environment(types={"tPerson": person, "tPeople": ListType(NamedType("tPerson"))})
    scope = to_feel({"p": {"name": "甲", "age": 70}, "q": {"name": 1}})
    assert compile("p instance of tPerson").evaluate(scope, env) is True
    assert compile("q instance of tPerson").evaluate(scope, env) is False
    assert compile("[p] instance of tPeople").evaluate(scope, env) is True
    assert compile("[p, q] instance of list<tPerson>").evaluate(scope, env) is False


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1 instance of number", True),
        ("null instance of Any", False),
        ("[1, 2] instance of list<number>", True),
        ('[1, "a"] instance of list<number>', False),
        ("{a: 1} instance of context<a: number>", True),
        ("{a: 1} instance of context<b: number>", False),
        ("[1..2] instance of range<number>", True),
        ("[1..2] instance of range<date>", False),
        ("(function(a: number) a) instance of function<number> -> Any", True),
        ("(function(a: number) a) instance of function<string> -> Any", False),
        ('@"P1Y" instance of years and months duration', True),
        ('@"2026-01-01T00:00:00" instance of date and time and true', True),
    ],
)
def test_instance_of_knows_every_type(text: str, expected: bool) -> None:
    assert feel(text) is expected


def test_expressions_on_one_frame_share_one_budget() -> None:
    frame = open_frame({}, environment(bounds=Bounds(steps=100)))
    loop = compile("for i in 1..60 return i")
    assert len(loop.run(frame)) == 60
    with pytest.raises(BoundError):
        loop.run(frame)


def test_scopes_are_never_changed() -> None:
    scope = to_feel({"xs": [3, 1, 2], "c": {"a": 1}})
    for text in (
        "sort(xs)",
        "append(xs, 4)",
        'context put(c, "a", 2)',
        "reverse(xs)",
        "for x in xs return x + 1",
    ):
        compile(text).evaluate(scope)
    assert scope == to_feel({"xs": [3, 1, 2], "c": {"a": 1}})
