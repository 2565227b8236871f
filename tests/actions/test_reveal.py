"""Finding people by number and seeing their numbers in full: who may, and what is recorded."""

from __future__ import annotations

import json
from typing import Any

import pytest

from engine.actions.export_cases import record_plain_export
from engine.actions.find_person import find_person
from engine.actions.reveal import reveal
from engine.actions.verify import verify
from engine.actions.views import CaseView
from engine.actions.withdraw_case import withdraw_case
from engine.errors import ForbiddenError, InputError, NotFoundError
from engine.store import audit
from engine.store.ids import read_id
from tests.builders import TOWN, Office
from tests.people_forms import ANSWERS, CARD, FILES, MOBILE, NUMBERS, id_number


@pytest.fixture
def case(office: Office) -> CaseView:
    """A case whose applicant has said everything; the leader looks at it next."""
    office.deploy(**FILES)
    return office.complete(office.open("care"), "apply", **ANSWERS)


def test_people_are_found_by_exact_number_in_their_regions_only(office: Office, case: CaseView) -> None:
    for number in NUMBERS[:3] + NUMBERS[4:]:
        assert [found.id for found in office.act(find_person, person=f" {number.lower()} ").items] == [
            case.id
        ]
    assert office.act(find_person, person=id_number(500)).items == ()
    assert office.act(find_person, "county", person=MOBILE, status="completed").items == ()
    elsewhere = office.who("officer")
    stranger = type(elsewhere)(
        username="far", positions=(type(elsewhere.positions[0])(role="town.officer", region="350481101"),)
    )
    with office.database.write() as tx:
        assert find_person(tx, person=MOBILE, actor=stranger, at=office.now).items == ()


@pytest.mark.parametrize(
    "number", ["", "3504", "林", "林" * 31, "林！英", MOBILE[:-1], id_number()[:17] + "?"]
)
def test_only_whole_numbers_and_names_are_searched(office: Office, number: str) -> None:
    with pytest.raises(InputError) as refused:
        office.act(find_person, person=number)
    assert refused.value.errors[0].pointer == "/person"


def test_search_is_recorded_without_the_number(office: Office, case: CaseView) -> None:
    office.act(find_person, person=MOBILE)
    with pytest.raises(ForbiddenError):
        office.act(find_person, "designer", person=MOBILE)
    rows = _audited(office, "person_searched")
    assert [(row.actor, row.data["found"]) for row in rows] == [("officer", 1)]
    assert MOBILE not in json.dumps(rows[0].data)
    assert case.id


def _audited(office: Office, kind: str) -> list[Any]:
    with office.database.read() as tx:
        return audit.list_rows(tx, scope=("",), kind=kind, limit=10)


def test_reveal_gives_plain_values_and_records_who_what_and_why(office: Office, case: CaseView) -> None:
    fields = ["phone", "members.member_id"]
    found = office.act(reveal, "leader", case_id=read_id(case.id), fields=fields, reason="  核实身份 ")
    assert found == {
        "phone": MOBILE,
        "members.member_id": [id_number(2, "19880808"), id_number(3, "20150601")],
    }
    last = office.history(case)[-1]
    assert (last.kind, last.actor) == ("data_revealed", "leader")
    assert last.data == {"fields": fields, "reason": "核实身份"}
    (row,) = _audited(office, "data_revealed")
    assert (row.actor, row.region, row.data["case"]) == ("leader", TOWN, case.number)
    assert not [number for number in NUMBERS if number in json.dumps(row.data)]
    office.complete(case, "look", by="leader", seen=case.version)  # a look is no change of the case


def test_reveal_is_for_those_who_work_on_the_case_and_supervisors(office: Office, case: CaseView) -> None:
    arguments: dict[str, Any] = {"case_id": read_id(case.id), "fields": ["phone"], "reason": "核实"}
    for allowed in ("officer", "leader", "supervisor", "coordinator"):
        assert office.act(reveal, allowed, **arguments) == {"phone": MOBILE}
    for refused in ("officer2", "county", "admin", "helper"):
        with pytest.raises(ForbiddenError):
            office.act(reveal, refused, **arguments)
    with pytest.raises(NotFoundError):
        office.act(reveal, "designer", **arguments)
    assert len(_audited(office, "data_revealed")) == 4


@pytest.mark.parametrize(
    ("fields", "reason", "pointer"),
    [
        (["phone"], " x ", "/reason"),
        (["phone", "nothing"], "核实", "/fields/1"),
        (["person_name"], "核实", "/fields/0"),
        (["members.name"], "核实", "/fields/0"),
    ],
)
def test_reveal_refuses_what_makes_no_sense_and_records_nothing(
    office: Office, case: CaseView, fields: list[str], reason: str, pointer: str
) -> None:
    with pytest.raises(InputError) as refused:
        office.act(reveal, "leader", case_id=read_id(case.id), fields=fields, reason=reason)
    assert [error.pointer for error in refused.value.errors] == [pointer]
    assert _audited(office, "data_revealed") == []


def test_a_closed_case_can_be_revealed_again_and_again_and_stays_sound(
    office: Office, case: CaseView
) -> None:
    office.act(withdraw_case, case_id=read_id(case.id), reason="申请人撤回")
    for _ in range(3):
        found = office.act(reveal, "officer", case_id=read_id(case.id), fields=["account"], reason="核实")
        assert found == {"account": CARD}
    with office.database.read() as tx:
        assert verify(tx, at=office.now).problems == ()


def test_plain_export_needs_a_reason_and_is_recorded(office: Office) -> None:
    admin = office.who("admin")
    with office.database.write() as tx:
        with pytest.raises(InputError):
            record_plain_export(tx, reason="", actor=admin, at=office.now)
        record_plain_export(tx, reason="移交档案", actor=admin, at=office.now)
    assert [row.data for row in _audited(office, "data_exported")] == [{"reason": "移交档案"}]
