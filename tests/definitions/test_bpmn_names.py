"""Names: which variables can reach an expression, and how an unknown one is told."""

from __future__ import annotations

import pytest

from .bpmn_builder import (
    PERSON,
    around,
    check,
    codes,
    condition,
    decision,
    definitions,
    end,
    ext,
    flow,
    form,
    on_condition,
    process,
    script,
    start,
    tag,
    user,
)


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


def test_what_an_event_sub_process_wrote_is_known_behind_its_sub_process() -> None:
    timer = tag("timerEventDefinition", tag("timeDuration", "P1D"))
    event = tag(
        "subProcess", start("eb", timer), script("w", "1", "noted"), end("ee"), flow("eb > w > ee"), id="es",
        triggeredByEvent="true",
    )  # fmt: skip
    sub = tag("subProcess", start("b"), user("in", form="f"), event, end("e"), flow("b > in > e"), id="s")
    bpmn = definitions(
        process(start(form="f"), sub, script("t", "noted"), end(), flow("begin > s > t > done"))
    )
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


def test_unknown_functions_are_errors_with_a_suggestion() -> None:
    [finding] = on_condition('ag at(date("2000-01-01"), today()) > 1'.replace("ag at", "workday"))
    assert (finding.severity, finding.code) == ("error", "unknown-function")


def test_a_form_is_checked_against_what_reaches_its_task() -> None:
    reading = PERSON.replace(b'"type": "number",', b'"type": "number", "conditional": {"hide": "=agee > 1"},')
    reading = reading.replace(b'"id": "f"', b'"id": "g"')
    bpmn = definitions(process(start(form="f"), user("t", form="g"), end(), flow("begin > t > done")))
    assert any("agee" in f.en for f in check(bpmn, f_form=PERSON, g_form=reading))


def test_a_form_that_no_process_uses_is_not_blamed_for_its_names() -> None:
    reading = PERSON.replace(
        b'"type": "number",', b'"type": "number", "conditional": {"hide": "=other > 1"},'
    )
    assert codes(check(around(user("t")), f_form=reading)) == []


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
