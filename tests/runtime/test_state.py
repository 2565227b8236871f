"""The saved form: identity, versions, threads, and what a damaged one gives."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.errors import EngineFault
from engine.runtime import Instance, ProcessSet, upgrades

from .bpmn import (
    boundary,
    call,
    catch,
    end,
    event,
    event_sub,
    file,
    gateway,
    mappings,
    message,
    multi,
    process,
    script,
    service,
    start,
    sub,
    timer,
    user,
)
from .driving import Drive, FakeHost, parsed

FIXTURE = Path(__file__).with_name("state_v1.txt")

#: A process with nearly everything in it.
RICH = parsed(
    file(
        message("M", "papers", "=who"),
        message("W", "withdraw"),
        '<bpmn:signal id="S" name="stop" />',
        process(
            "p",
            start(),
            gateway("exclusive", "merge"),
            gateway("parallel", "f"),
            user("a", ext=mappings(inputs={"local": "=n + 1"}, outputs={"n": "=n + 1"})),
            boundary("cycle", "a", timer("R3/PT10H", "timeCycle"), interrupting=False),
            script("mark", "=n + 10", "n"),
            end("e0"),
            sub(
                "sp",
                start("is"),
                service("job"),
                end("ie"),
                multi(inputCollection="=[1,2,3]", inputElement="i"),
                arrows="is > job > ie",
            ),
            boundary("late", "sp", timer("PT72H")),
            gateway("inclusive", "j"),
            call("c", "q"),
            gateway("eventBased", "g"),
            catch("m", event("message", "M")),
            catch("t", timer("P3D")),
            gateway("exclusive", "again", default="again_e"),
            end(),
            event_sub(
                "esc",
                start("es", timer("R2/PT24H", "timeCycle"), isInterrupting="false"),
                user("tell"),
                end("ee"),
                arrows="es > tell > ee",
            ),
            event_sub("wd", start("ws", event("message", "W")), end("we"), arrows="ws > we"),
            arrows="s > merge > f > a > j > c > g > m > again\n"
            "f > sp > j\n late > j\n g > t > again\n cycle > mark > e0\n"
            "again > merge | =n < 5\n again > e | default",
        ),
        process(
            "q",
            start("qs"),
            user("check", multi(True, inputCollection="=[1,2]")),
            end("qe"),
            arrows="qs > check > qe",
        ),
    )
)


def moves(case: Drive) -> list[tuple[str, str]]:
    """Every move that is allowed now."""
    found = [("task", t.key) for t in case.instance.user_tasks()]
    found += [("timer", t.key) for t in case.instance.timers()]
    found += [("job", j.key) for j in case.instance.jobs()]
    return found + [("message", m.name) for m in case.instance.messages()]


def move(case: Drive, what: str, key: str) -> None:
    instance = case.instance
    match what:
        case "task":
            case._after(instance.complete(key, {"answer": 1}))
        case "timer":
            case._after(instance.fire_timer(key))
        case "job":
            case._after(instance.finish_job(key, {"done": True}))
        case _:
            case.message(key, seen=True)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.integers(0, 1000), max_size=25))
def test_any_sequence_of_allowed_moves_leaves_a_loadable_case(choices: list[int]) -> None:
    case = Drive(RICH, variables={"n": 0, "who": "A"})
    for choice in choices:
        options = moves(case)
        assert bool(options) == (case.status == "active")
        if not options:
            break
        move(case, *options[choice % len(options)])  # dumps, loads and compares
        assert case.failures == []
    entered = [e for what, e in case.trace if what == "entered"]
    left = [e for what, e in case.trace if what in ("completed", "cancelled")]
    assert len(left) <= len(entered)
    if case.status == "completed":
        assert sorted(entered) == sorted(left)


def test_a_failed_move_changes_nothing_but_its_own_element() -> None:
    processes = parsed(
        file(
            process(
                "p",
                start(),
                gateway("parallel", "f"),
                user("a"),
                script("bad", "=x.y.z(", "z"),
                user("b"),
                end(),
                arrows="s > f > a > bad > e\n f > b > e",
            )
        )
    )
    case = Drive(processes)
    case.complete("a", x=1)
    assert [f.element_id for f in case.failures] == ["bad"]
    assert case.variables == {"x": 1}
    assert case.open == ["b"]
    before = case.reload()
    case.run()
    assert [f.element_id for f in case.failures] == ["bad"]
    assert case.reload() == before
    case.complete("b")
    assert case.failures == []  # only run() tries again
    assert case.status == "active"


def test_state_of_version_1_is_still_read() -> None:
    saved = FIXTURE.read_bytes()
    assert json.loads(saved.partition(b"\n")[0])["v"] == 1
    case = Drive(RICH, variables={"n": 0, "who": "A"})
    case.instance = Instance.load(RICH, "p", saved, FakeHost())
    assert case.open == ["a", "tell"]
    assert case.armed == ["es", "cycle", "late"]
    assert [timer.remaining for timer in case.instance.timers()] == [1, 2, 1]
    assert len(case.instance.jobs()) == 2
    assert case.instance.variables["who"] == "A"
    while case.status == "active":
        move(case, *moves(case)[0])
    assert case.failures == []


def test_every_version_before_this_one_has_its_upgrade() -> None:
    assert sorted(upgrades.UPGRADES) == list(range(1, upgrades.VERSION))


def test_upgrades_run_one_after_the_other(monkeypatch: pytest.MonkeyPatch) -> None:
    steps = {1: lambda saved: {**saved, "v": 2, "a": 1}, 2: lambda saved: {**saved, "v": 3, "b": saved["a"]}}
    monkeypatch.setattr(upgrades, "VERSION", 3)
    monkeypatch.setattr(upgrades, "UPGRADES", steps)
    assert upgrades.upgrade({"v": 1}) == {"v": 3, "a": 1, "b": 1}


@pytest.mark.parametrize(
    "saved",
    [
        b"",
        b"{}",
        b"\x01junk",
        b'{"v":99}',
        b"[]",
        b"\xff\xfe",
        b'{"v":1,"n":0,"s":"active","l":[[]]}\n{}',
    ],
)
def test_damaged_state_is_a_fault_of_ours(saved: bytes) -> None:
    with pytest.raises(EngineFault) as caught:
        Instance.load(RICH, "p", saved, FakeHost())
    assert caught.value.zh


def finished(processes: ProcessSet) -> list[Any]:
    case = Drive(processes, variables={"n": 0, "who": "A"})
    while case.status == "active":
        move(case, *moves(case)[0])
    return case.trace


def test_one_parsed_set_serves_many_threads() -> None:
    alone = finished(RICH)
    with ThreadPoolExecutor(8) as pool:
        traces = list(pool.map(finished, [RICH] * 24))
    assert all(trace == alone for trace in traces)


def test_running_does_not_write_to_the_definition() -> None:
    before = {
        (level, name): (list(spec.inputs), list(spec.outputs), dict(spec.data))
        for level in RICH.specs
        for name, spec in RICH.spec(level).task_specs.items()
    }
    finished(RICH)
    after = {
        (level, name): (list(spec.inputs), list(spec.outputs), dict(spec.data))
        for level in RICH.specs
        for name, spec in RICH.spec(level).task_specs.items()
    }
    assert after == before
