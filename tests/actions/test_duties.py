"""Separation of duties as the diagram asks for it: earlier work, different people, relatives, levels."""

from __future__ import annotations

from typing import Any

import pytest

from engine.actions.assign_task import assign_task
from engine.actions.claim_task import claim_task
from engine.actions.complete_task import complete_task
from engine.actions.delegate_task import delegate_task
from engine.actions.draft_task import draft_task
from engine.actions.duties import count_people, is_of_level
from engine.actions.reading import get_task
from engine.actions.views import CaseView
from engine.errors import ForbiddenError
from engine.store import people
from engine.store.ids import read_id
from engine.types import Position
from tests.builders import Office, bpmn, end, start, user
from tests.forms.form_builders import component, source

EVERY_WAY = [
    (claim_task, {}),
    (complete_task, {"answers": {}, "seen_version": None}),
    (draft_task, {"answers": {}}),
    (delegate_task, {"to": "officer2"}),
]


def _refused(office: Office, case: CaseView, element: str, by: str) -> set[str]:
    """The rules that refuse somebody a task, over every way to take it up and being given it."""
    task_id = read_id(office.task(case, element).id)
    rules = set()
    for action, more in [*EVERY_WAY, (assign_task, {"to": by}), (delegate_task, {"to": by})]:
        giver = "leader" if action is assign_task else "officer2" if more == {"to": by} else by
        with pytest.raises(ForbiddenError) as refused:
            office.act(action, giver, task_id=task_id, **more)
        rules.add(refused.value.data["rule"])
        assert refused.value.zh
        assert refused.value.en
    with office.database.read() as tx:
        detail = get_task(tx, task_id=task_id, actor=office.who(by), at=office.now)
    assert not {"claim", "complete", "delegate", "draft"} & set(detail.allowed)
    return rules


KIN = source(
    component(
        "dynamiclist",
        "recused",
        isRepeating=True,
        allowAddRemove=True,
        components=[
            component("textfield", "name", properties={"recuses": "name"}),
            component("textfield", "account", properties={"recuses": "account"}),
        ],
    ),
    id="kin",
).encode()
RECUSING = bpmn(
    "recusing",
    start() + user("kin", form="kin") + user("visit", recuse="true") + end(),
    "begin>kin kin>visit visit>done",
)


@pytest.mark.parametrize("row", [{"name": "林 协管"}, {"name": "别人", "account": "Officer"}])
def test_a_filed_relative_is_barred_by_every_way(office: Office, row: dict[str, Any]) -> None:
    office.deploy(recusing_bpmn=RECUSING, kin_form=KIN)
    case = office.complete(office.open("recusing"), "kin", recused=[row])
    assert _refused(office, case, "visit", "officer") == {"recusal"}
    assert office.complete(case, "visit", by="officer2").status == "completed"


def test_nobody_is_barred_where_nobody_is_filed(office: Office) -> None:
    office.deploy(recusing_bpmn=RECUSING, kin_form=KIN)
    case = office.complete(office.open("recusing"), "kin", recused=[])
    assert office.complete(case, "visit").status == "completed"


def test_a_relative_filed_after_the_claim_cannot_complete_it(office: Office) -> None:
    both = bpmn(
        "both",
        start()
        + '<bpmn:parallelGateway id="fork"/>'
        + user("kin", form="kin")
        + user("visit", recuse="true")
        + end("one")
        + end("two"),
        "begin>fork fork>kin fork>visit kin>one visit>two",
    )
    office.deploy(both_bpmn=both, kin_form=KIN)
    case = office.open("both")
    office.claim(office.task(case, "visit"))
    office.complete(case, "kin", by="officer2", recused=[{"name": "x", "account": "officer"}])
    with pytest.raises(ForbiddenError):
        office.complete(case, "visit")


def test_a_task_that_is_not_for_the_town_refuses_whoever_serves_it(office: Office) -> None:
    office.deploy(
        level_bpmn=bpmn(
            "level",
            start() + user("visit", groups="town.officer, county.officer", notLevel="town") + end(),
            "begin>visit visit>done",
        )
    )
    case = office.open("level")
    assert _refused(office, case, "visit", "officer") == {"not-level"}
    with office.database.write() as tx:
        for role, region in (("county.officer", "350481"), ("village.helper", "350481100")):
            if role == "county.officer":
                people.add_account(tx, username="two", name="双岗", name_en="Two", password_hash="-")
            people.add_position(tx, username="two", role=role, region=region, valid_from=office.now.date())
    assert _refused(office, case, "visit", "two") == {"not-level"}
    assert office.complete(case, "visit", by="county").status == "completed"


def test_levels_are_told_by_role_and_by_code() -> None:
    town, county = "350481100", "350481"
    assert is_of_level(Position(role="town.officer", region=county), "town", town)
    assert is_of_level(Position(role="department.officer", region=town), "town", town)
    assert is_of_level(Position(role="department.officer", region=town), "town", county)
    assert not is_of_level(Position(role="county.officer", region=county), "town", town)
    assert not is_of_level(Position(role="town.officer", region="350481101"), "town", town)


DIFFERENT = bpmn(
    "different",
    start()
    + user("one")
    + user("two", groups="town.officer, town.leader")
    + user("three", groups="town.officer, town.leader", differentPeople="2", differentOver="one, two, three")
    + user("last", groups="town.leader", differentPeople="3", differentOver="one, two, three")
    + end(),
    "begin>one one>two two>three three>last last>done",
)


def test_where_two_did_all_but_the_last_of_the_tasks_it_falls_to_somebody_else(office: Office) -> None:
    office.deploy(different_bpmn=DIFFERENT.replace(b'value="3"', b'value="2"'))
    case = office.complete(office.complete(office.open("different"), "one"), "two")
    assert _refused(office, case, "three", "officer") == {"different-people"}
    case = office.complete(case, "three", by="officer2")
    assert office.complete(case, "last", by="leader").status == "completed"


def test_what_a_later_task_will_count_binds_the_earlier_ones(office: Office) -> None:
    office.deploy(different_bpmn=DIFFERENT)
    case = office.complete(office.open("different"), "one")
    assert _refused(office, case, "two", "officer") == {"different-people"}


def test_a_gate_opens_when_there_were_enough(office: Office) -> None:
    office.deploy(different_bpmn=DIFFERENT)
    case = office.open("different")
    for element, by in (("one", "officer"), ("two", "officer2"), ("three", "leader"), ("last", "leader")):
        case = office.complete(case, element, by=by)
    assert case.status == "completed"


def test_who_acts_for_somebody_is_one_person_with_them() -> None:
    assert count_people([frozenset("a"), frozenset("ab"), frozenset("c")]) == 2
    assert count_people([frozenset("ab"), frozenset("cd"), frozenset("bc")]) == 1
    assert count_people([]) == 0


def test_separate_tasks_stay_apart_whichever_comes_first(office: Office) -> None:
    branches = bpmn(
        "branches",
        start()
        + '<bpmn:parallelGateway id="fork"/>'
        + user("one")
        + user("two", separateFrom="one")
        + end("end_one")
        + end("end_two"),
        "begin>fork fork>one fork>two one>end_one two>end_two",
    )
    office.deploy(branches_bpmn=branches)
    case = office.complete(office.open("branches"), "two")
    assert _refused(office, case, "one", "officer") == {"separation-of-duties"}
    assert office.complete(case, "one", by="officer2").status == "completed"
