"""Requirement graphs, decision services and imports."""

from __future__ import annotations

from decimal import Decimal

import pytest

from engine.decisions import load
from engine.errors import BoundError, ExpressionError

from .files import (
    DMN_1_3,
    TYPES,
    decision,
    definitions,
    input_data,
    knowledge,
    literal,
    table,
    value,
)


def test_requirements_are_resolved_by_name_and_evaluated_once() -> None:
    hits = table([("n", "number")], [["-", "n + 1"]])
    body = (
        input_data("i", name="n", type="number")
        + decision("a", hits, name="first step", needs=["input:i"])
        + decision("b", literal("first step * 10"), needs=["decision:a"])
        + decision("d", literal("b + first step"), needs=["decision:a", "decision:b"])
        + decision("unneeded", literal("1 +"))
    )
    outcome = load(definitions(body)).evaluate("d", {"n": Decimal(1)}, strict=True)
    assert outcome.value == 22
    assert len(outcome.hits) == 1


def test_a_required_decision_is_read_by_variable_label_or_id() -> None:
    a = "<decision id='Decision_A' name='甲'><variable name='a'/>" + literal("1") + "</decision>"
    for name in ("a", "甲", "Decision_A"):
        assert value(a + decision("d", literal(f"{name} + 1"), needs=["decision:Decision_A"])) == 2


def test_a_very_long_chain_of_decisions_ends_at_the_bound() -> None:
    chain = decision("d0", literal("1")) + "".join(
        decision(f"d{i}", literal(f"d{i - 1} + 1"), needs=[f"decision:d{i - 1}"]) for i in range(1, 1000)
    )
    model = load(definitions(chain))
    assert model.evaluate("d40", {}).value == 41
    with pytest.raises(BoundError):
        model.evaluate("d999", {})


SERVICE = (
    input_data("i", name="n", type="number")
    + decision("a", literal("n * 2"), needs=["input:i"])
    + decision("b", literal("a + n"), needs=["decision:a", "input:i"])
    + decision("c", literal("b + 1"), needs=["decision:b"])
)


def service(id: str, outputs: list[str], inputs: list[str], input_decisions: list[str]) -> str:
    parts = [f"<outputDecision href='#{x}'/>" for x in outputs]
    parts += [f"<inputDecision href='#{x}'/>" for x in input_decisions]
    parts += [f"<inputData href='#{x}'/>" for x in inputs]
    return f"<decisionService id='{id}' name='{id}'><variable name='{id}'/>{''.join(parts)}</decisionService>"


def test_a_service_runs_its_decisions_on_its_own_inputs() -> None:
    body = SERVICE + service("s", ["b"], ["i"], [])
    assert value(body, {"n": 3}, "s") == 9


def test_a_service_takes_input_decisions_as_given() -> None:
    body = SERVICE + service("s", ["b"], ["i"], ["a"])
    caller = decision("d", literal("[s(1, 10), b]"), needs=["knowledge:s", "decision:b"])
    assert value(body + caller, {"n": 3}) == [11, 9]


def test_a_service_with_two_outputs_gives_a_context() -> None:
    assert value(SERVICE + service("s", ["b", "c"], ["i"], []), {"n": 1}, "s") == {"b": 3, "c": 4}


def test_imported_models_are_reached_under_the_imports_name() -> None:
    shared = load(
        definitions(
            TYPES
            + knowledge("twice", {"n": "number"}, literal("n * 2"))
            + decision("base line", literal("5")),
            own="urn:shared",
        )
    )
    wanted = f"<import name='共用' namespace='urn:shared' importType='{DMN_1_3}'/>"
    needs = "<knowledgeRequirement><requiredKnowledge href='urn:shared#twice'/></knowledgeRequirement>"
    needs += (
        "<informationRequirement><requiredDecision href='urn:shared#base line'/></informationRequirement>"
    )
    typed = "<variable name='d' typeRef='共用.tFew'/>"
    text = literal("[共用.twice(4), 共用.base line]")
    body = f"{wanted}<decision id='d' name='d'>{typed}{needs}{text}</decision>"
    model = load(definitions(body), imports={"urn:shared": shared})
    assert model.evaluate("d", {}, strict=True).value == [8, 5]


def test_a_decision_without_logic_is_null_or_an_error() -> None:
    assert value("<decision id='d' name='d'/>", strict=False) is None
    with pytest.raises(ExpressionError, match="no logic"):
        value("<decision id='d' name='d'/>")
