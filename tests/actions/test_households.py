"""Household files: cases of one household find each other, and nobody learns of cases out of their sight."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from sqlalchemy import text

from engine.actions.households import HouseholdFile, get_file
from engine.actions.rotate_keys import index_anew
from engine.actions.verify import verify
from engine.actions.views import CaseView
from engine.errors import DeploymentError, NotFoundError
from engine.store.events import PROOF, list_events
from engine.store.ids import read_id
from tests.actions.test_links import catch, job, message
from tests.builders import Office, bpmn, choice, end, start, user

NOW = timedelta(0)
TOWN, OTHER_TOWN = "350481100", "350481101"
ANNA, BO, CAI = "350481198001010013", "350481197501010017", "350481199001010019"


def check_digit(number: str) -> str:
    """The number with the check digit that it needs."""
    weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
    return number[:17] + "10X98765432"[sum(int(d) * w for d, w in zip(number, weights, strict=False)) % 11]


ANNA, BO, CAI = map(check_digit, (ANNA, BO, CAI))


def form(role: str = "applicant", kind: str = "idNumber") -> bytes:
    field = {"id": "f1", "type": "textfield", "key": "id_number", "label": "号码"}
    rows = {
        "id": "f3", "type": "dynamiclist", "path": "members", "label": "成员", "isRepeating": True,
        "components": [
            {"id": "f4", "type": "textfield", "key": "member_id", "label": "号码",
             "properties": {"kind": "idNumber", "household": "member"}}
        ],
    }  # fmt: skip
    fields = [{**field, "properties": {"kind": kind, "household": role}}, rows]
    return json.dumps({"id": "f", "type": "default", "schemaVersion": 16, "components": fields}).encode()


START = (
    '<bpmn:startEvent id="begin"><bpmn:extensionElements><zeebe:formDefinition formId="f"/>'
    "</bpmn:extensionElements></bpmn:startEvent>"
)
LONG = bpmn(
    "long",
    START + catch("hear", "household-change") + user("review") + end(),
    "begin>hear hear>review review>done",
    outside=message("household-change", "null"),
)
CHANGE = bpmn(
    "change",
    START
    + choice("any")
    + job("propose", "propose-reviews", change='"death"', note='"成员去世"')
    + user("stay")
    + end(),
    "begin>any any>propose propose>stay stay>done",
)


@pytest.fixture
def filed(office: Office) -> Office:
    office.deploy(long_bpmn=LONG, change_bpmn=CHANGE, f_form=form())
    return office


def file_of(office: Office, case: CaseView, by: str = "officer") -> HouseholdFile:
    with office.database.read() as tx:
        return get_file(tx, case_id=read_id(case.id), actor=office.who(by))


def faults(office: Office) -> list[str]:
    with office.database.read() as tx:
        return [str(fault) for fault in verify(tx, at=office.now).problems]


def test_cases_of_one_applicant_share_a_file(filed: Office) -> None:
    first = filed.open("long", id_number=ANNA)
    second = filed.open("long", id_number=ANNA)
    other = filed.open("long", id_number=BO)
    assert {case.id for case in file_of(filed, first).cases} == {first.id, second.id}
    assert file_of(filed, first).number == file_of(filed, second).number != file_of(filed, other).number
    assert filed.history(first)[0].data["household"] == file_of(filed, first).number
    assert faults(filed) == []


def test_whoever_was_a_member_comes_into_that_file_when_they_apply(filed: Office) -> None:
    first = filed.open("long", id_number=ANNA, members=[{"member_id": BO}])
    second = filed.open("long", id_number=BO)
    assert file_of(filed, first).number == file_of(filed, second).number


def test_a_file_of_ones_own_goes_before_that_of_others(filed: Office) -> None:
    own = filed.open("long", id_number=BO)
    filed.open("long", id_number=ANNA, members=[{"member_id": BO}])
    again = filed.open("long", id_number=BO)
    assert file_of(filed, again).number == file_of(filed, own).number


def test_no_number_stands_in_the_tables_in_the_plain(filed: Office) -> None:
    filed.open("long", id_number=ANNA, members=[{"member_id": BO}])
    with filed.database.read() as tx:
        rows = tx.execute(text("SELECT blind FROM household_members")).all()
    assert len(rows) == 2
    assert not any(number.encode() in row.blind for row in rows for number in (ANNA, BO))


def test_a_file_shows_only_cases_in_sight_and_says_nothing_of_others(filed: Office) -> None:
    filed.open("long", by="system", region=OTHER_TOWN, id_number=ANNA)
    here = filed.open("long", id_number=ANNA)
    assert [case.id for case in file_of(filed, here).cases] == [here.id]
    assert len(file_of(filed, here, "county").cases) == 2
    elsewhere = next(case for case in file_of(filed, here, "county").cases if case.id != here.id)
    with filed.database.read() as tx, pytest.raises(NotFoundError):
        get_file(tx, case_id=read_id(elsewhere.id), actor=filed.who("officer"))


def test_a_change_proposes_reviews_in_the_other_open_cases_of_the_household(filed: Office) -> None:
    ours = filed.open("long", id_number=ANNA)
    elsewhere = filed.open("long", by="system", region=OTHER_TOWN, id_number=ANNA)
    stranger = filed.open("long", id_number=CAI)
    change = filed.open("change", id_number=ANNA)
    filed.advance(NOW)
    for case in (ours, elsewhere):
        assert [task.element_id for task in filed.look(case).tasks] == ["review"]
        said = filed.history(case)[-1].data
        assert said["payload"] == {"change": "death", "note": "成员去世"}
    assert filed.look(stranger).tasks == ()
    assert "result" not in filed.history(change)[-1].data
    assert faults(filed) == []


def test_the_record_of_the_change_does_not_show_whom_it_was_told(filed: Office) -> None:
    filed.open("long", by="system", region=OTHER_TOWN, id_number=ANNA)
    alone = filed.open("change", id_number=CAI)
    change = filed.open("change", id_number=ANNA)
    filed.advance(NOW)
    shown = [[event.data for event in filed.history(case)] for case in (alone, change)]
    keys = [[sorted(data) for data in rows] for rows in shown]
    assert keys[0] == keys[1]
    with filed.database.read() as tx:
        kept = [
            list_events(tx, read_id(case.id), whole=True)[-1].data[PROOF]["promised"]
            for case in (alone, change)
        ]
    assert [len(promised) for promised in kept] == [1, 1]


def test_a_case_moved_to_another_file_is_noticed(filed: Office) -> None:
    first = filed.open("long", id_number=ANNA)
    second = filed.open("long", id_number=BO)
    with filed.database.write() as tx:
        tx.execute(
            text(
                "UPDATE household_cases SET household_id = (SELECT household_id FROM household_cases "
                "WHERE case_id = :other) WHERE case_id = :one"
            ),
            {"one": read_id(first.id), "other": read_id(second.id)},
        )
    assert [fault for fault in faults(filed) if first.number in fault]


def test_people_are_found_after_the_keys_were_indexed_anew(filed: Office) -> None:
    first = filed.open("long", id_number=ANNA, members=[{"member_id": BO}])
    with filed.database.write() as tx:
        tx.execute(text("DELETE FROM household_members"))
    list(index_anew(filed.database))
    second = filed.open("long", id_number=BO)
    assert file_of(filed, first).number == file_of(filed, second).number


@pytest.mark.parametrize(("role", "kind"), [("cousin", "idNumber"), ("applicant", "mobile")])
def test_a_form_that_says_something_else_is_refused(office: Office, role: str, kind: str) -> None:
    with pytest.raises(DeploymentError, match="household"):
        office.deploy(long_bpmn=LONG, f_form=form(role, kind))


def test_a_case_without_an_applicant_is_in_no_file(office: Office) -> None:
    office.deploy(plain_bpmn=bpmn("plain", start() + user("x") + end(), "begin>x x>done"))
    case = office.open("plain")
    assert file_of(office, case).number is None
    assert [one.id for one in file_of(office, case).cases] == [case.id]
