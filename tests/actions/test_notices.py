"""A notice is written in the step that sends it, is provable, and a posting hangs for its days only."""

from __future__ import annotations

import json
import re
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from engine.actions.notice_writing import UnwritableError
from engine.actions.notices import NoticeView, PostingView, list_notices, list_postings, record_delivery
from engine.actions.send_message import send_message
from engine.actions.verify import verify
from engine.actions.views import CaseView
from engine.actions.withdraw_case import withdraw_case
from engine.errors import ConflictError, ForbiddenError, InputError, NotFoundError
from engine.store import outbox
from engine.store.ids import read_id
from tests.builders import TOWN, Office
from tests.notice_files import FILES, NOTICES
from tests.people_forms import id_number

APPLICANT: dict[str, Any] = {
    "applicant_name": "林小满",
    "applicant_id_number": id_number(),
    "applicant_phone": "13800000000",
    "household_size": 3,
}


@pytest.fixture
def case(office: Office) -> CaseView:
    office.deploy(**FILES)
    return office.open("help", **APPLICANT)


def _notices(office: Office, case: CaseView, by: str = "officer") -> list[NoticeView]:
    with office.database.read() as tx:
        return list(list_notices(tx, case_id=read_id(case.id), actor=office.who(by)))


def _board(office: Office, region: str = TOWN) -> list[PostingView]:
    with office.database.read() as tx:
        return list(list_postings(tx, region=region, at=office.now))


def _posted(office: Office, case: CaseView) -> CaseView:
    office.now += timedelta(minutes=5)
    office.complete(case, "supply", paper="户口簿")
    return office.complete(case, "look")


def _problems(office: Office) -> list[str]:
    with office.database.read() as tx:
        return [problem.en for problem in verify(tx, at=office.now).problems]


def test_a_notice_is_queued_with_its_step_and_sent_by_the_worker(office: Office, case: CaseView) -> None:
    (found,) = _notices(office, case)
    assert (found.key, found.to, found.state, found.queued_at) == (
        "受理通知书",
        "applicant",
        "queued",
        office.now,
    )
    assert found.text.paragraphs["zh"] == (f"林小满：案件{case.number}已受理。",)
    office.advance(timedelta(minutes=1))
    (found,) = _notices(office, case)
    assert (found.state, found.sent_how, found.sent_at) == ("sent", "record", office.now)
    assert _problems(office) == []


def test_a_notice_is_not_for_eyes_elsewhere(office: Office, case: CaseView) -> None:
    with office.database.read() as tx, pytest.raises(NotFoundError):
        list_notices(tx, case_id=read_id(case.id), actor=office.who("designer"))


def test_a_decision_is_told_in_the_same_transaction_or_not_taken(
    office: Office, case: CaseView, monkeypatch: pytest.MonkeyPatch
) -> None:
    _posted(office, case)
    office.advance(timedelta(days=9))
    before = office.look(case)

    def lost(*_: Any) -> None:
        raise OSError("the outbox is full")

    with monkeypatch.context() as broken:
        broken.setattr(outbox, "add_items", lost)
        with pytest.raises(OSError, match="full"):
            office.complete(case, "decide", "leader", granted=True)
    assert office.look(case) == before
    assert [found.key for found in _notices(office, case)] == ["受理通知书", "公示"]
    done = office.complete(case, "decide", "leader", granted=True)
    assert (done.outcome, [found.key for found in _notices(office, case)][-1]) == ("granted", "确认通知书")
    assert _problems(office) == []


def test_what_is_served_by_hand_is_a_notice_of_the_task(office: Office, case: CaseView) -> None:
    _posted(office, case)
    office.advance(timedelta(days=9))
    office.complete(case, "decide", "leader", granted=False, reason="收入超过标准")
    office.complete(case, "serve")
    last = _notices(office, case)[-1]
    assert last.text.paragraphs["zh"] == ("不予救助，理由：收入超过标准。",)
    assert office.history(case)[-1].data["notices"] == ["不予确认决定书"]


def test_a_posting_hangs_for_its_days_in_its_township_and_shows_what_the_law_lets(
    office: Office, case: CaseView
) -> None:
    _posted(office, case)
    (posting,) = _board(office)
    assert posting.shows == {"applicant_name": "林小满", "household_size": 3}
    # Posted on 22 September: the seventh day is the 29th, a working day.
    assert (str(posting.up_on), str(posting.down_on), posting.region) == ("2026-09-22", "2026-09-29", TOWN)
    assert _board(office, "350481101") == []
    office.now += timedelta(days=7)
    assert len(_board(office)) == 1
    office.now += timedelta(days=1)
    assert _board(office) == []


def test_a_posting_carries_nothing_else_to_the_outside(office: Office, case: CaseView) -> None:
    _posted(office, case)
    payloads = []
    with office.database.write() as tx:
        while item := outbox.lease_due(tx, office.now, 1, office.now + timedelta(days=1)):
            payloads.append(json.loads(item.payload))
    posting = next(payload for payload in payloads if payload["notice"] == "公示")
    assert posting["variables"] == {"applicant_name": "林小满", "household_size": 3}


def test_an_objection_takes_the_posting_down_and_it_hangs_anew(office: Office, case: CaseView) -> None:
    _posted(office, case)
    office.now += timedelta(days=1)
    office.act(
        send_message, case_id=read_id(case.id), name="objection", payload={"objection": {"text": "有房"}}
    )
    assert _board(office) == []
    assert _notices(office, case)[-1].taken_down_why == "ended"
    office.complete(case, "hear")
    assert [str(posting.up_on) for posting in _board(office)] == ["2026-09-23"]
    assert _problems(office) == []


def test_a_withdrawn_case_takes_its_postings_down(office: Office, case: CaseView) -> None:
    _posted(office, case)
    office.act(withdraw_case, case_id=read_id(case.id), reason="不再需要")
    assert _board(office) == []
    assert _notices(office, case)[-1].taken_down_why == "withdrawn"
    assert _problems(office) == []


def test_a_posting_that_lacks_what_it_shows_refuses_the_step(office: Office) -> None:
    office.deploy(**FILES)
    case = office.open("help", **{**APPLICANT, "household_size": None})
    office.complete(case, "supply")
    with pytest.raises(UnwritableError, match="household_size"):
        office.complete(case, "look")
    assert [task.element_id for task in office.look(case).tasks] == ["look"]


@pytest.mark.parametrize("name", [f"林小满{id_number()}", "林小满13800000000", "林小满（13900000001）"])
def test_no_number_that_names_a_person_is_posted_whatever_the_answers(office: Office, name: str) -> None:
    form = FILES["help_apply_form"].replace(b', "kind": "name"', b"")
    office.deploy(**{**FILES, "help_apply_form": form})
    case = office.open("help", **{**APPLICANT, "applicant_name": name})
    office.complete(case, "supply")
    with pytest.raises(UnwritableError, match="applicant_name"):
        office.complete(case, "look")
    assert _board(office) == []


def test_numbers_are_masked_in_what_staff_see_of_a_notice(office: Office) -> None:
    told = NOTICES.replace("准予救助".encode(), b"{{ applicant_id_number }} {{ applicant_phone }}")
    told = told.replace("已受理".encode(), b"{{ applicant_id_number }} {{ applicant_phone }}")
    office.deploy(**{**FILES, "notices_yaml": told})
    case = office.open("help", **APPLICANT)
    paragraph = _notices(office, case)[0].text.paragraphs["zh"][0]
    assert "138****0000" in paragraph
    assert id_number() not in paragraph


def test_a_delivery_is_recorded_once_and_proven(office: Office, case: CaseView) -> None:
    (found,) = _notices(office, case)
    with pytest.raises(InputError, match="in_person"):
        office.act(record_delivery, notice_id=read_id(found.id), how="pigeon")
    with pytest.raises((ForbiddenError, NotFoundError)):
        office.act(record_delivery, "designer", notice_id=read_id(found.id), how="in_person")
    view = office.act(record_delivery, notice_id=read_id(found.id), how="in_person")
    assert (view.state, view.delivered_how) == ("delivered", "in_person")
    assert office.kinds(case)[-1] == "notice_delivered"
    with pytest.raises(ConflictError):
        office.act(record_delivery, notice_id=read_id(found.id), how="post")
    assert _problems(office) == []


@pytest.mark.parametrize(
    "tampering",
    [
        "UPDATE notices SET recipient = 'town.leader'",
        "UPDATE notices SET down_at = down_at + 1 WHERE township IS NOT NULL",
        "UPDATE notices SET delivered_at = 1, delivered_how = 'post' WHERE township IS NULL",
        "UPDATE notices SET taken_down_at = 1, taken_down_why = 'ended' WHERE township IS NOT NULL",
        "DELETE FROM notices WHERE township IS NOT NULL",
    ],
)
def test_a_notice_that_was_changed_by_hand_is_found(office: Office, case: CaseView, tampering: str) -> None:
    _posted(office, case)
    assert _problems(office) == []
    with office.database.write() as tx:
        tx.execute(text(tampering))
    assert any("notice" in problem for problem in _problems(office))


def test_an_extension_is_told_by_a_notice_of_its_own(office: Office) -> None:
    from tests.builders import bpmn, end, start, user  # local: only this process needs them

    grounds = "parameters:\n" + "".join(
        f"  - key: {key}\n    title: {{zh: 延长, en: Extension}}\n    unit: {unit}\n"
        f"    values: [{{from: 2021-07-01, value: {value}, source: 民发〔2022〕83号 四(一)}}]\n"
        for key, unit, value in (("longer", "workdays", 45), ("longer.grounds", "list", "[人户分离]"))
    )
    extending = user(
        "u", extendClock="total", extendTo='limit("longer")', ground="人户分离", article="四(一)"
    )
    process = bpmn(
        "slow", start() + extending + user("v") + end(), "begin>u u>v v>done", {"clock:total": "workdays(20)"}
    )
    office.deploy(slow_bpmn=process, parameters_yaml=grounds.encode())
    case = office.open("slow")
    office.complete(case, "u")
    (found,) = _notices(office, case)
    assert "人户分离" in found.text.paragraphs["zh"][0]
    assert "2026年12月1日" in found.text.paragraphs["zh"][0]


NUMBER = st.integers(1, 999).map(id_number)
PART = st.one_of(st.text("林小满 ,（）abc", max_size=6), NUMBER, NUMBER.map(" ".join), st.just("13800000000"))


@settings(
    max_examples=30, deadline=None, database=None, derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)  # fmt: skip
@given(parts=st.lists(PART, min_size=1, max_size=3))
def test_whatever_is_answered_no_identity_number_hangs_on_a_board(office: Office, parts: list[str]) -> None:
    form = FILES["help_apply_form"].replace(b', "kind": "name"', b"")
    office.deploy(**{**FILES, "help_apply_form": form})
    name = "".join(parts).strip() or "林"
    case = office.open("help", **{**APPLICANT, "applicant_name": name})
    office.complete(case, "supply")
    with suppress(UnwritableError):
        office.complete(case, "look")
    hanging = repr(_board(office))
    assert not re.search(r"[0-9]{17}[0-9X]", hanging)
    assert APPLICANT["applicant_id_number"] not in hanging
    assert APPLICANT["applicant_phone"] not in hanging
