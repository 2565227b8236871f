"""Two worlds that differ only in cases outside somebody's scope, and all that this person can get of each.

Acts happen at instants fixed beforehand, so that times need no normalising. Ids are random: each world
names its own in-scope ids by the order in which things came to be.
"""

from __future__ import annotations

import base64
import contextlib
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import text

from engine import access
from engine.actions.add_attachment import AttachmentLimits, add_attachment
from engine.actions.change_clock import pause_clock, resume_clock
from engine.actions.claim_task import claim_task
from engine.actions.complete_task import complete_task
from engine.actions.open_case import open_case
from engine.actions.reading import get_case
from engine.actions.reveal import reveal
from engine.actions.withdraw_case import withdraw_case
from engine.errors import InputError
from engine.store.blobs import FolderBlobs
from engine.store.db import Database
from engine.store.ids import new_id, read_id, show_id
from engine.types import SYSTEM, Actor, Position
from engine.worker import Worker
from tests.people_forms import id_number

REGIONS = ("350481100", "350481101", "350481", "350404100", "350404")
PROCESSES = ("three-steps", "loop", "care", "bad")
KINDS = ("complete", "claim", "pause", "resume", "withdraw", "reveal", "attach", "wait")
BEGIN = datetime.fromisoformat("2026-09-22T09:00:00+08:00")
_ELSEWHERE = {"REMOTE_ADDR": "192.0.2.7"}
_EVERYBODY = ("village.helper", "town.officer", "town.leader", "county.officer", "county.supervisor")


@dataclass(frozen=True, slots=True)
class Act:
    """Something done at a fixed instant: to the case that was opened as number `case`, or opening one."""

    kind: str
    case: int
    region: str = ""
    process: str = ""


@dataclass(eq=False, slots=True)
class World:
    """One database while acts are done in it, and the labels of the ids that the watcher may see."""

    database: Database
    blobs: FolderBlobs
    now: datetime = BEGIN
    cases: dict[int, int] = field(default_factory=dict)
    labels: dict[str, str] = field(default_factory=dict)

    def play(self, acts: Sequence[Act], skip: set[int]) -> None:
        """Do the acts but those on the cases to `skip`; time passes either way."""
        for number, act in enumerate(acts):
            self.now = BEGIN + timedelta(minutes=7 * number)
            if act.kind == "wait":
                self.now += timedelta(minutes=3)
                Worker(self.database).run_due(self.now)
            elif act.case not in skip:
                with contextlib.suppress(InputError):
                    self._do(act)
        self.now = BEGIN + timedelta(minutes=7 * len(acts))

    def _do(self, act: Act) -> None:
        actor = _someone(act.region)
        with self.database.write() as tx:
            if act.kind == "open":
                opened = open_case(
                    tx, process=act.process, region=act.region, answers={}, actor=actor, at=self.now
                )
                self.cases[act.case] = read_id(opened.id)
            elif act.case in self.cases:
                self._work(tx, act.kind, self.cases[act.case], actor)

    def _work(self, tx: Any, kind: str, case_id: int, actor: Actor) -> None:
        common: dict[str, Any] = {"actor": actor, "at": self.now}
        tasks = get_case(tx, case_id=case_id, actor=SYSTEM, at=self.now).tasks
        match kind:
            case "complete" if tasks:
                given = _ANSWERS.get(tasks[0].element_id, {"missing": "no.such", "stop": False})
                complete_task(tx, task_id=read_id(tasks[0].id), answers=given, seen_version=None, **common)
            case "claim" if tasks:
                claim_task(tx, task_id=read_id(tasks[0].id), **common)
            case "pause":
                pause_clock(tx, case_id=case_id, name="total", ground="不可抗力", **common)
            case "resume":
                resume_clock(tx, case_id=case_id, name="total", **common)
            case "withdraw":
                withdraw_case(tx, case_id=case_id, reason="撤回", **common)
            case "reveal":
                reveal(tx, case_id=case_id, fields=["id_number"], reason="核对身份", **common)
            case "attach":
                add_attachment(
                    tx,
                    name="a.txt",
                    content="证明".encode(),
                    case_id=case_id,
                    blobs=self.blobs,
                    limits=AttachmentLimits(),
                    **common,
                )

    def label(self, scope: Sequence[str], inside: Sequence[int]) -> None:
        """Name every id in scope by the order of its kind and coming."""
        cases = {self.cases[number]: number for number in inside if number in self.cases}
        self.labels = {show_id(case_id): f"case {number}" for case_id, number in cases.items()}
        with self.database.read() as tx:
            for table in ("tasks", "incidents", "attachments"):
                rows = tx.execute(text(_OF_CASES[table])).all()
                kept = [row for row in rows if row.case_id in cases]
                for count, row in enumerate(sorted(kept, key=lambda row: (cases[row.case_id], *row[2:]))):
                    self.labels[show_id(row.id)] = f"{table} {count}"
            audit = tx.execute(text("SELECT id, region FROM audit ORDER BY seq")).all()
        seen = [row.id for row in audit if row.region == "" or row.region.startswith(tuple(scope) or ("-",))]
        self.labels |= {show_id(id_): f"audit {count}" for count, id_ in enumerate(seen)}


_ANSWERS = {"apply": {"person_name": "甲", "id_number": id_number()}, "look": {}}
_OF_CASES = {
    "tasks": "SELECT id, case_id, opened_at, key FROM tasks",
    "incidents": "SELECT id, case_id, at, key FROM incidents WHERE kind = 'element'",
    "attachments": "SELECT id, case_id, uploaded_at FROM attachments WHERE case_id IS NOT NULL",
}


def _someone(region: str) -> Actor:
    """Whoever works in a region, with every role there."""
    positions = tuple(Position(role=role, region=region) for role in _EVERYBODY)
    return Actor(username=f"worker_{region}", name="经办", positions=positions)


@dataclass(frozen=True, slots=True)
class Watcher:
    """Somebody with positions who looks at all there is to get."""

    http: FlaskClient
    token: str
    actor: Actor

    def scope(self) -> tuple[str, ...]:
        return access.regions_seen(self.actor)

    def look(self, world: World, outside: Sequence[int], numbers: Sequence[str]) -> dict[str, str]:
        """Path → status, headers and body, with the world's ids named; lists are followed to their end."""
        seen: dict[str, str] = {}
        inside = {shown: label for shown, label in world.labels.items() if label.startswith("case ")}
        for path in [*_PATHS, *(f"/cases?number={number}" for number in numbers)]:
            self._follow(world, path, seen)
        for shown, label in inside.items():
            for rest in ("", "/history", "/history?limit=1", "/clocks", "/attachments", "/diagram"):
                self._follow(world, f"/cases/{shown}{rest}", seen, f"{label}{rest}")
            self._follow(world, f"/tasks?case_id={shown}", seen, f"tasks of {label}")
        for shown, label in world.labels.items():
            if label.startswith(("tasks", "attachments")):
                self._get(world, f"/{label.split()[0]}/{shown}", seen, label)
        nowhere = show_id(new_id(world.now))
        for number in outside:
            shown = show_id(world.cases[number]) if number in world.cases else nowhere
            for rest in ("", "/history", "/clocks", "/attachments"):
                self._get(world, f"/cases/{shown}{rest}", seen, f"outside {number}{rest}")
            self._get(world, f"/tasks?case_id={shown}", seen, f"tasks of outside {number}")
        response = self.http.get("/metrics", environ_overrides=_ELSEWHERE)
        seen["metrics"] = f"{response.status_code} {response.text}"
        return seen

    def _follow(self, world: World, path: str, seen: dict[str, str], name: str = "") -> None:
        page, cursor = 0, ""
        while page == 0 or cursor:
            joint = "&" if "?" in path else "?"
            address = f"{path}{joint}cursor={cursor}" if cursor else path
            cursor = self._get(world, address, seen, f"{name or path} page {page}") or ""
            page += 1

    def _get(self, world: World, path: str, seen: dict[str, str], name: str) -> str | None:
        response = self.http.get(
            f"/api/v1{path}",
            headers={"Authorization": f"Bearer {self.token}"},
            environ_overrides=_ELSEWHERE,
        )
        headers = [(key, value) for key, value in response.headers if key not in ("Date", "Content-Length")]
        seen[name] = f"{response.status_code} {headers} {named(response.text, world.labels)}"
        found: str | None = response.get_json().get("next") if response.is_json else None
        return found


_PATHS = (
    "/me", "/cases", "/cases?limit=1", "/cases?status=active", "/cases?status=incident", "/cases?light=green",
    "/cases?light=grey", "/cases?text=2026", "/cases?process=loop",
    *(f"/cases?region={region}" for region in REGIONS), *(f"/tasks?region={region}" for region in REGIONS),
    "/tasks", "/tasks?limit=1", "/tasks?mine=true", "/tasks?group=true", "/tasks?overdue=true",
    "/tasks?light=yellow", "/incidents", "/incidents?open_only=false&limit=1", "/audit", "/audit?limit=1",
    "/audit?kind=data_revealed", "/definitions", "/definitions/loop", "/definitions/loop/versions/1",
    "/supervision/summary", "/supervision/summary?region=350481", "/supervision/summary?process=care",
    "/supervision/forecast", "/supervision/forecast?days=30&process=three-steps", "/supervision/emergency",
    "/supervision/load", "/supervision/load?region=350404", "/supervision/trends?unit=week",
    "/supervision/heat?process=three-steps", "/cases?turns=red&to_day=2026-12-01", "/cases?step=visit",
    f"/cases?person={id_number()}",  # last: the search itself is a row of the audit log
)  # fmt: skip
_HASH = re.compile(r'"hash":"[0-9a-f]{64}"')  # over the case's own random id and salt
_ID = re.compile(r"\b[0-9a-hjkmnp-tv-z]{13}\b")
_NEXT = re.compile(r'"next":"([^"]+)"')


def named(answer: str, labels: dict[str, str]) -> str:
    """An answer with known ids replaced by their names; those that are not known stay, and so differ."""
    answer = _HASH.sub('"hash":"…"', answer)
    answer = _NEXT.sub(lambda found: f'"next":{_opened(found[1], labels)}', answer)
    return _ID.sub(lambda found: labels.get(found[0], found[0]), answer)


def _opened(cursor: str, labels: dict[str, str]) -> str:
    kind, *key = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    return json.dumps([kind, *(labels.get(show_id(part), part) for part in key)])
