"""Who has a task in hand: the rules that claiming, releasing, assigning, delegating and drafting share.

What is taken for somebody on leave is in that person's hands, so that it is theirs again on the day
they are back, with nothing to be given back.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

from engine import access
from engine.access import Eligibility
from engine.actions.duties import NONE, Bars, gather
from engine.actions.program import load_program
from engine.actions.proof import of_holder
from engine.actions.refusals import held_error
from engine.actions.showing import show_task
from engine.actions.views import TaskView
from engine.errors import EngineError, FieldError, ForbiddenError, InputError
from engine.store import cases, events, people, tasks
from engine.store.cases import CaseRow
from engine.store.db import Tx
from engine.store.tasks import TaskRow
from engine.types import Actor


def eligibility(case: CaseRow, task: TaskRow) -> Eligibility:
    """Whom the task is for."""
    return Eligibility(
        region=task.region,
        assignee=task.assignee,
        groups=task.groups,
        users=task.users,
        case_id=case.id,
    )


def require_doer(tx: Tx, case: CaseRow, task: TaskRow, actor: Actor) -> str | None:
    """For whom the actor may do the task: None for themselves, else the absent person whose leave they cover.

    Raises ForbiddenError if it is not for them or a duty bars them, ConflictError if others have it in hand.
    """
    asks, bars = eligibility(case, task), find_bars(tx, case, task)
    refused: EngineError = access.not_eligible(actor, asks)
    for absent, person in access.capacities(actor, case.process, task.region):
        if not asks.admits(person):
            continue
        try:
            bars.require(actor, person)
        except ForbiddenError as error:
            refused = error
            continue
        if task.assignee in (None, person.username):
            return absent
        refused = held_error(tx, task)
    raise refused


def find_bars(tx: Tx, case: CaseRow, task: TaskRow) -> Bars:
    """The separation of duties that the case's diagram asks for, with what was done in the case."""
    duty = load_program(tx, case.process, case.definition_hash).duties.get(task.element_id, NONE)
    return gather(tx, case.id, task.element_id, task.region, duty)


def find_colleague(tx: Tx, case: CaseRow, task: TaskRow, username: str, on: date) -> Actor:
    """The person a task is to go to. Raises InputError (unknown), ForbiddenError (not for them)."""
    colleague = people.find_actor(tx, username, on)
    if colleague is None:
        zh, en = f"没有账号“{username}”", f"there is no account {username!r}"
        fault = FieldError(pointer="/assignee", zh=zh, en=en)
        raise InputError(f"The task cannot go there: {en}.", f"无法交办：{zh}。", [fault])
    open_to = replace(eligibility(case, task), assignee=None)
    if not open_to.admits(colleague):
        for absent, person in access.capacities(colleague, case.process, task.region):
            if absent is not None and open_to.admits(person):
                raise ForbiddenError(
                    f"{colleague.name} could do this task only for {person.name}; assign it to {absent}.",
                    f"{colleague.name}只能代{person.name}办理该任务，请直接交给{absent}。",
                    data={"absent": absent},
                )
        raise access.not_eligible(colleague, open_to)
    find_bars(tx, case, task).require(colleague, colleague)
    return colleague


def hand_over(
    tx: Tx,
    case: CaseRow,
    task: TaskRow,
    *,
    to: str | None,
    kind: str,
    actor: Actor,
    at: datetime,
    absent: str | None = None,
) -> TaskView:
    """Put the task into somebody's hands, or (None) back on the list, and record it.

    `absent` is whose leave the actor covers in doing so.
    """
    since = None if to is None else at
    tasks.update_task(tx, task.id, assignee=to, held_since=since)
    data = {"task": task.element_id, "from": task.assignee, "to": to, events.PROOF: of_holder(task, to)}
    if absent is not None:
        data["for"] = absent
    seq = case.seq + 1
    head = events.append(
        tx, case_id=case.id, seq=seq, previous=case.head, at=at, actor=actor.username, kind=kind, data=data
    )
    cases.save_head(tx, case.id, seq, head)
    return show_task(task._replace(assignee=to, held_since=since), case, at)
