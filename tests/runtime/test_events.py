"""Messages, signals, errors, escalations, links: thrown and caught within one case."""

from __future__ import annotations

from .bpmn import (
    boundary,
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
    start,
    throw,
    timer,
    user,
    zeebe,
)
from .driving import Drive, parsed


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
