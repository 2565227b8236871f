"""催办: call for a task that somebody waits for, on record and told to its holder and their leader."""

from __future__ import annotations

from datetime import datetime

from engine import access
from engine.actions.program import load_program
from engine.actions.proof import promise_digest
from engine.actions.safety_net import next_in_line, rules_for
from engine.actions.showing import show_task
from engine.actions.views import TaskView
from engine.actions.work import lock_task
from engine.clocks import SHANGHAI
from engine.errors import ConflictError, FieldError, InputError
from engine.store import cases, events, outbox
from engine.store.db import Tx
from engine.store.ids import new_id, show_id
from engine.store.packing import canonical
from engine.store.timers import ORDINARY
from engine.types import Actor

KIND = "task_chased"
LONGEST_NOTE = 500


class AlreadyChasedError(ConflictError):
    """The task was chased today already; `data` says by whom and when."""

    code = "already-chased"
    default_zh = "该任务今天已催办过。"


def chase_task(tx: Tx, *, task_id: int, actor: Actor, at: datetime, note: str = "") -> TaskView:
    """Chase an open task: once a local day, so that a call keeps its weight.

    Changes nothing that anybody works on: whoever has the task open can complete it all the same.

    Raises NotFoundError, TaskNotOpenError, ForbiddenError, AlreadyChasedError, InputError (the note).
    """
    locked, _, task = lock_task(tx, task_id=task_id, actor=actor)
    case = locked.row
    absent = access.require(actor, "task.chase", task.region, case.process)
    if len(note) > LONGEST_NOTE:
        zh, en = f"附言不能超过{LONGEST_NOTE}个字符", f"a note has at most {LONGEST_NOTE} characters"
        raise InputError(f"note: {en}.", f"{zh}。", [FieldError(pointer="/note", zh=zh, en=en)])
    shown = show_id(task.id)
    midnight = at.astimezone(SHANGHAI).replace(hour=0, minute=0, second=0, microsecond=0)
    for earlier in events.list_since(tx, case.id, midnight, KIND):
        if earlier.data["task_id"] == shown:
            raise AlreadyChasedError(
                f"{earlier.actor} has chased this task today already.",
                f"{earlier.actor}今天已催办过该任务。",
                data={"by": earlier.actor, "at": earlier.at.isoformat()},
            )
    rules = rules_for(
        load_program(tx, case.process, case.definition_hash), case.accepted_at or case.opened_at
    )
    leader = next_in_line(rules.get("overdue.line"), task, 1)
    to = [task.assignee] if task.assignee else [*task.users, *task.groups]
    payload = canonical(
        {
            "notice": KIND,
            "headers": {"to": ",".join(dict.fromkeys([*to, leader]))},
            "task": task.element_id,
            "name": task.name,
            "due": task.due and task.due.isoformat(),
            "note": note,
            "by": actor.username,
        }
    )
    item_id = new_id(at)
    data = {
        "task": task.element_id,
        "task_id": shown,
        "to": [*to, leader],
        "note": note,
        "notices": [KIND],
        events.PROOF: {"promised": {show_id(item_id): promise_digest("notice", KIND, None, payload)}},
    }
    if absent is not None:
        data["for"] = absent
    seq = case.seq + 1
    head = events.append(
        tx, case_id=case.id, seq=seq, previous=case.head, at=at, actor=actor.username, kind=KIND, data=data
    )
    cases.save_head(tx, case.id, seq, head)
    outbox.add_items(tx, [_item(item_id, case.id, payload, at)])
    return show_task(task, case, at)


def _item(item_id: int, case_id: int, payload: bytes, at: datetime) -> dict[str, object]:
    return {
        "id": item_id,
        "case_id": case_id,
        "kind": "notice",
        "type": KIND,
        "key": None,
        "payload": payload,
        "priority": ORDINARY,
        "attempts": 0,
        "retries": 3,
        "run_at": at,
    }
