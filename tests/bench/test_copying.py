"""Copied cases are cases: their chain holds, they are read, and work on them goes on."""

from __future__ import annotations

from bench.copying import copy_rows, read_templates
from engine.actions.diagram import get_diagram
from engine.actions.reading import get_case, list_cases
from engine.store import cases, events
from engine.store.ids import read_id
from engine.types import SYSTEM
from tests.builders import THREE_STEPS, TOWN, Office


def test_a_copy_is_a_case_of_its_own_that_can_be_worked_on(office: Office) -> None:
    office.deploy(three_bpmn=THREE_STEPS)
    first = office.open("three-steps")
    office.complete(office.complete(office.complete(first, "check"), "visit"), "confirm", by="leader")
    office.claim(office.complete(office.open("three-steps"), "check").tasks[0])
    office.advance(office.now)  # what was promised has gone out
    with office.database.write() as tx:
        copy_rows(tx, [(template, f"{TOWN}201") for template in read_templates(tx) for _ in range(3)])
    with office.database.read() as tx:
        found = list_cases(tx, actor=SYSTEM, at=office.now, region=f"{TOWN}201").items
        assert len({case.number for case in found}) == 6
        assert [case.status for case in found].count("completed") == 3
        for case in found:
            row, _ = cases.get_case(tx, read_id(case.id))
            assert events.find_break(tx, row.id, length=row.seq, head=row.head) is None
            assert get_diagram(tx, case_id=row.id, actor=SYSTEM, at=office.now).elements
        copy = next(case for case in found if case.status == "active")
        view = get_case(tx, case_id=read_id(copy.id), actor=SYSTEM, at=office.now)
    assert view.tasks[0].assignee == f"officer_{TOWN}201"
    office.now = office.now.replace(hour=11)
    with office.database.write() as tx:
        tx.exec_driver_sql("UPDATE tasks SET assignee = NULL WHERE assignee LIKE 'officer\\_%' ESCAPE '\\'")
    after = office.complete(view, "visit")
    assert [task.element_id for task in after.tasks] == ["confirm"]
