"""What an applicant sees and does in a case, and above all what they cannot."""

from __future__ import annotations

from datetime import timedelta

import pytest

from engine import access
from engine.actions.applicants import (
    ApplicantPolicy,
    applicant_of,
)
from engine.actions.applicants_act import (
    NotYoursError,
    do_task,
    object_to_posting,
    read_notice,
    withdraw_application,
)
from engine.actions.claim_task import claim_task
from engine.actions.complete_task import complete_task
from engine.actions.notices import list_postings
from engine.actions.reading import get_case, list_cases, list_tasks
from engine.actions.verify import verify
from engine.errors import (
    ConflictError,
    ForbiddenError,
    InputError,
    NotFoundError,
)
from engine.store.ids import read_id
from engine.types import Actor, Position
from tests.applying import (
    ANSWERS,
    HERE,
    POLICY,
    apply,
    case_id_of,
    furnish,
    look,
    run,
    see,
    task_of,
)
from tests.builders import TOWN, Office
from tests.notice_files import FILES
from tests.people_forms import id_number


@pytest.fixture
def counter(office: Office) -> Office:
    """The office where one can apply."""
    furnish(office)
    return office


def test_the_applicant_sees_where_it_stands_and_nobodys_name(counter: Office) -> None:
    case_id = case_id_of(counter, apply(counter))
    view = see(counter, case_id)
    assert (view.standing, view.process[1], view.region[0]) == ("accepted", "Help", "永安市西洋镇")
    assert [(wait.what[1], wait.by, wait.yours) for wait in view.waits] == [
        ("Supply the paper", ("applicant",), True)
    ]
    (limit,) = view.limits
    assert (str(limit.due), str(limit.promised)) == ("2026-10-27", "2026-10-20")
    assert "2026" in limit.explain("zh")
    assert [found.key for found in view.notices] == ["受理通知书"]


def test_no_name_of_staff_and_no_number_stands_in_what_is_tracked(counter: Office) -> None:
    number = apply(counter)
    case_id = case_id_of(counter, number)
    run(
        counter,
        do_task,
        case_id=case_id,
        task_id=task_of(counter, case_id, "supply"),
        answers={"paper": "户口簿"},
    )
    case = look(counter, case_id)
    counter.act(claim_task, task_id=read_id(case.tasks[0].id))
    counter.complete(case, "look")
    counter.advance(timedelta(days=9))
    counter.complete(case, "decide", "leader", granted=True)
    view = see(counter, case_id)
    said = repr(view) + "".join(limit.explain(lang) for limit in view.limits for lang in ("zh", "en"))
    for username in ("officer", "officer2", "leader", "helper", "county"):
        person = counter.who(username)
        assert person.name not in said
        assert f"'{username}'" not in said
    assert (view.standing, view.outcome, view.may_withdraw) == (
        "closed",
        ("granted", "granted"),
        False,
    )
    assert id_number() not in said


def test_the_decision_comes_with_its_remedies(counter: Office) -> None:
    case_id = case_id_of(counter, apply(counter))
    run(counter, do_task, case_id=case_id, task_id=task_of(counter, case_id, "supply"), answers={})
    case = look(counter, case_id)
    assert see(counter, case_id).remedies is None
    counter.complete(case, "look")
    assert len(see(counter, case_id).postings) == 1
    counter.advance(timedelta(days=9))
    counter.complete(case, "decide", "leader", granted=False, reason="收入超过标准")
    counter.complete(case, "serve")
    remedies = see(counter, case_id).remedies
    assert remedies is not None
    assert (remedies.review_days, remedies.lawsuit_months) == (60, 6)
    assert remedies.review_body[0] == "永安市人民政府"
    assert see(counter, case_id).postings == ()


def test_a_task_for_the_applicant_is_done_by_the_applicant(counter: Office) -> None:
    case_id = case_id_of(counter, apply(counter))
    view = run(
        counter,
        do_task,
        case_id=case_id,
        task_id=task_of(counter, case_id, "supply"),
        answers={"paper": "户口簿"},
    )
    assert [wait.yours for wait in view.waits] == [False]
    assert counter.history(look(counter, case_id))[-1].actor == "applicant"
    with counter.database.read() as tx:
        assert verify(tx, at=counter.now).problems == ()


def test_the_applicant_does_nothing_that_is_for_others(counter: Office) -> None:
    mine, other = case_id_of(counter, apply(counter)), counter.open("help", **ANSWERS)
    theirs = read_id(counter.task(other, "supply").id)
    with pytest.raises(NotFoundError):
        run(counter, do_task, case_id=mine, task_id=theirs, answers={})
    own = task_of(counter, mine, "supply")
    run(counter, do_task, case_id=mine, task_id=own, answers={})
    for task_id in (own, task_of(counter, mine, "look")):
        with pytest.raises(NotYoursError) as refused:
            run(counter, do_task, case_id=mine, task_id=task_id, answers={})
        assert refused.value.data == {}


def test_what_an_officer_has_in_hand_is_refused_without_their_name(counter: Office) -> None:
    case_id = case_id_of(counter, apply(counter))
    task_id = task_of(counter, case_id, "supply")
    counter.act(claim_task, task_id=task_id)
    with pytest.raises(NotYoursError) as refused:
        run(counter, do_task, case_id=case_id, task_id=task_id, answers={})
    assert counter.who("officer").name not in refused.value.zh + refused.value.en


def test_an_applicant_holds_no_position_and_lists_nothing(counter: Office) -> None:
    case_id = case_id_of(counter, apply(counter))
    me = applicant_of(case_id)
    with counter.database.read() as tx:
        assert list_cases(tx, actor=me, at=counter.now).items == ()
        assert list_tasks(tx, actor=me, at=counter.now).items == ()
        with pytest.raises(NotFoundError):
            get_case(tx, case_id=case_id, actor=me, at=counter.now)
    for permission in access.PERMISSIONS.keys() - {"case.open", "case.withdraw", "case.message"}:
        assert not access.may(me, permission, TOWN)


def test_a_role_called_applicant_gives_staff_nothing(counter: Office) -> None:
    case_id = case_id_of(counter, apply(counter))
    pretender = Actor(username="x", name="x", positions=(Position(role="applicant", region=TOWN),))
    with counter.database.write() as tx, pytest.raises(ForbiddenError):
        complete_task(
            tx, task_id=task_of(counter, case_id, "supply"), answers={}, seen_version=None, actor=pretender,
            at=counter.now,
        )  # fmt: skip


def test_withdrawing_needs_a_reason_and_ends_the_case(counter: Office) -> None:
    case_id = case_id_of(counter, apply(counter))
    with pytest.raises(InputError):
        run(counter, withdraw_application, case_id=case_id, reason=" ")
    view = run(counter, withdraw_application, case_id=case_id, reason="家里已有收入")
    assert (view.standing, view.may_withdraw) == ("withdrawn", False)
    with pytest.raises(NotYoursError):
        run(counter, withdraw_application, case_id=case_id, reason="再次")


def test_a_notice_that_the_applicant_opens_counts_as_read_once(counter: Office) -> None:
    case_id = case_id_of(counter, apply(counter))
    other = counter.open("help", **ANSWERS)
    notice_id = read_id(see(counter, case_id).notices[0].id)
    for _ in range(2):
        assert run(counter, read_notice, case_id=case_id, notice_id=notice_id).delivered_how == "tracking"
    assert counter.kinds(look(counter, case_id)).count("notice_delivered") == 1
    with pytest.raises(NotFoundError):
        run(counter, read_notice, case_id=read_id(other.id), notice_id=notice_id)
    with counter.database.read() as tx:
        assert verify(tx, at=counter.now).problems == ()


def _posted(office: Office) -> tuple[int, int]:
    case_id = case_id_of(office, apply(office))
    run(office, do_task, case_id=case_id, task_id=task_of(office, case_id, "supply"), answers={})
    office.complete(look(office, case_id), "look")
    with office.database.read() as tx:
        (posting,) = list_postings(tx, region=TOWN, at=office.now)
    return case_id, read_id(posting.id)


SAID = {"name": "邻居", "contact": "13900000001", "text": "该户在城里有一套房。"}


def test_an_objection_to_a_posting_reaches_its_case(counter: Office) -> None:
    case_id, posting_id = _posted(counter)
    run(counter, object_to_posting, posting_id=posting_id, **SAID, address=HERE, policy=POLICY)
    last = counter.history(look(counter, case_id))[-1]
    assert (last.actor, last.data["message"], last.data["payload"]["objection"]["text"]) == (
        "public", "objection", SAID["text"],
    )  # fmt: skip
    assert [task.element_id for task in look(counter, case_id).tasks] == ["hear"]
    with pytest.raises(NotFoundError):
        run(counter, object_to_posting, posting_id=posting_id, **SAID, address=HERE, policy=POLICY)


@pytest.mark.parametrize("part", ["name", "contact", "text"])
def test_an_objection_says_who_and_what(counter: Office, part: str) -> None:
    _, posting_id = _posted(counter)
    with pytest.raises(InputError) as refused:
        run(
            counter,
            object_to_posting,
            posting_id=posting_id,
            **{**SAID, part: "  "},
            address=HERE,
            policy=POLICY,
        )
    assert [error.pointer for error in refused.value.errors] == [f"/{part}"]


def test_what_takes_no_objection_says_where_to_go(counter: Office) -> None:
    process = FILES["help_bpmn"].replace(b'name="objection"', b'name="other"')
    counter.deploy(**{**FILES, "help_bpmn": process})
    _, posting_id = _posted(counter)
    with pytest.raises(ConflictError, match="window"):
        run(counter, object_to_posting, posting_id=posting_id, **SAID, address=HERE, policy=POLICY)


@pytest.mark.parametrize("name", ["draft_days", "tracking_attempts", "tracking_digits"])
def test_a_setting_that_makes_no_sense_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match=name):
        ApplicantPolicy(**{name: 0})
