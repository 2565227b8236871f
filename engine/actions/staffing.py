"""Whether the people who are there can do a process: told at deployment, in counts, never in names.

Looks at the towns that have staff of their own; the rest is one remark. The constraints are tried on
real people: is there a way to give each task to somebody so that none is broken?
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from engine import access
from engine.actions.duties import NONE, Duty, is_of_level, read_duties
from engine.definitions.bundle import Bundle
from engine.definitions.diagram import Node, Scope
from engine.definitions.duties import roles_of
from engine.definitions.report import found
from engine.notices import APPLICANT
from engine.runtime import parse_processes
from engine.store import people, staff
from engine.store.db import Tx
from engine.types import Finding, Position

_TOWN = 9  # digits of a town's code
_MOST_NAMED = 5
_MOST_TRIES = 20_000


@dataclass(frozen=True, slots=True)
class _Asked:
    """A task that roles may do, with its duties."""

    node: Node
    roles: frozenset[str]
    duty: Duty


def check_staffing(tx: Tx, bundle: Bundle, on: date) -> list[Finding]:
    """A warning for each task that nobody could do in some town that has staff on a day."""
    held = [(name, Position(role=role, region=region)) for name, role, region in staff.list_held(tx, on)]
    towns = sorted(
        {p.region for _, p in held if len(p.region) == _TOWN and p.role in access.ROLES - {"admin"}}
    )
    if not towns:
        return []
    names = {region.code: region.name for region in people.list_regions(tx)}
    teams = {town: [(name, p) for name, p in held if town.startswith(p.region)] for town in towns}
    duties: dict[str, Duty] = {}
    processes, _ = parse_processes(bundle.files)
    for key in bundle.processes:
        duties.update(read_duties(processes.nodes(key)) if key in processes.keys else {})
    findings: list[Finding] = []
    for diagram in bundle.diagrams.values():
        for process in diagram.executable():
            findings += _check_process(process, duties, teams, names)
    return findings


def _check_process(
    process: Scope,
    duties: Mapping[str, Duty],
    teams: Mapping[str, list[tuple[str, Position]]],
    names: Mapping[str, str],
) -> Iterator[Finding]:
    asked = {}
    for node in process.all_nodes():
        if node.kind == "userTask" and (roles := frozenset(roles_of(node)) - {APPLICANT}):
            asked[node.id] = _Asked(node, roles, duties.get(node.id, NONE))
    short: dict[str, list[str]] = {}
    for town, team in teams.items():
        for element in _left_to_nobody(asked, team, town):
            if town not in short.setdefault(element, []):
                short[element].append(town)
    for element, towns in short.items():
        listed = "、".join(f"{names.get(town, '')}{town}" for town in towns[:_MOST_NAMED])
        more = "…" if len(towns) > _MOST_NAMED else ""
        wanted = "、".join(sorted(asked[element].roles))
        zh = f"有人员的{len(teams)}个乡镇中，{len(towns)}个无人能办（{wanted}，"
        zh += f"计入不相容岗位）：{listed}{more}。"
        en = (
            f"in {len(towns)} of {len(teams)} towns that have staff nobody could do it "
            f"({', '.join(sorted(asked[element].roles))}, separation of duties counted): "
            f"{', '.join(towns[:_MOST_NAMED])}{more}."
        )
        yield found("warning", "nobody-there", asked[element].node, zh, en)


def _left_to_nobody(
    asked: Mapping[str, _Asked], team: list[tuple[str, Position]], town: str
) -> Iterator[str]:
    """The tasks that nobody of the team may do, and one where their duties leave no way to share them out."""
    able: dict[str, frozenset[str]] = {}
    for element, task in asked.items():
        level = task.duty.not_level
        barred = {name for name, p in team if level and is_of_level(p, level, town)}
        able[element] = frozenset(name for name, p in team if p.role in task.roles) - barred
        if not able[element]:
            yield element
    for element, task in asked.items():
        for rule in task.duty.different:
            if len(frozenset().union(*(able.get(one, ()) for one in rule.over))) < rule.people:
                yield element
    apart = {e: able.keys() & task.duty.separate for e, task in asked.items() if able[e]}
    apart = {e: {o for o in others if able[o]} for e, others in apart.items() if others}
    stuck = _stuck(apart, able)
    if stuck is not None:
        yield stuck


def _stuck(apart: Mapping[str, Collection[str]], able: Mapping[str, frozenset[str]]) -> str | None:
    """The task that can't be given to anybody in any way of sharing out, or None.

    A task with more people than rivals can always be given last, so it is set aside first.
    """
    rivals = {element: set(others) for element, others in apart.items()}
    while easy := [e for e, others in rivals.items() if len(able[e]) > len(others)]:
        for element in easy:
            del rivals[element]
        for others in rivals.values():
            others.difference_update(easy)
    order = sorted(rivals, key=lambda element: len(able[element]))
    given: dict[str, str] = {}
    tries, deepest = 0, 0

    def share(index: int) -> bool:
        nonlocal tries, deepest
        deepest = max(deepest, index)
        if index == len(order):
            return True
        element = order[index]
        for name in sorted(able[element]):
            tries += 1
            if tries > _MOST_TRIES:
                return True  # too many people for it to be likely
            if all(given.get(other) != name for other in rivals[element]):
                given[element] = name
                if share(index + 1):
                    return True
                del given[element]
        return False

    return None if share(0) else order[deepest]
