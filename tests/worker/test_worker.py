"""What the worker promises: once each, in order, nobody held up, and nothing forgotten after an outage."""

from __future__ import annotations

import threading
from collections import Counter
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from engine.actions.open_case import open_case
from engine.actions.retry_incident import retry_incident
from engine.actions.withdraw_case import withdraw_case
from engine.clocks import SHANGHAI
from engine.store import counters
from engine.store.db import Database
from engine.store.ids import read_id
from engine.worker import Worker
from tests.builders import (
    TOWN,
    TUESDAY,
    Office,
    boundary,
    bpmn,
    choice,
    end,
    script,
    start,
    user,
)

HOUR, DAY = timedelta(hours=1), timedelta(days=1)

WAITING = bpmn(
    "waiting",
    start() + user("work") + boundary("bell", "work", cycle="R/PT1H") + end("rung") + end(),
    "begin>work work>done bell>rung",
)


def _fired(office: Office, case: Any) -> list[datetime]:
    return [event.at for event in office.history(case) if event.kind == "timer_fired"]


def test_a_cycle_fires_once_after_three_days_without_a_worker_and_then_at_its_time(office: Office) -> None:
    office.deploy(waiting_bpmn=WAITING)
    case = office.open("waiting")
    outage_ends = TUESDAY + 3 * DAY + timedelta(minutes=20)
    office.advance(outage_ends)
    assert _fired(office, case) == [outage_ends]
    assert Worker(office.database).next_due() == TUESDAY + 3 * DAY + HOUR
    office.advance(TUESDAY + 3 * DAY + HOUR)
    assert len(_fired(office, case)) == 2


def test_a_cycle_counts_from_the_date_that_was_due_not_from_when_it_fired(office: Office) -> None:
    office.deploy(waiting_bpmn=WAITING)
    office.open("waiting")
    office.advance(TUESDAY + HOUR + timedelta(minutes=7))
    assert Worker(office.database).next_due() == TUESDAY + 2 * HOUR


def test_a_limited_cycle_stops_when_it_is_used_up(office: Office) -> None:
    nodes = start() + user("work") + boundary("bell", "work", cycle="R2/PT1H") + end("rung") + end()
    office.deploy(twice_bpmn=bpmn("twice", nodes, "begin>work work>done bell>rung"))
    case = office.open("twice")
    for _ in range(5):
        office.advance(HOUR)
    assert len(_fired(office, case)) == 2
    assert Worker(office.database).next_due() is None


def _bell(key: str, after: str, **properties: str) -> bytes:
    nodes = start() + user("work") + boundary("bell", "work", duration=after) + end("rung") + end()
    return bpmn(key, nodes, "begin>work work>done bell>rung", properties)


def _many_overdue(office: Office, count: int) -> None:
    """`count` cases, each with one timer; the emergencies were opened last."""
    office.deploy(plain_bpmn=_bell("plain", "PT1H"), urgent_bpmn=_bell("urgent", "PT1H", emergency="true"))
    officer = office.who("officer")
    with office.database.write() as tx:
        for number in range(count):
            process = "urgent" if number >= count * 9 // 10 else "plain"
            at = TUESDAY + timedelta(seconds=number)
            open_case(tx, process=process, region=TOWN, answers={}, actor=officer, at=at)


def _drain(database: Database, at: datetime, workers: int) -> None:
    threads = [threading.Thread(target=Worker(database).run_due, args=(at,)) for _ in range(workers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_two_workers_drain_a_thousand_overdue_timers_in_order_and_none_twice(office: Office) -> None:
    count = 1000
    _many_overdue(office, count)
    with office.database.read() as tx:  # the order of firing is the order in which the timer rows go
        due = {row.case_id: row for row in tx.execute(text("SELECT case_id, priority, run_at FROM timers"))}
    with office.database.write() as tx:
        tx.execute(text("CREATE TABLE gone (n INTEGER PRIMARY KEY, case_id INTEGER)"))
        tx.execute(
            text(
                "CREATE TRIGGER note AFTER DELETE ON timers BEGIN "
                "INSERT INTO gone (case_id) VALUES (old.case_id); END"
            )
        )
    _drain(office.database, TUESDAY + DAY, workers=2)
    with office.database.read() as tx:
        gone = [row.case_id for row in tx.execute(text("SELECT case_id FROM gone ORDER BY n"))]
        kinds = Counter(tx.scalars(text("SELECT kind FROM events")).all())
        left = tx.execute(text("SELECT count(*) FROM timers")).scalar_one()
    assert kinds["timer_fired"] == count
    assert left == 0
    order = [(due[case_id].priority, due[case_id].run_at) for case_id in gone]
    assert order == sorted(order)


def test_a_timer_that_has_fired_does_not_fire_again(office: Office) -> None:
    office.deploy(plain_bpmn=_bell("plain", "PT1H"))
    case = office.open("plain")
    assert office.advance(2 * HOUR) == 1
    assert office.advance(2 * HOUR) == 0
    assert len(_fired(office, case)) == 1


def test_a_withdrawn_case_has_nothing_left_to_do(office: Office) -> None:
    nodes = start() + user("work", due="workdays(1)") + boundary("bell", "work", duration="PT1H")
    office.deploy(plain_bpmn=bpmn("plain", nodes + end("rung") + end(), "begin>work work>done bell>rung"))
    case = office.open("plain")
    case = office.act(withdraw_case, case_id=read_id(case.id), reason="申请人撤回")
    assert (case.status, case.tasks, case.clocks) == ("withdrawn", (), ())
    assert office.advance(30 * DAY) == 0


def test_a_poison_case_does_not_hold_up_the_others(office: Office) -> None:
    """Its timer leads to a limit that does not exist, which fails when the next task opens."""
    poison = (
        start() + user("work") + boundary("bell", "work", duration="PT1H")
        + user("next", due="limit(unknown)") + end("rung") + end()
    )  # fmt: skip
    office.deploy(
        poison_bpmn=bpmn("poison", poison, "begin>work work>done bell>next next>rung"),
        plain_bpmn=_bell("plain", "PT1H"),
    )
    bad = office.open("poison", unknown="no.such.limit")
    good = office.open("plain")
    office.advance(2 * HOUR)
    assert len(_fired(office, good)) == 1
    assert office.look(bad).status == "incident"


def test_an_endless_loop_becomes_an_incident(office: Office) -> None:
    nodes = start() + user("work") + script("turn", "1 + 1", "n") + choice("more") + end()
    office.deploy(
        loop_bpmn=bpmn("spin", nodes, "begin>work work>turn turn>more more>done?stop more>turn?"),
        plain_bpmn=_bell("plain", "PT1H"),
    )
    case = office.complete(office.open("spin", stop=False), "work")
    assert case.status == "incident"
    good = office.open("plain")
    office.advance(2 * HOUR)
    assert len(_fired(office, good)) == 1


@pytest.mark.parametrize("hour", [0, 23])
def test_next_due_is_the_earliest_of_all_lanes(office: Office, hour: int) -> None:
    office.now = datetime(2026, 9, 22, hour, tzinfo=SHANGHAI)
    office.deploy(plain_bpmn=_bell("plain", "PT2H"), urgent_bpmn=_bell("urgent", "PT3H", emergency="true"))
    office.open("urgent")
    office.open("plain")
    assert Worker(office.database).next_due() == office.now + 2 * HOUR


_GROUNDS = """parameters:
  - key: special
    title: {zh: 延长, en: Extended}
    unit: workdays
    values: [{from: 2020-01-01, value: 45, source: a}]
  - key: special.grounds
    title: {zh: 事由, en: Grounds}
    unit: list
    values: [{from: 2020-01-01, value: [人户分离], source: a}]
""".encode()


def test_a_timer_that_cannot_fire_backs_off_and_is_left_to_an_operator(office: Office) -> None:
    """Firing extends a clock on a ground that the law does not list, which no repetition mends."""
    properties = {"extendClock": "total", "extendTo": 'limit("special")', "ground": "=ground"}
    nodes = start() + user("work") + boundary("bell", "work", duration="PT1H") + end() + end("rung")
    nodes += user("more", **properties).replace("userTask", "manualTask").replace("<zeebe:manualTask/>", "")
    flows = "begin>work work>done bell>more more>rung"
    late = bpmn("late", nodes, flows, {"clock:total": "workdays(20)"})
    office.deploy(late_bpmn=late, special_yaml=_GROUNDS)
    case = office.open("late", ground="no ground at all")
    tries = []
    for _ in range(60):
        office.advance(timedelta(minutes=1) if tries or office.now > TUESDAY else HOUR)
        with office.database.read() as tx:
            attempts = tx.execute(text("SELECT attempts FROM timers")).scalar_one()
        if attempts > len(tries):
            tries.append((office.now - TUESDAY - HOUR) // timedelta(minutes=1))
    assert tries == [0, 1, 3, 7, 15]
    assert office.look(case).status == "incident"
    assert "timer_fired" not in office.kinds(case)
    assert Worker(office.database).next_due() is None
    with office.database.read() as tx:
        incident_id = tx.execute(text("SELECT id FROM incidents")).scalar_one()
    office.act(retry_incident, "admin", incident_id=incident_id, variables={"ground": "still none"})
    office.advance(timedelta(0))
    assert office.look(case).status == "active"
    assert Worker(office.database).next_due() == office.now + timedelta(minutes=1)


def test_a_case_whose_state_is_damaged_does_not_hold_up_the_others(office: Office) -> None:
    office.deploy(plain_bpmn=_bell("plain", "PT1H"))
    bad, good = office.open("plain"), office.open("plain")
    with office.database.write() as tx:
        tx.execute(text("UPDATE cases SET state = x'00', version = version + 1 WHERE id = :id"),
                   {"id": read_id(bad.id)})  # fmt: skip
    with office.database.write() as tx:
        counters.next_value(tx, counters.CALENDAR)
    for _ in range(40):
        office.advance(timedelta(hours=1))
    assert len(_fired(office, good)) == 1
    assert office.look(bad).status == "incident"
    assert office.history(bad)[-1].data["incidents"][0]["element"] == "bell"
