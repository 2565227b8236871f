"""Events, timers and loops: which may stand where, and what each must say."""

from __future__ import annotations

import pytest

from .bpmn_builder import around, check, codes, definitions, end, ext, flow, process, start, tag, user

ROOTS = [
    tag("message", id="m", name="补正材料"),
    tag("message", id="nameless"),
    tag("signal", id="s", name="停办"),
    tag("error", id="e", name="错", errorCode="E1"),
    tag("error", id="e0"),
    tag("escalation", id="u", escalationCode="U1"),
]
REFERENCES = {"message": ("messageRef", "m"), "signal": ("signalRef", "s"), "error": ("errorRef", "e")}


def event(kind: str, **attributes: str) -> str:
    if kind == "timer":
        return tag("timerEventDefinition", tag("timeDuration", "P3D"))
    if kind == "link":
        return tag("linkEventDefinition", name="L")
    references = {**REFERENCES, "escalation": ("escalationRef", "u")}
    given = attributes or (dict([references[kind]]) if kind in references else {})
    return tag(f"{kind}EventDefinition", **given)


def catching(definition: str) -> bytes:
    return with_roots(tag("intermediateCatchEvent", definition, id="t"))


def throwing(definition: str) -> bytes:
    return with_roots(tag("intermediateThrowEvent", definition, id="t"))


def starting(definition: str) -> bytes:
    return definitions(process(start("t", definition), end(), flow("t > done")), *ROOTS)


def ending(definition: str) -> bytes:
    return definitions(process(start(), end("t", definition), flow("begin > t")), *ROOTS)


def boundary(definition: str, **attributes: str) -> bytes:
    attributes = {"attachedToRef": "u1", **attributes}
    return definitions(
        process(
            start(), user("u1"), tag("boundaryEvent", definition, id="t", **attributes), end(), end("late"),
            flow("begin > u1 > done"), flow("t > late"),
        ),
        *ROOTS,
    )  # fmt: skip


def inside(definition: str, **attributes: str) -> bytes:
    sub = tag(
        "subProcess",
        start("t", definition, **attributes),
        end("ee"),
        flow("t > ee"),
        id="sub",
        triggeredByEvent="true",
    )
    return definitions(process(start(), user("x"), sub, end(), flow("begin > x > done")), *ROOTS)


def with_roots(*inner: str) -> bytes:
    return definitions(process(start(), *inner, end(), flow("begin > t > done")), *ROOTS)


PLACES = {
    "catching": (catching, {"timer", "message", "signal"}),
    "throwing": (throwing, {"message", "signal", "escalation"}),
    "starting": (starting, {"timer", "message", "signal"}),
    "ending": (ending, {"error", "escalation", "signal", "message", "terminate"}),
    "boundary": (boundary, {"timer", "message", "signal", "error", "escalation"}),
    "inside": (inside, {"timer", "message", "signal", "error", "escalation"}),
}
KINDS = [
    "timer",
    "message",
    "signal",
    "error",
    "escalation",
    "terminate",
    "conditional",
    "compensate",
    "cancel",
]


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_of_event_stands_only_where_it_runs(place: str, kind: str) -> None:
    make, allowed = PLACES[place]
    errors = codes(check(make(event(kind))), "error")
    assert errors == ([] if kind in allowed else ["unsupported-event t"])


def test_several_definitions_in_one_event_are_refused() -> None:
    assert "multiple-event t" in codes(check(catching(event("timer") + event("message"))), "error")


def test_an_event_that_waits_for_nothing_is_refused() -> None:
    assert "event-without-kind t" in codes(check(catching("")), "error")


@pytest.mark.parametrize(
    ("bpmn", "expected"),
    [
        (catching(event("message", messageRef="gone")), "unknown-message t"),
        (catching(event("message", messageRef="nameless")), "message-without-name t"),
        (catching(tag("messageEventDefinition")), "missing-message t"),
        (catching(tag("signalEventDefinition")), "missing-signal t"),
        (ending(tag("errorEventDefinition")), "missing-error t"),
        (ending(event("error", errorRef="e0")), "error-without-name t"),
        (boundary(event("error", errorRef="gone")), "unknown-error t"),
        (with_roots(tag("receiveTask", id="t")), "missing-message t"),
    ],
)
def test_events_know_their_message_signal_or_code(bpmn: bytes, expected: str) -> None:
    assert expected in codes(check(bpmn), "error")


def test_an_error_boundary_without_a_code_catches_every_error() -> None:
    assert codes(check(boundary(tag("errorEventDefinition"))), "error") == []


def test_a_thrown_message_may_be_named_by_its_job_type() -> None:
    typed = tag(
        "intermediateThrowEvent",
        ext(tag("zeebe:taskDefinition", type="notice")),
        event("message", id="x"),
        id="t",
    )
    assert codes(check(with_roots(typed))) == []


@pytest.mark.parametrize(
    ("bpmn", "expected"),
    [
        (boundary(event("timer"), attachedToRef=""), "not-attached t"),
        (boundary(event("timer"), attachedToRef="done"), "not-attached t"),
        (boundary(event("error"), cancelActivity="false"), "error-not-interrupting t"),
        (inside(event("error"), isInterrupting="false"), "error-not-interrupting t"),
    ],
)
def test_boundary_events_sit_on_an_activity(bpmn: bytes, expected: str) -> None:
    assert expected in codes(check(bpmn), "error")


def test_an_error_that_nobody_catches_is_a_warning() -> None:
    assert "uncaught-error t" in codes(check(ending(event("error"))), "warning")


def test_an_error_caught_around_its_sub_process_is_none() -> None:
    sub = tag("subProcess", start("b"), end("t", event("error")), flow("b > t"), id="sub")
    catch = tag("boundaryEvent", event("error"), id="c", attachedToRef="sub")
    bpmn = definitions(
        process(start(), sub, catch, end(), end("bad"), flow("begin > sub > done"), flow("c > bad")), *ROOTS
    )
    assert codes(check(bpmn)) == []


def choosing(target: str, *more: str) -> bytes:
    return definitions(
        process(
            start(), tag("eventBasedGateway", id="g"), tag("intermediateCatchEvent", event("timer"), id="a"),
            target, *more, end(), flow("begin > g > a > done"), flow("g > t > done"),
        ),
        *ROOTS,
    )  # fmt: skip


def test_an_event_gateway_waits_for_events_and_receive_tasks() -> None:
    assert codes(check(choosing(tag("receiveTask", id="t", messageRef="m")))) == []


def test_a_task_behind_an_event_gateway_is_refused() -> None:
    assert "bad-event-gateway t" in codes(check(choosing(user("t"))), "error")


def test_links_jump_to_their_namesake() -> None:
    throw = tag("intermediateThrowEvent", event("link"), id="t")
    catch = tag("intermediateCatchEvent", event("link"), id="arrive")
    whole = process(start(), throw, catch, end(), flow("begin > t"), flow("arrive > done"))
    assert codes(check(definitions(whole))) == []
    lonely = process(start(), throw, user("u"), end(), flow("begin > t"), flow("u > done"))
    assert "no-link-target t" in codes(check(definitions(lonely)), "error")


# timers


def timed(*times: str) -> bytes:
    return catching(tag("timerEventDefinition", *times))


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("timeDuration", "P3D"),
        ("timeDuration", "PT24H"),
        ("timeDuration", "P1DT4H5M6.5S"),
        ("timeDuration", "P1Y6M"),
        ("timeDuration", "P2W"),
        ("timeDuration", "workdays(3)"),
        ("timeDuration", '=limit("light.yellow.days")'),
        ("timeDuration", "calendar days(7)"),
        ("timeDuration", '=duration("P1D")'),
        ("timeDate", "2026-10-01"),
        ("timeDate", "2026-10-01T09:00:00+08:00"),
        ("timeDate", "2026-10-01T09:00:00@Asia/Shanghai"),
        ("timeCycle", "R/P1M"),
        ("timeCycle", "R3/PT10H"),
        ("timeCycle", "R5/2026-10-01T09:00:00Z/P1D"),
    ],
)
def test_times_that_can_be_read(kind: str, text: str) -> None:
    found = codes(check(timed(tag(kind, text.replace('"', "&quot;")))), "error")
    assert [code for code in found if code != "missing-parameter t"] == []


@pytest.mark.parametrize(
    ("kind", "text", "expected"),
    [
        ("timeDuration", "", "timer-without-time t"),
        ("timeDuration", "=  ", "timer-without-time t"),
        ("timeDuration", "P", "bad-time t"),
        ("timeDuration", "PT", "bad-time t"),
        ("timeDuration", "P3", "bad-time t"),
        ("timeDuration", "3d", "bad-time t"),
        ("timeDate", "2026-13-45", "bad-time t"),
        ("timeDate", "01.10.2026", "bad-time t"),
        ("timeCycle", "R/", "bad-time t"),
        ("timeCycle", "0 0 9 * * ?", "bad-time t"),
        ("timeCycle", "P1D", "timer-kind t"),
        ("timeDuration", "P1Y2M3D", "bad-time t"),
        ("timeDuration", "workdays(", "bad-expression t"),
        ("timeDuration", "=true", "wrong-type t"),
        ("timeDuration", "${days}", "other-language t"),
    ],
)
def test_times_that_nobody_can_read_are_refused(kind: str, text: str, expected: str) -> None:
    assert expected in codes(check(timed(tag(kind, text))), "error")


def test_a_timer_says_one_time() -> None:
    assert "timer-without-time t" in codes(check(timed()), "error")
    both = timed(tag("timeDuration", "P1D"), tag("timeDate", "2026-10-01"))
    assert "timer-with-several t" in codes(check(both), "error")


def test_a_duration_given_as_date_is_a_warning() -> None:
    assert codes(check(timed(tag("timeDate", "P1D")))) == ["timer-kind t"]


# loops


def looping(characteristics: str) -> bytes:
    return around(user("t", inner=characteristics))


def multi(**attributes: str) -> bytes:
    return looping(
        tag("multiInstanceLoopCharacteristics", ext(tag("zeebe:loopCharacteristics", **attributes)))
    )


def test_a_multi_instance_runs_over_a_collection_or_a_number_of_times() -> None:
    assert codes(check(multi(inputCollection="=[1, 2]", inputElement="n"))) == []
    counted = tag("multiInstanceLoopCharacteristics", tag("loopCardinality", "= 2 + 1"))
    assert codes(check(looping(counted))) == []


@pytest.mark.parametrize(
    ("bpmn", "expected"),
    [
        (looping(tag("multiInstanceLoopCharacteristics")), "loop-without-collection t"),
        (multi(inputCollection="=[1]", outputCollection="all"), "bad-loop t"),
        (multi(inputCollection="=1"), "wrong-type t"),
        (looping(tag("standardLoopCharacteristics")), "bad-loop t"),
        (looping(tag("standardLoopCharacteristics", loopMaximum="many")), "bad-loop t"),
    ],
)
def test_loops_that_cannot_run_are_refused(bpmn: bytes, expected: str) -> None:
    assert expected in codes(check(bpmn), "error")


def test_a_loop_with_a_condition_on_its_counter_runs() -> None:
    loop = tag("standardLoopCharacteristics", tag("loopCondition", "loopCounter &lt; 3"))
    assert codes(check(looping(loop))) == []
