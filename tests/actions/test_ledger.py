"""The inside job `ledger`: exactly once, caught when the fund is exhausted, and proven by the record."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import insert, select, text

from engine.actions.budgets import set_budget
from engine.actions.reading import list_incidents
from engine.actions.verify import verify
from engine.actions.views import CaseView
from engine.store.funds import find_fund
from engine.store.means_tables import fund_entries
from engine.types import SYSTEM
from engine.worker import Worker
from tests.builders import Office, bpmn, end, start, user

_INPUTS = {
    "fund": '"assistance"', "entry": '"pay"', "amount": "amount", "note": '"低保金"'
}  # fmt: skip


def pay(id_: str = "pay", **inputs: str) -> str:
    found = "".join(
        f"<zeebe:input source='={source}' target='{name}'/>" for name, source in {**_INPUTS, **inputs}.items()
    )
    return (
        f'<bpmn:serviceTask id="{id_}"><bpmn:extensionElements><zeebe:taskDefinition type="ledger"/>'
        f"<zeebe:ioMapping>{found}</zeebe:ioMapping></bpmn:extensionElements></bpmn:serviceTask>"
    )


_CAUGHT = (
    '<bpmn:boundaryEvent id="exhausted" attachedToRef="pay"><bpmn:errorEventDefinition errorRef="e"/>'
    "</bpmn:boundaryEvent>"
)
_ERROR = '<bpmn:error id="e" errorCode="fund-exhausted"/>'


def paying(**inputs: str) -> bytes:
    nodes = start() + pay(**inputs) + _CAUGHT + user("find_money") + user("next") + end()
    return bpmn(
        "paying", nodes, "begin>pay pay>next next>done exhausted>find_money find_money>pay", outside=_ERROR
    )


@pytest.fixture
def rich(office: Office) -> Office:
    said = {"county": "350481", "key": "assistance", "year": 2026, "note": "", "confirm": True}
    office.act(set_budget, "county", amount=100_000, **said)
    return office


def run(office: Office, process: bytes, amount: int = 60_000) -> CaseView:
    office.deploy(paying_bpmn=process)
    case = office.open("paying", amount=amount)
    office.advance(office.now)
    return office.look(case)


def paid(office: Office) -> int:
    with office.database.read() as tx:
        fund = find_fund(tx, county="350481", key="assistance", year=2026)
    assert fund is not None
    return fund.paid


def faults(office: Office) -> list[str]:
    with office.database.read() as tx:
        return [fault.kind for fault in verify(tx, at=office.now).problems]


def test_the_job_is_done_once_and_the_record_says_so(rich: Office) -> None:
    case = run(rich, paying())
    assert [task.element_id for task in case.tasks] == ["next"]
    Worker(rich.database).run_due(rich.now)
    assert paid(rich) == 60_000
    told = next(event.data for event in rich.history(case) if event.kind == "job_finished")
    assert (told["result"]["ledger"]["entry"], told["result"]["ledger"]["amount"]) == ("pay", 60_000)
    assert faults(rich) == []


def test_an_exhausted_fund_is_an_error_that_the_process_catches(rich: Office) -> None:
    case = run(rich, paying(), amount=100_001)
    assert [task.element_id for task in case.tasks] == ["find_money"]
    assert paid(rich) == 0
    said = {"county": "350481", "key": "assistance", "year": 2026, "note": "", "confirm": True}
    rich.act(set_budget, "county", amount=100_001, **said)
    rich.complete(case, "find_money")
    rich.advance(rich.now)
    assert paid(rich) == 100_001
    assert faults(rich) == []


@pytest.mark.parametrize(
    "inputs",
    [{"amount": "amount / 7"}, {"amount": "null"}, {"entry": '"budget"'}, {"fund": "null"}, {"amount": "-1"}],
    ids=["a fraction of a fen", "nothing", "a budget", "no fund", "less than nothing"],
)
def test_a_mistake_in_the_diagram_pays_nothing_and_waits_for_an_operator(
    rich: Office, inputs: dict[str, str]
) -> None:
    case = run(rich, paying(**inputs))
    for _ in range(4):
        rich.advance(rich.now.replace(hour=rich.now.hour + 1))
    assert paid(rich) == 0
    with rich.database.read() as tx:
        found = list_incidents(tx, actor=SYSTEM)
    assert [(one.case_id, one.element_id) for one in found.items] == [(case.id, "pay")]


def test_a_send_task_makes_no_entry(rich: Office) -> None:
    task = pay().replace("serviceTask", "sendTask")
    rich.deploy(
        sending_bpmn=bpmn("sending", start() + task + user("next") + end(), "begin>pay pay>next next>done")
    )
    rich.open("sending", amount=5)
    rich.advance(rich.now)
    assert paid(rich) == 0


@pytest.mark.parametrize(
    "tampering",
    [
        "UPDATE fund_entries SET amount = 1 WHERE kind = 'pay'",
        "DELETE FROM fund_entries WHERE kind = 'pay'",
        "UPDATE fund_entries SET case_id = NULL WHERE kind = 'pay'",
    ],
    ids=["changed", "deleted", "taken from its case"],
)
def test_whoever_gets_around_the_triggers_is_found(rich: Office, tampering: str) -> None:
    run(rich, paying())
    with rich.database.write() as tx:
        for what in ("update", "delete"):
            tx.execute(text(f"DROP TRIGGER fund_entries_{what}"))
        tx.execute(text(tampering))
    assert "fund" in faults(rich)


def test_an_entry_that_no_case_tells_of_is_found(rich: Office) -> None:
    case = run(rich, paying())
    with rich.database.write() as tx:
        row: Any = tx.execute(select(*fund_entries.c).where(fund_entries.c.kind == "pay")).one()
        values = {**row._mapping, "seq": 3, "id": row.id + 1, "job": None}
        tx.execute(insert(fund_entries), values)
        tx.execute(text("UPDATE funds SET committed = 120000, paid = 120000, entries = 3"))
    assert faults(rich) == ["fund"]
    assert rich.look(case).status == "active"


def test_several_workers_pay_once(rich: Office) -> None:
    rich.deploy(paying_bpmn=paying())
    rich.open("paying", amount=10)
    workers = [Worker(rich.database) for _ in range(3)]
    assert sum(worker.run_due(rich.now) for worker in workers) == 1
    assert paid(rich) == 10
