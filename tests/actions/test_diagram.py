"""A case on its diagram: where it is, what it passed, how long by the calendar and by the limit."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from engine.actions.change_clock import pause_clock, resume_clock
from engine.actions.diagram import VISITS_SHOWN, DiagramView, ElementView, get_diagram
from engine.actions.views import CaseView
from engine.clocks import SHANGHAI
from engine.errors import NotFoundError
from engine.store.ids import read_id
from tests.builders import LOOP, THREE_STEPS, Office, boundary, bpmn, end, start, user

NATIONAL_DAY = datetime(2026, 10, 8, 9, tzinfo=SHANGHAI)


def look(office: Office, case: CaseView, by: str = "officer") -> DiagramView:
    with office.database.read() as tx:
        return get_diagram(tx, case_id=read_id(case.id), actor=office.who(by), at=office.now)


def elements(office: Office, case: CaseView) -> dict[str, ElementView]:
    return {element.id: element for element in look(office, case).elements}


@pytest.fixture
def case(office: Office) -> Any:
    office.deploy(three_bpmn=THREE_STEPS)
    return office.open("three-steps")


def test_the_files_own_bytes_come_with_the_tokens(office: Office, case: CaseView) -> None:
    view = look(office, case)
    assert view.bpmn.encode() == THREE_STEPS
    assert (view.process, view.process_version, view.case_id) == ("three-steps", 1, case.id)


def test_what_is_done_current_and_not_yet_reached(office: Office, case: CaseView) -> None:
    found = elements(office, case)
    assert {name: found[name].state for name in found} == {"begin": "done", "check": "current"}
    office.complete(case, "check")
    found = elements(office, case)
    assert (found["check"].state, found["visit"].state) == ("done", "current")
    assert "confirm" not in found
    assert look(office, case).flows == ("f1", "f2")
    (visit,) = found["check"].visits
    assert (visit.by, visit.how, visit.left_at) == ("officer", "completed", office.now)


def test_an_overdue_step_says_so_and_for_how_long(office: Office, case: CaseView) -> None:
    office.advance(NATIONAL_DAY)
    check = elements(office, case)["check"]
    assert check.state == "overdue"
    (visit,) = check.visits
    # From 09-22 to 10-08: sixteen days, of which 09-23, 24, 28, 29, 30 and 10-08 were worked.
    assert visit.seconds == 16 * 86400
    assert (visit.unit, visit.allowed, visit.spent) == ("workdays", 1, 6)
    assert (visit.light, visit.how, visit.left_at) == ("red", "open", None)


def test_a_pause_is_in_the_calendars_time_and_not_in_the_limits(office: Office, case: CaseView) -> None:
    office.now += timedelta(hours=1)
    arguments = {"case_id": read_id(case.id), "name": "total"}
    office.act(pause_clock, "leader", ground="等待补正", article="Art.10", **arguments)
    office.now = NATIONAL_DAY
    office.act(resume_clock, "leader", article="Art.10", **arguments)
    office.complete(case, "check")
    (visit,) = elements(office, case)["check"].visits
    assert visit.seconds == 16 * 86400
    assert visit.spent == 0


def test_what_an_interrupting_timer_took_away_is_cancelled(office: Office) -> None:
    nodes = start() + user("wait") + boundary("over", "wait", interrupting=True, duration="PT1H")
    office.deploy(cut_bpmn=bpmn("cut", nodes + user("act") + end(), "begin>wait wait>done over>act act>done"))
    case = office.open("cut")
    office.advance(timedelta(hours=2))
    found = elements(office, case)
    assert (found["wait"].state, found["over"].state, found["act"].state) == ("cancelled", "done", "current")


def test_a_loop_keeps_its_newest_visits_and_counts_them_all(office: Office) -> None:
    office.deploy(loop_bpmn=LOOP)
    case = office.open("loop")
    rounds = VISITS_SHOWN + 5
    for _ in range(rounds):
        office.now += timedelta(hours=1)
        office.complete(case, "again", stop=False)
    again = elements(office, case)["again"]
    assert (again.count, len(again.visits), again.state) == (rounds + 1, VISITS_SHOWN, "current")
    assert again.seconds == rounds * 3600
    assert elements(office, case)["enough"].count == rounds


def test_a_closed_case_has_no_current_element(office: Office, case: CaseView) -> None:
    office.complete(office.complete(office.complete(case, "check"), "visit"), "confirm", by="leader")
    assert {element.state for element in look(office, case).elements} <= {"done", "cancelled"}


def test_a_case_out_of_sight_has_no_diagram(office: Office, case: CaseView) -> None:
    with pytest.raises(NotFoundError):
        look(office, case, by="officer_sanyuan")
