"""The processes as their designers see them: versions, who deployed them, open cases on each, findings."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from engine import access
from engine.actions.read_definitions import list_definitions, list_versions
from engine.actions.views import DefinitionView
from engine.store import definitions as stored
from engine.store.db import Tx
from engine.types import Actor, Finding


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionStanding:
    """One version, the open cases bound to it in the actor's regions, and what its checks said."""

    definition: DefinitionView
    open_cases: int
    findings: tuple[Finding, ...]

    @property
    def counts(self) -> Mapping[str, int]:
        """Findings by severity."""
        return Counter(finding.severity for finding in self.findings)


def list_processes(tx: Tx, *, actor: Actor) -> tuple[VersionStanding, ...]:
    """The current version of every process; open cases are those of all its versions."""
    found = list_definitions(tx, actor=actor)
    counted = stored.count_open_cases(tx, _regions(actor))
    said = stored.list_findings(tx)
    open_cases: Counter[str] = Counter()
    for (key, _), number in counted.items():
        open_cases[key] += number
    return tuple(_standing(tx, d, open_cases[d.key], said) for d in found)


def list_version_standings(tx: Tx, *, key: str, actor: Actor) -> tuple[VersionStanding, ...]:
    """Every version of a process, newest first; NotFoundError if there is none."""
    found = list_versions(tx, key=key, actor=actor)
    counted = stored.count_open_cases(tx, _regions(actor))
    said = stored.list_findings(tx, key)
    return tuple(_standing(tx, d, counted.get((key, d.version), 0), said) for d in found)


def _regions(actor: Actor) -> tuple[str, ...]:
    """Where cases are counted: a designer sees no case, but how many hang on a version in their regions."""
    return access.regions_where(actor, "definition.see")


def _standing(
    tx: Tx, definition: DefinitionView, open_cases: int, said: Mapping[tuple[str, int], str]
) -> VersionStanding:
    """Findings of a deployment are about all its files; a version has those of its own."""
    rows: list[dict[str, Any]] = json.loads(said.get((definition.key, definition.version), "[]"))
    files = stored.file_names(tx, definition.hash) if rows else frozenset()
    return VersionStanding(
        definition=definition,
        open_cases=open_cases,
        findings=tuple(Finding(**row) for row in rows if row["file"] in files or not row["file"]),
    )
