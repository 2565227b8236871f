"""Timers: what they wait for, how they fire, and that nothing fires by itself."""

from __future__ import annotations

import pytest

from engine import feel
from engine.errors import TaskNotOpenError
from engine.runtime import Cycle

from .bpmn import boundary, catch, end, event_sub, file, process, properties, start, timer, user
from .driving import Drive, parsed


def with_boundary(text: str, kind: str = "timeDuration", interrupting: bool = True) -> bytes:
    return file(
        process(
            "p",
            start(),
            user("a"),
            boundary("late", "a", timer(text, kind), interrupting=interrupting),
            user("chase"),
            end(),
            end("e2"),
            arrows="s > a > e\n late > chase > e2",
        )
    )


def test_interrupting_boundary_timer_ends_the_task() -> None:
    case = Drive(parsed(with_boundary("PT24H")))
    timer_ = case.instance.timers()[0]
    assert (timer_.element_id, timer_.attached_to, timer_.interrupting) == ("late", "a", True)
    assert (timer_.remaining, timer_.escalation, timer_.leads_to) == (1, True, ("chase",))
    assert timer_.value == feel.compile('duration("PT24H")').evaluate({})
    assert timer_.attached_key == case.instance.user_tasks()[0].key
    case.fire("late")
    assert case.open == ["chase"]
    assert case.cancelled == ["a"]
    assert case.armed == []
    assert case.taken == ["s_a", "late_chase"]


def test_completing_the_task_disarms_its_timer() -> None:
    case = Drive(parsed(with_boundary("PT24H"))).complete("a")
    assert case.armed == []
    assert case.status == "completed"
    with pytest.raises(TaskNotOpenError):
        case.instance.fire_timer("1")


def test_non_interrupting_timer_leaves_the_task_and_fires_once() -> None:
    case = Drive(parsed(with_boundary("PT24H", interrupting=False))).fire("late")
    assert case.open == ["a", "chase"]
    assert case.armed == []
    case.complete("a")
    assert case.status == "active"
    case.complete("chase")
    assert case.status == "completed"


def test_cycle_counts_down_and_keeps_its_key() -> None:
    case = Drive(parsed(with_boundary("R3/PT10H", "timeCycle", interrupting=False)))
    key = case.instance.timers()[0].key
    left = []
    while case.armed:
        waiting = case.instance.timers()[0]
        assert waiting.key == key
        left.append(waiting.remaining)
        case.fire("late")
    assert left == [3, 2, 1]
    assert case.open.count("chase") == 3


def test_cycle_without_a_number_goes_on_for_ever() -> None:
    case = Drive(parsed(with_boundary("R/P1M", "timeCycle", interrupting=False)))
    for _ in range(5):
        case.fire("late")
    assert case.instance.timers()[0].remaining is None


def test_cycle_may_have_a_start() -> None:
    case = Drive(parsed(with_boundary("R/2026-01-01T00:00:00+08:00/P1D", "timeCycle", interrupting=False)))
    value = case.instance.timers()[0].value
    assert isinstance(value, Cycle)
    assert str(value.start) == "2026-01-01T00:00:00+08:00"
    assert str(value.duration) == "P1D"


def test_weeks_are_days() -> None:
    case = Drive(parsed(with_boundary("P2W")))
    assert str(case.instance.timers()[0].value) == "P14D"


def test_feel_gives_the_time_from_variables_when_the_element_is_entered() -> None:
    processes = parsed(with_boundary('=date("2026-10-01") + wait', "timeDate"))
    wait = feel.compile('duration("P2D")').evaluate({})
    case = Drive(processes, variables={"wait": wait})
    assert str(case.instance.timers()[0].value) == "2026-10-03"


@pytest.mark.parametrize("text", ["=null", "=1 +", '="soon"', "=true"])
def test_timer_without_a_time_is_a_failure_and_can_be_retried(text: str) -> None:
    case = Drive(parsed(with_boundary(text)))
    assert [f.element_id for f in case.failures] == ["a"]
    assert case.open == []
    case.run()
    assert [f.element_id for f in case.failures] == ["a"]


def test_intermediate_timer_waits() -> None:
    case = Drive(
        parsed(file(process("p", start(), catch("w", timer("P3D")), end(), arrows="s > w > e"))),
    )
    assert case.armed == ["w"]
    assert case.instance.timers()[0].escalation is False
    case.fire("w")
    assert case.status == "completed"


def escalating() -> bytes:
    subs = [
        event_sub(
            f"esc{hours}",
            start(f"after{hours}", timer(f"PT{hours}H"), isInterrupting="false"),
            user(f"tell{hours}"),
            end(f"e{hours}"),
            arrows=f"after{hours} > tell{hours} > e{hours}",
        )
        for hours in (24, 48)
    ]
    over = event_sub(
        "over",
        start("after72", timer("PT72H"), ext=properties(escalation="false")),
        user("review"),
        end("gone", ext=properties(outcome="overdue")),
        arrows="after72 > review > gone",
    )
    return file(process("p", start(), user("aid"), end(), *subs, over, arrows="s > aid > e"))


def test_event_sub_processes_escalate_while_the_work_goes_on() -> None:
    case = Drive(parsed(escalating()))
    assert case.armed == ["after24", "after48", "after72"]
    assert [t.escalation for t in case.instance.timers()] == [True, True, False]
    assert case.instance.timers()[0].leads_to == ("tell24",)
    case.fire("after24").fire("after48")
    assert case.open == ["aid", "tell24", "tell48"]
    assert case.armed == ["after72"]
    case.complete("aid")
    assert case.status == "active"
    assert case.armed == ["after72"]
    case.complete("tell24").complete("tell48")
    assert case.status == "completed"
    assert case.instance.outcome == "e"


def test_interrupting_event_sub_process_takes_over_the_case() -> None:
    case = Drive(parsed(escalating())).fire("after24").fire("after72")
    assert case.open == ["review"]
    assert set(case.cancelled) == {"aid", "tell24", "esc24"}
    assert case.armed == []
    case.complete("review")
    assert case.status == "completed"
    assert case.instance.outcome == "overdue"
