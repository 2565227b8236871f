"""Whatever people do, in whatever order and for whomever: no history ever shows a duty broken.

Random people, positions, leave, filings and actions, administrators included. What is allowed is
judged from the record alone, by rules written down here a second time.
"""

from __future__ import annotations

import os
import random
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from engine.actions.assign_task import assign_task
from engine.actions.claim_task import claim_task
from engine.actions.complete_task import complete_task
from engine.actions.delegate_task import delegate_task
from engine.actions.deploy import deploy
from engine.actions.draft_task import draft_task
from engine.actions.open_case import open_case
from engine.actions.record import get_record
from engine.actions.release_task import release_task
from engine.actions.substitutes import add_substitution, end_substitution
from engine.actions.views import CaseView, EventView
from engine.errors import EngineError
from engine.store import people, tasks
from engine.store.db import Database, clone_in_memory, open_database
from engine.store.ids import read_id
from engine.store.substitutions import Substitution
from engine.types import SYSTEM
from tests.builders import TUESDAY, bpmn, choice, end, start, user
from tests.forms.form_builders import component, source

SEQUENCES = int(os.environ.get("AIDFLOW_DUTY_SEQUENCES", "500"))
ACTIONS = 36
TOWN, COUNTY, OTHER = "350481100", "350481", "350481101"
POSITIONS = [
    ("town.officer", TOWN), ("town.officer", TOWN), ("town.leader", TOWN), ("village.helper", TOWN),
    ("county.officer", COUNTY), ("county.officer", COUNTY), ("town.officer", COUNTY), ("town.leader", OTHER),
    ("department.officer", TOWN), ("admin", "3504"),
]  # fmt: skip
BOTH = "town.officer, town.leader, county.officer"
SEPARATE = {"cosign": {"visit"}, "confirm": {"visit", "cosign"}}
RECUSING = {"visit", "cosign", "confirm"}
THREE = ("visit", "cosign", "check")

KIN = source(
    component(
        "dynamiclist",
        "recused",
        isRepeating=True,
        allowAddRemove=True,
        components=[
            component("textfield", "name", properties={"recuses": "name"}),
            component("textfield", "account", properties={"recuses": "account"}),
        ],
    ),
    id="kin",
)
PROCESS = bpmn(
    "duties",
    start()
    + choice("merge")
    + choice("again")
    + '<bpmn:parallelGateway id="fork"/><bpmn:parallelGateway id="join"/>'
    + user("kin", groups=BOTH, form="kin")
    + user("visit", groups=BOTH, recuse="true")
    + user("cosign", groups=BOTH, recuse="true", separateFrom="visit",
           differentPeople="2", differentOver="visit, cosign, check")
    + user("check", groups="county.officer, department.officer, town.officer", notLevel="town")
    + user("confirm", groups=BOTH, recuse="true", separateFrom="visit, cosign",
           differentPeople="3", differentOver="visit, cosign, check")
    + end(),
    "begin>merge merge>fork fork>kin fork>visit fork>cosign fork>check "
    "kin>join visit>join cosign>join check>join join>confirm confirm>again again>merge?repeat again>done?",
)  # fmt: skip


@dataclass
class Play:
    """One sequence: its people, its cases, what happened."""

    database: Database
    dice: random.Random
    names: list[str]
    now: datetime = TUESDAY
    held: dict[str, list[tuple[str, str, date, date | None]]] = field(default_factory=dict)
    leave: list[tuple[Substitution, datetime | None]] = field(default_factory=list)
    cases: list[CaseView] = field(default_factory=list)
    told: Counter[str] = field(default_factory=Counter)

    def prepare(self) -> None:
        with self.database.write() as tx:
            for name in self.names:
                people.add_account(tx, username=name, name=f"人{name}", name_en=name, password_hash="-")
                for role, region in set(self.dice.sample(POSITIONS, self.dice.choice((1, 1, 2, 3)))):
                    since = self.now.date() + timedelta(days=self.dice.choice((-9, -9, 0, 2)))
                    self.held.setdefault(name, []).append((role, region, since, None))
                    people.add_position(tx, username=name, role=role, region=region, valid_from=since)
            for _ in range(2):
                opened = open_case(tx, process="duties", region=TOWN, answers={}, actor=SYSTEM, at=self.now)
                self.cases.append(opened)

    def act(self) -> None:
        """One thing that somebody tries; most is refused, and refused things change nothing."""
        if self.dice.random() < 0.05:
            self.now += timedelta(days=1)
        try:
            self._change_leave() if self.dice.random() < 0.15 else self._work()
        except EngineError as error:
            self.told[str(error.data.get("rule", error.code))] += 1

    def _change_leave(self) -> None:
        with self.database.write() as tx:
            actor = people.find_actor(tx, self.dice.choice(self.names), self.now.date())
            assert actor is not None
            if self.leave and self.dice.random() < 0.15:
                index = self.dice.randrange(len(self.leave))
                made = self.leave[index][0]
                end_substitution(tx, substitution_id=made.id, actor=actor, at=self.now)
                self.leave[index] = (made, self.now)
                return
            absent = actor.username if self.dice.random() < 0.6 else self.dice.choice(self.names)
            made = add_substitution(
                tx,
                absent=absent,
                substitute=self.dice.choice(self.names),
                starts=self.now.date() + timedelta(days=self.dice.choice((0, 0, 1))),
                ends=self.now.date() + timedelta(days=self.dice.choice((0, 1, 5))),
                process=self.dice.choice((None, None, "duties")),
                region=self.dice.choice(("", "", TOWN, OTHER)),
                actor=actor,
                at=self.now,
            )
        self.leave.append((made, None))

    def _work(self) -> None:
        case_id = read_id(self.dice.choice(self.cases).id)
        with self.database.write() as tx:
            actor = people.find_actor(tx, self.dice.choice(self.names), self.now.date())
            open_tasks = tasks.list_of_case(tx, case_id)
            assert actor is not None
            if not open_tasks:
                return
            task = self.dice.choice(open_tasks)
            common: dict[str, Any] = {"task_id": task.id, "actor": actor, "at": self.now}
            match self.dice.choice(
                ("complete",) * 5 + ("claim", "claim", "assign", "delegate", "release", "draft")
            ):
                case "complete":
                    answers = self._answers(task.element_id)
                    complete_task(tx, answers=answers, seen_version=None, **common)
                case "claim":
                    claim_task(tx, **common)
                case "release":
                    release_task(tx, **common)
                case "draft":
                    draft_task(tx, answers={}, **common)
                case hands:
                    action = assign_task if hands == "assign" else delegate_task
                    action(tx, to=self.dice.choice(self.names), **common)
                    self.told[hands] += 1

    def _answers(self, element: str) -> dict[str, Any]:
        if element == "confirm":
            return {"repeat": self.dice.random() < 0.4}
        if element != "kin" or self.dice.random() < 0.4:
            return {"recused": []} if element == "kin" else {}
        who = self.dice.choice(self.names)
        row = {"name": f"人{who}"} if self.dice.random() < 0.5 else {"name": "外人", "account": who.upper()}
        return {"recused": [row]}

    def judge(self) -> None:
        """Hold the records of the cases against the rules."""
        for case in self.cases:
            with self.database.read() as tx:
                record = get_record(tx, case_id=read_id(case.id), actor=SYSTEM)
            self._judge_record(record)

    def _judge_record(self, record: list[EventView]) -> None:
        done: list[tuple[str, frozenset[str]]] = []
        filed: set[str] = set()
        for event in record:
            absent = event.data.get("for")
            if absent is not None:
                assert self._covers(event.actor, absent, event.at.date(), event.at), (event, self.leave)
                self.told["for"] += 1
            acting = frozenset({event.actor, absent or event.actor})
            element = event.data.get("task")
            if event.kind in ("task_claimed", "task_assigned", "task_delegated"):
                receiver = frozenset({event.data["to"]})
                # What is taken for somebody is theirs; both must be free to do it.
                self._judge_task(element, receiver | acting if event.kind == "task_claimed" else receiver,
                                 event.at.date(), done, filed)  # fmt: skip
            if event.kind == "task_completed":
                self._judge_task(element, acting, event.at.date(), done, filed)
                done.append((element, acting))
                self._judge_numbers(element, done)
                self.told["completed"] += 1
                for row in event.data["answers"].get("recused") or []:
                    filed |= {row["name"].removeprefix("人")} | {str(row.get("account") or "").lower()}

    def _judge_task(
        self, element: str, who: frozenset[str], on: date,
        done: list[tuple[str, frozenset[str]]], filed: set[str],
    ) -> None:  # fmt: skip
        apart = SEPARATE.get(element, set()) | {one for one, others in SEPARATE.items() if element in others}
        for earlier, doers in done:
            assert not (earlier in apart and doers & who), (element, earlier, who)
        if element in RECUSING:
            assert not filed & who, (element, filed, who)
        if element == "check":
            for name in who:
                for role, region, since, _ in self.held[name]:
                    of_town = role.startswith("town.") or len(region) == 9
                    near = TOWN.startswith(region) or region.startswith(TOWN)
                    assert not (since <= on and of_town and near), (element, name, role, region)

    @staticmethod
    def _judge_numbers(element: str, done: list[tuple[str, frozenset[str]]]) -> None:
        """Three people before the confirmation, counting whoever acts for somebody as one with them."""
        acts = [doers for one, doers in done if one in THREE]
        people_in = {name: name for act in acts for name in act}
        for act in acts:
            first, *rest = sorted(act)
            for name in rest:
                old, new = people_in[name], people_in[first]
                people_in = {key: new if value == old else value for key, value in people_in.items()}
        if element == "confirm" or {one for one, _ in done} >= set(THREE):
            assert len(set(people_in.values())) >= 3, done

    def _covers(self, substitute: str, absent: str, on: date, at: datetime) -> bool:
        return any(
            (one.substitute, one.absent) == (substitute, absent)
            and one.starts <= on <= one.ends
            and (ended is None or at <= ended)
            and (TOWN.startswith(one.region))
            for one, ended in self.leave
        )


@pytest.fixture(scope="module")
def stage(template: Path) -> Database:
    source_database = open_database(f"sqlite:///{template}")
    database = clone_in_memory(source_database)
    source_database.close()
    with database.write() as tx:
        deploy(tx, files={"duties.bpmn": PROCESS, "kin.form": KIN.encode()}, actor=SYSTEM, at=TUESDAY)
    return database


@pytest.mark.parametrize("half", [0, 1])
def test_no_history_shows_a_duty_broken(stage: Database, half: int) -> None:
    told: Counter[str] = Counter()
    for seed in range(half, SEQUENCES, 2):
        play = Play(stage, random.Random(seed), [f"s{seed}p{number}" for number in range(6)])
        play.prepare()
        for _ in range(ACTIONS):
            play.act()
        try:
            play.judge()
        except AssertionError as error:
            raise AssertionError(f"sequence {seed}: {error}") from error
        told += play.told
    wanted = "separation-of-duties recusal not-level different-people for completed assign delegate forbidden"
    assert told.keys() >= {*wanted.split(), "substitution-conflict"}, told
