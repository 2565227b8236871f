"""The stage that scenarios are played on: a store of its own, the demo people, a virtual clock, a worker.

Everything goes through the real actions. Before each step what the engine keeps in memory is dropped,
so that every step saves and reloads.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from engine.actions.applicants import applicant_of
from engine.actions.assign_task import assign_task
from engine.actions.attached import imagine_attachments
from engine.actions.change_clock import extend_clock, pause_clock, resume_clock
from engine.actions.claim_task import claim_task
from engine.actions.complete_task import complete_task
from engine.actions.delegate_task import delegate_task
from engine.actions.open_case import open_case
from engine.actions.reading import get_case, list_cases
from engine.actions.record import get_record, get_variables
from engine.actions.release_task import release_task
from engine.actions.send_message import send_message
from engine.actions.substitutes import add_substitution
from engine.actions.views import CaseView
from engine.actions.withdraw_case import withdraw_case
from engine.errors import InputError, NotFoundError, TaskNotOpenError
from engine.notices import APPLICANT
from engine.scenarios.reading import DEMO_TOWNSHIP, Step, instant
from engine.scenarios.record import Record
from engine.store import people, tasks
from engine.store.db import Database, Tx
from engine.store.ids import read_id
from engine.types import SYSTEM, Actor
from engine.worker import Worker


@dataclass(eq=False)
class Stage:
    """One scenario in play. `now` is the virtual instant; it only moves forward."""

    database: Database
    process: str
    now: datetime
    case_id: int | None = None
    rounds: int | None = None
    """How many more times the worker may be called, where somebody waits for the outcome."""
    _turned_to: int | None = None  # the case that the step in hand names by its process
    _worker: Worker = field(init=False)

    def __post_init__(self) -> None:
        self._worker = Worker(self.database)
        imagine_attachments(self.database)

    def start(self, what: Mapping[str, Any]) -> None:
        """Open the case of the scenario."""
        self._advance_if_later(what)
        with self.database.write() as tx:
            opened = open_case(
                tx,
                process=self.process,
                region=str(what.get("region", DEMO_TOWNSHIP)),
                answers=what.get("answers") or {},
                version=what.get("version"),
                business_key=what.get("business_key"),
                actor=self._actor(tx, what, opening=True),
                at=self.now,
            )
        self.case_id = read_id(opened.id)
        self._settle()

    def act(self, step: Step) -> None:
        """Carry out one action at its instant; raises what the action raises."""
        if step.kind == "start":
            self.start(step.what)
            return
        self._advance_if_later(step.what)
        self._forget()
        with self.turned_to(step.what.get("case")), self.database.write() as tx:
            _ACTIONS[step.kind](self, tx, step.what)
        self._settle()

    @contextmanager
    def turned_to(self, process: str | None) -> Iterator[None]:
        """Speak of the newest case of a process, which another case has opened, instead of the first one."""
        self._turned_to = None if process is None else self._newest(str(process))
        try:
            yield
        finally:
            self._turned_to = None

    def _newest(self, process: str) -> int:
        with self.database.read() as tx:
            found = list_cases(tx, actor=SYSTEM, at=self.now, process=process, limit=1).items
        if not found:
            raise NotFoundError(f"There is no case of {process} yet.", f"还没有流程“{process}”的案件。")
        return read_id(found[0].id)

    def passed(self) -> dict[str, set[str]]:
        """The elements that all cases in the store have passed, by process."""
        found: dict[str, set[str]] = {}
        cursor = None
        while True:
            with self.database.read() as tx:
                page = list_cases(tx, actor=SYSTEM, at=self.now, cursor=cursor, limit=200)
                for case in page.items:
                    events = get_record(tx, case_id=read_id(case.id), actor=SYSTEM)
                    found.setdefault(case.process, set()).update(Record.of(events).passed)
            cursor = page.next
            if cursor is None:
                return found

    def advance(self, to: datetime) -> None:
        """Move the clock; everything that comes due on the way happens at its own instant."""
        if to < self.now:
            raise InputError(
                f"time runs forward only: {to} is before {self.now}",
                f"时间只能向前推进：{to} 早于 {self.now}。",
            )
        while (due := self._worker.next_due()) is not None and due <= to:
            self._forget()
            self._count_round()
            self.now = max(self.now, due)
            if self._worker.run_due(self.now) == 0:
                break  # what is left waits for somebody else
        self.now = to

    def _count_round(self) -> None:
        if self.rounds is None:
            return
        self.rounds -= 1
        if self.rounds < 0:
            raise InputError(
                f"By {self.now} more has come due than can be played at once; advance in smaller steps.",
                f"到 {self.now} 为止到期的事项过多，逐步演示到此为止；请缩短推进的时间。",
            )

    def next_due(self) -> datetime | None:
        """When something next happens by itself."""
        return self._worker.next_due()

    def look(self) -> tuple[CaseView, Record]:
        """The case and its record as they stand now."""
        self._forget()
        with self.database.read() as tx:
            view = get_case(tx, case_id=self._case(), actor=SYSTEM, at=self.now)
            events = get_record(tx, case_id=self._case(), actor=SYSTEM)
        return view, Record.of(events)

    def variables(self) -> Mapping[str, Any]:
        """What the case knows."""
        with self.database.read() as tx:
            return get_variables(tx, case_id=self._case(), actor=SYSTEM)

    def _settle(self) -> None:
        """Perform what the step promised and what is due at this very instant."""
        while self._worker.run_due(self.now):
            self._forget()

    def _advance_if_later(self, what: Mapping[str, Any]) -> None:
        if "at" in what:
            self.advance(instant(what["at"]))

    def _forget(self) -> None:
        self.database.kept.pop("live", None)

    def _case(self) -> int:
        if self._turned_to is not None:
            return self._turned_to
        if self.case_id is None:
            raise NotFoundError("The scenario has no open case.", "场景中没有案件。")
        return self.case_id

    def _actor(self, tx: Tx, what: Mapping[str, Any], key: str = "by", *, opening: bool = False) -> Actor:
        username = str(what.get(key, "officer"))
        if username == SYSTEM.username:
            return SYSTEM  # what another case does; nobody has an account of that name
        if username == APPLICANT:
            return applicant_of(0 if opening else self._case())  # who has no account either
        actor = people.find_actor(tx, username, self.now.date())
        if actor is None:
            raise NotFoundError(f"There is no account {username!r}.", f"没有账号“{username}”。")
        return actor

    def task_id(self, tx: Tx, element_id: str, by: str = "") -> int:
        """The open task of an element, else its last one; `TaskNotOpenError` if there never was one.

        Of several (one for each member of a meeting, say) it is the one that names the person.
        """
        view = get_case(tx, case_id=self._case(), actor=SYSTEM, at=self.now)
        found = [task for task in view.tasks if task.element_id == element_id]
        for task in sorted(found, key=lambda task: by not in (task.assignee, *task.candidate_users)):
            return read_id(task.id)
        done = tasks.find_last(tx, self._case(), element_id)
        if done is None:
            raise TaskNotOpenError(f"The task {element_id} is not open.", f"任务“{element_id}”不在待办状态。")
        return done


def _complete(stage: Stage, tx: Tx, what: Mapping[str, Any]) -> None:
    complete_task(
        tx,
        task_id=stage.task_id(tx, str(what.get("task")), str(what.get("by", ""))),
        answers=what.get("answers") or {},
        seen_version=None,
        actor=stage._actor(tx, what),
        at=stage.now,
    )


def _hold(action: Callable[..., Any]) -> Callable[[Stage, Tx, Mapping[str, Any]], None]:
    """Claim or release: nothing but the task and the actor."""

    def run(stage: Stage, tx: Tx, what: Mapping[str, Any]) -> None:
        task_id = stage.task_id(tx, str(what.get("task")))
        action(tx, task_id=task_id, actor=stage._actor(tx, what), at=stage.now)

    return run


def _hand_over(action: Callable[..., Any]) -> Callable[[Stage, Tx, Mapping[str, Any]], None]:
    """Assign or delegate: to somebody."""

    def run(stage: Stage, tx: Tx, what: Mapping[str, Any]) -> None:
        task_id = stage.task_id(tx, str(what.get("task")))
        action(tx, task_id=task_id, to=str(what.get("to")), actor=stage._actor(tx, what), at=stage.now)

    return run


def _on_case(action: Callable[..., Any], **names: str) -> Callable[[Stage, Tx, Mapping[str, Any]], None]:
    """An action on the case; `names` maps the scenario's keys to the action's arguments."""

    def run(stage: Stage, tx: Tx, what: Mapping[str, Any]) -> None:
        given = {argument: what[key] for key, argument in names.items() if key in what}
        action(tx, case_id=stage._case(), actor=stage._actor(tx, what), at=stage.now, **given)

    return run


def _leave(stage: Stage, tx: Tx, what: Mapping[str, Any]) -> None:
    """Somebody is away and somebody else covers; the absent person says so unless `by` does."""
    add_substitution(
        tx,
        absent=str(what["who"]),
        substitute=str(what["substitute"]),
        starts=instant(what["from"]).date(),
        ends=instant(what["to"]).date(),
        process=what.get("process"),
        region=str(what.get("region", "")),
        actor=stage._actor(tx, what, "by" if "by" in what else "who"),
        at=stage.now,
    )


def _message(stage: Stage, tx: Tx, what: Mapping[str, Any]) -> None:
    actor = stage._actor(tx, what) if "by" in what else SYSTEM
    payload = what.get("payload") or {}
    name = str(what.get("name"))
    send_message(tx, case_id=stage._case(), name=name, payload=payload, actor=actor, at=stage.now)


_ACTIONS: Mapping[str, Callable[[Stage, Tx, Mapping[str, Any]], None]] = {
    "complete": _complete,
    "claim": _hold(claim_task),
    "release": _hold(release_task),
    "assign": _hand_over(assign_task),
    "delegate": _hand_over(delegate_task),
    "leave": _leave,
    "message": _message,
    "withdraw": _on_case(withdraw_case, reason="reason"),
    "pause": _on_case(pause_clock, clock="name", ground="ground", article="article"),
    "resume": _on_case(resume_clock, clock="name", article="article"),
    "extend": _on_case(extend_clock, clock="name", to="to", ground="ground", article="article"),
}
