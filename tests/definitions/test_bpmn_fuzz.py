"""Whatever the files hold, the answer is findings or a refusal, never another exception."""

from __future__ import annotations

import random
from html import escape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.definitions import check_bundle, read_bundle
from engine.errors import DeploymentError
from engine.types import Finding

from .bpmn_builder import (
    decision,
    definitions,
    end,
    ext,
    flow,
    form,
    parameters,
    process,
    prop,
    script,
    start,
    tag,
    user,
)

LOOP = tag(
    "multiInstanceLoopCharacteristics",
    ext(tag("zeebe:loopCharacteristics", inputCollection="=[1]", inputElement="m", outputCollection="all",
            outputElement="=m")),
)  # fmt: skip
TIMER = tag("timerEventDefinition", tag("timeDuration", "workdays(3)"))
RICH = definitions(
    process(
        ext(prop(clock__total='limit("dibao.total")')),
        tag("laneSet", tag("lane", tag("flowNodeRef", "u"), id="l", name="town.officer"), id="ls"),
        start(form="f"),
        user("u", prop(pauseClock="total", pauseGround="补正"), form="f", inner=LOOP),
        tag("boundaryEvent", TIMER, id="late", attachedToRef="u", cancelActivity="false"),
        script("s", 'if age > 60 then "老" else name', "kind"),
        tag(
            "businessRuleTask", ext(tag("zeebe:calledDecision", decisionId="d", resultVariable="sum")), id="r"
        ),
        tag("exclusiveGateway", id="g", default="g_wait"),
        tag("intermediateCatchEvent", tag("messageEventDefinition", messageRef="m"), id="wait"),
        tag("subProcess", start("b"), user("in"), end("out"), flow("b > in > out"), id="sub"),
        tag("subProcess", start("eb", TIMER), end("ee"), flow("eb > ee"), id="es", triggeredByEvent="true"),
        tag("callActivity", ext(tag("zeebe:calledElement", processId="q")), id="c"),
        end(),
        end("chased"),
        flow("begin > u > s > r > g > wait > sub > c > done"),
        flow("g > sub", '= sum > 5 and kind = "老"'),
        flow("late > chased"),
    ),
    process(start("qb"), end("qe"), flow("qb > qe"), id="q"),
    tag("message", ext(tag("zeebe:subscription", correlationKey="=name")), id="m", name="补正"),
)
FILES = {
    "p.bpmn": RICH,
    "f.form": form("f", age="number", name="textfield"),
    "d.dmn": decision("d", "age * 2"),
    "y.yaml": parameters(),
}


def answer(files: dict[str, bytes]) -> list[Finding]:
    """The findings; none if the bundle is refused with a reason."""
    findings: list[Finding] = []
    refusal = None
    try:
        findings = check_bundle(read_bundle(files), roles=["town.officer"])
    except DeploymentError as error:
        refusal = error
    if refusal is not None:
        assert all(fault.en and fault.zh for fault in [refusal, *refusal.errors])
    for finding in findings:
        assert finding.zh
        assert finding.en
        assert "Traceback" not in finding.en
    return findings


def test_the_rich_bundle_is_fine() -> None:
    assert [f for f in answer(FILES) if f.severity != "info"] == []


@settings(max_examples=150, deadline=None)
@given(seed=st.integers(0, 2**32), name=st.sampled_from(sorted(FILES)), edits=st.integers(1, 6))
def test_bytes_changed_at_random_never_crash(seed: int, name: str, edits: int) -> None:
    chance = random.Random(seed)
    data = bytearray(FILES[name])
    for _ in range(edits):
        at = chance.randrange(len(data))
        data[at : at + chance.choice((0, 1, 8))] = chance.choice(
            (b"", b"x", b'"', b"<", b"\x00", "㐂".encode(), b"=", b"[" * 50, bytes([chance.randrange(256)]))
        )
    answer({**FILES, name: bytes(data)})


@settings(max_examples=150, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_elements_and_attributes_shuffled_never_crash(seed: int) -> None:
    """Keeps the XML well formed and mixes up what it says, so that the checks see it, not the parser."""
    chance = random.Random(seed)
    text = RICH.decode()
    words = ["subProcess", "userTask", "startEvent", "endEvent", "boundaryEvent", "exclusiveGateway", "lane"]
    words += ["sequenceFlow", "process", "timerEventDefinition", "messageEventDefinition", "callActivity"]
    for _ in range(chance.randrange(1, 4)):
        old, new = chance.sample(words, 2)
        text = text.replace(f"bpmn:{old}>", f"bpmn:{new}>").replace(f"bpmn:{old} ", f"bpmn:{new} ")
    ids = ["begin", "u", "late", "s", "g", "wait", "sub", "in", "c", "done", "p", "q", "m", ""]
    for _ in range(chance.randrange(1, 4)):
        old, new = chance.sample(ids, 2)
        text = (
            text.replace(f'Ref="{old}"', f'Ref="{new}"')
            if chance.random() < 0.7
            else text.replace(f' id="{old}"', f' id="{new}"')
        )
    answer({**FILES, "p.bpmn": text.encode()})


@settings(max_examples=100, deadline=None)
@given(
    text=st.text(max_size=60),
    place=st.sampled_from(["workdays(3)", "=name", "=[1]", "age * 2", "total", "老"]),
)
def test_any_text_in_any_expression_never_crashes(text: str, place: str) -> None:
    clean = escape(
        "".join(c for c in text if c >= " " and not 0xD800 <= ord(c) <= 0xDFFF and c not in "\ufffe\uffff")
    )
    answer({**FILES, "p.bpmn": RICH.decode().replace(place, clean).encode()})


def nested(depth: int) -> bytes:
    inner = user("deepest")
    for level in range(depth):
        inner = tag("subProcess", inner, id=f"s{level}")
    return definitions(process(start(), inner, end()))


@pytest.mark.parametrize("depth", [50, 150, 10_000])
def test_deep_nesting_is_answered(depth: int) -> None:
    answer({"p.bpmn": nested(depth)})


def test_a_very_long_process_is_answered() -> None:
    tasks = [script(f"t{i}", f"x{i - 1} + 1", f"x{i}") for i in range(2_000)]
    path = " > ".join(["begin", *(f"t{i}" for i in range(2_000)), "done"])
    found = answer({"p.bpmn": definitions(process(start(), *tasks, end(), flow(path)))})
    assert [f.code for f in found if f.severity == "error"] == []


def test_a_deep_expression_is_answered() -> None:
    found = answer(
        {"p.bpmn": definitions(process(start(), script("t", "(" * 5_000), end(), flow("begin > t > done")))}
    )
    assert [f.element_id for f in found if f.severity == "error"] == ["t"]


def test_too_many_elements_are_refused() -> None:
    with pytest.raises(DeploymentError, match="5001 flow nodes"):
        read_bundle({"p.bpmn": definitions(process(*(user(f"t{i}") for i in range(5_001))))})


def test_a_mesh_of_flows_is_refused_before_it_is_looked_through() -> None:
    """Every gateway led to every other: a hundred of them kept a deployment busy for minutes."""
    names = [f"g{number}" for number in range(40)]
    nodes = "".join(tag("exclusiveGateway", id=name) for name in names)
    flows = "".join(flow(f"{a} > {b}") for a in names for b in names if a != b)
    with pytest.raises(DeploymentError, match="1560 sequence flows between 40 flow nodes"):
        read_bundle({"p.bpmn": definitions(process(nodes, flows))})
