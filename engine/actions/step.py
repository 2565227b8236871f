"""The one road of a case, from waiting to waiting: read this first.

Every action that moves a case, and every timer and effect that the worker brings, goes down it:

1. `begin`: lock the case; may this person see it, and is it the version they saw?
2. the action itself: is the actor allowed, are the answers valid? Then it moves the instance.
3. `finish`: the clocks hear what was passed, tasks and timers are brought in line with what the case
   waits for now, promises go to the outbox, and all of it is saved with one row of history.

The transaction belongs to the caller. Whatever raises on the way leaves no trace.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from engine import feel
from engine.actions import case_clocks, endings, promises, proof, timing, troubles, worklist
from engine.actions.decided import decision
from engine.actions.household_files import file_household
from engine.actions.notice_writing import take_down_ended
from engine.actions.personal import index_numbers
from engine.actions.showing import show_case
from engine.actions.views import CaseView
from engine.actions.work import Work, keep, load_work
from engine.errors import StaleVersionError
from engine.runtime import ElementEvent, Failure
from engine.store import cases, clocks, events, notices, outbox
from engine.store.db import Tx
from engine.types import Actor


def begin(tx: Tx, *, case_id: int, actor: Actor, at: datetime, seen_version: int | None = None) -> Work:
    """Lock an open case for a step. Raises NotFoundError, ConflictError (closed), StaleVersionError."""
    work = load_work(tx, case_id=case_id, actor=actor, at=at)
    check_version(work, seen_version)
    return work


def check_version(work: Work, seen_version: int | None) -> None:
    """`StaleVersionError` unless the case is as the actor saw it."""
    if seen_version is not None and seen_version != work.row.version:
        raise StaleVersionError(
            f"Case {work.row.number} has changed since you looked: you saw version {seen_version}, "
            f"it is at {work.row.version}. Reload and look again.",
            f"案件{work.row.number}在您查看之后已有变化（您看到的是第{seen_version}版，现为第{work.row.version}版），"
            "请刷新后再办。",
            data={"seen_version": seen_version, "version": work.row.version},
        )


def finish(
    work: Work,
    kind: str,
    failures: list[Failure],
    facts: dict[str, Any] | None = None,
    *,
    completed: str | None = None,
) -> CaseView:
    """Bring everything in line with where the instance stands now, save it all, and show the case.

    `kind` and `facts` become the row of history; `completed` is the key of the task the actor did.
    """
    work.failures = failures
    work.facts.update(facts or {})
    work.look()
    case_clocks.follow_trace(work)
    worklist.close_gone_tasks(work, completed)
    timing.remove_gone_timers(work)
    opened = worklist.open_new_tasks(work)
    timing.arm_new_timers(work, opened)
    worklist.refresh_lights(work)
    timing.refresh_timers(work)
    take_down_ended(work)
    promises.promise_served(work, completed)
    promises.promise_jobs(work)
    troubles.record_failures(work)
    status = _status(work)
    if status in ("completed", "withdrawn"):
        work.facts["variables"] = plain(work.instance.variables)  # the state goes, the record stays
        endings.tell_opener(work, status)
        _close(work)
    return _save(work, kind, status, completed)


def _status(work: Work) -> str:
    if work.withdrawn:
        return "withdrawn"
    if work.instance.status != "active":
        return "completed"
    return "incident" if work.has_incident else "active"


def _close(work: Work) -> None:
    """Nothing runs on in a closed case."""
    for name in work.clockwork.clocks:
        work.clockwork.stop(name, work.at, work.actor.username)
    if work.has_incident:
        troubles.close_incidents(work)


def _save(work: Work, kind: str, status: str, completed: str | None) -> CaseView:
    tx, row = work.tx, work.row
    closed = status in ("completed", "withdrawn")
    clockwork = work.clockwork
    if changed := clockwork.changed:
        work.facts["clocks"] = {name: _clock_fact(work, name) for name in sorted(changed)}
    clocks.save_clocks(tx, row.id, clockwork.rows(changed))
    outbox.add_items(tx, work.outgoing)
    notices.add(tx, work.notices)
    index_numbers(tx, row.id, work.program, work.facts)
    file_household(work)
    facts = {**_path(work.trace), **work.facts}
    if work.acting_for is not None:
        facts["for"] = work.acting_for
    if work.host.decisions:
        facts["decisions"] = work.host.decisions
    version, seq = row.version + 1, row.seq + 1
    outcome = work.instance.outcome if status == "completed" else None
    state = None if closed else work.instance.dump()
    decided = decision(clockwork, work.program, status, work.at if closed else None)
    standing = proof.Standing(version, status, outcome, decided)
    facts[events.PROOF] = proof.of_step(work, completed, standing, state)
    head = events.append(
        tx,
        case_id=row.id,
        seq=seq,
        previous=row.head,
        at=work.at,
        actor=work.actor.username,
        kind=kind,
        data=facts,
    )
    lights = clockwork.case_lights(work.tasks.values())
    changes = {
        "status": status,
        "outcome": outcome,
        "version": version,
        "accepted_at": work.accepted_at,
        "closed_at": work.at if closed else None,
        **lights,
        "calendar": work.live.calendar_revision,
        "seq": seq,
        "head": head,
        "decided_at": decided.at,
        "decision_due": decided.due,
    }
    cases.save_case(tx, row.id, {**changes, "state": state})
    work.row = row._replace(**changes)
    view = show_case(work.row, list(work.tasks.values()), clockwork, work.program, work.at)
    clockwork.changed = set()
    if not closed:
        keep(work, version)
    return view


def _clock_fact(work: Work, name: str) -> dict[str, Any]:
    """What a change of a clock looks like in history: its state, its due instant, its last entry's kind."""
    clock, found = work.clockwork.clocks[name], work.clockwork.deadline(name)
    return {
        "what": clock.entries[-1].kind,
        "state": clock.state,
        "due": found.due and int(found.due.timestamp()),
    }


def _path(trace: list[ElementEvent]) -> dict[str, list[str]]:
    """The elements passed, by what happened to them, in order."""
    path: dict[str, list[str]] = {}
    for event in trace:
        path.setdefault(event.what, []).append(event.element_id)
    return path


def plain(values: dict[str, Any]) -> Any:
    """FEEL values as JSON for the history."""
    return feel.from_feel(values)
