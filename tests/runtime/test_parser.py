"""What cannot be run is refused by name; nothing that a file contains raises."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.errors import IncidentError
from engine.runtime import Instance, parse_processes

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
    multi,
    process,
    properties,
    script,
    start,
    sub,
    throw,
    timer,
    user,
    zeebe,
)
from .driving import FakeHost, parsed


def between(piece: str, element_id: str = "t", extra: str = "") -> bytes:
    """A process with one element between start and end."""
    return file(
        '<bpmn:error id="Plain" name="x" />',
        process("p", start(), piece, end(), arrows=f"s > {element_id} > e\n{extra}"),
    )


LOOP = "<bpmn:multiInstanceLoopCharacteristics />"
REFUSED = {
    "unsupported-element": between(element("complexGateway", "t")),
    "no-job-type": between(element("serviceTask", "t")),
    "no-script": between(element("scriptTask", "t", "<bpmn:script>import os</bpmn:script>")),
    "no-decision": between(element("businessRuleTask", "t")),
    "no-called-process": between(element("callActivity", "t")),
    "called-process-missing": between(call("t", "nowhere")),
    "no-message": between(element("receiveTask", "t")),
    "no-time": between(catch("t", event("timer"))),
    "unsupported-event": between(catch("t", "<bpmn:conditionalEventDefinition />")),
    "several-events": between(catch("t", timer("PT1H"), timer("PT2H"))),
    "no-signal": between(throw("t", event("signal"))),
    "no-error": between(user("t") + boundary("b", "t", event("error", "Nowhere"))),
    "no-escalation-code": between(throw("t", event("escalation"))),
    "no-link": between(throw("t", event("link"))),
    "no-link-target": between(throw("t", '<bpmn:linkEventDefinition name="L" />')),
    "error-must-interrupt": between(
        user("t") + boundary("b", "t", event("error", "Plain"), interrupting=False)
    ),
    "loop-without-collection": between(user("t", LOOP)),
    "bad-loop": between(user("t", '<bpmn:standardLoopCharacteristics loopMaximum="x" />')),
    "compensation": between(user("t", isForCompensation="true")),
    "listeners": between(user("t", ext=zeebe("taskListeners"))),
    "mapping-without-target": between(user("t", ext=zeebe("ioMapping", zeebe("input", source="=1")))),
    "flow-without-condition": between(gateway("exclusive", "t") + user("u"), extra="t > u"),
    "condition-without-gateway": between(user("t") + user("u"), extra="t > u | =x"),
    "dangling-flow": between(user("t"), extra="t > nowhere"),
    "boundary-without-activity": between(gateway("exclusive", "t") + boundary("b", "t", timer("PT1H"))),
    "bad-event-gateway": between(gateway("eventBased", "t")),
    "impossible-flow": between(user("t"), extra="e > t"),
    "duplicate-id": between(user("t") + user("t")),
    "no-start": file(process("p", user("t"), end(), arrows="t > e")),
    "several-starts": between(sub("t", start("a"), start("b"), end("c"), arrows="a > c\n b > c")),
    "triggered-start": between(sub("t", start("a", timer("PT1H")), end("c"), arrows="a > c")),
    "no-id": file(process("p", start(), "<bpmn:userTask />", end(), arrows="s > e")),
    "duplicate-process": file(*(process("p", start(), end(), arrows="s > e") for _ in range(2))),
    "unreadable-file": b"<broken",
}


@pytest.mark.parametrize("code", REFUSED)
def test_what_cannot_be_run_is_refused_with_its_element_in_both_languages(code: str) -> None:
    _, findings = parse_processes({"a.bpmn": REFUSED[code]})
    found = [f for f in findings if f.code == code]
    assert found, [f.code for f in findings]
    assert all(f.severity == "error" and f.file == "a.bpmn" for f in found)
    assert all(f.en and any("一" <= c <= "鿿" for c in f.zh) for f in found)
    if code not in ("unreadable-file", "no-id"):
        assert found[0].element_id


def test_all_faults_of_a_file_are_reported_together() -> None:
    data = file(
        process(
            "p",
            start(),
            element("serviceTask", "a"),
            element("scriptTask", "b"),
            end(),
            arrows="s > a > b > e",
        )
    )
    _, findings = parse_processes({"a.bpmn": data})
    assert [(f.element_id, f.code) for f in findings] == [("a", "no-job-type"), ("b", "no-script")]


def test_a_process_without_a_start_fails_when_run_instead_of_crashing() -> None:
    processes, _ = parse_processes({"a.bpmn": REFUSED["no-start"]})
    failures = Instance.start(processes, "p", {}, FakeHost()).run()
    assert [(f.element_id, f.code) for f in failures] == [("p", IncidentError.code)]


def test_processes_that_are_not_executable_are_left_out() -> None:
    data = file(
        process("p", start(), end(), arrows="s > e"),
        process("theirs", element("complexGateway", "x"), executable="false"),
    )
    assert parsed(data).keys == ("p",)


def test_names_of_messages_and_errors_belong_to_their_file() -> None:
    def one(key: str, code: str) -> bytes:
        return file(
            f'<bpmn:error id="E" name="x" errorCode="{code}" />',
            process(key, start(), end("bad", event("error", "E")), arrows="s > bad"),
        )

    processes = parsed(one("p", "E1"), one("q", "E2"))
    said = [Instance.start(processes, key, {}, FakeHost()).run()[0].en for key in ("p", "q")]
    assert ["E1" in said[0], "E2" in said[1]] == [True, True]


def test_lanes_and_properties_are_read() -> None:
    lanes = (
        '<bpmn:laneSet id="ls"><bpmn:lane id="l1" name="town.officer"><bpmn:flowNodeRef>a</bpmn:flowNodeRef>'
        "</bpmn:lane></bpmn:laneSet>"
    )
    data = file(
        process(
            "p",
            lanes,
            start(),
            user("a", ext=properties(titleEn="Check"), name="核查"),
            end(),
            arrows="s > a > e",
            ext=properties(**{"clock:total": 'limit("x")'}),
        )
    )
    processes = parsed(data)
    assert processes.properties("p") == {"clock:total": 'limit("x")'}
    node = processes.nodes("p")["a"]
    assert (node.name, node.kind, node.lane) == ("核查", "userTask", "town.officer")
    assert node.properties == {"titleEn": "Check"}


def test_unknown_extensions_are_left_alone() -> None:
    ext = '<other:thing xmlns:other="urn:x" a="1" />'
    parsed(between(user("t", ext=ext)))


BASE = file(
    process(
        "p",
        start(),
        gateway("inclusive", "g", default="g_a"),
        user("a", multi(inputCollection="=x")),
        boundary("b", "a", timer("PT1H")),
        sub("sp", start("s2"), script("k", "=1", "v"), end("e2"), arrows="s2 > k > e2"),
        event_sub("es", start("s3", timer("PT1H")), end("e3"), arrows="s3 > e3"),
        call("c", "p"),
        end(),
        arrows="s > g > a > e\n g > sp | =x\n sp > c > e\n b > e",
    )
).decode()


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_no_damage_to_a_file_makes_the_parser_raise(data: st.DataObject) -> None:
    text = BASE
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(text) - 1))
        length = data.draw(st.integers(0, 40))
        other = data.draw(st.integers(0, len(text) - 1))
        text = text[:at] + text[other : other + length] + text[at + data.draw(st.integers(0, 40)) :]
    processes, findings = parse_processes({"a.bpmn": text.encode("utf-8", "surrogatepass")})
    assert all(f.code and f.en and f.zh for f in findings)
    if not findings:
        for key in processes.keys:
            Instance.start(processes, key, {"x": [1]}, FakeHost()).run()


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_no_swap_of_words_makes_the_parser_raise(data: st.DataObject) -> None:
    words = [
        "userTask",
        "endEvent",
        "startEvent",
        "subProcess",
        "boundaryEvent",
        "callActivity",
        "process",
        "lane",
    ]
    words += [
        "sourceRef",
        "targetRef",
        "attachedToRef",
        'id="a"',
        "timeDuration",
        "zeebe:",
        "isSequential",
        '"p"',
    ]
    text = BASE
    for _ in range(data.draw(st.integers(1, 4))):
        old, new = data.draw(st.sampled_from(words)), data.draw(st.sampled_from(words))
        places = text.count(old)
        if places:
            nth = data.draw(st.integers(0, places - 1))
            pieces = text.split(old)
            text = old.join(pieces[: nth + 1]) + new + old.join(pieces[nth + 1 :])
    _, findings = parse_processes({"a.bpmn": text.encode()})
    assert all(f.code and f.en and f.zh for f in findings)
