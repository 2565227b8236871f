"""Expressions: FEEL only, with line and column, and the names and types that they read."""

from __future__ import annotations

import pytest
from bpmn_builder import (
    around,
    check,
    codes,
    decision,
    definitions,
    end,
    ext,
    flow,
    form,
    process,
    script,
    start,
    tag,
    user,
)

from engine.types import Finding

PERSON = form("f", age="number", name="textfield", agreed="checkbox")


def condition(text: str, *, start_form: str = "f") -> bytes:
    return definitions(
        process(
            start(form=start_form),
            tag("exclusiveGateway", id="g", default="g_b"),
            end("a"),
            end("b"),
            flow("begin > g"),
            flow("g > a", text),
            flow("g > b"),
        )
    )


def on_condition(text: str) -> list[Finding]:
    return check(condition(text), f_form=PERSON)


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


def test_an_unknown_name_is_found_at_its_line_and_column_with_a_suggestion() -> None:
    bpmn = condition("age > 1\nand agreeed")
    [finding] = check(bpmn, f_form=PERSON)
    assert (finding.severity, finding.code, finding.column) == ("error", "unknown-name", 5)
    assert "agreeed" in bpmn.decode().split("\n")[(finding.line or 0) - 1]
    assert "agreed" in finding.en.partition("Did you mean")[2]
    assert "是否指“agreed”" in finding.zh


def test_names_of_several_words_and_of_chinese_characters_are_read_whole() -> None:
    fields = form("f", 户籍地="textfield")
    assert codes(check(condition('户籍地 = "永安"'), f_form=fields)) == []
    two = definitions(
        process(
            start(form="f"), script("t", "1", "monthly income"), script("s", "monthly income + 1"), end(),
            flow("begin > t > s > done"),
        )
    )  # fmt: skip
    assert codes(check(two, f_form=fields)) == []


@pytest.mark.parametrize(
    "source",
    [
        user("x"),
        tag("serviceTask", ext(tag("zeebe:taskDefinition", type="notice")), id="x"),
        tag("receiveTask", id="x", messageRef="m"),
    ],
    ids=["task without form", "service", "message"],
)
def test_a_name_that_may_come_from_outside_is_only_a_warning(source: str) -> None:
    bpmn = definitions(
        process(start(form="f"), source, script("t", "unheard"), end(), flow("begin > x > t > done")),
        tag("message", id="m", name="m"),
    )
    assert codes(check(bpmn, f_form=PERSON)) == ["unknown-name t"]
    assert [f.severity for f in check(bpmn, f_form=PERSON)] == ["warning"]


def test_a_start_without_a_form_may_bring_anything() -> None:
    [finding] = check(condition("whatever", start_form=""))
    assert finding.severity == "warning"


def test_a_name_written_only_later_is_told_with_its_writer() -> None:
    bpmn = definitions(
        process(
            start(form="f"),
            script("t", "later + 1"),
            script("w", "1", "later"),
            end(),
            flow("begin > t > w > done"),
        )
    )
    [finding] = check(bpmn, f_form=PERSON)
    assert (finding.severity, finding.code, finding.element_id) == ("warning", "name-not-yet-known", "t")
    assert "w" in finding.zh


def test_a_loop_back_makes_a_later_name_known() -> None:
    bpmn = definitions(
        process(
            start(form="f"), tag("exclusiveGateway", id="m"), script("t", "later"), script("w", "1", "later"),
            tag("exclusiveGateway", id="g", default="g_done"), end(),
            flow("begin > m > t > w > g > done"), flow("g > m", "agreed"),
        )
    )  # fmt: skip
    assert codes(check(bpmn.replace(b'id="g_done"', b'id="g_done"'), f_form=PERSON)) == []


def test_a_parallel_branch_may_have_written_a_name() -> None:
    bpmn = definitions(
        process(
            start(form="f"), tag("parallelGateway", id="s"), script("t", "beside"),
            script("w", "1", "beside"),
            tag("parallelGateway", id="j"), end(), flow("begin > s > t > j > done"), flow("s > w > j"),
        )
    )  # fmt: skip
    assert codes(check(bpmn, f_form=PERSON)) == []


def test_an_event_sub_process_reads_and_writes_the_process_variables() -> None:
    timer = tag("timerEventDefinition", tag("timeDuration", "P1D"))
    sub = tag(
        "subProcess", start("b", timer, isInterrupting="false"), script("w", "age + 1", "noted"), end("e"),
        flow("b > w > e"), id="s", triggeredByEvent="true",
    )  # fmt: skip
    bpmn = definitions(process(start(form="f"), script("t", "noted"), sub, end(), flow("begin > t > done")))
    assert codes(check(bpmn, f_form=PERSON)) == []


def test_input_mappings_are_seen_inside_only() -> None:
    mapped = ext(tag("zeebe:ioMapping", tag("zeebe:input", source="=age", target="local.years")))
    inner = script("w", "local.years", "seen")
    sub = tag("subProcess", mapped, start("b"), inner, end("e"), flow("b > w > e"), id="s")
    bpmn = definitions(
        process(start(form="f"), sub, script("t", "local"), end(), flow("begin > s > t > done"))
    )
    assert codes(check(bpmn, f_form=PERSON)) == ["unknown-name t"]


def test_output_mappings_choose_what_is_left_of_a_service() -> None:
    mapping = tag("zeebe:ioMapping", tag("zeebe:output", source="=answer.score", target="score"))
    service = tag("serviceTask", ext(tag("zeebe:taskDefinition", type="notice"), mapping), id="x")
    bpmn = definitions(
        process(start(form="f"), service, script("t", "score + answer"), end(), flow("begin > x > t > done"))
    )
    found = check(bpmn, f_form=PERSON)
    assert codes(found) == ["unknown-name x", "unknown-name t"]
    assert [f.severity for f in found] == ["warning", "error"]


def test_a_multi_instance_gives_its_element_and_counter_to_the_inside() -> None:
    loop = tag(
        "multiInstanceLoopCharacteristics",
        ext(
            tag(
                "zeebe:loopCharacteristics", inputCollection="=[1, 2]", inputElement="member",
                outputCollection="sums", outputElement="=member + loopCounter",
            )
        ),
    )  # fmt: skip
    task = user("t", inner=loop, form="f")
    bpmn = definitions(
        process(start(form="f"), task, script("s", "sum(sums)"), script("x", "member"), end(),
                flow("begin > t > s > x > done"))
    )  # fmt: skip
    assert codes(check(bpmn, f_form=PERSON)) == ["unknown-name x"]


def calling(**attributes: str) -> bytes:
    call = tag("callActivity", ext(tag("zeebe:calledElement", processId="child", **attributes)), id="c")
    child = process(start("b"), script("w", "age + 1", "older"), end("e"), flow("b > w > e"), id="child")
    parent = process(start(form="f"), call, script("t", "older"), end(), flow("begin > c > t > done"))
    return definitions(parent, child)


def test_a_called_process_sees_the_caller_and_gives_back_its_variables() -> None:
    assert codes(check(calling(), f_form=PERSON)) == []


def test_a_call_that_hands_nothing_over_hides_the_names() -> None:
    back = check(calling(propagateAllChildVariables="false"), f_form=PERSON)
    assert "unknown-name t" in codes(back, "error")
    there = check(calling(propagateAllParentVariables="false"), f_form=PERSON)
    assert codes(there, "error") == ["unknown-name w"]


def test_processes_that_call_each_other_are_checked_to_the_end() -> None:
    def calls(key: str, other: str) -> str:
        call = tag("callActivity", ext(tag("zeebe:calledElement", processId=other)), id=f"{key}c")
        return process(start(f"{key}b"), call, end(f"{key}e"), flow(f"{key}b > {key}c > {key}e"), id=key)

    assert codes(check(definitions(calls("one", "two"), calls("two", "one"))), "error") == []
    assert "recursive-call selfc" in codes(check(definitions(calls("self", "self"))), "warning")


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


def test_unknown_functions_are_errors_with_a_suggestion() -> None:
    [finding] = on_condition('ag at(date("2000-01-01"), today()) > 1'.replace("ag at", "workday"))
    assert (finding.severity, finding.code) == ("error", "unknown-function")


def test_a_form_is_checked_against_what_reaches_its_task() -> None:
    reading = PERSON.replace(b'"type": "number",', b'"type": "number", "conditional": {"hide": "=agee > 1"},')
    reading = reading.replace(b'"id": "f"', b'"id": "g"')
    bpmn = definitions(process(start(form="f"), user("t", form="g"), end(), flow("begin > t > done")))
    assert any("agee" in f.en for f in check(bpmn, f_form=PERSON, g_form=reading))


def test_a_decision_is_checked_against_what_reaches_its_task() -> None:
    called = tag("zeebe:calledDecision", decisionId="amount", resultVariable="sum due")
    bpmn = definitions(
        process(start(form="f"), tag("businessRuleTask", ext(called), id="t"),
                script("s", "sum due + 1"), end(),
                flow("begin > t > s > done"))
    )  # fmt: skip
    assert codes(check(bpmn, f_form=PERSON, d_dmn=decision("amount", "age * 2")), "error") == []
    found = check(bpmn, f_form=PERSON, d_dmn=decision("amount", "income * 2"))
    assert "unknown-decision-input t" in codes(found, "error")


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
