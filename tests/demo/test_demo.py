"""The demo: enough cases, all lights, an emergency about to escalate, and nothing added twice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from engine.actions.open_case import open_case
from engine.actions.reading import list_cases, list_tasks
from engine.actions.seed_people import seed_demo_accounts, seed_regions
from engine.actions.verify import verify
from engine.actions.warnings.reading import list_warnings
from engine.demo import seed_demo
from engine.demo.people import Disguise
from engine.errors import AnswersError
from engine.forms.kinds import KINDS
from engine.store import schema
from engine.store.db import Database, open_database
from engine.types import SYSTEM
from engine.worker import Worker

PROCESSES = Path(__file__).parent.parent.parent / "processes"
AT = datetime.fromisoformat("2026-11-24T10:00+08:00")


@pytest.fixture(scope="module")
def demo() -> Iterator[Database]:
    database = open_database("sqlite://")
    schema.upgrade(database)
    with database.write() as tx:
        seed_regions(tx)
        seed_demo_accounts(tx)
    assert seed_demo(database, processes=PROCESSES, at=AT) >= 40
    yield database
    database.close()


def test_demo_shows_every_light_and_both_open_and_closed_cases(demo: Database) -> None:
    with demo.read() as tx:
        cases = list_cases(tx, actor=SYSTEM, at=AT, limit=200).items
        tasks = list_tasks(tx, actor=SYSTEM, at=AT, limit=200).items
    assert len(cases) >= 40
    assert {"active", "completed"} <= {case.status for case in cases}
    lights = Counter(task.light for task in tasks)
    assert min(lights["green"], lights["yellow"], lights["red"]) >= 2
    assert len({case.region for case in cases}) >= 3


def test_demo_warns_of_somebody_in_each_grade(demo: Database) -> None:
    with demo.read() as tx:
        found = list_warnings(tx, actor=SYSTEM, at=AT).items
    assert Counter(one.grade for one in found) == {"red": 1, "orange": 2, "yellow": 1}


def test_who_works_in_the_demo_cannot_name_files_that_nobody_uploaded(demo: Database) -> None:
    said = {"subject": "手术", "question": "可否救助", "urgency": "ordinary", "reason": "complex"}
    with pytest.raises(AnswersError) as refused, demo.write() as tx:
        open_case(
            tx, process="coordination", region="350481100", actor=SYSTEM, at=AT,
            answers={**said, "coordination_papers": ["zzz"]},
        )  # fmt: skip
    (fault,) = refused.value.errors
    assert fault.pointer.startswith("/coordination_papers")


def test_demo_holds_together(demo: Database) -> None:
    with demo.read() as tx:
        assert verify(tx, at=AT).problems == ()


def test_an_emergency_escalates_within_minutes(demo: Database) -> None:
    worker = Worker(demo)
    due = worker.next_due()
    assert due is not None
    assert timedelta(0) < due - AT <= timedelta(minutes=10)


def test_demo_is_not_added_twice(demo: Database) -> None:
    assert seed_demo(demo, processes=PROCESSES, at=AT) == 0


def test_made_up_people_pass_the_check_and_differ() -> None:
    start = {"applicant_name": "张三", "members": [{"id_number": "11010519491231002X"}]}
    first, second = (Disguise(start, number) for number in (1, 2))
    assert first.over(start)["applicant_name"] != second.over(start)["applicant_name"]
    assert first.over({"publish_name": "张三"})["publish_name"] == first.over(start)["applicant_name"]
    numbers = [d.over(start)["members"][0]["id_number"] for d in (first, second)]
    assert numbers[0] != numbers[1]
    assert all(KINDS["idNumber"].fault(number) is None for number in numbers)
