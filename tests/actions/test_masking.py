"""People's numbers: masked where shown, kept when they come back masked, found, revealed on record."""

from __future__ import annotations

import json
from collections.abc import Mapping
from copy import deepcopy
from typing import Any
from xml.sax.saxutils import quoteattr

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.actions.draft_task import draft_task
from engine.actions.export_cases import export_cases, record_plain_export
from engine.actions.find_person import find_person
from engine.actions.open_case import open_case
from engine.actions.publication import FIELDS
from engine.actions.reading import get_history, get_task
from engine.actions.record import get_variables
from engine.actions.reveal import reveal
from engine.actions.verify import verify
from engine.actions.views import CaseView
from engine.actions.withdraw_case import withdraw_case
from engine.errors import AnswersError, ForbiddenError, InputError, NotFoundError
from engine.forms import privacy
from engine.store import audit, outbox
from engine.store.ids import read_id
from engine.types import SYSTEM
from tests.builders import TOWN, Office, bpmn, end, send, start
from tests.people_forms import ANSWERS, CARD, FILES, MOBILE, NUMBERS, id_number

_NAMES = {"id_number": "idNumber", "member_id": "idNumber", "phone": "mobile", "account": "bankCard"}


@pytest.fixture
def case(office: Office) -> CaseView:
    """A case whose applicant has said everything; the leader looks at it next."""
    office.deploy(**FILES)
    return office.complete(office.open("care"), "apply", **ANSWERS)


def _is_clean(shown: Any) -> bool:
    text = json.dumps(shown, ensure_ascii=False, default=str)
    return not any(number in text for number in NUMBERS)


def _known(office: Office, case: CaseView, element: str = "look", by: str = "leader") -> Any:
    task = read_id(office.task(case, element).id)
    return office.act(get_task, by, task_id=task)


def test_masks_look_as_agreed() -> None:
    assert privacy.mask("idNumber", "350481196102030013") == "350481********0013"
    assert privacy.mask("mobile", "13800000000") == "138****0000"
    assert privacy.mask("bankCard", "6222020200000001234") == "**** **** **** 1234"
    assert privacy.mask("idNumber", "3504") == "****"


@given(st.sampled_from(privacy.PERSONAL), st.text("0123456789X+ *", max_size=24))
def test_masking_twice_shows_no_more_and_no_less(kind: str, text: str) -> None:
    once = privacy.mask(kind, text)
    assert privacy.mask(kind, once) == once


@given(st.text(max_size=8), st.integers(0, 999), st.text(max_size=8))
def test_an_identity_number_is_masked_in_any_text(before: str, sequence: int, after: str) -> None:
    number = id_number(sequence)
    text = f"{before} {number} {after}"
    assert number not in privacy.mask_text(text)
    assert number.lower() not in privacy.mask_text(text.lower())


def test_a_number_without_the_check_digit_is_no_identity_number() -> None:
    wrong = id_number()[:17] + ("0" if id_number()[17] != "0" else "1")
    assert privacy.mask_text(wrong) == wrong
    assert privacy.mask_text(id_number() + "7") == id_number() + "7"


def test_task_shows_known_answers_masked(office: Office, case: CaseView) -> None:
    known = _known(office, case).known
    assert _is_clean(known)
    assert known["person_name"] == "林秀英"
    assert known["phone"] == "138****0000"
    assert known["account"].startswith("**** ")
    assert known["members"][0]["member_id"].startswith("350499********")
    assert known["remark"].startswith("代办人身份证350499********")


def test_history_export_and_draft_are_masked_too(office: Office, case: CaseView) -> None:
    draft = {"phone": MOBILE, "id_number": id_number()}
    office.act(draft_task, "leader", task_id=read_id(office.task(case, "look").id), answers=draft)
    case = office.complete(case, "look", by="leader", **{**ANSWERS, "remark": ""})
    office.complete(case, "note", elsewhere={"phone": MOBILE}, free=f"({id_number()})")
    assert office.look(case).status == "completed"
    for event in office.history(case):
        assert _is_clean(event.data), event.kind
    with office.database.read() as tx:
        assert _is_clean(list(export_cases(tx, actor=SYSTEM)))
        assert not _is_clean(list(export_cases(tx, actor=SYSTEM, plain=True)))
        assert get_variables(tx, case_id=read_id(case.id), actor=SYSTEM)["phone"] == MOBILE


def test_draft_is_shown_masked_and_completes_in_full(office: Office, case: CaseView) -> None:
    task = read_id(office.task(case, "look").id)
    other = id_number(77, "19700101")
    office.act(draft_task, "leader", task_id=task, answers={"id_number": other, "phone": "1390000"})
    shown = _known(office, case).draft
    assert shown == {"id_number": privacy.mask("idNumber", other), "phone": "*******"}
    office.act(draft_task, "leader", task_id=task, answers={**shown, "phone": "13900000001"})
    draft = _known(office, case).draft
    office.complete(case, "look", by="leader", **{**_known(office, case).known, **draft})
    assert _variables(office, case)["id_number"] == other
    assert _variables(office, case)["phone"] == "13900000001"


def _variables(office: Office, case: CaseView) -> Mapping[str, Any]:
    with office.database.read() as tx:
        return get_variables(tx, case_id=read_id(case.id), actor=SYSTEM)


def test_what_comes_back_masked_is_kept_as_it_was(office: Office, case: CaseView) -> None:
    before = _variables(office, case)
    office.complete(case, "look", by="leader", **_known(office, case).known)
    assert _variables(office, case) == before


def test_what_comes_back_changed_is_changed(office: Office, case: CaseView) -> None:
    answers = {**_known(office, case).known, "phone": "13900000009"}
    office.complete(case, "look", by="leader", **answers)
    assert _variables(office, case)["phone"] == "13900000009"
    assert _variables(office, case)["id_number"] == id_number()


def test_rows_may_move_and_go(office: Office, case: CaseView) -> None:
    answers = deepcopy(_known(office, case).known)
    answers["members"] = [{**answers["members"][1], "name": "林丽"}]
    office.complete(case, "look", by="leader", **answers)
    assert _variables(office, case)["members"] == [{"name": "林丽", "member_id": id_number(3, "20150601")}]


def test_a_mask_that_fits_no_known_number_is_refused_with_its_place(office: Office, case: CaseView) -> None:
    answers = {**_known(office, case).known, "phone": "139****0000"}
    answers["members"] = [{"name": "林新", "member_id": "350499********9999"}]
    version = office.look(case).version
    with pytest.raises(AnswersError) as refused:
        office.complete(case, "look", by="leader", **answers)
    assert {error.pointer for error in refused.value.errors} == {"/phone", "/members/0/member_id"}
    assert office.look(case).version == version


def test_two_numbers_that_look_alike_are_not_taken_for_each_other() -> None:
    alike = [
        {"name": "甲", "member_id": "350499196102030013"},
        {"name": "乙", "member_id": "350499198808080013"},
    ]
    kept = {"members": alike}
    shown = privacy.masked(kept, _NAMES)
    assert privacy.unmasked(shown, kept, _NAMES) == kept
    moved = {"members": [{**row, "name": "丙"} for row in reversed(shown["members"])]}
    assert list(privacy.still_masked(privacy.unmasked(moved, kept, _NAMES), _NAMES)) == [
        "/members/0/member_id",
        "/members/1/member_id",
    ]


_LEAVES = st.one_of(
    st.none(), st.booleans(), st.integers(), st.text(max_size=12), st.sampled_from(NUMBERS),
    st.sampled_from(NUMBERS).map(lambda number: f"见 {number}。"),
)  # fmt: skip
_VALUES = st.recursive(
    _LEAVES,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(
            st.sampled_from(["id_number", "phone", "account", "member_id", "x", "y"]), inner, max_size=4
        ),
    ),
    max_leaves=12,
)


@given(st.dictionaries(st.sampled_from(["id_number", "phone", "account", "rows", "z"]), _VALUES, max_size=5))
def test_showing_and_taking_back_changes_nothing(kept: dict[str, Any]) -> None:
    shown = privacy.masked(kept, _NAMES)
    assert privacy.unmasked(shown, kept, _NAMES) == kept
    assert privacy.masked(shown, _NAMES) == shown


def test_a_mask_in_another_field_brings_no_number_to_light(office: Office, case: CaseView) -> None:
    answers = {**_known(office, case).known, "remark": "138****0000"}
    office.complete(case, "look", by="leader", **answers)
    assert _variables(office, case)["remark"] == "138****0000"


def test_business_key_holds_no_identity_number(office: Office) -> None:
    office.deploy(**FILES)
    with pytest.raises(InputError) as refused:
        office.act(open_case, process="care", region=TOWN, answers={}, business_key=f"id-{id_number()}")
    assert id_number() not in str(refused.value)


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


@pytest.mark.parametrize("number", ["", "3504", "林秀英", MOBILE[:-1], id_number()[:17] + "?"])
def test_only_whole_numbers_are_searched(office: Office, number: str) -> None:
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
    assert _is_clean(row.data)
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


def _publishing(variables: str) -> bytes:
    inputs = "".join(
        f"<zeebe:input source={quoteattr('=' + source)} target={quoteattr(target)}/>"
        for target, source in (pair.split("=", 1) for pair in variables.split(";"))
    )
    ending = "</bpmn:extensionElements>"
    task = send("post", "publicity").replace(ending, f"<zeebe:ioMapping>{inputs}</zeebe:ioMapping>{ending}")
    return bpmn("posting", start() + task + end(), "begin>post post>done")


def test_a_public_notice_carries_name_size_and_amount_and_nothing_else(office: Office) -> None:
    office.deploy(posting_bpmn=_publishing("name=person_name;household_size=size;amount_fen=60000"))
    case = office.open("posting", person_name="林秀英", size=3, id_number=id_number(), illness="甲状腺癌")
    (payload,) = _payloads(office, case)
    assert payload["variables"] == {"name": "林秀英", "household_size": 3, "amount_fen": 60000}
    assert payload["variables"].keys() == FIELDS.keys()


@pytest.mark.parametrize(
    "variables",
    [
        "name=person_name;household_size=size",
        f'name="林秀英 {id_number()}";household_size=size;amount_fen=1',
        'name="林秀英 13800000000";household_size=size;amount_fen=1',
        'name=person_name;household_size="三口，均患病";amount_fen=1',
    ],
)
def test_an_unfit_public_notice_is_not_sent_and_becomes_an_incident(office: Office, variables: str) -> None:
    office.deploy(posting_bpmn=_publishing(variables))
    case = office.open("posting", person_name="林秀英", size=3)
    assert _payloads(office, case) == []
    (incident,) = office.history(case)[-1].data["incidents"]
    assert incident["code"] == "unpublishable"


def _payloads(office: Office, case: CaseView) -> list[Any]:
    found = []
    with office.database.write() as tx:
        while item := outbox.lease_due(tx, office.now, 1, office.now.replace(year=2030)):
            found.append(json.loads(item.payload))
    return found


def test_history_pages_are_masked_for_every_reader(office: Office, case: CaseView) -> None:
    supervisor, case_id = office.who("supervisor"), read_id(case.id)
    with office.database.read() as tx:
        first = get_history(tx, case_id=case_id, actor=supervisor, limit=1)
        rest = get_history(tx, case_id=case_id, actor=supervisor, cursor=first.next)
    assert len(first.items) == len(rest.items) == 1
    assert _is_clean([event.data for event in (*first.items, *rest.items)])
