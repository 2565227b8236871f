"""Brings signals to cases: a new case for a newly warned person, a message to the one that is open.

One person a transaction, under the lock of their case alone; what was not reached when an import was cut
off is brought by the next one. The cases are opened by `system`, in the process that can only inform and
help to apply.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from engine import access
from engine.actions.open_case import open_case
from engine.actions.send_message import NotWaitedForError, send_message
from engine.actions.warnings import matching
from engine.actions.warnings.grading import NONE, PROCESS, Grader, is_higher, load_grader
from engine.store import warnings
from engine.store.db import Database, Tx
from engine.store.ids import read_id
from engine.store.warnings import SignalRow, WarningRow
from engine.types import SYSTEM, Actor

_PAGE = 200
_MOST = 50  # signals that a case is told of: the newest
RAISED, ANOTHER = "warning-raised", "warning-signal"


def open_warnings(database: Database, *, actor: Actor, at: datetime) -> tuple[int, int]:
    """Bring every waiting signal of the actor's regions to a case; how many were opened, and merged into."""
    scope, after, opened, merged = access.regions_where(actor, "warning.import"), -1, 0, 0
    while True:
        with database.read() as tx:
            page = warnings.list_pending(tx, scope=scope, after=after, limit=_PAGE)
        if not page:
            return opened, merged
        after = page[-1].id
        for row in page:
            with database.write() as tx:
                match _bring(tx, row, at):
                    case "opened":
                        opened += 1
                    case "merged":
                        merged += 1


def _bring(tx: Tx, row: SignalRow, at: datetime) -> str:
    """What was done with the signals of a person; "" if another row of theirs has brought them already."""
    person = warnings.open_content(tx, row)
    blinds = warnings.person_blinds(tx, person["id_number"])
    pending = warnings.list_pending_of(tx, blinds)
    if row.id not in {one.id for one in pending}:
        return ""
    grader = load_grader(tx, at)
    since = at - timedelta(days=int(str(grader.law.get("warning.merge.days"))))
    found = warnings.find_open(tx, blinds, since)
    if found is None and row.corrects_case is not None:
        found = warnings.find_open_case(tx, row.corrects_case)
    if found is not None:
        _merge(tx, found, pending, grader, at)
        return "merged"
    if row.corrects_case is not None and all(one.grade == NONE for one in pending):
        warnings.give_case(tx, [one.id for one in pending], row.corrects_case)  # closed: nothing to tell
        return ""
    _open(tx, person, blinds[0], pending, grader, at)
    return "opened"


def _merge(tx: Tx, found: WarningRow, pending: Sequence[SignalRow], grader: Grader, at: datetime) -> None:
    """Tell the open case; a higher grade begins its check anew."""
    known = [*warnings.list_of_case(tx, found.case_id), *pending]
    signals = _shown(tx, known)
    grade = grader.of_person(signals, found.grade)
    raised = is_higher(grade, found.grade)
    payload = {"signals": signals}
    try:
        send_message(
            tx,
            case_id=found.case_id,
            name=RAISED if raised else ANOTHER,
            payload=payload,
            actor=SYSTEM,
            at=at,
        )
    except NotWaitedForError:  # what was found is being dealt with: the township is told
        send_message(tx, case_id=found.case_id, name=ANOTHER, payload=payload, actor=SYSTEM, at=at)
    warnings.give_case(tx, [one.id for one in pending], found.case_id)
    warnings.change_warning(tx, found.case_id, grade=grade, signals=len(known), at=at)


def _open(
    tx: Tx, person: dict[str, Any], blind: bytes, pending: Sequence[SignalRow], grader: Grader, at: datetime
) -> None:
    signals = _shown(tx, pending)
    grade = grader.of_person(signals, None)
    benefits: Any = grader.law.get("warning.benefits")
    standing = matching.standings(
        tx, [(person["id_number"], person["region"])], benefits=benefits, ignored={PROCESS}
    )
    answers = {
        "person_name": person["name"],
        "id_number": person["id_number"],
        "phone": person["phone"] or None,
        "address": person["address"] or None,
        "grade": grade,
        "standing": standing[person["id_number"]],
        "signals": signals,
    }
    case = open_case(tx, process=PROCESS, region=person["region"], answers=answers, actor=SYSTEM, at=at)
    case_id = read_id(case.id)
    warnings.give_case(tx, [one.id for one in pending], case_id)
    warnings.add_warning(tx, WarningRow(case_id, blind, grade, len(pending), at, at))


def _shown(tx: Tx, rows: Sequence[SignalRow]) -> list[dict[str, Any]]:
    """Signals as a case keeps them."""
    return [
        {
            "source": row.source,
            "indicator": row.indicator,
            "grade": row.grade,
            "amount": warnings.open_content(tx, row)["value"] or None,
            "happened_on": row.happened_on.isoformat(),
        }
        for row in rows[-_MOST:]
    ]
