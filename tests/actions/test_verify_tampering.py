"""Tampering with every right in the database, triggers gone: the check names case, row and what it is."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from engine.actions.verify import verify
from engine.store import audit
from engine.store.db import Database, clone_in_memory, open_database
from tests.builders import THREE_STEPS, Office, bpmn, end, service, start, user
from tests.tampering import drop_triggers

JOB = bpmn(
    "job",
    start() + user("ask", due="workdays(2)") + service("look_up", "register") + end(),
    "begin>ask ask>look_up look_up>done",
)


@pytest.fixture(scope="module")
def worked(template: Path) -> Iterator[tuple[Database, Office]]:
    """Five cases: done, at the visit (claimed, paused), just begun, waiting for a job, and one overdue."""
    with closing(open_database(f"sqlite:///{template}")) as source:
        database = clone_in_memory(source)
    office = Office(database)
    office.deploy(three_bpmn=THREE_STEPS, job_bpmn=JOB)
    minute = timedelta(minutes=1)  # between openings, so that the cases' ids sort as the statements say
    done = office.open("three-steps")
    office.now += minute
    visiting = office.open("three-steps")
    for case, element, by in (
        (done, "check", "officer"),
        (visiting, "check", "officer"),
        (done, "visit", "officer2"),
        (done, "confirm", "leader"),
    ):
        office.now += minute
        office.complete(case, element, by=by)
    office.claim(office.task(visiting, "visit"))
    office.now += minute
    waiting = office.open("job")
    office.complete(waiting, "ask")
    office.now += minute
    office.open("three-steps")
    with database.write() as tx:
        for kind in ("signed_in", "account_changed", "value_revealed"):
            audit.append(tx, kind=kind, actor="admin", data={"x": kind}, at=office.now)
    yield database, office
    database.close()


# The cases as the statements name them.
CASES = {
    "@done": "(SELECT min(id) FROM cases)",
    "@visiting": "(SELECT id FROM cases ORDER BY id LIMIT 1 OFFSET 1)",
    "@waiting": "(SELECT id FROM cases ORDER BY id LIMIT 1 OFFSET 2)",
}
SWAP = (
    "UPDATE events SET @c = (SELECT o.@c FROM events o WHERE o.case_id = events.case_id "
    "AND o.seq = 5 - events.seq) WHERE case_id = @done AND seq IN (2, 3)"
)
# What is done, the kind of fault that must be named, the row of history that it contradicts (if any).
TAMPERING: dict[str, tuple[str, str, int | None]] = {
    "history: actor": ("UPDATE events SET actor = 'x' WHERE case_id = @done AND seq = 2", "history", 2),
    "history: time": ("UPDATE events SET at = at - 1 WHERE case_id = @done AND seq = 3", "history", 3),
    "history: kind": ("UPDATE events SET kind = 'x' WHERE case_id = @done AND seq = 4", "history", 4),
    "history: data": ("UPDATE events SET data = x'6a7b7d' WHERE case_id = @done AND seq = 1", "history", 1),
    "history: data of another row": (
        (
            "UPDATE events SET data = (SELECT data FROM events WHERE case_id = @visiting AND seq = 2) "
            "WHERE case_id = @done AND seq = 2"
        ),
        "history",
        2,
    ),
    "history: hash": ("UPDATE events SET hash = x'00' WHERE case_id = @done AND seq = 2", "history", 2),
    "history: two hashes swapped": (SWAP.replace("@c", "hash"), "history", 2),
    "history: two times swapped": (SWAP.replace("@c", "at"), "history", 2),
    "history: row deleted": ("DELETE FROM events WHERE case_id = @done AND seq = 2", "history", 2),
    "history: tail cut off": ("DELETE FROM events WHERE case_id = @done AND seq = 4", "history", 4),
    "history: tail and head cut off": (
        (
            "DELETE FROM events WHERE case_id = @done AND seq = 4; UPDATE cases SET seq = 3, "
            "head = (SELECT hash FROM events WHERE case_id = @done AND seq = 3) WHERE id = @done"
        ),
        "case",
        3,
    ),
    "history: rows reordered": (
        (
            "UPDATE events SET seq = 99 WHERE case_id = @done AND seq = 2; "
            "UPDATE events SET seq = 2 WHERE case_id = @done AND seq = 3; "
            "UPDATE events SET seq = 3 WHERE case_id = @done AND seq = 99"
        ),
        "history",
        2,
    ),
    "history: row inserted": (
        (
            "INSERT INTO events SELECT case_id, 5, at, actor, kind, data, hash FROM events "
            "WHERE case_id = @done AND seq = 4"
        ),
        "history",
        5,
    ),
    "history: rows of two cases swapped": (
        (
            "UPDATE events SET seq = 98 WHERE case_id = @done AND seq = 2; "
            "UPDATE events SET case_id = @done WHERE case_id = @visiting AND seq = 2; "
            "UPDATE events SET case_id = @visiting, seq = 2 WHERE seq = 98"
        ),
        "history",
        2,
    ),
    "history: head": ("UPDATE cases SET head = x'00' WHERE id = @done", "history", 4),
    "history: length": ("UPDATE cases SET seq = 9 WHERE id = @done", "history", 5),
    "case: status": ("UPDATE cases SET status = 'withdrawn' WHERE id = @done", "case", 4),
    "case: outcome": ("UPDATE cases SET outcome = 'refused' WHERE id = @done", "case", 4),
    "case: version": ("UPDATE cases SET version = 1 WHERE id = @visiting", "case", 2),
    "case: region": ("UPDATE cases SET region = '350426' WHERE id = @done", "case", 1),
    "case: number": ("UPDATE cases SET number = '2026-350481100-000099' WHERE id = @done", "case", 1),
    "case: business key": ("UPDATE cases SET business_key = 'x' WHERE id = @done", "case", 1),
    "case: opened by": ("UPDATE cases SET opened_by = 'leader' WHERE id = @done", "case", 1),
    "case: accepted at": ("UPDATE cases SET accepted_at = accepted_at - 1 WHERE id = @done", "case", 1),
    "case: closed at": ("UPDATE cases SET closed_at = closed_at - 1 WHERE id = @done", "case", 4),
    "case: another process": (
        (
            "UPDATE cases SET process_id = (SELECT id FROM process_versions WHERE key = 'job') "
            "WHERE id = @done"
        ),
        "case",
        1,
    ),
    "case: light": ("UPDATE cases SET red_at = NULL WHERE id = @visiting", "light", None),
    "case: state": (
        "UPDATE cases SET state = (SELECT state FROM cases WHERE id = @waiting) WHERE id = @visiting",
        "state",
        2,
    ),
    "task: closed by": ("UPDATE tasks SET closed_by = 'leader' WHERE element_id = 'visit'", "task", 3),
    "task: closed at": ("UPDATE tasks SET closed_at = 1 WHERE element_id = 'confirm'", "task", 4),
    "task: reopened": (
        (
            "UPDATE tasks SET closed_at = NULL, closed_by = NULL "
            "WHERE case_id = @done AND element_id = 'check'"
        ),
        "task",
        2,
    ),
    "task: closed": (
        "UPDATE tasks SET closed_at = 1 WHERE case_id = @visiting AND element_id = 'visit'",
        "task",
        3,
    ),
    "task: deleted": ("DELETE FROM tasks WHERE case_id = @done AND element_id = 'visit'", "task", 3),
    "task: added": (
        (
            "INSERT INTO tasks (id, case_id, key, element_id, name, region, priority, paused, opened_at, "
            "closed_at, closed_by, process_id) "
            "SELECT id + 1, case_id, key, element_id, name, region, priority, paused, opened_at, "
            "closed_at, closed_by, process_id FROM tasks WHERE case_id = @done LIMIT 1"
        ),
        "task",
        None,
    ),
    "task: assignee": ("UPDATE tasks SET assignee = 'officer2' WHERE assignee = 'officer'", "task", 3),
    "task: held since": ("UPDATE tasks SET held_since = 1 WHERE assignee = 'officer'", "task", 3),
    "task: candidates": (
        "UPDATE tasks SET candidates = '|town.leader|' WHERE candidates IS NOT NULL",
        "task",
        2,
    ),
    "task: separation": ("UPDATE tasks SET separate_from = '|x|' WHERE closed_at IS NULL", "task", 2),
    "task: region": ("UPDATE tasks SET region = '350481' WHERE closed_at IS NULL", "task", 2),
    "task: due of an open one": ("UPDATE tasks SET due = due + 1 WHERE closed_at IS NULL", "light", None),
    "task: due of a closed one": ("UPDATE tasks SET due = due + 1 WHERE element_id = 'visit'", "task", 3),
    "clock: ledger": (
        "UPDATE clocks SET ledger = replace(ledger, '\"s\"', '\"s\" ') WHERE name = 'total'",
        "clock",
        4,
    ),
    "clock: due": ("UPDATE clocks SET due = due + 86400000000 WHERE due IS NOT NULL", "clock", None),
    "clock: deleted": ("DELETE FROM clocks WHERE case_id = @visiting AND name = 'total'", "clock", 1),
    "clock: added": (
        (
            "INSERT INTO clocks SELECT case_id, 'x', ledger, due, yellow_at, red_at FROM clocks "
            "WHERE case_id = @visiting LIMIT 1"
        ),
        "clock",
        None,
    ),
    "timer: due": ("UPDATE timers SET due = due + 1 WHERE case_id = @visiting", "timer", 2),
    "timer: runs later": ("UPDATE timers SET run_at = run_at + 86400000000 * 30", "timer", None),
    "timer: runs never": ("UPDATE timers SET run_at = NULL WHERE kind = 'diagram'", "timer", None),
    "timer: level": ("UPDATE timers SET data = replace(data, ':0', ':3') WHERE kind = 'net'", "timer", 2),
    "timer: net deleted": ("DELETE FROM timers WHERE kind = 'net' AND case_id = @visiting", "timer", 2),
    "outbox: deleted": ("DELETE FROM outbox", "outbox", 2),
    "outbox: type": ("UPDATE outbox SET type = 'x'", "outbox", 2),
    "outbox: payload": ("UPDATE outbox SET payload = x'6a7b7d'", "outbox", 2),
    "outbox: never sent": ("UPDATE outbox SET run_at = NULL WHERE finished_at IS NULL", "outbox", None),
    "incident: invented": (
        "INSERT INTO incidents SELECT 1, @visiting, 'element', 'k', 'x', 'c', 'z', 'e', 1, 1, NULL, NULL",
        "incident",
        None,
    ),
    "definition: content": ("UPDATE definitions SET content = x'00'", "definition", None),
    "case taken away with all its rows": (
        (
            "DELETE FROM timers WHERE case_id = @done; DELETE FROM clocks WHERE case_id = @done; "
            "DELETE FROM outbox WHERE case_id = @done; DELETE FROM tasks WHERE case_id = @done; "
            "DELETE FROM events WHERE case_id = @done; DELETE FROM cases WHERE id = @done"
        ),
        "number",
        None,
    ),
    "audit: row changed": ("UPDATE audit SET actor = 'officer' WHERE seq = 2", "audit", 2),
    "audit: row deleted": ("DELETE FROM audit WHERE seq = 2", "audit", 2),
    "audit: tail cut off": ("DELETE FROM audit WHERE seq = 3", "audit", 3),
}


def test_an_untouched_store_has_no_fault(worked: tuple[Database, Office]) -> None:
    database, office = worked
    with database.read() as tx:
        assert verify(tx, at=office.now).problems == ()
    assert len(TAMPERING) > 50


@pytest.mark.parametrize("what", TAMPERING)
def test_tampering_is_named(worked: tuple[Database, Office], what: str) -> None:
    database, office = worked
    statements, kind, seq = TAMPERING[what]
    with database.read() as tx:  # rolled back at the end
        drop_triggers(tx)
        for name, query in CASES.items():
            statements = statements.replace(name, query)
        changed = sum(tx.exec_driver_sql(statement).rowcount for statement in statements.split(";"))
        assert changed > 0, "nothing was tampered with"
        faults = verify(tx, at=office.now).problems
    assert kind in {fault.kind for fault in faults}, faults
    if seq is not None:
        assert seq in {fault.seq for fault in faults if fault.kind == kind}, faults
    if kind not in ("definition", "number", "audit"):
        assert all(fault.case_number in str(fault) for fault in faults if fault.kind == kind)
