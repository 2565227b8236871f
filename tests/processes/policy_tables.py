"""Reads the tables of docs/policy.md: which rule stands for which parameter, element and story."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "policy.md"
COLUMNS = ("rule", "source", "parameters", "elements", "passes", "refused")
_NAMES = re.compile(r"`([^`]+)`")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One rule as the page states it. Elements and stories are (process, id) pairs, tests are left whole."""

    rule: str
    source: str
    parameters: tuple[str, ...]
    elements: tuple[tuple[str, str], ...]
    passes: tuple[str, ...]
    refused: tuple[str, ...]
    why_not_refused: str
    """The reason that stands instead of a refused story; empty where there is one."""


def read_documents() -> dict[str, str]:
    """How a document is cited on the page → how the files cite it."""
    rows = [cells for heading, cells in _cells() if heading == "Documents"]
    return {cited: in_files for cited, in_files, _ in rows[1:]}


def read_rows() -> list[Row]:
    """All rows of the tables of rules, in the order of the page."""
    return [
        _row(heading, cells)
        for heading, cells in _cells()
        if len(cells) == len(COLUMNS) and cells[0] != "Rule"
    ]


def read_acceptance() -> dict[str, tuple[str, ...]]:
    """Each acceptance item of the page → the files that try it."""
    rows = [cells for heading, cells in _cells() if heading == "Acceptance scenarios"][1:]
    return {item: tuple(_file(name) for name in _NAMES.findall(files)) for item, files in rows}


def _file(name: str) -> str:
    return name if name.startswith("tests/") else _story(name, "")


def _cells() -> Iterator[tuple[str, list[str]]]:
    """Every line of every table with the heading it stands under; the ruled line is left out."""
    heading = ""
    for line in PAGE.read_text(encoding="utf-8").splitlines():
        if line.startswith("## "):
            heading = line.removeprefix("## ")
        elif line.startswith("|") and not line.startswith("|-"):
            yield heading, [cell.strip() for cell in line.strip("|").split("|")]


def _row(heading: str, cells: list[str]) -> Row:
    given = dict(zip(COLUMNS, cells, strict=True))
    own = next(iter(_NAMES.findall(heading)), "")
    reason = given["refused"].removeprefix("—").strip() if given["refused"].startswith("—") else ""
    return Row(
        rule=given["rule"],
        source=given["source"],
        parameters=tuple(_NAMES.findall(given["parameters"])),
        elements=tuple(_pair(name, own) for name in _NAMES.findall(given["elements"])),
        passes=tuple(_story(name, own) for name in _NAMES.findall(given["passes"])),
        refused=() if reason else tuple(_story(name, own) for name in _NAMES.findall(given["refused"])),
        why_not_refused=reason,
    )


def _pair(name: str, own: str) -> tuple[str, str]:
    process, _, rest = name.rpartition("/")
    return process or own, rest


def _story(name: str, own: str) -> str:
    """A test as it is, else the path of a scenario file."""
    if "::" in name:
        return name
    process, story = _pair(name, own)
    return f"processes/{process}/scenarios/{story}.yaml"
