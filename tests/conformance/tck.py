"""Reads and runs the test cases of the DMN Technology Compatibility Kit from a folder outside the repository.

The unit of counting is the `<testCase>`: it passes when every one of its results is as expected. Cases that
need functions outside FEEL (Java), which the product refuses on purpose, are run and listed but not counted.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from engine import feel
from engine.decisions import DecisionModel, load
from engine.decisions.loading import read
from engine.errors import EngineError
from engine.safe_xml import Element, parse

XSI = "{http://www.w3.org/2001/XMLSchema-instance}"
TOLERANCE = Decimal("1e-8")
ENVIRONMENT = feel.Environment(now=feel.compile('date and time("2026-11-24T09:00:00Z")').evaluate({}))
TEMPORAL = {
    "date": feel.compile("date(text)"),
    "time": feel.compile("time(text)"),
    "dateTime": feel.compile("date and time(text)"),
    "duration": feel.compile("duration(text)"),
}


@dataclass(frozen=True, slots=True)
class Result:
    """One test case: `problem` is empty when it passed."""

    level: int
    name: str
    problem: str
    excluded: bool


def run_folder(folder: Path) -> Iterator[Result]:
    """Every case below `folder`, in the order of the files' names."""
    for tests in sorted(folder.rglob("*.xml")):
        level = next((int(p[-1]) for p in tests.parts if p.startswith("compliance-level-")), 0)
        if level:
            yield from run_file(tests, level)


def run_file(tests: Path, level: int) -> Iterator[Result]:
    root = parse(tests.read_bytes(), file=tests.name)
    model_name = root.findtext("{*}modelName") or ""
    models: dict[str, DecisionModel] = {}
    try:
        model, reason = load_beside(tests.parent / model_name, models), ""
    except EngineError as error:
        model, reason = None, f"the model is refused: {error}"
    java = needs_java(tests.parent / model_name)
    for case in root.findall("{*}testCase"):
        name = f"{tests.parent.name}/{case.get('id')}"
        problem = reason if model is None else run_case(model, case)
        excluded = any(node.get("name") in java for node in case.findall("{*}resultNode"))
        yield Result(level, name, problem, excluded)


def load_beside(path: Path, models: dict[str, DecisionModel]) -> DecisionModel:
    """Loads a model and those it imports from the files beside it, each once."""
    data = path.read_bytes()
    imports: dict[str, DecisionModel] = {}
    for wanted in read(data, file=path.name).imports:
        found = _file_of(wanted.namespace, path)
        if found is not None:
            if found.name not in models:
                models[found.name] = load_beside(found, models)
            imports[wanted.namespace] = models[found.name]
    return load(data, file=path.name, imports=imports)


def _file_of(namespace: str, importing: Path) -> Path | None:
    """The file beside `importing` with this namespace or, as one test has it, with this id."""
    others = [p for p in sorted(importing.parent.glob("*.dmn")) if p != importing]
    read_others = [(p, read(p.read_bytes(), file=p.name)) for p in others]
    by_namespace = [p for p, d in read_others if d.namespace == namespace]
    by_id = [p for p, d in read_others if d.id and namespace.endswith(d.id)]
    return next(iter(by_namespace + by_id), None)


def run_case(model: DecisionModel, case: Element) -> str:
    """Empty when all results are as expected, else what was expected and what came."""
    scope = {node.get("name"): read_value(node) for node in case.findall("{*}inputNode")}
    invoked = case.get("invocableName")
    problems = []
    for node in case.findall("{*}resultNode"):
        name = node.get("name")
        expected_node = node.find("{*}expected")
        expected = None if expected_node is None else read_value(expected_node)
        try:
            outcome = model.evaluate(invoked or name, scope, ENVIRONMENT)
        except EngineError as error:
            problems.append(f"{name}: expected {expected!r}, got {type(error).__name__}: {error}")
            continue
        got = outcome.value
        if invoked and isinstance(got, dict) and name in got:
            got = got[name]
        if not alike(expected, got):
            why = "; ".join(map(str, outcome.warnings[:3]))
            problems.append(f"{name}: expected {expected!r}, got {got!r}" + (f" ({why})" if why else ""))
    return " | ".join(problems)


def read_value(node: Element) -> Any:
    """The FEEL value of an input, expected result, component or item."""
    if node.get(XSI + "nil") == "true":
        return None
    components = node.findall("{*}component")
    if components:
        return {c.get("name"): read_value(c) for c in components}
    listed = node.find("{*}list")
    if listed is not None:
        return (
            None if listed.get(XSI + "nil") == "true" else [read_value(i) for i in listed.findall("{*}item")]
        )
    value = node.find("{*}value")
    if value is None or value.get(XSI + "nil") == "true":
        return None
    return typed(value.text or "", value.get(XSI + "type", "string").rpartition(":")[2])


def typed(text: str, kind: str) -> Any:
    if kind in ("decimal", "double", "integer"):
        return Decimal(text.strip())
    if kind == "boolean":
        return text.strip() == "true"
    if kind in TEMPORAL:
        return TEMPORAL[kind].evaluate({"text": text.strip()})
    return text


def alike(expected: Any, got: Any) -> bool:
    """Equal, numbers up to eight decimal places, as the kit's own runners compare."""
    if isinstance(expected, Decimal) and isinstance(got, Decimal):
        return abs(expected - got) <= TOLERANCE * max(1, abs(expected))
    if isinstance(expected, list) and isinstance(got, list):
        return len(expected) == len(got) and all(map(alike, expected, got))
    if isinstance(expected, Mapping) and isinstance(got, Mapping):
        return expected.keys() == got.keys() and all(alike(expected[k], got[k]) for k in expected)
    return type(expected) is type(got) and bool(expected == got)


def needs_java(path: Path) -> frozenset[str]:
    """The names of the decisions in a file that call Java, themselves or through what they require."""
    root = parse(path.read_bytes(), file=path.name)
    drawn = [e for e in root if e.get("id") and e.get("name")]
    foreign = {e.get("id") for e in drawn if _mentions_java(e)}
    added = foreign
    while added:
        added = {
            e.get("id") for e in drawn if any(h.get("href", "")[1:] in added for h in e.iter())
        } - foreign
        foreign |= added
    return frozenset(e.get("name") for e in drawn if e.get("id") in foreign)


def _mentions_java(element: Element) -> bool:
    text = "".join(element.itertext()).replace(" ", "")
    return "external{" in text or any(e.get("kind") == "Java" for e in element.iter())
