"""Errors and escalations: from where they are thrown to the nearest that catches them."""

from __future__ import annotations

from .bpmn import (
    boundary,
    call,
    end,
    event,
    event_sub,
    file,
    gateway,
    message,
    process,
    service,
    start,
    sub,
    user,
)
from .driving import Drive, parsed

ERROR = '<bpmn:error id="Err" name="No funds" errorCode="E1" />'
ESCALATION = '<bpmn:escalation id="Esc" name="Up" escalationCode="U1" />'


def failing(inner_end: str) -> bytes:
    return file(
        ERROR,
        ESCALATION,
        process(
            "p",
            start(),
            sub(
                "sp",
                start("is"),
                gateway("parallel", "if"),
                user("other"),
                user("go"),
                end("ie", inner_end),
                end("ok"),
                arrows="is > if > go > ie\n if > other > ok",
            ),
            boundary("err", "sp", event("error", "Err")),
            boundary("esc", "sp", event("escalation", "Esc"), interrupting=False),
            user("repair"),
            user("told"),
            end(),
            arrows="s > sp > e\n err > repair > e\n esc > told > e",
        ),
    )


def test_error_end_event_interrupts_the_sub_process() -> None:
    case = Drive(parsed(failing(event("error", "Err")))).complete("go")
    assert case.open == ["repair"]
    assert case.cancelled == ["other", "sp"]
    case.complete("repair")
    assert case.status == "completed"


def test_escalation_end_event_does_not_interrupt() -> None:
    case = Drive(parsed(failing(event("escalation", "Esc")))).complete("go")
    assert sorted(case.open) == ["other", "told"]
    case.complete("other").complete("told")
    assert case.status == "completed"


def test_terminate_in_a_sub_process_ends_only_the_sub_process() -> None:
    case = Drive(parsed(failing("<bpmn:terminateEventDefinition />"))).complete("go")
    assert case.cancelled == ["other"]
    assert case.status == "completed"


def test_error_that_nobody_catches_is_a_failure_at_its_end_event() -> None:
    case = Drive(
        parsed(
            file(
                ERROR,
                process("p", start(), user("a"), end("bad", event("error", "Err")), arrows="s > a > bad"),
            )
        )
    ).complete("a")
    assert [(f.element_id, f.code) for f in case.failures] == [("bad", "incident")]
    assert "E1" in case.failures[0].zh
    assert case.status == "active"


def test_job_error_goes_to_the_boundary_event_of_its_code() -> None:
    processes = parsed(
        file(
            ERROR,
            process(
                "p",
                start(),
                service("j"),
                boundary("any", "j", event("error")),
                boundary("e1", "j", event("error", "Err")),
                user("x"),
                user("y"),
                end(),
                arrows="s > j > e\n any > x > e\n e1 > y > e",
            ),
        )
    )
    opened = []
    for code in ("E1", "E2"):
        case = Drive(processes)
        assert case.instance.throw_error(case.instance.jobs()[0].key, code, "no") == []
        opened += [t.element_id for t in case.instance.user_tasks()]
    assert opened == ["y", "x"]


def test_uncaught_job_error_leaves_the_job_waiting() -> None:
    case = Drive(parsed(file(process("p", start(), service("j"), end(), arrows="s > j > e"))))
    before = case.reload()
    failures = case.instance.throw_error(case.instance.jobs()[0].key, "E9", "broken")
    assert [(f.element_id, f.code) for f in failures] == [("j", "uncaught-error")]
    assert case.reload() == before


def test_error_crosses_a_call_activity() -> None:
    case = Drive(
        parsed(
            file(
                ERROR,
                process(
                    "p",
                    start(),
                    call("c", "q"),
                    boundary("b", "c", event("error", "Err")),
                    user("r"),
                    end(),
                    arrows="s > c > e\n b > r > e",
                ),
                process("q", start("qs"), end("qe", event("error", "Err")), arrows="qs > qe"),
            )
        )
    )
    assert case.open == ["r"]
    assert case.cancelled == ["c"]


def test_error_event_sub_process_catches_in_its_own_level() -> None:
    case = Drive(
        parsed(
            file(
                ERROR,
                process(
                    "p",
                    start(),
                    end("bad", event("error", "Err")),
                    event_sub(
                        "h",
                        start("hs", event("error", "Err")),
                        user("fix"),
                        end("he"),
                        arrows="hs > fix > he",
                    ),
                    arrows="s > bad",
                ),
            )
        )
    )
    assert case.open == ["fix"]
    case.complete("fix")
    assert case.status == "completed"


def test_event_sub_process_lives_and_ends_with_its_own_sub_process() -> None:
    note = event_sub(
        "n",
        start("ns", event("message", "M"), isInterrupting="false"),
        user("note"),
        end("ne"),
        arrows="ns > note > ne",
    )
    case = Drive(
        parsed(
            file(
                message("M", "hint"),
                process(
                    "p",
                    start(),
                    sub("sp", start("is"), user("work"), end("ie"), note, arrows="is > work > ie"),
                    user("after"),
                    end(),
                    arrows="s > sp > after > e",
                ),
            )
        )
    )
    assert case.message("hint", n=1)
    assert case.message("hint", n=2)
    case.complete("work")
    assert case.open == ["note", "note"]
    case.complete("note").complete("note")
    assert case.open == ["after"]
    assert not case.message("hint")
