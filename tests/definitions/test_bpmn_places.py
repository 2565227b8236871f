"""What is said in the wrong place, in words that mean nothing, or of things that can't happen."""

from __future__ import annotations

import pytest

from tests.definitions.bpmn_builder import (
    around,
    check,
    codes,
    definitions,
    end,
    ext,
    flow,
    parameters,
    process,
    prop,
    script,
    start,
    tag,
    user,
)

JOB = tag("zeebe:taskDefinition", type="notice")
PEOPLE = tag("zeebe:assignmentDefinition", candidateGroups="town.officer")
SCRIPT = tag("zeebe:script", expression="=1", resultVariable="r")
MAPPING = tag("zeebe:ioMapping", tag("zeebe:output", source="=1", target="a"))


@pytest.mark.parametrize(
    ("element", "said"),
    [
        ("serviceTask", JOB + PEOPLE),
        ("serviceTask", JOB + tag("zeebe:taskSchedule", dueDate="=workdays(1)")),
        ("serviceTask", JOB + SCRIPT),
        ("userTask", PEOPLE + JOB),
        ("exclusiveGateway", MAPPING),
    ],
)
def test_extensions_where_they_mean_nothing_are_told(element: str, said: str) -> None:
    found = check(around(tag(element, ext(said), id="t")))
    assert "misplaced-extension t" in codes(found, "warning")


def test_a_task_with_a_script_and_a_job_type_is_refused() -> None:
    found = check(around(tag("scriptTask", ext(SCRIPT + JOB), id="t")))
    assert "two-ways-to-work t" in codes(found, "error")


@pytest.mark.parametrize("name", ["a b!", "1a", "null"])
def test_results_that_no_expression_could_read_are_refused(name: str) -> None:
    found = check(around(script("t", "=1", name)))
    assert "bad-variable t" in codes(found, "error")


@pytest.mark.parametrize("name", ["a.b", "人均收入", "每月 收入", "net-income", "𠮷"])
def test_results_that_expressions_can_read_pass(name: str) -> None:
    assert codes(check(around(script("t", "=1", name))), "error") == []


@pytest.mark.parametrize(
    ("said", "code"),
    [
        (tag("zeebe:priorityDefinition", priority="very high"), "bad-priority"),
        (tag("zeebe:priorityDefinition", priority="500"), "bad-priority"),
        (tag("zeebe:taskSchedule", dueDate="R/P1D"), "bad-time"),
        (tag("zeebe:ioMapping", tag("zeebe:input", source="=1", target="")), "no-variable"),
    ],
)
def test_plain_texts_that_mean_nothing_are_refused(said: str, code: str) -> None:
    assert f"{code} t" in codes(check(around(user("t", said))), "error")


def test_retries_are_a_number() -> None:
    job = tag("zeebe:taskDefinition", type="notice", retries="many")
    found = check(around(tag("serviceTask", ext(job), id="t")))
    assert "bad-retries t" in codes(found, "error")


def test_binding_by_version_tag_is_told() -> None:
    call = tag("zeebe:calledElement", processId="p", bindingType="versionTag", versionTag="v9")
    found = check(around(tag("callActivity", ext(call), id="t")))
    assert "version-binding t" in codes(found, "warning")


def test_starts_that_open_no_case_are_told() -> None:
    day = tag("timerEventDefinition", tag("timeCycle", "R/P1D"))
    alone = definitions(process(start("s", day), user("t"), end(), flow("s > t > done")))
    beside = definitions(
        process(start(), start("s", day), user("t"), end(), flow("begin > t > done") + flow("s > t"))
    )
    assert "opened-by-hand s" in codes(check(alone), "warning")
    assert "unused-start s" in codes(check(beside), "warning")


def timed_boundary(kind: str, text: str, **attributes: str) -> bytes:
    bell = tag("timerEventDefinition", tag(kind, text))
    return around(
        user("t"),
        tag("boundaryEvent", bell, id="b", attachedToRef="t", **attributes),
        end("late"),
        flow("b > late"),
    )


def test_a_cycle_that_fires_once_is_told() -> None:
    once = timed_boundary("timeCycle", "R3/PT1H")
    again = timed_boundary("timeCycle", "R3/PT1H", cancelActivity="false")
    assert "cycle-fires-once b" in codes(check(once), "warning")
    assert codes(check(again), "warning") == []


def test_an_error_that_nothing_raises_is_told() -> None:
    caught = tag("boundaryEvent", tag("errorEventDefinition"), id="b", attachedToRef="t")
    rest = end("failed") + flow("b > failed")
    assert "never-thrown b" in codes(check(around(user("t"), caught, rest)), "warning")
    job = tag("serviceTask", ext(JOB), id="t")
    assert codes(check(around(job, caught, rest)), "warning") == []


def test_a_default_that_chooses_nothing_is_refused() -> None:
    file = around(user("t", default="t_other"), end("other"), flow("t > other"))
    assert "bad-default t" in codes(check(file), "error")


def test_a_message_flow_between_two_processes_is_told() -> None:
    first = process(start("s1"), user("a"), end("e1"), flow("s1 > a > e1"), id="one")
    second = process(start("s2"), user("b"), end("e2"), flow("s2 > b > e2"), id="two")
    pools = tag("collaboration", tag("messageFlow", id="m", sourceRef="a", targetRef="b"), id="c")
    assert "message-flow m" in codes(check(definitions(pools, first, second)), "warning")


def test_properties_of_a_pool_are_told() -> None:
    clock = ext(prop(clock__total="=workdays(20)"))
    pool = tag("collaboration", tag("participant", clock, id="pool", processRef="p"), id="c")
    run = process(start(), user("t"), end(), flow("begin > t > done"))
    assert "misplaced-extension pool" in codes(check(definitions(pool, run)), "warning")


def test_a_role_that_is_misspelt_is_told() -> None:
    found = check(around(user("t", groups="town.offcer")), roles=["town.officer"])
    assert any('Did you mean "town.officer"' in f.en for f in found if f.code == "unknown-role")


def test_a_loop_collects_what_its_instances_map() -> None:
    loop = tag(
        "multiInstanceLoopCharacteristics",
        ext(
            tag(
                "zeebe:loopCharacteristics",
                inputCollection="=[1, 2]",
                inputElement="one",
                outputCollection="all",
                outputElement="=twice",
            )
        ),
    )
    mapping = tag("zeebe:ioMapping", tag("zeebe:output", source="=one * 2", target="twice"))
    assert codes(check(around(user("t", mapping, inner=loop))), "warning") == []


def test_output_mappings_of_a_call_read_what_the_called_process_wrote() -> None:
    called = tag("zeebe:calledElement", processId="q", propagateAllChildVariables="false")
    mapping = tag("zeebe:ioMapping", tag("zeebe:output", source="=inside", target="outside"))
    main = around(tag("callActivity", ext(called, mapping), id="t"))
    other = process(start("s"), script("w", "=1", "inside"), end("e"), flow("s > w > e"), id="q")
    found = check(main, q_bpmn=definitions(other))
    assert codes(found) == []


@pytest.mark.parametrize("said", [PEOPLE + PEOPLE, MAPPING + MAPPING])
def test_an_extension_that_stands_twice_is_refused(said: str) -> None:
    assert "said-twice t" in codes(check(around(tag("userTask", ext(said), id="t"))), "error")


def test_a_property_that_stands_twice_is_refused() -> None:
    pair = tag("zeebe:property", name="titleEn", value="A")
    twice = ext(tag("zeebe:properties", pair, pair))
    assert "said-twice t" in codes(check(around(tag("userTask", twice, id="t"))), "error")


def message(id: str, name: str) -> str:
    return tag("message", id=id, name=name)


def waiting(id: str, ref: str) -> str:
    return tag("intermediateCatchEvent", tag("messageEventDefinition", messageRef=ref), id=id)


def test_a_computed_message_name_is_refused() -> None:
    run = process(start(), waiting("t", "m"), end(), flow("begin > t > done"))
    found = check(definitions(run, message("m", '="a"')))
    assert "computed-message t" in codes(found, "error")


def test_two_events_that_wait_for_the_same_are_refused() -> None:
    gateway = tag("eventBasedGateway", id="g")
    run = process(
        start(),
        gateway + waiting("a", "m") + waiting("b", "m"),
        end(),
        flow("begin > g > a > done") + flow("g > b > done"),
    )
    assert "same-event b" in codes(check(definitions(run, message("m", "reply"))), "error")


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("timeDuration", "-PT1H"),
        ("timeCycle", "R3/PT0S"),
        ("timeCycle", "R0/PT1H"),
        ("timeCycle", "R/-P1D"),
        ("timeDuration", '="soon"'),
        ("timeDuration", "=workdays(1.5)"),
        ("timeDuration", "=null"),
    ],
)
def test_times_that_lead_nowhere_are_refused(kind: str, text: str) -> None:
    found = check(timed_boundary(kind, text, cancelActivity="false"))
    assert {"timer-kind b", "bad-time b"} & set(codes(found, "error"))


@pytest.mark.parametrize("text", ["R3/PT10H", "R/P1M", "R/2026-01-01T00:00:00Z/P1D", "R/PT0.5S", "R/P10D"])
def test_times_that_lead_forward_pass(text: str) -> None:
    assert codes(check(timed_boundary("timeCycle", text, cancelActivity="false")), "error") == []


@pytest.mark.parametrize("value", ["P3D", '="soon"', "=5"])
def test_a_case_clock_needs_a_limit(value: str) -> None:
    clock = ext(tag("zeebe:properties", tag("zeebe:property", name="clock:total", value=value)))
    run = process(clock, start(), user("t"), end(), flow("begin > t > done"))
    assert {"bad-clock p", "wrong-type p"} & set(codes(check(definitions(run)), "error"))


@pytest.mark.parametrize(
    "said",
    [
        tag("zeebe:assignmentDefinition", candidateGroups="=5"),
        PEOPLE + tag("zeebe:priorityDefinition", priority='="high"'),
    ],
)
def test_people_and_priorities_of_another_type_are_refused(said: str) -> None:
    assert "wrong-type t" in codes(check(around(tag("userTask", ext(said), id="t"))), "error")


def test_white_space_around_a_lane_name_is_no_part_of_the_role() -> None:
    lane = tag("lane", tag("flowNodeRef", "t"), id="l", name=" town.officer ")
    run = process(tag("laneSet", lane), start(), user("t", groups=""), end(), flow("begin > t > done"))
    assert codes(check(definitions(run), roles=["town.officer"])) == []


LIMITS = parameters("special").decode()


def extending(to: str, ground: str) -> bytes:
    said = prop(extendClock="total", extendTo=to, ground=ground)
    clock = ext(prop(clock__total="workdays(20)"))
    return definitions(process(clock, start(), user("t", said), end(), flow("begin > t > done")))


def with_grounds() -> bytes:
    listed = "  - key: special.grounds\n    title: {zh: 事由, en: Grounds}\n    unit: list\n    values:\n"
    return f"{LIMITS}{listed}      - {{from: 2021-07-01, value: [人户分离], source: x}}\n".encode()


@pytest.mark.parametrize(
    ("to", "ground", "files"),
    [
        ("workdays(45)", "人户分离", with_grounds()),
        ('limit("special")', "人户分离", LIMITS.encode()),
        ('limit("special")', "天气不好", with_grounds()),
    ],
)
def test_an_extension_that_is_never_granted_is_refused(to: str, ground: str, files: bytes) -> None:
    found = check(extending(to, ground), p_yaml=files)
    assert "no-ground t" in codes(found, "error")


@pytest.mark.parametrize("ground", ["人户分离", "=reason"])
def test_an_extension_on_a_listed_ground_passes(ground: str) -> None:
    found = check(extending('limit("special")', ground), p_yaml=with_grounds())
    assert "no-ground t" not in codes(found)
