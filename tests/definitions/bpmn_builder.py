"""Writes small BPMN files, forms and tables for the tests of definitions."""

from __future__ import annotations

import json
from html import escape

from engine.definitions import check_bundle, read_bundle
from engine.types import Finding

HEAD = (
    '<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" '
    'xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" '
    'xmlns:camunda="http://camunda.org/schema/1.0/bpmn" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
    'id="defs" targetNamespace="http://example.org/test">'
)


def tag(name: str, /, *inner: str, **attributes: str) -> str:
    """An element. `in_`, `class_` stand for reserved words, `__` for a colon."""
    text = "".join(f' {k.rstrip("_").replace("__", ":")}="{escape(v)}"' for k, v in attributes.items())
    name = name if ":" in name else f"bpmn:{name}"
    return f"<{name}{text}>{''.join(inner)}</{name}>"


def ext(*inner: str) -> str:
    return tag("extensionElements", *inner)


def prop(**pairs: str) -> str:
    return props({key.replace("__", ":"): value for key, value in pairs.items()})


def props(pairs: dict[str, str]) -> str:
    return tag("zeebe:properties", *(tag("zeebe:property", name=k, value=v) for k, v in pairs.items()))


def flow(path: str, condition: str | None = None, **attributes: str) -> str:
    """`flow("a > b > c")` joins the nodes in a chain; the ids of the flows are `a_b`, `b_c`."""
    ids = [part.strip() for part in path.split(">")]
    inner = [] if condition is None else [tag("conditionExpression", escape(condition, quote=False))]
    return "".join(
        tag("sequenceFlow", *inner, **{"id": f"{a}_{b}", "sourceRef": a, "targetRef": b, **attributes})
        for a, b in zip(ids, ids[1:], strict=False)
    )


def start(id: str = "begin", *inner: str, form: str = "", **attributes: str) -> str:
    parts = [ext(tag("zeebe:formDefinition", formId=form))] if form else []
    return tag("startEvent", *parts, *inner, id=id, **attributes)


def end(id: str = "done", *inner: str, **attributes: str) -> str:
    return tag("endEvent", *inner, id=id, **attributes)


def user(
    id: str, *more: str, form: str = "", groups: str = "town.officer", inner: str = "", **attributes: str
) -> str:
    parts = [tag("zeebe:assignmentDefinition", candidateGroups=groups)] if groups else []
    parts += [tag("zeebe:formDefinition", formId=form)] if form else []
    return tag("userTask", ext(*parts, *more), inner, id=id, **attributes)


def script(id: str, expression: str, result: str = "result") -> str:
    return tag("scriptTask", ext(tag("zeebe:script", expression=expression, resultVariable=result)), id=id)


def process(*inner: str, id: str = "p", executable: str = "true", **attributes: str) -> str:
    return tag("process", *inner, id=id, isExecutable=executable, **attributes)


def definitions(*inner: str) -> bytes:
    return ('<?xml version="1.0" encoding="UTF-8"?>' + HEAD + "".join(inner) + "</bpmn:definitions>").encode()


def around(*inner: str, path: str = "begin > t > done", form: str = "") -> bytes:
    """A file with one process that starts, goes along `path` and ends."""
    return definitions(process(start(form=form), *inner, end(), flow(path)))


def form(id: str, **fields: str) -> bytes:
    """A form-js form: field keys with their component types."""
    components = [
        {"type": kind, "key": key, "id": f"Field_{key}", "label": key, "properties": {"labelEn": key}}
        for key, kind in fields.items()
    ]
    data = {"type": "default", "id": id, "schemaVersion": 18, "components": components}
    return json.dumps(data, ensure_ascii=False).encode()


DECISION = """<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="d"
 namespace="http://example.org/{key}"><decision id="{key}" name="{key}"><variable name="{key}"/>
 <literalExpression><text>{text}</text></literalExpression></decision></definitions>"""


def decision(key: str, text: str) -> bytes:
    return DECISION.format(key=key, text=escape(text, quote=False)).encode()


PARAMETERS = """parameters:
  - key: {key}
    title: {{zh: 时限, en: Limit}}
    unit: {unit}
    values:
      - {{from: 2021-07-01, value: 20, source: "民发〔2021〕57号 Art.22", placeholder: false}}
"""


def parameters(key: str = "dibao.total", unit: str = "workdays") -> bytes:
    return PARAMETERS.format(key=key, unit=unit).encode()


def check(bpmn: bytes, *, roles: list[str] | None = None, **files: bytes) -> list[Finding]:
    """All findings on a process with its files: `x_form=…` is the file `x.form`."""
    named = {name.replace("_", "."): data for name, data in files.items()}
    return check_bundle(read_bundle({"p.bpmn": bpmn, **named}), roles=roles)


def codes(findings: list[Finding], severity: str = "") -> list[str]:
    return [f"{f.code} {f.element_id}".strip() for f in findings if not severity or f.severity == severity]


PERSON = form("f", age="number", name="textfield", agreed="checkbox")


def condition(text: str, *, start_form: str = "f") -> bytes:
    """A process whose flow `g_a` has the condition."""
    return definitions(
        process(
            start(form=start_form),
            tag("exclusiveGateway", id="g", default="g_b"),
            end("a"),
            end("b"),
            flow("begin > g"),
            flow("g > a", text),
            flow("g > b"),
        )
    )


def on_condition(text: str) -> list[Finding]:
    """The findings on a condition behind a start form with `age`, `name` and `agreed`."""
    return check(condition(text), f_form=PERSON)
