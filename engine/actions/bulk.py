"""The same thing done with many tasks: each in a transaction of its own, each with its result.

What one task refuses is that task's result and stops no other. A dry run does everything and keeps
nothing, so that it finds exactly what the real run would. Tasks that are completed together must be
alike: the same step of the same process, so that one set of answers means the same for each.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal

from engine import access
from engine.actions.assign_task import assign_task
from engine.actions.chase_task import chase_task
from engine.actions.claim_task import claim_task
from engine.actions.complete_task import complete_task
from engine.errors import EngineError, FieldError, InputError, NotFoundError
from engine.store import cases, tasks
from engine.store.cases import CaseRow
from engine.store.db import Database, Tx
from engine.store.ids import read_id
from engine.store.tasks import TaskRow
from engine.types import Actor

BulkAct = Literal["claim", "assign", "complete", "chase"]
MOST = 200


class NotAlikeError(InputError):
    """The task is another step than the first one; tasks that are completed together must be alike."""

    code = "not-alike"
    default_zh = "与第一项任务不是同一环节，不能一并办结。"


@dataclass(frozen=True, slots=True, kw_only=True)
class BulkItem:
    """What came, or would come, of one task. A refusal has a code and says why in both languages."""

    task_id: str
    case_number: str | None
    name: str
    name_en: str
    ok: bool
    code: str | None = None
    zh: str = ""
    en: str = ""
    errors: tuple[FieldError, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class BulkResult:
    """The results in the order asked; after a dry run `done` counts what would be done."""

    act: BulkAct
    dry_run: bool
    done: int
    refused: int
    items: tuple[BulkItem, ...]


class _NothingKept(Exception):
    pass


def bulk(
    database: Database,
    *,
    act: BulkAct,
    task_ids: Sequence[str],
    actor: Actor,
    at: datetime,
    dry_run: bool = False,
    to: str | None = None,
    answers: Mapping[str, Any] | None = None,
    note: str = "",
) -> BulkResult:
    """Claim, assign (`to`), complete (`answers`) or chase (`note`) each task.

    Raises InputError for what is wrong with the whole: too many tasks, nobody named.
    """
    wanted = list(dict.fromkeys(task_ids))
    if not 1 <= len(wanted) <= MOST:
        raise _bad("task_ids", f"任务数应为 1 至 {MOST}", f"there must be 1 to {MOST} tasks")
    if act == "assign" and not to:
        raise _bad("to", "须指定交办对象", "say to whom")
    steps: list[tuple[str, str]] = []

    def perform(tx: Tx, task: TaskRow, process: str) -> None:
        if act == "claim":
            claim_task(tx, task_id=task.id, actor=actor, at=at)
        elif act == "assign":
            assign_task(tx, task_id=task.id, to=to or "", actor=actor, at=at)
        elif act == "chase":
            chase_task(tx, task_id=task.id, actor=actor, at=at, note=note)
        else:
            steps.append((process, task.element_id))
            if steps[0] != steps[-1]:
                raise NotAlikeError
            given = dict(answers or {})
            complete_task(tx, task_id=task.id, answers=given, seen_version=None, actor=actor, at=at)

    items = tuple(_one(database, shown, perform, actor, dry_run=dry_run) for shown in wanted)
    done = sum(item.ok for item in items)
    return BulkResult(act=act, dry_run=dry_run, done=done, refused=len(items) - done, items=items)


def _bad(name: str, zh: str, en: str) -> InputError:
    return InputError(f"{name}: {en}.", f"{zh}。", [FieldError(pointer=f"/{name}", zh=zh, en=en)])


def _one(
    database: Database,
    shown: str,
    perform: Callable[[Tx, TaskRow, str], None],
    actor: Actor,
    *,
    dry_run: bool,
) -> BulkItem:
    item = BulkItem(task_id=shown, case_number=None, name="", name_en="", ok=True)
    try:
        with database.read() as tx:
            task, case = _find(tx, shown, actor)
        item = replace(item, case_number=case.number, name=task.name, name_en=task.name_en or "")
        with database.write() as tx:
            perform(tx, task, case.process)
            if dry_run:
                raise _NothingKept
    except _NothingKept:
        return item
    except EngineError as error:
        errors = tuple(error.errors)
        return replace(item, ok=False, code=error.code, zh=error.zh, en=error.en, errors=errors)
    return item


def _find(tx: Tx, shown: str, actor: Actor) -> tuple[TaskRow, CaseRow]:
    task = tasks.find_task(tx, read_id(shown))
    if task is None:
        raise NotFoundError
    case, _ = cases.get_case(tx, task.case_id)
    access.require_sight(actor, case.region)
    return task, case
