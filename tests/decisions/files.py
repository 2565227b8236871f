"""Writes small DMN files for the tests, as a modeler would save them, and runs them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from engine import feel
from engine.decisions import load

DMN_1_3 = "https://www.omg.org/spec/DMN/20191111/MODEL/"


def definitions(body: str, *, namespace: str = DMN_1_3, own: str = "urn:test", extra: str = "") -> bytes:
    return (
        f'<definitions xmlns="{namespace}" id="Definitions_1" name="test" namespace="{own}" {extra}>'
        f"{body}</definitions>"
    ).encode()


def decision(id: str, content: str, *, name: str = "", type: str = "", needs: Sequence[str] = ()) -> str:
    """`needs` are `input:id`, `decision:id` or `knowledge:id`."""
    typed = f" typeRef={quoteattr(type)}" if type else ""
    named, required = quoteattr(name or id), "".join(map(requirement, needs))
    start = f"<decision id={quoteattr(id)} name={named}><variable name={named}{typed}/>"
    return f"{start}{required}{content}</decision>"


def requirement(need: str) -> str:
    kind, _, target = need.partition(":")
    element = {"input": "requiredInput", "decision": "requiredDecision", "knowledge": "requiredKnowledge"}[
        kind
    ]
    outer = "knowledgeRequirement" if kind == "knowledge" else "informationRequirement"
    return f"<{outer}><{element} href={quoteattr('#' + target)}/></{outer}>"


def input_data(id: str, *, name: str = "", type: str = "") -> str:
    typed = f" typeRef={quoteattr(type)}" if type else ""
    named = quoteattr(name or id)
    return f"<inputData id={quoteattr(id)} name={named}><variable name={named}{typed}/></inputData>"


def literal(text: str, *, type: str = "") -> str:
    typed = f" typeRef={quoteattr(type)}" if type else ""
    return f"<literalExpression{typed}><text>{escape(text)}</text></literalExpression>"


def table(
    inputs: Sequence[tuple[str, str]],
    rules: Sequence[Sequence[str]],
    *,
    policy: str = "UNIQUE",
    outputs: Sequence[tuple[str, str]] = (("result", ""),),
    aggregation: str = "",
    allowed: Sequence[str] = (),
    output_allowed: Sequence[str] = (),
    default: str = "",
    notes: Sequence[str] = (),
) -> str:
    """`inputs` and `outputs` are (expression or name, type); a rule is its cells, left to right."""
    columns = "".join(
        f"<input id='in{i}'><inputExpression typeRef={quoteattr(t)}><text>{escape(e)}</text>"
        f"</inputExpression>{_texts('inputValues', allowed[i : i + 1])}</input>"
        for i, (e, t) in enumerate(inputs)
    )
    columns += "".join(
        f"<output id='out{i}' name={quoteattr(n)} typeRef={quoteattr(t)}>"
        f"{_texts('outputValues', output_allowed[i : i + 1])}"
        f"{_texts('defaultOutputEntry', [default] if default else [])}</output>"
        for i, (n, t) in enumerate(outputs)
    )
    columns += "<annotation name='依据'/>" if notes else ""
    lines = "".join(_rule(i, cells, len(inputs), notes[i - 1 : i]) for i, cells in enumerate(rules, 1))
    aggregated = f" aggregation='{aggregation}'" if aggregation else ""
    return f"<decisionTable id='table' hitPolicy='{policy}'{aggregated}>{columns}{lines}</decisionTable>"


def _rule(index: int, cells: Sequence[str], inputs: int, notes: Sequence[str]) -> str:
    tests = "".join(f"<inputEntry><text>{escape(c)}</text></inputEntry>" for c in cells[:inputs])
    results = "".join(f"<outputEntry><text>{escape(c)}</text></outputEntry>" for c in cells[inputs:])
    return f"<rule id='rule{index}'>{tests}{results}{_texts('annotationEntry', notes)}</rule>"


def _texts(element: str, texts: Sequence[str]) -> str:
    return "".join(f"<{element}><text>{escape(t)}</text></{element}>" for t in texts if t)


def value(body: str, scope: dict[str, Any] | None = None, id: str = "d", *, strict: bool = True) -> Any:
    return load(definitions(body)).evaluate(id, feel.to_feel(scope or {}), strict=strict).value


def entry(name: str, content: str) -> str:
    variable = f"<variable name='{name}'/>" if name else ""
    return f"<contextEntry>{variable}{content}</contextEntry>"


def function(parameters: dict[str, str], body: str, element: str = "functionDefinition") -> str:
    formal = "".join(f"<formalParameter name='{n}' typeRef='{t}'/>" for n, t in parameters.items())
    return f"<{element}>{formal}{body}</{element}>"


def knowledge(id: str, parameters: dict[str, str], body: str) -> str:
    logic = function(parameters, body, "encapsulatedLogic")
    start = f"<businessKnowledgeModel id='{id}' name='{id}'><variable name='{id}'/>"
    return f"{start}{logic}</businessKnowledgeModel>"


def part(name: str, content: str) -> str:
    return f"<{name}>{content}</{name}>"


TYPES = """
<itemDefinition name='tLevel'><typeRef>string</typeRef>
  <allowedValues><text>"一级","二级"</text></allowedValues></itemDefinition>
<itemDefinition name='tLevels' isCollection='true'><typeRef>tLevel</typeRef></itemDefinition>
<itemDefinition name='tFew' isCollection='true'><typeRef>number</typeRef>
  <typeConstraint><text>count(?) &lt;= 2</text></typeConstraint></itemDefinition>
<itemDefinition name='tPerson'><itemComponent name='名'><typeRef>string</typeRef></itemComponent>
  <itemComponent name='levels' isCollection='true'><typeRef>tLevel</typeRef></itemComponent></itemDefinition>
<itemDefinition name='tTree'>
  <itemComponent name='below' isCollection='true'><typeRef>tTree</typeRef></itemComponent></itemDefinition>
<itemDefinition name='tMoment'><typeRef>date and time</typeRef></itemDefinition>
"""
