"""Random block-structured processes: every token is accounted for, whatever the order of work."""

from __future__ import annotations

from collections import Counter
from itertools import count
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from .bpmn import (
    boundary,
    call,
    catch,
    end,
    event_sub,
    file,
    flows,
    gateway,
    multi,
    process,
    script,
    start,
    sub,
    timer,
    user,
)
from .driving import Drive, parsed

LEAF = st.sampled_from(["user", "script", "late"])
BLOCK = st.recursive(
    LEAF,
    lambda inner: st.one_of(
        st.tuples(st.just("seq"), st.lists(inner, min_size=1, max_size=3)),
        st.tuples(st.sampled_from(["xor", "and", "or"]), st.lists(inner, min_size=2, max_size=3)),
        st.tuples(st.sampled_from(["sub", "multi", "again", "race", "watched", "timed", "call"]), inner),
    ),
    max_leaves=7,
)


class Builder:
    """Writes a block as elements and flows; `wire` gives the entry and the exit of each."""

    def __init__(self) -> None:
        self.numbers = count()
        self.elements: list[str] = []
        self.arrows: list[str] = []
        self.called: list[str] = []

    def name(self, prefix: str) -> str:
        return f"{prefix}{next(self.numbers)}"

    def wire(self, block: Any) -> tuple[str, str]:
        if isinstance(block, str):
            return self.leaf(block)
        kind, inner = block
        if kind == "seq":
            return self.sequence(inner)
        if kind in ("sub", "multi", "watched", "timed", "call"):
            return self.nested(kind, inner)
        if kind == "race":
            return self.race(inner)
        if kind == "again":
            return self.again(inner)
        return self.split(kind, inner)

    def leaf(self, kind: str) -> tuple[str, str]:
        name = self.name(kind)
        if kind == "script":
            self.elements.append(script(name, "=n + 1", "n"))
            return name, name
        self.elements.append(user(name))
        if kind == "late":
            merge = self.name("merge")
            self.elements += [boundary(f"b{name}", name, timer("PT1H")), gateway("exclusive", merge)]
            self.arrows += [f"{name} > {merge}", f"b{name} > {merge}"]
            return name, merge
        return name, name

    def sequence(self, blocks: list[Any]) -> tuple[str, str]:
        ends = [self.wire(block) for block in blocks]
        self.arrows += [f"{a[1]} > {b[0]}" for a, b in zip(ends, ends[1:], strict=False)]
        return ends[0][0], ends[-1][1]

    def split(self, kind: str, blocks: list[Any]) -> tuple[str, str]:
        tag = {"xor": "exclusive", "and": "parallel", "or": "inclusive"}[kind]
        fork, join = self.name(kind), self.name(f"{kind}j")
        ends = [self.wire(block) for block in blocks]
        default = {} if kind == "and" else {"default": f"{fork}_{ends[-1][0]}"}
        self.elements += [gateway(tag, fork, **default), gateway(tag, join)]
        for place, (first, last) in enumerate(ends):
            if kind == "and":
                condition = ""
            elif place == len(ends) - 1:
                condition = " | default"
            else:
                condition = f" | =modulo(n, {place + 2}) = 0"
            self.arrows += [f"{fork} > {first}{condition}", f"{last} > {join}"]
        return fork, join

    def nested(self, kind: str, block: Any) -> tuple[str, str]:
        name, inside = self.name(kind), Builder()
        inside.numbers, inside.called = self.numbers, self.called
        first, last = inside.wire(block)
        s, e = self.name("s"), self.name("e")
        inside.arrows += [f"{s} > {first}", f"{last} > {e}"]
        loop = [multi(False, inputCollection="=[1,2]")] if kind == "multi" else []
        body = [start(s), end(e), *inside.elements, *loop, flows("\n".join(inside.arrows))]
        body += [self.watcher("false"), self.watcher("true")] if kind == "watched" else []
        if kind == "call":
            self.called.append(process(f"q{name}", *body))
            self.elements.append(call(name, f"q{name}"))
            return name, name
        self.elements.append(sub(name, *body))
        return self.timed(name) if kind == "timed" else (name, name)

    def timed(self, name: str) -> tuple[str, str]:
        """A boundary timer that interrupts, and one that doesn't."""
        merge, note, over = (self.name(prefix) for prefix in ("merge", "note", "over"))
        self.elements += [boundary(f"b{name}", name, timer("PT1H")), gateway("exclusive", merge)]
        self.elements += [
            boundary(f"n{name}", name, timer("PT1H"), interrupting=False),
            user(note),
            end(over),
        ]
        self.arrows += [f"{name} > {merge}", f"b{name} > {merge}", f"n{name} > {note} > {over}"]
        return name, merge

    def watcher(self, interrupting: str) -> str:
        name, s, t, e = (self.name(prefix) for prefix in ("es", "ess", "est", "ese"))
        begin = start(s, timer("R2/PT1H", "timeCycle"), isInterrupting=interrupting)
        return event_sub(name, begin, user(t), end(e), arrows=f"{s} > {t} > {e}")

    def race(self, block: Any) -> tuple[str, str]:
        choice, early, late, merge = (self.name(prefix) for prefix in ("choice", "early", "late", "merge"))
        first, last = self.wire(block)
        self.elements += [gateway("eventBased", choice), gateway("exclusive", merge)]
        self.elements += [catch(early, timer("PT1H")), catch(late, timer("PT2H"))]
        self.arrows += [f"{choice} > {early} > {first}", f"{choice} > {late} > {merge}", f"{last} > {merge}"]
        return choice, merge

    def again(self, block: Any) -> tuple[str, str]:
        merge, choice, step = self.name("m"), self.name("x"), self.name("step")
        first, last = self.wire(block)
        self.elements += [
            gateway("exclusive", merge),
            gateway("exclusive", choice, default=f"{choice}_{step}"),
        ]
        self.elements.append(script(step, "=rounds", "rounds"))
        self.arrows += [f"{merge} > {first}", f"{last} > {choice}", f"{choice} > {merge} | =n < 0"]
        self.arrows.append(f"{choice} > {step} | default")
        return merge, step


def built(block: Any) -> tuple[bytes, list[str]]:
    builder = Builder()
    first, last = builder.wire(block)
    builder.arrows += [f"s > {first}", f"{last} > e"]
    return (
        file(
            process("p", start(), end(), *builder.elements, flows("\n".join(builder.arrows))),
            *builder.called,
        ),
        builder.arrows,
    )


@settings(max_examples=150, deadline=None)
@given(BLOCK, st.integers(0, 6), st.lists(st.integers(0, 50), max_size=60))
def test_every_token_of_a_block_structured_process_arrives(block: Any, n: int, choices: list[int]) -> None:
    data, arrows = built(block)
    case = Drive(parsed(data), variables={"n": n, "rounds": 0})
    picks = iter(choices)
    for _ in range(400):
        options = [("task", k.key) for k in case.instance.user_tasks()]
        options += [("timer", k.key) for k in case.instance.timers()]
        if not options:
            break
        what, key = options[next(picks, 0) % len(options)]
        run = case.instance.complete(key, {}) if what == "task" else case.instance.fire_timer(key)
        case._after(run)
        assert case.failures == []
    assert case.status == "completed"
    seen = Counter(case.trace)
    taken = Counter({flow: seen["taken", flow] for flow in case.taken})
    steps = [line for line in arrows if line.count(">") == 1 or "|" in line]
    for line in steps:  # at every gateway and task of the process itself, what came in went out
        source, target = (part.strip() for part in line.partition("|")[0].split(">"))
        assert taken[f"{source}_{target}"] <= seen["completed", source]
        if target.startswith("andj"):
            assert taken[f"{source}_{target}"] == seen["entered", target]
        assert seen["entered", target] <= sum(
            taken[flow] for flow in taken if flow.endswith(f"_{target}")
        ) or target.startswith("multi")
    entered = Counter({e: c for (what, e), c in seen.items() if what == "entered"})
    left = Counter()
    for (what, e), c in seen.items():
        if what in ("completed", "cancelled"):
            left[e] += c
    assert entered == left
