"""The weight of what an officer carries, and what more officers would do to the queue."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from engine.actions.queue_forecast import _verdict, forecast_queue
from engine.actions.supervision.load import get_load
from engine.errors import ForbiddenError, InputError
from tests.builders import THREE_STEPS, TOWN, TUESDAY, Office


@pytest.fixture
def busy(office: Office) -> Office:
    """Twelve cases opened over six working days, three of their first tasks done by one of two officers."""
    office.deploy(three_steps_bpmn=THREE_STEPS)
    for day in (0, 1, 2, 6, 7, 8):  # 2026-09-25 to 27 is Mid-Autumn
        office.now = TUESDAY + timedelta(days=day)
        first, _ = office.open("three-steps"), office.open("three-steps")
        if day % 2 == 0 and day < 6:
            office.complete(first, "check")
    return office


def forecast(office: Office, *, by: str = "supervisor", **more: Any) -> Any:
    with office.database.read() as tx:
        said = {"region": TOWN, "role": "town.officer", **more}
        return forecast_queue(tx, actor=office.who(by), at=office.now, **said)


def test_more_coming_than_done_never_clears(busy: Office) -> None:
    found = forecast(busy, weeks=2)
    assert (found.verdict, found.clears_on, found.people) == ("never", None, 2)
    assert (found.queue, found.arrived, found.done) == (12, 14, 2)  # a check done brings a visit


def test_with_enough_people_it_clears_on_a_working_day(busy: Office) -> None:
    found = forecast(busy, weeks=2, more=40)
    assert found.verdict == "clears"
    assert found.clears_on is not None
    assert found.clears_on > busy.now.date()
    assert len(found.assumptions) >= 4


def test_holidays_are_not_working_days(busy: Office) -> None:
    assert forecast(busy, weeks=1).workdays == 4  # 09-24 to 09-30 without Mid-Autumn, 09-25 to 27


def test_an_empty_queue_is_clear_and_nothing_measured_is_unknown(office: Office) -> None:
    assert forecast(office).verdict == "clear"
    office.deploy(three_steps_bpmn=THREE_STEPS)
    office.open("three-steps")
    found = forecast(office, more=5)
    assert (found.verdict, found.done, found.clears_on) == ("unknown", 0, None)


def test_nobody_there_is_unknown(busy: Office) -> None:
    assert forecast(busy, role="department.officer", region="350424", by="admin").people == 0


@pytest.mark.parametrize(
    ("queue", "arrivals", "capacity", "answer"),
    [(10, 1, 2, ("clears", 10)), (10, 2, 2, ("never", None)), (1, 0, 3, ("clears", 1)),
     (0, 9, 1, ("clear", 0)), (10, 1, 0, ("unknown", None)), (10_000, 1, "1.01", ("never", None))],
)  # fmt: skip
def test_the_line_is_straight(queue: int, arrivals: Any, capacity: Any, answer: Any) -> None:
    assert _verdict(queue, Decimal(arrivals), Decimal(capacity)) == answer


@pytest.mark.parametrize("said", [{"more": -1}, {"weeks": 0}, {"weeks": 53}, {"role": "king"}])
def test_a_question_that_makes_no_sense_is_refused(office: Office, said: dict[str, Any]) -> None:
    with pytest.raises(InputError) as refused:
        forecast(office, **said)
    assert refused.value.errors[0].pointer == "/" + next(iter(said))


def test_who_is_in_charge_elsewhere_does_not_ask(office: Office) -> None:
    with pytest.raises(ForbiddenError):
        forecast(office, by="supervisor_sanyuan")


def test_load_weighs_what_is_late(busy: Office) -> None:
    case = busy.open("three-steps")
    busy.claim(busy.task(case, "check"), "officer2")
    busy.now += timedelta(days=20)
    with busy.database.read() as tx:
        found = get_load(tx, actor=busy.who("supervisor"), at=busy.now)
    mine = next(one for one in found.people if one.username == "officer2")
    assert (mine.lights.total, mine.lights.red, mine.weight) == (1, 1, 3)


def test_a_day_beyond_the_published_calendar_is_called_provisional(busy: Office) -> None:
    busy.now = busy.now.replace(month=12, day=30)
    found = forecast(busy, weeks=52, more=1000)
    assert found.provisional == (found.clears_on is not None and found.clears_on >= date(2027, 1, 1))
