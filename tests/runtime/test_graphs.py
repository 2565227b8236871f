"""Random unstructured graphs: whatever a designer draws, the case stays consistent and loadable."""

from __future__ import annotations

from collections import Counter
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from engine.runtime.tokens import Token

from .bpmn import boundary, end, file, flows, gateway, process, start, timer, user
from .driving import Drive, parsed

KINDS = st.sampled_from(["user", "exclusive", "parallel", "inclusive", "pass"])
NODES = st.lists(KINDS, min_size=2, max_size=8)
EDGES = st.lists(st.tuples(st.integers(0, 8), st.integers(0, 8)), min_size=2, max_size=16, unique=True)


def drawn(kinds: list[str], edges: list[tuple[int, int]]) -> bytes:
    """A process with these nodes; node 0 follows the start, the end takes what leads nowhere."""
    names = [f"{kind[0]}{number}" for number, kind in enumerate(kinds)]
    ways: dict[str, list[str]] = {name: [] for name in names}
    for source, target in edges:
        if source < len(names) and target <= len(names):
            ways[names[source]].append((names + ["e"])[target])
    elements, arrows = [start(), end()], [f"s > {names[0]}"]
    for name, kind in zip(names, kinds, strict=True):
        out = list(dict.fromkeys(ways[name])) or ["e"]
        if kind == "user":
            elements += [user(name), boundary(f"b{name}", name, timer("PT1H"), interrupting=len(out) > 1)]
            arrows.append(f"b{name} > {out[-1]}")
        elif kind == "pass":
            elements.append(f'<bpmn:task id="{name}" />')
        else:
            default = {} if kind == "parallel" or len(out) < 2 else {"default": f"{name}_{out[-1]}"}
            elements.append(gateway(kind, name, **default))
        for place, target in enumerate(out):
            choice = kind in ("exclusive", "inclusive") and place < len(out) - 1
            arrows.append(f"{name} > {target}" + (f" | =modulo(n, {place + 2}) = 0" if choice else ""))
    return file(process("p", *elements, flows("\n".join(arrows))))


def live(case: Drive) -> Counter[str]:
    """The elements whose tokens the trace has told of and not yet ended."""
    tokens: list[Token] = list(case.instance._case.live())
    return Counter(t.task_spec.element_id for t in tokens if t.was_entered())


@settings(max_examples=80, deadline=None)
@given(NODES, EDGES, st.lists(st.tuples(st.integers(0, 20), st.integers(0, 6)), max_size=12))
def test_any_graph_stays_consistent(kinds: list[str], edges: Any, choices: list[tuple[int, int]]) -> None:
    case = Drive(parsed(drawn(kinds, edges)), variables={"n": 0})
    for pick, n in choices:
        options = [("task", t.key) for t in case.instance.user_tasks()]
        options += [("timer", t.key) for t in case.instance.timers()]
        if not options or len(options) > 60 or case.failures:
            break
        what, key = options[pick % len(options)]
        answers = {"n": n}
        case._after(case.instance.complete(key, answers) if what == "task" else case.instance.fire_timer(key))
    assert {f.code for f in case.failures} <= {"endless-loop"}
    entered = Counter(e for what, e in case.trace if what == "entered")
    left = Counter(e for what, e in case.trace if what in ("completed", "cancelled"))
    if not case.failures:
        assert entered - left == live(case)
    assert (case.status == "completed") == (not list(case.instance._case.live()))
