"""Scenarios played step by step: what the frames show, and what bounds them."""

from __future__ import annotations

import pytest

from engine.errors import DeploymentError
from engine.scenarios.checking import check_scenarios
from engine.scenarios.player import Playback, play
from engine.scenarios.reading import read_scenario
from tests.builders import bpmn, end, start, user

TIMER = (
    '<bpmn:boundaryEvent id="late" attachedToRef="a" cancelActivity="false"><bpmn:timerEventDefinition>'
    "<bpmn:timeCycle>{cycle}</bpmn:timeCycle></bpmn:timerEventDefinition></bpmn:boundaryEvent>"
)
HEAD = b"scenario: s\nprocess: p\nstart: {at: 2026-09-22T09:00+08:00, by: officer}\nsteps:\n"


def folder(cycle: str) -> dict[str, bytes]:
    nodes = start() + user("a") + end() + TIMER.format(cycle=cycle) + user("chase") + end("chased")
    return {"p.bpmn": bpmn("p", nodes, "begin>a a>done late>chase chase>chased")}


def played(steps: bytes, cycle: str = "R2/P1D") -> Playback:
    return play(folder(cycle), read_scenario(HEAD + steps, file="s.yaml"))


def test_frames_show_where_the_tokens_are_and_what_comes_by_itself() -> None:
    found = played(b"  - advance_to: 2026-09-23T10:00+08:00\n  - complete: {task: a, by: officer}\n")
    begun, chased, done = found.frames
    assert found.ok
    assert set(begun.active) == {"a"}
    assert begun.next_due is not None
    assert begun.next_due.isoformat() == "2026-09-23T09:00:00+08:00"
    assert set(chased.active) == {"a", "chase"}
    assert [event.at.hour for event in chased.events] == [9]
    assert {"late", "f3"} <= set(chased.done)
    assert set(done.active) == {"chase"}


def test_story_stops_at_the_first_step_that_fails() -> None:
    found = played(b"  - complete: {task: chase, by: officer}\n  - withdraw: {}\n")
    assert not found.ok
    assert len(found.frames) == 2
    assert "task-not-open" in found.frames[1].failures[0]


def test_clock_that_brings_without_end_is_bounded() -> None:
    found = played(b"  - advance_to: 2027-09-23T10:00+08:00\n", cycle="R/PT30S")
    assert "advance in smaller steps" in found.frames[1].failures[0]


def test_files_that_cannot_be_deployed_are_refused_with_findings() -> None:
    with pytest.raises(DeploymentError, match="findings"):
        play({"p.bpmn": bpmn("p", start() + user("a"), "begin>a")}, read_scenario(HEAD, file="s.yaml"))


def test_scenario_that_cannot_be_read_is_a_finding() -> None:
    (found,) = check_scenarios({"s.yaml": HEAD + b"  - dance: {}\n", "t.yaml": HEAD})
    assert (found.file, found.severity) == ("s.yaml", "error")
    assert "dance" in found.en
