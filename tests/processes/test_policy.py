"""docs/policy.md says what is there: parameters, elements, documents and stories that fit together."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest

from engine.definitions import load_yaml, read_bundle, read_folder
from engine.parameters import DEFAULTS, load_parameters
from engine.safe_xml import parse
from engine.scenarios.reading import Scenario, read_scenario
from tests.processes.policy_tables import ROOT, Row, read_acceptance, read_documents, read_rows

ROWS = read_rows()
DOCUMENTS = read_documents()
OF_THE_ENGINE = ("means.yaml", "supervision.yaml")
BAD_ENDS = {
    "refused", "not_accepted", "not_supplied", "terminated", "withdrawn", "put_off", "stopped",
    "stop_proposed", "ended", "expired", "not_emergency", "below_standard", "nothing_needed",
    "no_quorum", "not_adopted", "moot", "handed_over", "nothing_decided",
}  # fmt: skip


def by_rule(row: Row) -> str:
    return row.rule[:60]


every_row = pytest.mark.parametrize("row", ROWS, ids=by_rule)


@cache
def parameters() -> tuple[frozenset[str], frozenset[str]]:
    """The keys of the processes' own files, and those that come with the engine."""
    own = {
        parameter["key"]
        for name, data in read_folder(ROOT / "processes").items()
        if name.endswith(("parameters.yaml", "standards.yaml"))
        for parameter in _listed(load_yaml(data, file=name))
    }
    engine = {
        key
        for name in OF_THE_ENGINE
        for key in load_parameters((ROOT / "engine" / "actions" / name).read_bytes(), file=name)
    }
    return frozenset(own), frozenset(engine | set(DEFAULTS))


def _listed(document: Any) -> list[dict[str, Any]]:
    found = document["parameters"]
    assert isinstance(found, list)
    return found


@cache
def ids_of(process: str) -> frozenset[str]:
    """The ids of everything in the diagrams and decision tables of a process's folder."""
    files = [path for path in (ROOT / "processes" / process).iterdir() if path.suffix in (".bpmn", ".dmn")]
    return frozenset(
        str(element.get("id"))
        for path in files
        for element in parse(path.read_bytes(), file=path.name).iter()
        if isinstance(element.tag, str) and element.get("id")
    )


@cache
def scenario(path: str) -> Scenario:
    return read_scenario((ROOT / path).read_bytes(), file=path)


def is_broken_in(story: Scenario) -> bool:
    """Whether something in a story is refused, ends badly, or goes up the line because it was late."""
    return any(
        step.refused is not None
        or step.what.get("outcome") in BAD_ENDS
        or step.what.get("escalations")
        or step.what.get("incidents")
        for step in story.steps
    )


def stories(row: Row) -> Iterator[str]:
    yield from (*row.passes, *row.refused)


def test_there_are_rules_and_documents() -> None:
    assert len(ROWS) > 120
    assert len(DOCUMENTS) > 12


@every_row
def test_every_parameter_and_element_of_a_row_exists(row: Row) -> None:
    own, engine = parameters()
    assert [key for key in row.parameters if key not in own | engine] == []
    assert [f"{process}/{name}" for process, name in row.elements if name not in ids_of(process)] == []


def test_every_parameter_stands_in_a_row() -> None:
    own, engine = parameters()
    assert own
    told = {key for row in ROWS for key in row.parameters}
    assert sorted((own | engine) - told) == []


def test_what_no_law_gives_is_called_ours() -> None:
    """A row whose numbers are all placeholders says so; one with none doesn't claim it."""
    files = read_folder(ROOT / "processes")
    marked = {
        key
        for key, parameter in read_bundle(files).parameters.items()
        if all(value.placeholder for value in parameter.values)
    }
    silent = [
        row.rule
        for row in ROWS
        if row.parameters
        and set(row.parameters) <= marked
        and not any(word in _of_page(row) for word in ("ours", "fictional", "by analogy", "(repealed)"))
    ]
    assert silent == []


def _of_page(row: Row) -> str:
    text = (ROOT / "docs" / "policy.md").read_text(encoding="utf-8")
    return next(line for line in text.splitlines() if line.startswith(f"| {row.rule} |"))


@every_row
def test_every_story_of_a_row_exists_and_cites_its_document(row: Row) -> None:
    cited = [in_files for name, in_files in DOCUMENTS.items() if name in row.source]
    assert cited or row.source.startswith("ours"), row.source
    for story in stories(row):
        file, _, test = story.partition("::")
        assert (ROOT / file).is_file(), story
        if test:
            assert re.search(rf"^def {test}\(", (ROOT / file).read_text(encoding="utf-8"), re.M), story
        elif cited:
            assert any(name in scenario(story).source for name in cited), (story, scenario(story).source)


@every_row
def test_every_rule_is_kept_in_one_story_and_broken_in_another(row: Row) -> None:
    assert row.passes
    if not row.refused:
        assert len(row.why_not_refused) > 20, row.rule
    assert [s for s in row.refused if "::" not in s and not is_broken_in(scenario(s))] == []


def test_every_document_is_cited() -> None:
    assert [name for name in DOCUMENTS if not any(name in row.source for row in ROWS)] == []


def test_every_acceptance_item_has_its_files() -> None:
    items = read_acceptance()
    assert {item.split()[0] for item in items} == {"Table", *map(str, range(1, 12))}
    assert [item for item, files in items.items() if not files] == []
    assert [file for files in items.values() for file in files if not (ROOT / file).is_file()] == []
