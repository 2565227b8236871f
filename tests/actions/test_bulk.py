"""Many tasks at once: a result for each, nothing kept by a dry run, and no rule gets round."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from engine.actions.bulk import MOST, BulkResult, bulk
from engine.actions.reading import list_tasks
from engine.actions.verify import verify
from engine.errors import InputError
from tests.builders import LOOP, THREE_STEPS, Office


@pytest.fixture
def laden(office: Office) -> Office:
    """Ten alike tasks, all overdue."""
    office.deploy(three_bpmn=THREE_STEPS, loop_bpmn=LOOP)
    for _ in range(10):
        office.open("three-steps")
    office.advance(timedelta(days=9))
    return office


def ids(office: Office, **narrowed: Any) -> list[str]:
    with office.database.read() as tx:
        page = list_tasks(tx, actor=office.who("leader"), at=office.now, limit=200, **narrowed)
    return [task.id for task in page.items]


def do(office: Office, act: Any, task_ids: list[str], by: str = "leader", **arguments: Any) -> BulkResult:
    return bulk(office.database, act=act, task_ids=task_ids, actor=office.who(by), at=office.now, **arguments)


def rows(office: Office) -> list[Any]:
    with office.database.read() as tx:
        tables = ("tasks", "events", "cases", "outbox")
        return [tx.exec_driver_sql(f"SELECT * FROM {table} ORDER BY 1, 2").all() for table in tables]  # noqa: S608


def test_ten_overdue_tasks_are_reassigned_at_once(laden: Office) -> None:
    result = do(laden, "assign", ids(laden, overdue=True), to="officer2")
    assert (result.done, result.refused, result.dry_run) == (10, 0, False)
    assert len(ids(laden, holder="officer2", overdue=True)) == 10
    with laden.database.read() as tx:
        assert verify(tx, at=laden.now).problems == ()


@pytest.mark.parametrize(
    ("act", "more"),
    [("claim", {}), ("assign", {"to": "officer2"}), ("complete", {"answers": {"ok": True}}), ("chase", {})],
)
def test_a_dry_run_finds_the_same_and_keeps_nothing(laden: Office, act: str, more: dict[str, Any]) -> None:
    by = "officer" if act in ("claim", "complete") else "leader"
    wanted = [*ids(laden)[:4], "0000000000000", "nonsense"]
    before = rows(laden)
    planned = do(laden, act, wanted, by=by, dry_run=True, **more)
    assert rows(laden) == before
    real = do(laden, act, wanted, by=by, **more)
    assert rows(laden) != before
    assert planned.items == real.items
    assert (planned.done, planned.refused) == (real.done, real.refused) == (4, 2)
    assert [item.code for item in real.items[4:]] == ["not-found", "not-found"]


def test_what_one_task_refuses_stops_no_other(laden: Office) -> None:
    wanted = ids(laden)
    taken = do(laden, "claim", wanted[:1], by="officer2")
    assert taken.done == 1
    result = do(laden, "complete", wanted, by="officer", answers={})
    assert (result.done, result.refused) == (9, 1)
    (refused,) = (item for item in result.items if not item.ok)
    assert refused.task_id == wanted[0]
    assert refused.code == "conflict"
    assert "黄协管" in refused.zh
    assert refused.case_number


def test_only_alike_tasks_are_completed_together(laden: Office) -> None:
    other = laden.open("loop").tasks[0].id
    result = do(laden, "complete", [ids(laden)[0], other], by="officer", answers={})
    assert [item.code for item in result.items] == [None, "not-alike"]


def test_separation_of_duties_holds_in_bulk(laden: Office) -> None:
    cases = [laden.open("three-steps") for _ in range(2)]
    for case in cases:
        laden.complete(laden.complete(case, "check"), "visit", by="officer2")
    confirms = [laden.task(case, "confirm").id for case in cases]
    result = do(laden, "assign", confirms, to="officer2")
    assert [item.code for item in result.items] == ["forbidden", "forbidden"]


def test_out_of_sight_stays_out_of_sight(laden: Office) -> None:
    result = do(laden, "assign", ids(laden)[:1], by="leader_sanyuan", to="officer_sanyuan")
    (item,) = result.items
    assert (item.code, item.case_number, item.name) == ("not-found", None, "")


def test_the_same_task_twice_is_one_task(laden: Office) -> None:
    wanted = ids(laden)[:1]
    assert do(laden, "claim", wanted * 3, by="officer").done == 1


@pytest.mark.parametrize(
    ("act", "count", "pointer"),
    [("claim", 0, "/task_ids"), ("claim", MOST + 1, "/task_ids"), ("assign", 1, "/to")],
)
def test_what_is_wrong_with_the_whole_is_refused_as_a_whole(
    laden: Office, act: str, count: int, pointer: str
) -> None:
    with pytest.raises(InputError) as caught:
        do(laden, act, [f"{number:013d}" for number in range(count)])
    assert caught.value.errors[0].pointer == pointer
