"""Cases that live long: cost and size do not grow, deep chains run, endless loops end."""

from __future__ import annotations

import sys

from engine.runtime import Instance, ProcessSet

from .bpmn import end, file, gateway, process, script, start, user
from .driving import Drive, FakeHost, parsed


def looping() -> ProcessSet:
    return parsed(
        file(
            process(
                "p",
                start(),
                user("ask"),
                script("count", "=n + 1", "n"),
                gateway("exclusive", "again", default="again_e"),
                end(),
                arrows="s > ask > count > again\n again > ask | =n < limit\n again > e | default",
            )
        )
    )


def operations(processes: ProcessSet, saved: bytes) -> tuple[int, bytes]:
    """How many Python calls one load, complete and dump take: a cost that no other process disturbs."""
    calls = 0

    def count(_frame: object, what: str, _arg: object) -> None:
        nonlocal calls
        calls += what == "call"

    sys.setprofile(count)
    try:
        instance = Instance.load(processes, "p", saved, FakeHost())
        failures = instance.complete(instance.user_tasks()[0].key, {})
        saved = instance.dump()
    finally:
        sys.setprofile(None)
    assert failures == []
    return calls, saved


def test_two_thousand_rounds_cost_and_weigh_no_more_than_the_twentieth() -> None:
    processes = looping()
    instance = Instance.start(processes, "p", {"n": 0, "limit": 2000}, FakeHost())
    instance.run()
    saved = instance.dump()
    costs, sizes = [], []
    for _ in range(2000):
        calls, saved = operations(processes, saved)
        costs.append(calls)
        sizes.append(len(saved))
    assert Instance.load(processes, "p", saved, FakeHost()).status == "completed"
    assert costs[-2] <= 2 * costs[19]
    assert max(costs[20:]) <= 2 * costs[19]
    assert max(sizes) <= 2 * sizes[19]


def test_a_chain_of_thousands_of_automatic_steps_runs_without_deep_recursion() -> None:
    names = [f"t{n}" for n in range(3000)]
    tasks = [script(name, "=n + 1", "n") for name in names]
    data = file(process("p", start(), *tasks, user("u"), end(), arrows=" > ".join(["s", *names, "u", "e"])))
    case = Drive(parsed(data), variables={"n": 0})
    assert case.failures == []
    assert case.open == ["u"]
    assert case.variables == {"n": 3000}


def test_a_loop_without_a_wait_ends_with_one_failure_and_can_be_repaired() -> None:
    data = file(
        process(
            "p",
            start(),
            script("t", "=n + 1", "n"),
            gateway("exclusive", "x", default="x_t"),
            end(),
            arrows="s > t > x\n x > e | =stop\n x > t | default",
        )
    )
    case = Drive(parsed(data), variables={"n": 0, "stop": False})
    assert [f.code for f in case.failures] == ["endless-loop"]
    assert case.status == "active"
    case.instance.set_variables({"stop": True})
    case.run()
    assert case.failures == []
    assert case.status == "completed"


def test_keys_are_never_used_twice() -> None:
    processes = looping()
    case = Drive(processes, variables={"n": 0, "limit": 50})
    seen = set()
    while case.open:
        key = case.instance.user_tasks()[0].key
        assert key not in seen
        seen.add(key)
        case.complete("ask")
    assert len(seen) == 50


def test_the_saved_state_holds_no_definition_and_nothing_finished() -> None:
    case = Drive(looping(), variables={"n": 0, "limit": 5})
    case.complete("ask")
    saved = case.reload().decode()
    assert "count" not in saved
    assert "again" not in saved
    assert len(saved) < 200
