"""A case as its applicant sees it: where it stands, what it waits for, by when, what to do, what was decided.

Built from nothing but what may be told: roles, never people; the case's own notices, tasks and clocks.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Literal

from engine.actions.applicants import applicant_of
from engine.actions.notices import NoticeView, show_notice
from engine.actions.outcomes import outcome_words
from engine.actions.program import Program
from engine.actions.reading import get_task, read_case
from engine.actions.showing import last_day, show_clocks
from engine.clocks import SHANGHAI, Calendar, Clock
from engine.forms import Form
from engine.notices import APPLICANT
from engine.store import notices, people, tasks
from engine.store.cases import CaseRow
from engine.store.db import Tx
from engine.store.tasks import TaskRow
from engine.types import SYSTEM

Both = tuple[str, str]
"""Chinese, English."""
Standing = Literal["received", "accepted", "decided", "closed", "withdrawn"]
_COUNTY = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitView:
    """One thing that the case waits for, and in whose hands it is: keys of roles, never a person."""

    what: Both
    by: tuple[str, ...]
    yours: bool
    since: date
    due: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitView:
    """A limit of the whole case: the law's day, the promised day, and how each came about."""

    name: str
    due: date | None
    promised: date | None
    status: Literal["running", "paused", "stopped"]
    provisional: bool
    clock: Clock
    calendar: Calendar

    def explain(self, lang: str) -> str:
        return self.clock.explain(self.calendar, lang)


@dataclass(frozen=True, slots=True, kw_only=True)
class TodoView:
    """A task that the applicant can do here. `known` holds only what the task's form itself shows."""

    id: str
    name: Both
    form: Form | None
    known: Mapping[str, Any]
    due: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DoneView:
    """A step that is over."""

    what: Both
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class RemedyView:
    """What can be done against a decision, and for how long."""

    review_days: int
    review_source: str
    review_body: Both
    lawsuit_months: int
    lawsuit_source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackView:
    """Everything that an applicant is told of a case."""

    number: str
    process: Both
    region: Both
    standing: Standing
    opened_on: date
    accepted_on: date | None
    closed_on: date | None
    outcome: Both | None
    waits: tuple[WaitView, ...]
    todo: tuple[TodoView, ...]
    done: tuple[DoneView, ...]
    limits: tuple[LimitView, ...]
    notices: tuple[NoticeView, ...]
    postings: tuple[NoticeView, ...]
    remedies: RemedyView | None
    may_withdraw: bool


def show_tracked(tx: Tx, *, case_id: int, at: datetime) -> TrackView:
    """The case of a tracking session."""
    row, clockwork, program = read_case(tx, case_id, SYSTEM)
    kept = tasks.list_all(tx, case_id)
    waiting = [task for task in kept if task.closed_at is None]
    told = [show_notice(found, row, None) for found in notices.list_of_case(tx, case_id)]
    clocks = show_clocks(clockwork, program, at, stopped=True)
    return TrackView(
        number=row.number,
        process=_named(program.definition.name, program.definition.properties.get("titleEn")),
        region=_region(tx, row.region),
        standing=_standing(row),
        opened_on=_day(row.opened_at),
        accepted_on=None if row.accepted_at is None else _day(row.accepted_at),
        closed_on=None if row.closed_at is None else _day(row.closed_at),
        outcome=outcome_words(row.outcome, program),
        waits=tuple(_wait(task) for task in waiting),
        todo=tuple(_todo(tx, task, case_id, at) for task in waiting if APPLICANT in task.groups),
        done=tuple(_done(task) for task in kept if task.closed_by is not None),
        limits=tuple(
            LimitView(
                name=clock.name,
                due=clock.due_date,
                promised=clock.promised_due_date,
                status=clock.status,
                provisional=clock.provisional,
                clock=_nameless(clock.clock),
                calendar=clock.calendar,
            )
            for clock in clocks
            if clock.kind == "case"
        ),
        notices=tuple(found for found in told if found.to == APPLICANT),
        postings=tuple(found for found in told if found.up_on is not None and _hangs(found, at)),
        remedies=_remedies(tx, row, program) if row.decided_at is not None else None,
        may_withdraw=row.closed_at is None,
    )


def _named(zh: str, en: str | None) -> Both:
    return zh, en or zh


def _day(instant: datetime) -> date:
    return instant.astimezone(SHANGHAI).date()


def _standing(row: CaseRow) -> Standing:
    if row.status == "withdrawn":
        return "withdrawn"
    if row.closed_at is not None:
        return "closed"
    if row.decided_at is not None:
        return "decided"
    return "received" if row.accepted_at is None else "accepted"


def _wait(task: TaskRow) -> WaitView:
    yours = APPLICANT in task.groups
    return WaitView(
        what=_named(" ".join(task.name.split()), task.name_en),
        by=(APPLICANT,) if yours else task.groups,
        yours=yours,
        since=_day(task.opened_at),
        due=last_day(task.due),
    )


def _done(task: TaskRow) -> DoneView:
    assert task.closed_at is not None
    return DoneView(what=_named(" ".join(task.name.split()), task.name_en), on=_day(task.closed_at))


def _todo(tx: Tx, task: TaskRow, case_id: int, at: datetime) -> TodoView:
    detail = get_task(tx, task_id=task.id, actor=applicant_of(case_id), at=at)
    reads = detail.form.reads if detail.form else frozenset()
    return TodoView(
        id=detail.task.id,
        name=_named(" ".join(task.name.split()), task.name_en),
        form=detail.form,
        known={name: value for name, value in detail.known.items() if name in reads},
        due=last_day(task.due),
    )


def _nameless(clock: Clock) -> Clock:
    """The ledger without the names of those who wrote in it."""
    return replace(
        clock,
        entries=tuple(replace(entry, by="", approver=entry.approver and "—") for entry in clock.entries),
    )


def _hangs(found: NoticeView, at: datetime) -> bool:
    return found.taken_down_at is None and found.down_on is not None and _day(at) <= found.down_on


def _region(tx: Tx, code: str) -> Both:
    """The township with its county."""
    names = {region.code: region for region in people.list_regions(tx)}
    found = [names[part] for part in (code[:_COUNTY], code) if part in names]
    return "".join(r.name for r in found), ", ".join(r.name_en for r in reversed(found))


def _remedies(tx: Tx, row: CaseRow, program: Program) -> RemedyView:
    parameters = program.parameters_for(row.decided_at or row.opened_at)
    county = people.get_region(tx, row.region[:_COUNTY])
    return RemedyView(
        review_days=int(parameters.get("remedy.review.days")),
        review_source=parameters.source("remedy.review.days"),
        review_body=(f"{county.name}人民政府", f"the people's government of {county.name_en}"),
        lawsuit_months=int(parameters.get("remedy.lawsuit.months")),
        lawsuit_source=parameters.source("remedy.lawsuit.months"),
    )
