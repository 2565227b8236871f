"""People's numbers: masked where shown, kept when they come back masked, found, revealed on record."""

from __future__ import annotations

import json
from collections.abc import Mapping
from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.actions.draft_task import draft_task
from engine.actions.export_cases import export_cases
from engine.actions.open_case import open_case
from engine.actions.reading import get_history, get_task
from engine.actions.record import get_variables
from engine.actions.views import CaseView
from engine.errors import AnswersError, InputError
from engine.forms import privacy
from engine.store.ids import read_id
from engine.types import SYSTEM
from tests.builders import TOWN, Office
from tests.people_forms import ANSWERS, FILES, MOBILE, NUMBERS, id_number

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


def test_history_pages_are_masked_for_every_reader(office: Office, case: CaseView) -> None:
    supervisor, case_id = office.who("supervisor"), read_id(case.id)
    with office.database.read() as tx:
        first = get_history(tx, case_id=case_id, actor=supervisor, limit=1)
        rest = get_history(tx, case_id=case_id, actor=supervisor, cursor=first.next)
    assert len(first.items) == len(rest.items) == 1
    assert _is_clean([event.data for event in (*first.items, *rest.items)])
