"""Writes small DMN files for the tests, as a modeler would save them."""

from __future__ import annotations

from collections.abc import Sequence
from xml.sax.saxutils import escape, quoteattr

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
