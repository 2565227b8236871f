"""催办: on record, told to holder and leader, once a day, and nobody's seen version grows stale."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from engine.actions.chase_task import LONGEST_NOTE, AlreadyChasedError, chase_task
from engine.actions.verify import verify
from engine.errors import ForbiddenError, InputError, NotFoundError, TaskNotOpenError
from engine.store import outbox
from engine.store.ids import read_id
from tests.builders import THREE_STEPS, Office


@pytest.fixture
def late(office: Office) -> Office:
    office.deploy(three_bpmn=THREE_STEPS)
    return office


def test_a_call_is_recorded_and_told_to_the_holder_and_the_leader(late: Office) -> None:
    case = late.open("three-steps")
    late.claim(case.tasks[0])
    view = late.act(chase_task, "supervisor", task_id=read_id(case.tasks[0].id), note="请今日办结")
    assert view.id == case.tasks[0].id
    event = late.history(case)[-1]
    assert (event.kind, event.actor) == ("task_chased", "supervisor")
    assert event.data["to"] == ["officer", "town.leader"]
    assert event.data["note"] == "请今日办结"
    with late.database.read() as tx:
        item = outbox.list_of_case(tx, read_id(case.id))[-1]
    payload = json.loads(item.payload)
    assert item.type == "task_chased"
    assert payload["headers"]["to"] == "officer,town.leader"
    late.advance(timedelta(minutes=1))
    with late.database.read() as tx:
        assert outbox.list_of_case(tx, read_id(case.id))[-1].finished_at is not None
        assert verify(tx, at=late.now).problems == ()


def test_what_nobody_holds_is_called_for_with_its_group(late: Office) -> None:
    case = late.open("three-steps")
    late.act(chase_task, "leader", task_id=read_id(case.tasks[0].id))
    assert late.history(case)[-1].data["to"] == ["town.officer", "town.leader"]


def test_a_task_is_chased_once_a_day_whoever_calls(late: Office) -> None:
    case = late.open("three-steps")
    task_id = read_id(case.tasks[0].id)
    late.act(chase_task, "leader", task_id=task_id)
    late.now += timedelta(hours=14)  # the same evening, Beijing time
    with pytest.raises(AlreadyChasedError) as caught:
        late.act(chase_task, "supervisor", task_id=task_id)
    assert caught.value.data["by"] == "leader"
    assert late.kinds(case).count("task_chased") == 1
    late.now += timedelta(hours=2)
    late.act(chase_task, "supervisor", task_id=task_id)
    assert late.kinds(case).count("task_chased") == 2


def test_another_task_of_the_case_may_be_chased_the_same_day(late: Office) -> None:
    case = late.open("three-steps")
    late.act(chase_task, "leader", task_id=read_id(case.tasks[0].id))
    case = late.complete(case, "check")
    late.act(chase_task, "leader", task_id=read_id(case.tasks[0].id))
    assert late.kinds(case).count("task_chased") == 2


def test_a_call_disturbs_nobody_at_work(late: Office) -> None:
    case = late.open("three-steps")
    late.act(chase_task, "leader", task_id=read_id(case.tasks[0].id))
    after = late.complete(case, "check", seen=case.version)
    assert after.tasks[0].element_id == "visit"


def test_only_who_is_in_charge_may_call(late: Office) -> None:
    case = late.open("three-steps")
    task_id = read_id(case.tasks[0].id)
    with pytest.raises(ForbiddenError):
        late.act(chase_task, "officer", task_id=task_id)
    with pytest.raises(NotFoundError):
        late.act(chase_task, "supervisor_sanyuan", task_id=task_id)
    with pytest.raises(InputError):
        late.act(chase_task, "leader", task_id=task_id, note="催" * (LONGEST_NOTE + 1))
    late.complete(case, "check")
    with pytest.raises(TaskNotOpenError):
        late.act(chase_task, "leader", task_id=task_id)
    assert "task_chased" not in late.kinds(case)
