"""Leave and who covers it: who may be named, what the substitute may do, what the record says."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from engine.actions.assign_task import assign_task
from engine.actions.claim_task import claim_task
from engine.actions.complete_task import complete_task
from engine.actions.reading import get_task, list_cases, list_tasks
from engine.actions.release_task import release_task
from engine.actions.substitutes import (
    SubstitutionError,
    add_substitution,
    end_substitution,
    list_substitutions,
)
from engine.errors import EngineError, ForbiddenError, InputError, NotFoundError
from engine.store import people
from engine.store.ids import read_id
from engine.store.substitutions import Substitution
from tests.builders import TUESDAY, Office, bpmn, end, start, user

TODAY = TUESDAY.date()
ONE = bpmn("one", start() + user("sign", groups="town.leader") + user("pay") + end(),
           "begin>sign sign>pay pay>done")  # fmt: skip
TWO = bpmn("two", start() + user("sign", groups="town.leader") + end(), "begin>sign sign>done")


@pytest.fixture
def away(office: Office) -> Office:
    """`leader` is away and `officer` covers, today and tomorrow."""
    office.deploy(one_bpmn=ONE, two_bpmn=TWO)
    _cover(office)
    return office


def _cover(office: Office, by: str = "leader", days: int = 1, **more: Any) -> Substitution:
    said = {"absent": "leader", "substitute": "officer", "starts": TODAY, **more}
    said.setdefault("ends", said["starts"] + timedelta(days=days))
    made: Substitution = office.act(add_substitution, by, **said)
    office.people.clear()
    return made


def test_the_substitute_acts_for_the_absent_and_the_record_says_so(away: Office) -> None:
    case = away.open("one")
    task_id = read_id(away.task(case, "sign").id)
    with pytest.raises(ForbiddenError):
        away.act(claim_task, "officer2", task_id=task_id)
    assert away.act(claim_task, "officer", task_id=task_id).assignee == "leader"
    case = away.complete(case, "sign", by="officer")
    claimed, completed = away.history(case)[1:]
    assert (claimed.actor, claimed.data["to"], claimed.data["for"]) == ("officer", "leader", "leader")
    assert (completed.actor, completed.data["for"]) == ("officer", "leader")
    with away.database.read() as tx:
        done = get_task(tx, task_id=task_id, actor=away.who("officer"), at=away.now).task
    assert (done.closed_by, done.closed_for) == ("officer", "leader")
    case = away.complete(case, "pay", by="officer")
    assert "for" not in away.history(case)[-1].data


def test_what_the_absent_holds_is_on_the_substitutes_list(away: Office) -> None:
    case = away.open("one")
    with away.database.read() as tx:
        group = list_tasks(tx, actor=away.who("officer"), at=away.now, group=True).items
        assert [task.element_id for task in group] == ["sign"]
    away.act(claim_task, "leader", task_id=read_id(away.task(case, "sign").id))
    with away.database.read() as tx:
        mine = list_tasks(tx, actor=away.who("officer"), at=away.now, mine=True).items
        assert [task.element_id for task in mine] == ["sign"]
        assert list_tasks(tx, actor=away.who("officer2"), at=away.now, mine=True).items == ()


def test_after_the_last_day_it_is_over_by_itself(away: Office) -> None:
    case = away.open("one")
    task_id = read_id(away.task(case, "sign").id)
    away.act(claim_task, "officer", task_id=task_id)
    away.now += timedelta(days=2)
    away.people.clear()
    assert away.who("officer").stands_in == ()
    with pytest.raises(ForbiddenError):
        away.complete(case, "sign", by="officer")
    assert "for" not in away.history(away.complete(case, "sign", by="leader"))[-1].data


def test_before_the_first_day_it_has_not_begun(office: Office) -> None:
    office.deploy(one_bpmn=ONE)
    _cover(office, starts=TODAY + timedelta(days=1))
    assert office.who("officer").stands_in == ()


def test_one_process_in_one_region_is_covered_and_no_other(office: Office) -> None:
    office.deploy(one_bpmn=ONE, two_bpmn=TWO)
    _cover(office, process="two", region="350481100")
    first, second = office.open("one"), office.open("two")
    with pytest.raises(ForbiddenError):
        office.complete(first, "sign", by="officer")
    assert office.complete(second, "sign", by="officer").status == "completed"


def test_who_covers_everything_sees_what_the_absent_sees(office: Office) -> None:
    office.deploy(one_bpmn=ONE)
    office.open("one", region="350481101", by="county")
    with office.database.read() as tx:
        assert list_cases(tx, actor=office.who("officer"), at=office.now).items == ()
    _cover(office, by="county", absent="county")
    with office.database.read() as tx:
        assert len(list_cases(tx, actor=office.who("officer"), at=office.now).items) == 1


def test_separation_counts_both_of_them(office: Office) -> None:
    both = bpmn(
        "both",
        start()
        + user("visit")
        + user("sign", groups="town.leader", separateFrom="visit")
        + user("check", groups="town.leader, town.officer", separateFrom="sign")
        + end(),
        "begin>visit visit>sign sign>check check>done",
    )
    office.deploy(both_bpmn=both)
    _cover(office)
    case = office.complete(office.open("both"), "visit", by="officer")
    with pytest.raises(ForbiddenError) as refused:
        office.complete(case, "sign", by="officer")
    assert refused.value.data["rule"] == "separation-of-duties"
    other = office.complete(office.open("both"), "visit", by="officer2")
    other = office.complete(other, "sign", by="officer")
    for by in ("officer", "leader"):
        with pytest.raises(ForbiddenError):
            office.complete(other, "check", by=by)
    assert office.complete(other, "check", by="officer2").status == "completed"


def test_a_task_goes_to_the_absent_person_not_to_who_could_only_stand_in(away: Office) -> None:
    task_id = read_id(away.task(away.open("one"), "sign").id)
    with pytest.raises(ForbiddenError) as refused:
        away.act(assign_task, "leader", task_id=task_id, to="officer")
    assert refused.value.data == {"absent": "leader"}
    view = away.act(assign_task, "officer", task_id=task_id, to="leader")
    assert view.assignee == "leader"
    assert away.act(release_task, "officer", task_id=task_id).assignee is None


def test_administration_is_not_passed_on(office: Office) -> None:
    _cover(office, by="admin", absent="admin")
    office.deploy(one_bpmn=ONE)
    task_id = read_id(office.task(office.open("one"), "sign").id)
    with pytest.raises(ForbiddenError):
        office.act(assign_task, "officer", task_id=task_id, to="leader")


REFUSED: list[tuple[str, dict[str, Any], type[EngineError]]] = [
    ("leader", {"substitute": "leader"}, InputError),
    ("leader", {"substitute": "nobody"}, InputError),
    ("leader", {"ends": TODAY - timedelta(days=1)}, InputError),
    ("leader", {"starts": date(2026, 1, 1), "ends": date(2026, 1, 2)}, InputError),
    ("leader", {"region": "999999"}, InputError),
    ("leader", {"region": "350426"}, InputError),
    ("leader", {"process": "none"}, InputError),
    ("officer", {}, ForbiddenError),
    ("officer2", {}, ForbiddenError),
    ("leader", {"absent": "county", "substitute": "officer"}, ForbiddenError),
    ("leader_sanyuan", {}, ForbiddenError),
]


@pytest.mark.parametrize(("by", "said", "error"), REFUSED)
def test_what_makes_no_sense_or_is_not_theirs_is_refused_in_both_languages(
    office: Office, by: str, said: dict[str, Any], error: type[EngineError]
) -> None:
    with pytest.raises(error) as refused:
        _cover(office, by, **said)
    assert refused.value.zh
    assert refused.value.en
    with office.database.read() as tx:
        assert list_substitutions(tx, actor=office.who("leader"), at=office.now) == []


def test_no_chains_and_no_contradictions(away: Office) -> None:
    for by, said in (
        ("leader", {"substitute": "officer2"}),
        ("officer", {"absent": "officer", "substitute": "officer2"}),
        ("county", {"absent": "county", "substitute": "leader"}),
        ("leader", {"substitute": "officer2", "process": "one"}),
    ):
        with pytest.raises(SubstitutionError):
            _cover(away, by, **said)
    later = TODAY + timedelta(days=2)
    assert _cover(away, "leader", substitute="officer2", starts=later).starts == later


def test_ended_early_it_is_over_at_once(away: Office) -> None:
    with away.database.read() as tx:
        (made,) = list_substitutions(tx, actor=away.who("officer"), at=away.now)
        assert list_substitutions(tx, actor=away.who("helper"), at=away.now) == []
    with pytest.raises(NotFoundError):
        away.act(end_substitution, "helper", substitution_id=made.id)
    away.act(end_substitution, "leader", substitution_id=made.id)
    away.people.clear()
    with pytest.raises(ForbiddenError):
        away.act(complete_task, "officer", task_id=read_id(away.task(away.open("one"), "sign").id),
                 answers={}, seen_version=None)  # fmt: skip
    with pytest.raises(NotFoundError):
        away.act(end_substitution, "leader", substitution_id=made.id)


def test_who_serves_the_successor_sees_the_cases_of_a_region_that_is_gone(office: Office) -> None:
    office.deploy(one_bpmn=ONE)
    case = office.open("one", by="county", region="350481103")
    with office.database.write() as tx:
        people.change_region(tx, "350481103", valid_to=TODAY, successor="350481100")
    office.people.clear()
    with office.database.read() as tx:
        seen = list_cases(tx, actor=office.who("officer"), at=office.now).items
        assert [found.region for found in seen] == ["350481103"]
        serving = people.list_people(tx, role="town.leader", region="350481103", on=TODAY)
    assert [person.username for person in serving] == ["leader"]
    assert office.complete(case, "sign", by="leader").region == "350481103"
    office.now += timedelta(days=1)
    with pytest.raises(InputError, match="350481100"):
        office.open("one", by="county", region="350481103")


def test_the_districts_merged_in_2021_are_seen_by_their_successor(office: Office) -> None:
    regions = {held.region for held in office.who("county_sanyuan").positions}
    assert regions == {"350404", "350402", "350403"}
    assert {held.region for held in office.who("officer_sanyuan").positions} == {"350404100"}
    assert {held.region for held in office.who("admin").positions} == {"3504"}
    office.deploy(one_bpmn=ONE)
    with pytest.raises(InputError, match="350404"):
        office.open("one", by="county_sanyuan", region="350402")
