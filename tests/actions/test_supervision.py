"""The figures of supervision: each is the length of the list behind it, and counts what one may see."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from engine.actions.supervision.board import Board, Lights, get_board
from engine.actions.supervision.drilling import CaseQuery, list_behind, page_of_tasks
from engine.actions.supervision.forecast import get_forecast, get_lane
from engine.actions.supervision.heat import get_heat
from engine.actions.supervision.load import get_load
from engine.actions.supervision.trends import get_trends
from engine.actions.withdraw_case import withdraw_case
from engine.errors import ForbiddenError, InputError, NotFoundError
from engine.store import durations, supervision
from engine.store.ids import read_id
from tests.builders import LOOP, THREE_STEPS, TOWN, TUESDAY, Office, bpmn, end, start, user

AFAR = "350404100"
URGENT = bpmn(
    "urgent",
    start() + user("act", due="hours(24)") + end(),
    "begin>act act>done",
    {"clock:aid": "hours(72)", "emergency": "true"},
)

_PLAN = (
    "EXPLAIN QUERY PLAN SELECT region, process_id, count(*), sum(red_at <= 5) FROM {} "
    "WHERE closed_at IS NULL AND region >= '35' AND region < '35:' GROUP BY region, process_id"
)


@pytest.fixture
def busy(office: Office) -> Office:
    """Two weeks of work in two counties, at its end some of it late."""
    office.deploy(three_bpmn=THREE_STEPS, loop_bpmn=LOOP, urgent_bpmn=URGENT)
    first = office.open("three-steps")
    office.complete(office.complete(office.complete(first, "check"), "visit"), "confirm", by="leader")
    office.open("three-steps", by="officer_sanyuan", region=AFAR)
    office.open("urgent", by="officer_sanyuan", region=AFAR)
    for days in range(6):
        office.advance(TUESDAY + timedelta(days=2 * days))
        case = office.open("three-steps")
        if days % 2:
            office.complete(case, "check")
        office.open("loop", region=f"{TOWN}201")
        office.open("urgent")
    office.claim(office.look(case).tasks[0])
    office.now += timedelta(hours=3)
    return office


def read(office: Office, what: Any, by: str = "supervisor", **arguments: Any) -> Any:
    with office.database.read() as tx:
        return what(tx, actor=office.who(by), at=office.now, **arguments)


def behind(office: Office, **query: Any) -> int:
    found = read(office, list_behind, query=CaseQuery(**query), limit=1000)
    return len(found)


def by_light(lights: Lights) -> dict[str, int]:
    return {name: getattr(lights, name) for name in ("red", "yellow", "green", "grey")}


def test_every_number_on_the_board_is_as_long_as_its_list(busy: Office) -> None:
    board: Board = read(busy, get_board)
    assert min(board.total.red, board.total.green) > 0  # so that the comparison says something
    for name, number in by_light(board.total).items():
        assert number == behind(busy, light=name), name
    assert board.total.total == behind(busy, open=True)
    for region in board.regions:
        for name, number in by_light(region.lights).items():
            assert number == behind(busy, light=name, region=region.region), (region, name)
    for process in board.processes:
        for name, number in by_light(process.lights).items():
            assert number == behind(busy, light=name, process=process.process), (process, name)
    for step in board.steps:
        for name, number in by_light(step.lights).items():
            page = read(busy, page_of_tasks, process=step.process, step=step.step, light=name)
            assert number == len(page.items), (step, name)


def test_regions_add_up_to_what_contains_them(busy: Office) -> None:
    board: Board = read(busy, get_board)
    numbers = {region.region: region.lights.total for region in board.regions}
    assert numbers["350481"] == numbers[TOWN] == board.total.total
    assert 0 < numbers[f"{TOWN}201"] < numbers[TOWN]
    assert not any(code.startswith("350404") or code == "3504" for code in numbers)


def test_another_countys_work_is_not_counted(busy: Office) -> None:
    here, there = read(busy, get_board), read(busy, get_board, by="supervisor_sanyuan")
    assert there.total.total == 2
    whole = read(busy, get_board, by="admin")
    assert whole.total.total == here.total.total + there.total.total
    assert read(busy, get_board, region=AFAR).total == Lights()


def test_who_supervises_nothing_is_refused(busy: Office) -> None:
    for by in ("officer", "designer"):
        with pytest.raises(ForbiddenError):
            read(busy, get_board, by=by)


def test_an_unknown_process_is_not_found(busy: Office) -> None:
    with pytest.raises(NotFoundError):
        read(busy, get_board, process="nothing")
    with pytest.raises(NotFoundError):
        read(busy, get_heat, process="loop", version=7)


def test_the_forecast_is_as_long_as_its_lists_and_comes_true(busy: Office) -> None:
    forecast = read(busy, get_forecast, days=20)
    assert [day.day for day in forecast.days[:2]] == [busy.now.date(), busy.now.date() + timedelta(days=1)]
    for day in forecast.days:
        for light in ("yellow", "red"):
            behind_it = behind(busy, turns=light, from_day=day.day, to_day=day.day)
            assert getattr(day, light) == behind_it, (day, light)
    assert sum(day.red for day in forecast.days) > 0
    red = read(busy, get_board).total.red
    busy.now = forecast.until - timedelta(seconds=1)
    assert read(busy, get_board).total.red == red + sum(day.red for day in forecast.days)


def test_the_first_to_turn_red_stands_first(busy: Office) -> None:
    items = read(busy, get_forecast, days=30).items
    dues = [item.due for item in items]
    assert dues == sorted(dues)
    assert all(busy.now < due for due in dues)


@pytest.mark.parametrize("days", [0, 61])
def test_a_forecast_has_bounds(busy: Office, days: int) -> None:
    with pytest.raises(InputError):
        read(busy, get_forecast, days=days)


def test_the_emergency_lane_holds_emergencies_only_the_most_urgent_first(busy: Office) -> None:
    lane = read(busy, get_lane)
    assert {item.case.process for item in lane.items} == {"urgent"}
    assert len(lane.items) == behind(busy, process="urgent", open=True) == 6
    assert [item.due for item in lane.items] == sorted(item.due for item in lane.items)
    short = read(busy, get_lane, limit=2)
    assert (len(short.items), short.more) == (2, True)


def test_what_people_and_queues_carry_is_all_open_tasks_once(busy: Office) -> None:
    load = read(busy, get_load)
    open_tasks = sum(step.lights.total for step in read(busy, get_board).steps)
    carried = sum(person.lights.total for person in load.people)
    assert carried == 1
    assert carried + sum(queue.lights.total for queue in load.queues) == open_tasks
    for person in load.people:
        for name, number in by_light(person.lights).items():
            assert number == len(read(busy, page_of_tasks, holder=person.username, light=name).items)
    for queue in load.queues:
        page = read(busy, page_of_tasks, queue=queue.role, region=queue.region, limit=200)
        assert queue.lights.total == len(page.items)


def test_who_has_nothing_in_hand_is_named_too(busy: Office) -> None:
    load = read(busy, get_load)
    assert {"officer", "officer2", "leader"} <= {person.username for person in load.people}
    queue = next(q for q in load.queues if q.role == "town.officer" and q.region == TOWN)
    assert queue.people == 2


def test_trends_count_what_came_and_what_was_decided(busy: Office) -> None:
    trends = read(busy, get_trends, unit="week", since=date(2026, 9, 1))
    assert sum(period.received for period in trends.periods) == 7 + 6 + 6
    assert sum(period.decided for period in trends.periods) == 1
    assert [period.on_time for period in trends.periods if period.decided] == [1]
    for period in trends.periods:
        assert period.received == behind(busy, opened_from=period.first, opened_to=period.last)
        assert period.decided == behind(busy, decided_from=period.first, decided_to=period.last)
        in_time = behind(busy, decided_from=period.first, decided_to=period.last, late=False)
        assert period.on_time == in_time
    assert trends.periods[0].first == date(2026, 9, 1)
    assert trends.periods[1].first.weekday() == 0
    assert trends.curve[0].decided == 1
    assert sum(point.censored for point in trends.curve) == 18


def test_months_follow_each_other_without_a_gap(busy: Office) -> None:
    periods = read(busy, get_trends, since=date(2025, 12, 31)).periods
    assert [period.first for period in periods[:3]] == [
        date(2025, 12, 31),
        date(2026, 1, 1),
        date(2026, 2, 1),
    ]
    gaps = [after.first - before.last for before, after in zip(periods, periods[1:], strict=False)]
    assert set(gaps) == {timedelta(days=1)}


@pytest.mark.parametrize(
    ("since", "until"), [(date(2026, 2, 2), date(2026, 2, 1)), (date(2020, 1, 1), date(2026, 1, 1))]
)
def test_a_window_is_in_order_and_bounded(busy: Office, since: date, until: date) -> None:
    with pytest.raises(InputError):
        read(busy, get_trends, since=since, until=until)


def test_withdrawn_before_the_decision_is_not_decided(office: Office) -> None:
    office.deploy(three_bpmn=THREE_STEPS)
    case = office.open("three-steps")
    office.advance(timedelta(days=40))
    office.act(withdraw_case, case_id=read_id(case.id), reason="已就业")
    trends = read(office, get_trends)
    assert sum(period.decided for period in trends.periods) == 0
    assert [(p.days, p.decided, p.censored) for p in trends.curve] == [(40, 0, 1)]


def test_the_heat_is_nearest_rank_of_what_was_done(office: Office) -> None:
    office.deploy(loop_bpmn=LOOP)
    took = [1, 2, 3, 5, 8, 13, 21, 34, 55, 89]
    for hours in took:
        office.now = TUESDAY
        case = office.open("loop")
        office.now = TUESDAY + timedelta(hours=hours)
        office.complete(case, "again", stop=True)
    office.now = TUESDAY + timedelta(days=5)
    heat = read(office, get_heat, process="loop")
    (step,) = heat.steps
    assert (step.done, step.median, step.p90) == (10, 8 * 3600, 55 * 3600)
    # Due at the end of the next working day, which is 39 hours later: the day after that it is late.
    assert (step.limited, step.late, step.late_share) == (10, 2, 0.2)
    assert b"<bpmn:userTask" in heat.bpmn.encode()
    assert heat.versions == (1,)
    window = {"done_from": TUESDAY.date(), "done_to": office.now.date(), "done_step": "again"}
    assert behind(office, process="loop", version=1, **window) == step.done
    assert behind(office, process="loop", done_late=True, **window) == step.late
    assert behind(office, done_step="again", done_to=TUESDAY.date()) == 6


def test_heat_tells_versions_apart(office: Office) -> None:
    office.deploy(loop_bpmn=LOOP)
    office.complete(office.open("loop"), "again", stop=True)
    office.deploy(loop_bpmn=LOOP.replace(b"workdays(1)", b"workdays(2)"))
    office.open("loop")
    old, new = (read(office, get_heat, process="loop", version=number) for number in (1, 2))
    assert [(s.done, s.open.total) for s in old.steps] == [(1, 0)]
    assert [(s.done, s.open.total) for s in new.steps] == [(0, 1)]
    assert read(office, get_heat, process="loop").version == 2


def test_counting_takes_the_same_few_statements_however_much_there_is(busy: Office) -> None:
    with busy.database.read() as tx:
        scope = ("350481",)
        assert sum(row.total for row in supervision.count_cases(tx, scope, busy.now)) == 18
        plans = [" ".join(map(str, tx.exec_driver_sql(_PLAN.format(table)))) for table in ("cases", "tasks")]
        assert durations.time_steps(tx, (), [1], TUESDAY, busy.now) == []
    assert all("COVERING INDEX" in plan and "TEMP B-TREE" not in plan for plan in plans), plans
