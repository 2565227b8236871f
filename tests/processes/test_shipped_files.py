"""The shipped processes as files: complete drawings, forms for every user task, sources for every number."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path

import pytest

from engine.definitions import check_bundle, load_yaml, read_bundle, read_folder
from engine.safe_xml import Element, parse

ROOT = Path(__file__).parents[2]
PROCESSES = ROOT / "processes"
DIAGRAMS = sorted(PROCESSES.rglob("*.bpmn"))
BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
DI = "{http://www.omg.org/spec/BPMN/20100524/DI}"
DC = "{http://www.omg.org/spec/DD/20100524/DC}"
WAYPOINT = "{http://www.omg.org/spec/DD/20100524/DI}waypoint"
ZEEBE = "{http://camunda.org/schema/zeebe/1.0}"

Point = tuple[float, float]
Piece = tuple[Point, Point]


def by_name(path: Path) -> str:
    return path.stem


@pytest.fixture(params=DIAGRAMS, ids=by_name)
def root(request: pytest.FixtureRequest) -> Element:
    path: Path = request.param
    return parse(path.read_bytes(), file=path.name)


@pytest.fixture(scope="module")
def deployed() -> dict[str, bytes]:
    return read_folder(PROCESSES)


def drawn(root: Element, tag: str) -> dict[str, Element]:
    return {e.get("bpmnElement", ""): e for e in root.iter(DI + tag)}


def is_drawn_as_shape(element: Element) -> bool:
    kind = str(element.tag).removeprefix(BPMN)
    return kind.endswith(("Task", "Event", "Gateway")) or kind in {"subProcess", "lane", "participant"}


def routes(root: Element) -> dict[str, list[Point]]:
    return {
        identity: [(float(p.get("x")), float(p.get("y"))) for p in edge.iter(WAYPOINT)]
        for identity, edge in drawn(root, "BPMNEdge").items()
    }


def pieces(route: list[Point]) -> Iterator[Piece]:
    return zip(route, route[1:], strict=False)


def meet(one: Piece, other: Piece) -> bool:
    """Whether two horizontal or vertical pieces touch: their bounding boxes overlap."""
    (a, b), (c, d) = one, other
    return all(max(min(a[i], b[i]), min(c[i], d[i])) <= min(max(a[i], b[i]), max(c[i], d[i])) for i in (0, 1))


def test_every_element_is_drawn(root: Element) -> None:
    shapes, edges = drawn(root, "BPMNShape"), drawn(root, "BPMNEdge")
    wanted = {e.get("id") for e in root.iter(f"{BPMN}*") if is_drawn_as_shape(e)}
    assert wanted == set(shapes)
    assert {e.get("id") for e in root.iter(BPMN + "sequenceFlow")} == set(edges)
    assert all(shape.find(DC + "Bounds") is not None for shape in shapes.values())


def test_flows_run_straight_from_their_source_to_their_target(root: Element) -> None:
    bounds = {name: shape.find(DC + "Bounds") for name, shape in drawn(root, "BPMNShape").items()}
    found = routes(root)
    for flow in root.iter(BPMN + "sequenceFlow"):
        route = found[flow.get("id")]
        for end, point in ((flow.get("sourceRef"), route[0]), (flow.get("targetRef"), route[-1])):
            x, y, width, height = (float(bounds[end].get(k)) for k in ("x", "y", "width", "height"))
            assert x <= point[0] <= x + width, flow.get("id")
            assert y <= point[1] <= y + height, flow.get("id")
        assert all(p[0] == q[0] or p[1] == q[1] for p, q in pieces(route)), flow.get("id")


def test_no_flow_crosses_another(root: Element) -> None:
    for (one, first), (other, second) in combinations(routes(root).items(), 2):
        shared = {first[0], first[-1]} & {second[0], second[-1]}
        crossing = [
            (p, q)
            for p in pieces(first)
            for q in pieces(second)
            if meet(p, q) and not (shared & set(p) and shared & set(q))
        ]
        assert not crossing, f"{one} crosses {other} at {crossing[0]}"


def test_no_shape_lies_on_another(root: Element) -> None:
    nesting = {"lane", "participant", "subProcess", "boundaryEvent"}
    kinds = {e.get("id"): str(e.tag).removeprefix(BPMN) for e in root.iter(f"{BPMN}*")}
    boxes = {
        name: shape.find(DC + "Bounds")
        for name, shape in drawn(root, "BPMNShape").items()
        if kinds[name] not in nesting
    }
    for (one, a), (other, b) in combinations(boxes.items(), 2):
        apart = any(
            float(m.get(at)) + float(m.get(size)) <= float(n.get(at))
            for at, size in (("x", "width"), ("y", "height"))
            for m, n in ((a, b), (b, a))
        )
        assert apart, f"{one} lies on {other}"


def test_every_user_task_has_a_form_somebody_to_do_it_and_an_english_name(
    root: Element, deployed: dict[str, bytes]
) -> None:
    forms = read_bundle(deployed).forms
    for task in root.iter(BPMN + "userTask"):
        form = task.find(f".//{ZEEBE}formDefinition")
        assert form is not None, task.get("id")
        assert form.get("formId") in forms, task.get("id")
        who = task.find(f".//{ZEEBE}assignmentDefinition")
        assert who.get("candidateGroups") or who.get("candidateUsers"), task.get("id")
        names = {p.get("name") for p in task.iter(ZEEBE + "property")}
        assert "titleEn" in names, task.get("id")


def test_every_form_belongs_to_a_task_or_a_start(deployed: dict[str, bytes]) -> None:
    used = {
        e.get("formId")
        for path in DIAGRAMS
        for e in parse(path.read_bytes(), file=path.name).iter(ZEEBE + "formDefinition")
    }
    assert used == set(read_bundle(deployed).forms)


def test_every_limit_and_number_in_the_files_is_a_parameter_with_a_source(deployed: dict[str, bytes]) -> None:
    written = {name: data for name, data in deployed.items() if name.endswith((".bpmn", ".dmn", ".form"))}
    used = {
        key
        for data in written.values()
        for key in re.findall(r'(?:limit|parameter)\((?:"|\\"|&quot;)([^"\\&]+)', data.decode())
    }
    parameters = read_bundle(deployed).parameters
    assert len(used) > 30
    families = {key for key in used if key.endswith(".")}  # the rest of the key is joined to it
    assert used - families <= set(parameters)
    assert all(any(key.startswith(family) for key in parameters) for family in families)
    assert all(value.source for p in parameters.values() for value in p.values)


def test_numbers_without_a_local_rule_say_that_they_are_placeholders(deployed: dict[str, bytes]) -> None:
    local = ("本地设定", "未查到", "虚构", "参照")
    for parameter in read_bundle(deployed).parameters.values():
        for value in parameter.values:
            assert value.placeholder or not any(word in value.source for word in local), parameter.key


def test_every_scenario_names_the_article_it_checks(deployed: dict[str, bytes]) -> None:
    scenarios = {n: load_yaml(d, file=n) for n, d in deployed.items() if "/scenarios/" in n}
    assert len(scenarios) > 40
    assert all(scenario["source"].strip() for scenario in scenarios.values())


def test_the_shipped_processes_deploy_without_errors(deployed: dict[str, bytes]) -> None:
    assert [f for f in check_bundle(read_bundle(deployed)) if f.severity == "error"] == []
