"""Expressions: FEEL only, faults with line and column, types and constants."""

from __future__ import annotations

import pytest

from .bpmn_builder import (
    PERSON,
    around,
    check,
    codes,
    condition,
    on_condition,
    tag,
    user,
)


def test_a_condition_on_a_form_field_is_fine() -> None:
    assert on_condition("= age > 60 and agreed") == []


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("age > 60 && agreed", "and"),
        ("agreed || false", "or"),
        ("!agreed", "not(…)"),
        ("name = 'x'", "双引号"),
        ("age > 60 ? true : false", "if"),
        ("lambda x: x", "Python"),
    ],
)
def test_other_dialects_are_refused_with_what_feel_calls_it(text: str, hint: str) -> None:
    [finding] = [f for f in on_condition(text) if f.severity == "error"]
    assert finding.code == "bad-expression"
    assert finding.element_id == "g_a"
    assert hint in finding.zh


@pytest.mark.parametrize("text", ["${age > 60}", "#{age}", "= ${age}"])
def test_juel_is_refused_by_name(text: str) -> None:
    [finding] = on_condition(text)
    assert (finding.code, finding.element_id) == ("other-language", "g_a")
    assert "JUEL" in finding.zh
    assert "FEEL" in finding.en


def test_a_declared_language_other_than_feel_is_refused() -> None:
    file = around(user("t")).replace(
        b'id="defs"', b'id="defs" expressionLanguage="http://www.w3.org/1999/XPath"'
    )
    assert "other-language defs" in codes(check(file), "error")
    feel = around(user("t")).replace(
        b'id="defs"', b'id="defs" expressionLanguage="https://www.omg.org/spec/DMN/FEEL/"'
    )
    assert codes(check(feel), "error") == []
    python = condition("age").replace(
        b"<bpmn:conditionExpression>", b'<bpmn:conditionExpression language="python">'
    )
    assert "other-language g_a" in codes(check(python, f_form=PERSON), "error")


def test_bpmn_scripts_are_never_run() -> None:
    text = tag("scriptTask", tag("script", "import os"), id="t", scriptFormat="python")
    assert "other-language t" in codes(check(around(text)), "error")
    assert "no-script t" in codes(check(around(tag("scriptTask", id="t"))), "error")


def test_a_fault_is_found_at_its_line_and_column() -> None:
    bpmn = condition("\n\n  age >\n  60 +").replace(b"<bpmn:sequenceFlow", b"\n<bpmn:sequenceFlow")
    [finding] = [f for f in check(bpmn, f_form=PERSON) if f.code == "bad-expression"]
    lines = bpmn.decode().split("\n")
    assert finding.line is not None
    assert "60 +" in lines[finding.line - 1]
    assert finding.column is not None


# types


@pytest.mark.parametrize(
    "text",
    [
        'age > "60"',
        "name = 5",
        "if name then true else false",
        "agreed and age",
        'age between "a" and "b"',
        "name in (1, 2)",
        "age + name > 1",
        'string length(name) = "5"',
        'date("2026-10-01") > 5',
    ],
)
def test_types_that_never_meet_are_a_warning(text: str) -> None:
    assert "type-mismatch g_a" in codes(on_condition(text), "warning")


@pytest.mark.parametrize(
    "text",
    [
        "age = null",
        'name = "x" or age >= 60.5',
        "some x in [1, 2] satisfies x = age",
        "for name in [1, 2] return name + 1 = 2",
        '[{age: "x"}][age = "x"][1] = null',
        "age in [60..80]",
        'name in ("a", "b")',
        'date("2026-10-01") < date and time("2026-10-02T00:00:00")',
        '{age: "x", b: age = "x"}.b',
    ],
)
def test_types_that_may_meet_are_left_alone(text: str) -> None:
    assert "type-mismatch g_a" not in codes(on_condition(text))


@pytest.mark.parametrize(
    ("text", "expected"), [("age + 1", True), ("name", True), ("agreed", False), ("null", False)]
)
def test_a_condition_must_give_true_or_false(text: str, expected: bool) -> None:
    assert ("wrong-type g_a" in codes(on_condition(text), "error")) is expected


def test_two_comparison_signs_are_refused_though_feel_could_read_them() -> None:
    [finding] = [f for f in on_condition("age == 60") if f.severity == "error"]
    assert finding.code == "double-comparison"
    assert "相等写作 =" in finding.zh


@pytest.mark.parametrize(
    "text",
    ['date("2026-13-45") < date("2026-01-01")', 'age > number("many")', "age > 1 / 0", "age > [1, 2][5]"],
)
def test_a_constant_that_is_null_is_a_warning(text: str) -> None:
    assert "null-result g_a" in codes(on_condition(text), "warning")


@pytest.mark.parametrize("text", ["count(for i in 1..1000000000 return i) > age", "age > sum(1..10**9)"])
def test_a_count_that_would_never_end_is_refused(text: str) -> None:
    found = on_condition(text)
    assert {"expression-bound g_a", "bad-expression g_a"} & set(codes(found, "error"))


@pytest.mark.parametrize(
    "text", ['now() > date and time("2026-01-01T00:00:00")', "accepted at() = null", "age > 1 + 1"]
)
def test_what_depends_on_the_case_is_left_to_the_case(text: str) -> None:
    assert codes(on_condition(text)) == []
