"""What a process names outside itself, who works on it, and our own properties."""

from __future__ import annotations

import pytest

from .bpmn_builder import (
    around,
    check,
    codes,
    decision,
    definitions,
    end,
    ext,
    flow,
    form,
    parameters,
    process,
    prop,
    props,
    script,
    start,
    tag,
    user,
)

ROLES = ["town.officer", "town.leader", "county.officer"]


def test_a_missing_form_is_refused_with_a_suggestion() -> None:
    [finding] = [
        f for f in check(around(user("t", form="receipt")), r_form=form("receipts")) if f.severity == "error"
    ]
    assert (finding.code, finding.element_id) == ("missing-form", "t")
    assert "receipts" in finding.zh


def test_embedded_and_keyed_forms_are_refused() -> None:
    keyed = tag("userTask", ext(tag("zeebe:formDefinition", formKey="camunda-forms:bpmn:x")), id="t")
    assert "unsupported-form t" in codes(check(around(keyed)), "error")


def rule(**attributes: str) -> bytes:
    called = ext(tag("zeebe:calledDecision", **attributes)) if attributes else ""
    return around(tag("businessRuleTask", called, id="t"))


def test_decisions_are_named_fixed_and_present() -> None:
    table = decision("amount", "1")
    assert codes(check(rule(decisionId="amount", resultVariable="r"), d_dmn=table)) == []
    assert "missing-decision t" in codes(check(rule(decisionId="amounts"), d_dmn=table), "error")
    assert "no-decision t" in codes(check(rule()), "error")
    assert "computed-reference t" in codes(check(rule(decisionId="=x")), "error")


def test_a_rule_task_with_a_job_type_is_a_job() -> None:
    job = tag("businessRuleTask", ext(tag("zeebe:taskDefinition", type="notice")), id="t")
    assert codes(check(around(job)), "error") == []


def call(key: str) -> str:
    return tag("callActivity", ext(tag("zeebe:calledElement", processId=key)) if key else "", id="t")


def test_called_processes_are_named_fixed_executable_and_present() -> None:
    caller = process(start(), call("child"), end(), flow("begin > t > done"))
    child = process(start("b"), end("e"), flow("b > e"), id="child")
    picture = process(start("b"), end("e"), flow("b > e"), id="child", executable="false")
    assert codes(check(definitions(caller, child))) == []
    assert "called-process-not-executable t" in codes(check(definitions(caller, picture)), "error")
    assert "missing-process t" in codes(check(definitions(caller)), "error")
    assert "no-called-process t" in codes(check(around(call(""))), "error")
    assert "computed-reference t" in codes(check(around(call("=x"))), "error")


def test_parameter_keys_must_exist() -> None:
    text = 'limit("dibao.totl")'
    found = check(around(script("t", text)), p_yaml=parameters())
    assert codes(found) == ["missing-parameter t"]
    assert "dibao.total" in found[0].en


def test_a_parameter_that_is_no_time_cannot_be_a_limit() -> None:
    files = {"p_yaml": parameters("dibao.standard", "fen")}
    assert codes(check(around(script("t", 'limit("dibao.standard")')), **files)) == ["not-a-limit t"]
    assert codes(check(around(script("t", 'parameter("dibao.standard")')), **files)) == []


def test_parameter_keys_in_tables_are_looked_up_too() -> None:
    found = check(
        rule(decisionId="amount", resultVariable="r"), d_dmn=decision("amount", 'parameter("none.such")')
    )
    [finding] = [f for f in found if f.code == "missing-parameter"]
    assert "d.dmn" in finding.zh


def test_jobs_have_types_and_unhandled_ones_are_told() -> None:
    typed = around(tag("serviceTask", ext(tag("zeebe:taskDefinition", type="bank.pay")), id="t"))
    assert codes(check(typed)) == ["no-handler t"]
    assert "no-job-type t" in codes(check(around(tag("serviceTask", id="t"))), "error")
    notice = around(tag("sendTask", ext(tag("zeebe:taskDefinition", type="notice")), id="t"))
    assert codes(check(notice)) == []


# people


def test_a_task_that_nobody_may_do_is_a_warning() -> None:
    assert codes(check(around(user("t", groups=""))), "warning") == ["nobody-assigned t"]


def test_roles_are_compared_with_the_list_of_the_house() -> None:
    assert codes(check(around(user("t", groups="town.officer, town.leader")), roles=ROLES)) == []
    found = check(around(user("t", groups="town.oficer")), roles=ROLES)
    assert codes(found) == ["unknown-role t"]
    assert "town.officer" in found[0].en
    assert codes(check(around(user("t", groups='=if true then "x" else "y"')), roles=ROLES)) == []


def test_a_lane_is_the_role_of_tasks_without_a_group() -> None:
    lane = tag("laneSet", tag("lane", tag("flowNodeRef", "t"), id="l", name="镇办"), id="ls")
    assert codes(check(around(lane, user("t", groups="")), roles=ROLES)) == ["unknown-role t"]
    assert codes(check(around(lane, user("t")), roles=ROLES)) == []


def separated(value: str) -> bytes:
    second = user("u", prop(separateFrom=value))
    return around(user("t"), second, path="begin > t > u > done")


def test_duties_are_separated_between_tasks_that_exist() -> None:
    assert codes(check(separated("t"))) == []
    for value in ("x", "u", "", "begin"):
        assert "bad-separation u" in codes(check(separated(value)), "error")
    assert "bad-property t" in codes(check(around(tag("task", ext(prop(separateFrom="t")), id="t"))), "error")


# clocks and properties


def clocked(clock: dict[str, str], *more: str) -> bytes:
    return definitions(process(ext(props(clock)), start(), user("t", *more), end(), flow("begin > t > done")))


TOTAL = {"clock:total": "workdays(20)"}


def test_case_clocks_are_defined_on_the_process() -> None:
    full = {**TOTAL, "clock:total:promised": "=workdays(15)", "clock:答复": "hours(24)"}
    assert codes(check(clocked(full, prop(startClock="total", pauseClock="答复", pauseGround="补正")))) == []


@pytest.mark.parametrize(
    "bad",
    [
        {"clock:": "workdays(1)"},
        {"clock:a b": "workdays(1)"},
        {"clock:a:soon": "workdays(1)"},
        {"clock:a:promised": "workdays(1)"},
        {"clock:a": " "},
    ],
)
def test_misspelt_clocks_are_refused(bad: dict[str, str]) -> None:
    assert "bad-clock p" in codes(check(clocked(bad)), "error")


@pytest.mark.parametrize(("text", "code"), [("workdays(", "bad-expression p"), ("true", "wrong-type p")])
def test_a_clock_has_a_limit_that_can_be_read(text: str, code: str) -> None:
    assert code in codes(check(clocked({"clock:a": text})), "error")


@pytest.mark.parametrize(
    "said",
    [
        {"pauseClock": "total"},
        {"pauseGround": "补正"},
        {"extendClock": "total"},
        {"extendTo": "workdays(45)"},
        {"outcome": "x"},
        {"escalation": "true"},
        {"clock:x": "workdays(1)"},
    ],
)
def test_properties_that_mean_nothing_there_are_refused(said: dict[str, str]) -> None:
    assert "bad-property t" in codes(check(clocked(TOTAL, props(said))), "error")


def test_unknown_clocks_are_refused_wherever_they_are_named() -> None:
    found = check(clocked(TOTAL, prop(startClock="totl")))
    assert codes(found) == ["unknown-clock t"]
    assert "total" in found[0].en
    due = tag("zeebe:taskSchedule", dueDate='=clock("totl")')
    assert "unknown-clock t" in codes(check(clocked(TOTAL, due)), "error")


def test_near_misses_of_property_names_are_warnings_and_others_are_kept() -> None:
    assert codes(check(clocked(TOTAL, prop(startclock="total"))), "warning") == ["unknown-property t"]
    assert codes(check(clocked(TOTAL, prop(colour="red"))), "info") == ["unknown-property t"]


def test_process_properties_are_known_by_name() -> None:
    assert codes(check(clocked({"emergency": "true", "titleEn": "Aid"}))) == []
    assert codes(check(clocked({"emergency": "yes"})), "error") == ["bad-property p"]
    assert codes(check(clocked({"openedBy": "officer"})), "error") == ["bad-property p"]
    assert codes(check(clocked({"openedBy": "county.supervisor, county.coordinator"}))) == []
    assert codes(check(clocked({"openedBy": "county.supervisor, case"})), "error") == ["bad-property p"]
    assert codes(check(clocked({"emergancy": "true"})), "warning") == ["unknown-property p"]


@pytest.mark.parametrize(("value", "fine"), [("true", True), ("false", True), ("yes", False)])
def test_escalation_is_true_or_false(value: str, fine: bool) -> None:
    timer = tag("timerEventDefinition", tag("timeDuration", "P1D"))
    event = tag("boundaryEvent", ext(prop(escalation=value)), timer, id="b", attachedToRef="t")
    bpmn = definitions(process(start(), user("t"), event, end(), flow("begin > t > done"), flow("b > done")))
    assert ("bad-property b" not in codes(check(bpmn))) is fine


# extensions


@pytest.mark.parametrize(
    ("element", "instead"),
    [
        (tag("userTask", id="t", camunda__assignee="x"), "zeebe:assignmentDefinition"),
        (tag("userTask", id="t", camunda__formKey="x"), "zeebe:formDefinition"),
        (tag("serviceTask", id="t", camunda__class_="x"), "zeebe:taskDefinition"),
        (tag("businessRuleTask", id="t", camunda__decisionRef="x"), "zeebe:calledDecision"),
        (tag("task", ext(tag("camunda:inputOutput")), id="t"), "zeebe:ioMapping"),
    ],
)
def test_camunda_7_is_refused_naming_what_to_write(element: str, instead: str) -> None:
    [finding] = [f for f in check(around(element)) if f.code == "camunda7"]
    assert (finding.severity, finding.element_id) == ("error", "t")
    assert instead in finding.zh
    assert instead in finding.en


def test_extensions_without_meaning_are_kept() -> None:
    found = check(around(user("t", camunda__asyncBefore="true")))
    assert codes(found) == ["unknown-extension t"]
    assert found[0].severity == "info"
    other = tag("userTask", ext('<x:tag xmlns:x="http://example.org/x"/>'), id="t")
    assert "unknown-extension p" in codes(check(around(other)), "info")


def test_what_camunda_8_can_say_and_we_cannot_do_is_refused() -> None:
    assert "unsupported-extension t" in codes(check(around(user("t", tag("zeebe:taskListeners")))), "error")
