"""The shape of a process: what runs, what is refused and how the refusal reads."""

from __future__ import annotations

import pytest

from engine.definitions.report import KINDS

from .bpmn_builder import around, check, codes, definitions, end, flow, process, script, start, tag, user


def test_a_plain_process_has_nothing_wrong() -> None:
    assert check(around(user("t", form="f"), form="f"), f_form=FORM) == []


FORM = b'{"type":"default","id":"f","schemaVersion":18,"components":[]}'


@pytest.mark.parametrize("kind", ["task", "manualTask"])
def test_tasks_without_work_run(kind: str) -> None:
    assert codes(check(around(tag(kind, id="t"))), "error") == []


@pytest.mark.parametrize(
    ("kind", "word"),
    [
        ("complexGateway", "包容网关"),
        ("transaction", "子流程"),
        ("adHocSubProcess", "任务"),
        ("choreographyTask", "流程"),
        ("implicitThrowEvent", "中间抛出事件"),
    ],
)
def test_unsupported_elements_are_refused_with_id_name_and_advice(kind: str, word: str) -> None:
    [finding] = [f for f in check(around(tag(kind, id="t", name="某步"))) if f.code == "unsupported-element"]
    assert (finding.severity, finding.element_id, finding.element_name) == ("error", "t", "某步")
    assert word in finding.zh
    assert "（t）" in finding.zh
    assert "(t)" in finding.en
    assert finding.file == "p.bpmn"
    assert finding.line == 1


def test_an_element_that_nobody_knows_is_refused() -> None:
    assert "unsupported-element x" in codes(check(around(user("t"), tag("wonderTask", id="x"))), "error")


def test_data_objects_are_named_once_and_ignored() -> None:
    data = [tag("dataObject", id="o1"), tag("dataObjectReference", id="r1", name="档案")]
    found = [f for f in check(around(user("t"), *data)) if f.code == "without-effect"]
    assert [f.severity for f in found] == ["info"]
    assert "档案" in found[0].zh


def test_lanes_notes_and_groups_are_welcome() -> None:
    lane = tag("laneSet", tag("lane", tag("flowNodeRef", "t"), id="l", name="town.officer"), id="ls")
    notes = [tag("textAnnotation", id="n"), tag("association", id="a"), tag("group", id="g")]
    assert codes(check(around(lane, user("t", groups=""), *notes)), "error") == []


def test_the_ids_that_the_library_reserves_are_ours_to_use() -> None:
    bpmn = definitions(process(start("Start"), user("Root"), end("End"), flow("Start > Root > End")))
    assert codes(check(bpmn), "error") == []


STRUCTURE = {
    "no-start p": process(user("t"), end(), flow("t > done")),
    "several-starts b2": process(
        start(), start("b2"), user("t"), end(), flow("begin > t > done"), flow("b2 > t")
    ),
    "dangling-flow t_gone": process(start(), user("t"), end(), flow("begin > t > done"), flow("t > gone")),
    "missing-id": process(start(), tag("task"), user("t"), end(), flow("begin > t > done")),
    "duplicate-id t": process(start(), user("t"), user("t"), end(), flow("begin > t > done")),
    "bad-id a b": process(start(), user("t"), tag("task", id="a b"), end(), flow("begin > t > done")),
    "no-way-on t": process(start(), user("t"), end(), flow("begin > t")),
    "unreachable x": process(
        start(), user("t"), user("x"), end(), flow("begin > t > done"), flow("x > done")
    ),
    "no-end t": process(start(), user("t"), user("u"), flow("begin > t > u > t")),
    "flow-into-start begin": process(start(), user("t"), end(), flow("begin > t > done"), flow("t > begin")),
    "flow-out-of-end done": process(start(), user("t"), end(), flow("begin > t > done > t")),
}


@pytest.mark.parametrize("expected", STRUCTURE)
def test_structural_faults_are_errors_at_their_element(expected: str) -> None:
    assert expected in codes(check(definitions(STRUCTURE[expected])), "error")


def test_only_the_head_of_a_lost_chain_is_named() -> None:
    chain = [user("x"), user("y"), user("z")]
    bpmn = definitions(
        process(start(), user("t"), *chain, end(), flow("begin > t > done"), flow("x > y > z > done"))
    )
    assert codes(check(bpmn), "error") == ["unreachable x"]


def test_a_lost_loop_is_found_though_nothing_leads_into_it() -> None:
    bpmn = definitions(
        process(start(), user("t"), user("x"), user("y"), end(), flow("begin > t > done"), flow("x > y > x"))
    )
    assert "unreachable x" in codes(check(bpmn), "error")


def test_a_flow_across_the_border_of_a_sub_process_is_refused() -> None:
    sub = tag("subProcess", start("b"), user("inner"), end("e"), flow("b > inner > e"), id="s")
    bpmn = around(sub, flow("s > inner"), path="begin > s > done")
    assert "crossing-flow s_inner" in codes(check(bpmn), "error")


SUB_PROCESSES = {
    "bad-subprocess-start s": (start("b", tag("timerEventDefinition", tag("timeDuration", "P1D"))), {}),
    "no-start s": (user("b"), {}),
    "bad-event-subprocess s": (start("b"), {"triggeredByEvent": "true"}),
}


@pytest.mark.parametrize("expected", SUB_PROCESSES)
def test_sub_processes_start_in_the_one_way_that_they_can(expected: str) -> None:
    first, attributes = SUB_PROCESSES[expected]
    sub = tag("subProcess", first, end("e"), flow("b > e"), id="s", **attributes)
    path = "begin > t > done" if attributes else "begin > s > t > done"
    assert expected in codes(check(around(sub, user("t"), path=path)), "error")


def test_an_event_sub_process_takes_no_flows() -> None:
    event = start("b", tag("messageEventDefinition", messageRef="m"))
    sub = tag("subProcess", event, end("e"), flow("b > e"), id="s", triggeredByEvent="true")
    bpmn = definitions(
        process(start(), user("t"), sub, end(), flow("begin > t > done"), flow("t > s")),
        tag("message", id="m", name="来信"),
    )
    assert "flow-at-event-subprocess s" in codes(check(bpmn), "error")


def test_compensation_activities_are_refused() -> None:
    assert "unsupported-element t" in codes(check(around(user("t", isForCompensation="true"))), "error")


# gateways


def branching(
    kind: str, *, condition: str | None = "x = 1", default: str = "", join: str = "exclusiveGateway"
) -> bytes:
    attributes = {"default": default} if default else {}
    return definitions(
        process(
            start(),
            tag(kind, id="g", name="岔口", **attributes),
            user("a"),
            user("b"),
            tag(join, id="j"),
            end(),
            flow("begin > g"),
            flow("g > a", condition),
            flow("g > b"),
            flow("a > j"),
            flow("b > j"),
            flow("j > done"),
        )
    )


def test_a_way_out_with_neither_condition_nor_default_is_refused() -> None:
    found = check(branching("exclusiveGateway"))
    assert codes(found, "error") == ["flow-without-condition g_b"]
    assert "岔口" in found[0].zh


@pytest.mark.parametrize("kind", ["exclusiveGateway", "inclusiveGateway"])
def test_a_default_decides_what_no_condition_takes(kind: str) -> None:
    assert codes(check(branching(kind, default="g_b")), "error") == []


def test_a_default_must_leave_its_gateway() -> None:
    assert "bad-default g" in codes(check(branching("exclusiveGateway", default="begin_g")), "error")


def test_a_condition_on_the_default_has_no_effect() -> None:
    assert "condition-on-default g_a" in codes(check(branching("exclusiveGateway", default="g_a")), "warning")


def test_conditions_behind_a_parallel_gateway_are_refused() -> None:
    assert "condition-without-effect g_a" in codes(check(branching("parallelGateway")), "error")


def test_alternatives_that_a_parallel_gateway_waits_for_are_a_warning() -> None:
    found = check(branching("exclusiveGateway", default="g_b", join="parallelGateway"))
    assert "join-may-wait j" in codes(found, "warning")


def test_parallel_branches_that_nobody_joins_are_a_warning() -> None:
    found = check(branching("parallelGateway", condition=None))
    assert "branches-not-joined j" in codes(found, "warning")


def test_a_matching_split_and_join_is_no_warning() -> None:
    found = check(branching("parallelGateway", condition=None, join="parallelGateway"))
    assert codes(found, "warning") == []


def test_alternatives_inside_one_parallel_branch_are_no_warning() -> None:
    bpmn = definitions(
        process(
            start(),
            tag("parallelGateway", id="split"),
            tag("exclusiveGateway", id="x", default="x_b"),
            *(user(name) for name in "abc"),
            tag("exclusiveGateway", id="m"),
            tag("parallelGateway", id="join"),
            end(),
            flow("begin > split > x"),
            flow("split > c > join"),
            flow("x > a", "1 = 1"),
            flow("x > b"),
            flow("a > m"),
            flow("b > m"),
            flow("m > join > done"),
        )
    )
    assert codes(check(bpmn)) == []


def test_several_ways_out_of_a_task_are_a_warning() -> None:
    bpmn = definitions(
        process(start(), user("t"), user("u"), end(), flow("begin > t > done"), flow("t > u > done"))
    )
    assert codes(check(bpmn)) == ["hidden-split t"]


# several processes in a file


def test_a_file_without_an_executable_process_is_refused_with_the_reason() -> None:
    [finding] = check(definitions(process(start(), end(), flow("begin > done"), executable="false")))
    assert (finding.severity, finding.code) == ("error", "no-executable-process")
    assert "isExecutable" in finding.zh


def test_pictures_beside_the_process_are_told_and_not_checked() -> None:
    pools = tag("collaboration", tag("participant", id="bank", name="银行"), id="c")
    picture = process(user("lost"), id="q", executable="false")
    bpmn = definitions(pools, process(start(), script("t", "1"), end(), flow("begin > t > done")), picture)
    assert codes(check(bpmn)) == ["not-executable q", "black-box bank"]


def test_every_label_has_both_languages() -> None:
    assert all(zh and en for zh, en in KINDS.values())
