"""Stories of the shipped processes gone astray: the wrong person, too early, twice, with other answers.

Each sequence follows one scenario and departs from it at random, through the real actions on a store of
its own. What came of it is judged by `judging`, from history and ledger alone.
"""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from engine.actions.applicants_act import do_task, withdraw_application
from engine.actions.reading import get_case, list_cases
from engine.actions.views import CaseView
from engine.definitions import read_folder
from engine.definitions.scenario_files import is_scenario
from engine.errors import EngineError
from engine.scenarios.reading import Scenario, Step, instant, read_scenarios
from engine.scenarios.stage import Stage
from engine.store.db import Database
from engine.store.ids import read_id
from engine.types import SYSTEM
from tests.people_forms import id_number

PROCESSES = Path(__file__).parents[2] / "processes"
PEOPLE = (
    "helper", "officer", "officer2", "leader", "county", "county2", "supervisor", "coordinator",
    "department", "department2", "designer", "admin",
)  # fmt: skip
DEPARTURES = (
    "somebody", "skip", "twice", "other", "number", "early", "early", "early", "applicant", "message",
    "time", "clock", "leave", "hand", "withdraw", "start",
)  # fmt: skip
ALONE = ("benefit", "aid-delivery", "correction-order")


@dataclass(frozen=True, slots=True)
class Library:
    """What people answer in the stories, by process and task, and what else they do there."""

    stories: tuple[Scenario, ...]
    answers: Mapping[tuple[str, str], list[Mapping[str, Any]]]
    starts: Mapping[str, list[Mapping[str, Any]]]
    messages: tuple[Step, ...]


def read_library(folder: Path = PROCESSES) -> Library:
    """The stories that a person begins, and all answers of all stories."""
    files = {name: data for name, data in read_folder(folder).items() if is_scenario(name, data)}
    answers: dict[tuple[str, str], list[Mapping[str, Any]]] = defaultdict(list)
    starts: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    messages: list[Step] = []
    stories = read_scenarios(files)
    for story in stories:
        starts[story.process].append(story.start)
        for step in story.steps:
            done = step.refused or step
            if done.kind == "complete":
                of = (str(done.what.get("case", story.process)), str(done.what["task"]))
                answers[of].append(done.what.get("answers") or {})
            elif done.kind == "message":
                messages.append(done)
    begun = [one for one in stories if one.start.get("by") != SYSTEM.username and not one.after]
    return Library(tuple(begun), answers, starts, tuple(messages))


@dataclass
class Life:
    """One sequence: a story, its stage, and what came of each departure."""

    database: Database
    library: Library
    dice: random.Random
    story: Scenario
    told: Counter[str] = field(default_factory=Counter)
    stage: Stage = field(init=False)

    def live(self) -> None:
        """Follow the story, now and then somewhere else; then a month goes by, with an account to pay to."""
        self.stage = Stage(self.database, self.story.process, instant(self.story.start["at"]), rounds=300)
        self._try("begin", lambda: self.stage.start(self.story.start))
        for step in self.story.steps:
            while self.dice.random() < 0.25:
                self._depart(step)
            if step.kind == "advance_to":
                self._try("advance", lambda to=step.what["at"]: self.stage.advance(to))
            elif step.kind != "expect" and self.dice.random() < 0.97:
                self._act(step.refused or step, "attempt" if step.refused else "follow")

        account = {"bank_account": "6217001234567890122"}
        done = {"case": "benefit", "task": "record_account", "by": "officer", "answers": account}
        self._act(Step(kind="complete", number=0, what=done), "account")
        self._try("advance", lambda: self.stage.advance(self.stage.now + timedelta(days=35)))

    def _act(self, step: Step, what: str) -> None:
        self._try(what, lambda: self.stage.act(step))

    def _try(self, what: str, act: Any) -> None:
        try:
            act()
        except EngineError as error:
            self.told[f"{what} refused"] += 1
            self.told[error.code] += 1
        else:
            self.told[what] += 1

    def _depart(self, step: Step) -> None:
        kind = self.dice.choice(DEPARTURES)
        match kind:
            case "somebody" | "twice" | "number" if step.kind == "complete":
                self._act(self._changed(step, kind), kind)
            case "other" | "early" | "applicant" | "hand":
                self._on_a_task(kind)
            case "message" | "time" | "withdraw" | "clock" | "leave" | "start":
                getattr(self, f"_{kind}")()

    def _changed(self, step: Step, kind: str) -> Step:
        what = dict(step.what)
        if kind == "somebody":
            what["by"] = self.dice.choice(PEOPLE)
        if kind == "number":
            answers = dict(what.get("answers") or {})
            texts = [key for key, value in answers.items() if isinstance(value, str)]
            if texts:
                answers[self.dice.choice(texts)] = id_number()
            what["answers"] = answers
        return replace(step, what=what)

    def _cases(self) -> list[CaseView]:
        with self.database.read() as tx:
            found = list_cases(tx, actor=SYSTEM, at=self.stage.now, limit=20).items
            return [get_case(tx, case_id=read_id(one.id), actor=SYSTEM, at=self.stage.now) for one in found]

    def _on_a_task(self, kind: str) -> None:
        """Any open task, or any task at all, by anybody, with what anybody ever answered there."""
        cases = self._cases()
        case = self.dice.choice(cases) if cases else None
        if case is None:
            return
        known = [element for process, element in self.library.answers if process == case.process]
        open_now = [task.element_id for task in case.tasks]
        element = self.dice.choice(open_now if open_now and kind != "early" else known or ["none"])
        given = self.library.answers.get((case.process, element)) or [{}]
        answers = self.dice.choice(given)
        by = self.dice.choice(PEOPLE)
        if kind == "applicant":
            if case.tasks:
                task = self.dice.choice(case.tasks)
                self._try(kind, lambda: self._as_applicant(case, task.id, answers))
            return
        what: dict[str, Any] = {"task": element, "by": by, "case": case.process}
        if kind == "hand":
            hand = self.dice.choice(("claim", "release", "assign", "delegate"))
            to = {"to": self.dice.choice(PEOPLE)} if hand in ("assign", "delegate") else {}
            self._act(Step(kind=hand, number=0, what=what | to), kind)
        else:
            self._act(Step(kind="complete", number=0, what=what | {"answers": answers}), kind)

    def _as_applicant(self, case: CaseView, task_id: str, answers: Mapping[str, Any]) -> None:
        with self.database.write() as tx:
            do_task(
                tx, case_id=read_id(case.id), task_id=read_id(task_id), answers=answers, at=self.stage.now
            )

    def _message(self) -> None:
        said = self.dice.choice(self.library.messages)
        what = {**said.what, "by": self.dice.choice(PEOPLE)}
        what.pop("at", None)
        self._act(replace(said, what=what), "message")

    def _time(self) -> None:
        hours = self.dice.choice((2, 30, 24 * 8))
        self._try("time", lambda: self.stage.advance(self.stage.now + timedelta(hours=hours)))

    def _withdraw(self) -> None:
        cases = self._cases()
        if self.dice.random() < 0.2 and cases:
            with self.database.write() as tx:
                case_id = read_id(self.dice.choice(cases).id)
                self._try(
                    "withdraw",
                    lambda: withdraw_application(tx, case_id=case_id, reason="不再申请", at=self.stage.now),
                )

    def _clock(self) -> None:
        kind = self.dice.choice(("pause", "resume", "extend"))
        what: dict[str, Any] = {"clock": "total", "by": self.dice.choice(PEOPLE)}
        if kind == "pause":
            what |= {"ground": "不可抗力", "article": "本地设定"}
        if kind == "extend":
            what |= {"to": 'limit("dibao.total.special")', "ground": "人户分离"}
        self._act(Step(kind=kind, number=0, what=what), "clock")

    def _leave(self) -> None:
        who, substitute = self.dice.sample(PEOPLE, 2)
        day = self.stage.now
        what = {"who": who, "substitute": substitute, "from": day.isoformat()}
        what["to"] = (day + timedelta(days=self.dice.choice((0, 3, 30)))).isoformat()
        self._act(Step(kind="leave", number=0, what=what), "leave")

    def _start(self) -> None:
        """Somebody opens what only a decision opens, or another application of anybody."""
        process = self.dice.choice((*ALONE, *self.library.starts))
        given = self.dice.choice(self.library.starts[process])
        what = {"answers": given.get("answers") or {}, "by": self.dice.choice(PEOPLE)}
        kept, own = self.stage.case_id, self.stage.process
        self.stage.process = process
        self._try("start", lambda: self.stage.start(what))
        self.stage.case_id, self.stage.process = kept, own
