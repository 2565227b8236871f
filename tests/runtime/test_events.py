"""Messages, signals, errors, escalations, links: thrown and caught within one case."""

from __future__ import annotations

from .bpmn import (
    boundary,
    call,
    catch,
    element,
    end,
    event,
    event_sub,
    file,
    gateway,
    message,
    process,
    script,
    service,
    start,
    sub,
    throw,
    timer,
    user,
    zeebe,
)
from .driving import Drive, parsed

ERROR = '<bpmn:error id="Err" name="No funds" errorCode="E1" />'
ESCALATION = '<bpmn:escalation id="Esc" name="Up" escalationCode="U1" />'


def test_message_with_a_correlation_key_reaches_only_its_subscription() -> None:
    case = Drive(
        parsed(
            file(
                message("M", "papers", "=number"),
                process("p", start(), catch("w", event("message", "M")), end(), arrows="s > w > e"),
            )
        ),
        variables={"number": "A1"},
    )
    assert [(m.name, m.correlation, m.element_id) for m in case.instance.messages()] == [
        ("papers", "A1", "w")
    ]
    assert not case.message("other")
    assert not case.message("papers", "B2")
    assert case.message("papers", "A1", pages=3)
    assert case.status == "completed"
    assert case.variables == {"number": "A1", "pages": 3}


def test_receive_task_waits_for_its_message() -> None:
    case = Drive(
        parsed(
            file(
                message("M", "reply"),
                process("p", start(), element("receiveTask", "r", messageRef="M"), end(), arrows="s > r > e"),
            )
        )
    )
    assert case.message("reply", answer=True)
    assert case.status == "completed"


def event_gateway() -> bytes:
    return file(
        message("M", "reply"),
        process(
            "p",
            start(),
            gateway("eventBased", "g"),
            catch("m", event("message", "M")),
            catch("t", timer("P3D")),
            user("a"),
            user("b"),
            end(),
            arrows="s > g > m > a > e\n g > t > b > e",
        ),
    )


def test_event_gateway_follows_the_first_event() -> None:
    processes = parsed(event_gateway())
    by_message = Drive(processes)
    assert by_message.armed == ["t"]
    assert by_message.message("reply", x=1)
    assert by_message.open == ["a"]
    assert by_message.armed == []
    assert by_message.taken == ["s_g", "g_m", "m_a"]
    assert by_message.done == ["s", "g", "m"]
    by_timer = Drive(processes).fire("t")
    assert by_timer.open == ["b"]
    assert by_timer.instance.messages() == ()
    assert by_timer.taken == ["s_g", "g_t", "t_b"]


def test_signal_reaches_every_catcher() -> None:
    case = Drive(
        parsed(
            file(
                '<bpmn:signal id="S" name="stop" />',
                process(
                    "p",
                    start(),
                    gateway("parallel", "f"),
                    catch("c1", event("signal", "S")),
                    user("a"),
                    boundary("c2", "a", event("signal", "S"), interrupting=False),
                    user("go"),
                    throw("t", event("signal", "S")),
                    user("after"),
                    end(),
                    arrows="s > f > c1 > e\n f > a > e\n f > go > t > e\n c2 > after > e",
                ),
            )
        )
    )
    case.complete("go")
    assert case.open == ["a", "after"]


def test_thrown_message_is_handed_over_and_caught_inside_the_case() -> None:
    case = Drive(
        parsed(
            file(
                message("M", "ready"),
                process(
                    "p",
                    start(),
                    gateway("parallel", "f"),
                    catch("c", event("message", "M")),
                    user("go"),
                    throw("t", event("message", "M"), ext=zeebe("taskDefinition", type="post")),
                    element("sendTask", "send", ext=zeebe("taskDefinition", type="letter")),
                    user("seen"),
                    end(),
                    arrows="s > f > c > seen > e\n f > go > t > send > e",
                ),
            )
        )
    )
    case.complete("go")
    assert case.open == ["seen"]
    assert case.handed_over == ["t", "send"]
    assert case.instance.handed_over == []


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


def test_message_event_sub_process_withdraws_the_case() -> None:
    case = Drive(
        parsed(
            file(
                message("M", "withdraw"),
                process(
                    "p",
                    start(),
                    user("a"),
                    end(),
                    event_sub(
                        "w",
                        start("ws", event("message", "M")),
                        script("note", "=reason", "why"),
                        end("we"),
                        arrows="ws > note > we",
                    ),
                    arrows="s > a > e",
                ),
            )
        )
    )
    assert case.message("withdraw", reason="moved")
    assert case.status == "completed"
    assert case.instance.outcome == "we"
    assert case.variables == {"reason": "moved", "why": "moved"}


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


def test_link_events_jump() -> None:
    link = '<bpmn:linkEventDefinition name="L" />'
    case = Drive(
        parsed(
            file(process("p", start(), throw("t", link), catch("c", link), end(), arrows="s > t\n c > e")),
        )
    )
    assert case.done == ["s", "t", "c", "e"]
    assert case.taken == ["s_t", "c_e"]


def test_terminate_ends_all_branches() -> None:
    case = Drive(
        parsed(
            file(
                process(
                    "p",
                    start(),
                    gateway("parallel", "f"),
                    user("a"),
                    user("b"),
                    end("t", "<bpmn:terminateEventDefinition />"),
                    end(),
                    arrows="s > f > a > t\n f > b > e",
                )
            )
        )
    ).complete("a")
    assert case.cancelled == ["b"]
    assert case.status == "completed"
    assert case.instance.outcome == "t"
