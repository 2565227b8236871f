"""A case is put to the coordination group by hand: linked, on record, once at a time, by those who may."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from engine.actions.case_choices import get_choices
from engine.actions.convene import CONVENED, AlreadyConvenedError, convene
from engine.actions.links import list_links
from engine.actions.substitutes import add_substitution
from engine.actions.verify import verify
from engine.actions.views import CaseView
from engine.actions.withdraw_case import withdraw_case
from engine.errors import AnswersError, ConflictError, ForbiddenError, NotFoundError
from engine.store.ids import read_id
from tests.builders import THREE_STEPS, TOWN, Office

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "processes" / "coordination"
ASKED = {"question": "医保与民政意见不一，由谁先行救助？", "urgency": "urgent", "reason": "disagreement"}


@pytest.fixture
def stuck(office: Office) -> Office:
    files = {path.name: path.read_bytes() for path in FOLDER.iterdir() if path.is_file()}
    files |= {path.name: path.read_bytes() for path in (ROOT / "forms").glob("coordination-*.form")}
    office.deploy(**{"three.bpmn": THREE_STEPS}, **{n: d for n, d in files.items() if n != "README.md"})
    return office


def put(office: Office, case: CaseView, by: str = "supervisor", **changed: str) -> CaseView:
    opened: CaseView = office.act(convene, by, case_id=read_id(case.id), **ASKED | changed)
    return opened


def problems(office: Office) -> tuple[object, ...]:
    with office.database.read() as tx:
        return verify(tx, at=office.now).problems


@pytest.mark.parametrize("by", ["supervisor", "coordinator"])
def test_it_opens_a_case_of_the_group_that_both_histories_name(stuck: Office, by: str) -> None:
    case = stuck.open("three-steps")
    group = put(stuck, case, by)
    assert (group.process, group.region, group.opened_by) == ("coordination", TOWN, by)
    assert stuck.history(case)[-1].kind == CONVENED
    assert stuck.history(case)[-1].data["links"] == [[group.id, "coordination"]]
    first = stuck.history(group)[0].data
    assert first["opener"] == [case.id, "coordination"]
    assert first["answers"]["source_case_number"] == case.number
    with stuck.database.read() as tx:
        (link,) = list_links(tx, case_id=read_id(case.id), actor=stuck.who("officer"))
    assert (link.id, link.opened) == (group.id, True)
    assert problems(stuck) == ()


def test_whoever_works_on_the_case_is_not_disturbed(stuck: Office) -> None:
    case = stuck.open("three-steps")
    put(stuck, case)
    assert stuck.look(case).version == case.version
    stuck.complete(case, case.tasks[0].element_id)


@pytest.mark.parametrize("by", ["officer", "leader", "county", "department", "designer"])
def test_nobody_else_convenes(stuck: Office, by: str) -> None:
    case = stuck.open("three-steps")
    with pytest.raises((ForbiddenError, NotFoundError)):
        put(stuck, case, by)
    assert stuck.kinds(case) == ["case_opened"]


def test_a_supervisor_of_another_county_does_not_know_the_case(stuck: Office) -> None:
    case = stuck.open("three-steps")
    with pytest.raises(NotFoundError):
        put(stuck, case, "supervisor_sanyuan")


def test_the_group_has_a_case_once_at_a_time(stuck: Office) -> None:
    case = stuck.open("three-steps")
    group = put(stuck, case)
    with pytest.raises(AlreadyConvenedError):
        put(stuck, case, "coordinator")
    with pytest.raises(AlreadyConvenedError):
        put(stuck, group)
    stuck.act(withdraw_case, "coordinator", case_id=read_id(group.id), reason="来源案件已办结")
    assert put(stuck, case).id != group.id
    stuck.advance(timedelta(0))
    assert problems(stuck) == ()


def test_a_closed_case_is_refused(stuck: Office) -> None:
    case = stuck.open("three-steps")
    stuck.act(withdraw_case, "officer", case_id=read_id(case.id), reason="申请人撤回")
    with pytest.raises(ConflictError) as refused:
        put(stuck, case)
    assert not isinstance(refused.value, AlreadyConvenedError)


@pytest.mark.parametrize("changed", [{"question": ""}, {"urgency": "soon"}, {"reason": "because"}])
def test_what_the_start_form_refuses_leaves_no_trace(stuck: Office, changed: dict[str, str]) -> None:
    case = stuck.open("three-steps")
    with pytest.raises(AnswersError):
        put(stuck, case, **changed)
    assert stuck.kinds(case) == ["case_opened"]
    with stuck.database.read() as tx:
        assert list_links(tx, case_id=read_id(case.id), actor=stuck.who("system")) == ()


def invitation(office: Office, **accounts: str) -> dict[str, object]:
    people = {"civil": "county", "medical": "department", "education": "department2"} | accounts
    return {
        "chair_name": "黄县长", "meeting_place": "视频", "proposal": "由医保牵头",
        "meeting_ends": (office.now + timedelta(hours=5)).isoformat(),
        "members": [{"department": name, "account": account} for name, account in people.items()],
        "proposed_measure": "assign", "proposed_department": "medical",
    }  # fmt: skip


@pytest.mark.parametrize("account", ["nobody", "supervisor_sanyuan"])
def test_whom_it_invites_can_come(stuck: Office, account: str) -> None:
    group = put(stuck, stuck.open("three-steps"))
    with pytest.raises(AnswersError) as refused:
        stuck.complete(group, "invite", "coordinator", **invitation(stuck, medical=account))
    (fault,) = refused.value.errors
    assert (fault.pointer, fault.code) == ("/members/1/account", "account")
    assert account in fault.zh
    assert account in fault.en
    assert stuck.kinds(group) == ["case_opened"]
    stuck.complete(group, "invite", "coordinator", **invitation(stuck))
    assert problems(stuck) == ()


def test_it_is_offered_as_long_as_it_would_not_be_refused(stuck: Office) -> None:
    case = stuck.open("three-steps")

    def offered(by: str) -> bool:
        with stuck.database.read() as tx:
            return get_choices(tx, case_id=read_id(case.id), actor=stuck.who(by)).convene

    assert [offered(by) for by in ("supervisor", "coordinator", "officer")] == [True, True, False]
    put(stuck, case)
    assert not offered("supervisor")


def test_who_stands_in_for_the_supervisor_is_named_beside_them(stuck: Office) -> None:
    stuck.act(
        add_substitution, "supervisor", absent="supervisor", substitute="county", process=None, region="",
        starts=stuck.now.date(), ends=stuck.now.date(),
    )  # fmt: skip
    case = stuck.open("three-steps")
    group = put(stuck, case, "county")
    assert stuck.history(case)[-1].data["for"] == "supervisor"
    assert stuck.history(group)[0].data["for"] == "supervisor"


@pytest.mark.parametrize(("by", "may"), [("supervisor", True), ("coordinator", True), ("officer", False)])
def test_only_its_roles_open_a_case_of_the_group_by_hand(stuck: Office, by: str, may: bool) -> None:
    answers = {"subject": "某户", **ASKED}
    if may:
        assert stuck.open("coordination", by=by, **answers).status == "active"
        return
    with pytest.raises(ForbiddenError) as refused:
        stuck.open("coordination", by=by, **answers)
    assert "county.supervisor" in refused.value.en


def test_a_link_that_is_not_on_record_is_found(stuck: Office) -> None:
    case = stuck.open("three-steps")
    put(stuck, case)
    with stuck.database.write() as tx:
        tx.execute(text("UPDATE case_links SET link = 'other'"))
    assert problems(stuck)
