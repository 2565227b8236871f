"""What a DMN file may hold, and how a bad one is refused."""

from __future__ import annotations

from decimal import Decimal

import pytest

from engine.decisions import load
from engine.decisions.loading import NAMESPACES
from engine.errors import DeploymentError, NotFoundError

from .files import decision, definitions, input_data, literal, table


@pytest.mark.parametrize("namespace", sorted(NAMESPACES))
def test_every_dmn_version_loads(namespace: str) -> None:
    model = load(definitions(decision("d", literal("1 + 1")), namespace=namespace))
    assert model.evaluate("d", {}).value == 2


def test_a_decision_is_found_by_id_and_by_name() -> None:
    model = load(definitions(decision("Decision_1", literal('"yes"'), name="资格")))
    assert model.evaluate("Decision_1", {}).value == model.evaluate("资格", {}).value == "yes"
    assert model.decision_ids == ("Decision_1",)


def test_an_unknown_decision_is_not_found() -> None:
    with pytest.raises(NotFoundError, match="nothing"):
        load(definitions("")).evaluate("nothing", {})


ROW = "<rule id='r'><inputEntry><text>1</text></inputEntry></rule>"
REFUSED = {
    "other xml": (b"<bpmn/>", "not a DMN"),
    "broken": (b"<definitions>", "Broken XML"),
    "entity": (b"<!DOCTYPE d [<!ENTITY x 'y'>]><definitions>&x;</definitions>", "DOCTYPE"),
    "two of an id": (definitions(decision("d", literal("1")) + decision("d", literal("2"))), "used twice"),
    "missing requirement": (definitions(decision("d", literal("1"), needs=["decision:e"])), '"#e"'),
    "circle": (
        definitions(
            decision("d", literal("e"), needs=["decision:e"])
            + decision("e", literal("d"), needs=["decision:d"])
        ),
        "circle",
    ),
    "self": (definitions(decision("d", literal("d"), needs=["decision:d"])), "circle"),
    "hit policy": (definitions(decision("d", table([], [], policy="LUCKY"))), "LUCKY"),
    "aggregation": (definitions(decision("d", table([], [], policy="COLLECT", aggregation="AVG"))), "AVG"),
    "aggregated columns": (
        definitions(
            decision("d", table([], [], policy="COLLECT", aggregation="SUM", outputs=[("a", ""), ("b", "")]))
        ),
        "several outputs",
    ),
    "short rule": (
        definitions(decision("d", f"<decisionTable id='t'><input/><output/>{ROW}</decisionTable>")),
        "Rule 1",
    ),
    "no output": (definitions(decision("d", "<decisionTable id='t'/>")), "no output"),
    "two expressions": (definitions(decision("d", literal("1") + literal("2"))), "Only one"),
    "no expression": (definitions("<decision id='d' name='d'><unknown/></decision>"), "unknown"),
    "language": (
        definitions(
            decision("d", "<literalExpression expressionLanguage='juel'><text>1</text></literalExpression>")
        ),
        "juel",
    ),
    "default language": (definitions("", extra="expressionLanguage='javascript'"), "javascript"),
    "type language": (definitions("<itemDefinition name='t' typeLanguage='XSD'/>"), "XSD"),
    "type of itself": (
        definitions(
            "<itemDefinition name='a'><typeRef>b</typeRef></itemDefinition>"
            "<itemDefinition name='b' isCollection='true'><typeRef>a</typeRef></itemDefinition>"
        ),
        '"a" is defined by itself',
    ),
    "import kind": (definitions("<import name='i' namespace='n' importType='http://xsd'/>"), "http://xsd"),
    "missing import": (
        definitions(f"<import name='i' namespace='urn:n' importType='{sorted(NAMESPACES)[-1]}'/>"),
        "urn:n",
    ),
    "ragged relation": (
        definitions(decision("d", "<relation><column name='a'/><row/></relation>")),
        "as many cells",
    ),
    "empty knowledge": (definitions("<businessKnowledgeModel id='b' name='b'/>"), "empty"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_bad_file_is_refused_with_file_and_reason_in_both_languages(case: str) -> None:
    data, reason = REFUSED[case]
    with pytest.raises(DeploymentError) as caught:
        load(data, file="rules.dmn")
    assert reason in caught.value.en
    (detail,) = caught.value.errors
    assert detail.en.startswith("rules.dmn")
    assert detail.zh.startswith("rules.dmn")
    assert detail.zh != detail.en


def test_a_refusal_names_the_element_and_the_line() -> None:
    cell = "<inputEntry id='cell' expressionLanguage='python'><text>1</text></inputEntry>"
    rule = f"<rule id='r'>{cell}<outputEntry><text>1</text></outputEntry></rule>"
    body = decision("d", f"\n<decisionTable id='t'><input/><output/>\n{rule}</decisionTable>")
    with pytest.raises(DeploymentError) as caught:
        load(definitions(body), file="rules.dmn")
    assert caught.value.errors[0].pointer == "#cell"
    assert caught.value.data["line"] == 3


def test_required_inputs_are_those_drawn_and_those_only_written() -> None:
    body = (
        input_data("i", name="人均收入")
        + decision("a", literal("人均收入 * rate"), needs=["input:i"])
        + decision("b", literal("a + floor(bonus)"), needs=["decision:a"])
        + decision("c", literal("other"))
    )
    model = load(definitions(body))
    assert model.required_inputs("b") == {"人均收入", "rate", "bonus"}
    assert model.required_inputs("a") == {"人均收入", "rate"}


def test_names_inside_an_expression_are_not_required() -> None:
    entry = f"<contextEntry><variable name='x'/>{literal('1')}</contextEntry>"
    result = f"<contextEntry>{literal('for i in list return i + x + y')}</contextEntry>"
    model = load(definitions(decision("d", f"<context>{entry}{result}</context>")))
    assert model.required_inputs("d") == {"list", "y"}


def test_names_with_special_characters_are_read_when_announced() -> None:
    model = load(definitions(decision("d", literal("a-b + 1"))), names=["a-b"])
    assert model.evaluate("d", {"a-b": Decimal(2)}).value == 3
    assert model.required_inputs("d") == {"a-b"}


def test_what_a_decision_requires_is_no_input_though_the_caller_knows_the_name() -> None:
    body = decision("a", literal("x")) + decision("b", literal("a + y"), needs=["decision:a"])
    assert load(definitions(body), names={"a", "y"}).required_inputs("b") == {"x", "y"}
