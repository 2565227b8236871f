"""Who may take, give and do a task: roles in regions, hands it is in, separation of duties."""

from __future__ import annotations

import pytest

from engine.actions.assign_task import assign_task
from engine.actions.claim_task import claim_task
from engine.actions.complete_task import complete_task
from engine.actions.delegate_task import delegate_task
from engine.actions.draft_task import draft_task
from engine.actions.reading import get_task
from engine.actions.release_task import release_task
from engine.actions.views import CaseView
from engine.errors import AnswersError, ConflictError, ForbiddenError, InputError, NotFoundError
from engine.store import people
from engine.store.ids import read_id
from tests.builders import THREE_STEPS, Office, bpmn, end, start, user


@pytest.fixture
def case(office: Office) -> CaseView:
    office.deploy(three_bpmn=THREE_STEPS)
    return office.open("three-steps")


def _id(office: Office, case: CaseView, element: str) -> int:
    return read_id(office.task(case, element).id)


def test_a_claimed_task_says_who_holds_it_since_when(office: Office, case: CaseView) -> None:
    assert office.claim(office.task(case, "check")).assignee == "officer"
    task_id = _id(office, case, "check")
    for action, more in ((claim_task, {}), (complete_task, {"answers": {}, "seen_version": None})):
        with pytest.raises(ConflictError) as refused:
            office.act(action, "officer2", task_id=task_id, **more)
        assert "(officer)" in refused.value.zh
        assert "2026-09-22 09:00" in refused.value.zh
    assert office.claim(office.task(case, "check")).assignee == "officer"
    assert office.kinds(case) == ["case_opened", "task_claimed"]


def test_a_role_elsewhere_or_another_role_may_not(office: Office, case: CaseView) -> None:
    task_id = _id(office, case, "check")
    with pytest.raises(ForbiddenError, match=r"town\.officer"):
        office.act(claim_task, "leader", task_id=task_id)
    with office.database.write() as tx:
        people.add_account(tx, username="afar", name="远", name_en="Afar", password_hash="-")
        people.add_position(
            tx, username="afar", role="town.officer", region="350426", valid_from=office.now.date()
        )
    with pytest.raises(NotFoundError):
        office.act(claim_task, "afar", task_id=task_id)


def test_a_released_task_is_anybodys_again(office: Office, case: CaseView) -> None:
    task_id = _id(office, case, "check")
    office.act(claim_task, task_id=task_id)
    with pytest.raises(ConflictError):
        office.act(release_task, "officer2", task_id=task_id)
    office.act(release_task, task_id=task_id)
    assert office.act(claim_task, "officer2", task_id=task_id).assignee == "officer2"


def test_the_one_in_charge_assigns_over_a_claim_and_only_to_somebody_eligible(
    office: Office, case: CaseView
) -> None:
    task_id = _id(office, case, "check")
    office.act(claim_task, task_id=task_id)
    assert office.act(assign_task, "leader", task_id=task_id, to="officer2").assignee == "officer2"
    with pytest.raises(ForbiddenError):
        office.act(assign_task, "leader", task_id=task_id, to="helper")
    with pytest.raises(InputError) as unknown:
        office.act(assign_task, "leader", task_id=task_id, to="nobody")
    assert unknown.value.errors[0].pointer == "/assignee"
    with pytest.raises(ForbiddenError):
        office.act(assign_task, "officer", task_id=task_id, to="officer")


def test_a_task_without_a_role_cannot_be_left_to_nobody(office: Office) -> None:
    office.deploy(
        own_bpmn=bpmn("own", start() + user("mine", assignee="officer") + end(), "begin>mine mine>done")
    )
    case = office.open("own")
    with pytest.raises(ConflictError):
        office.act(release_task, task_id=_id(office, case, "mine"))
    with pytest.raises(ForbiddenError):
        office.complete(case, "mine", by="officer2")
    assert office.complete(case, "mine").status == "completed"


SEPARATE = bpmn(
    "separate",
    start() + user("visit") + user("review", separateFrom="visit") + end(),
    "begin>visit visit>review review>done",
)


@pytest.fixture
def visited(office: Office) -> CaseView:
    """Visited by `officer`, whose own role could review as well."""
    office.deploy(separate_bpmn=SEPARATE)
    return office.complete(office.open("separate"), "visit")


@pytest.mark.parametrize(
    ("action", "by", "more"),
    [
        (claim_task, "officer", {}),
        (complete_task, "officer", {"answers": {}, "seen_version": None}),
        (draft_task, "officer", {"answers": {}}),
        (delegate_task, "officer", {"to": "officer2"}),
        (delegate_task, "officer2", {"to": "officer"}),
        (assign_task, "leader", {"to": "officer"}),
    ],
)
def test_who_did_the_one_may_not_do_the_other_by_any_way(
    office: Office, visited: CaseView, action: object, by: str, more: dict[str, object]
) -> None:
    task_id = _id(office, visited, "review")
    with pytest.raises(ForbiddenError) as refused:
        office.act(action, by, task_id=task_id, **more)
    assert refused.value.data["rule"] == "separation-of-duties"
    assert "visit name" in refused.value.zh
    assert office.task(visited, "review").assignee is None
    assert office.complete(visited, "review", by="officer2").status == "completed"


def test_a_draft_is_kept_until_the_task_is_done(office: Office, case: CaseView) -> None:
    task_id = _id(office, case, "check")
    office.act(draft_task, task_id=task_id, answers={"remark": "等户口簿"})
    with office.database.read() as tx:
        detail = get_task(tx, task_id=task_id, actor=office.who("officer"), at=office.now)
    assert detail.draft == {"remark": "等户口簿"}
    assert set(detail.allowed) == {"claim", "delegate", "draft", "complete"}
    with pytest.raises(AnswersError):
        office.act(draft_task, task_id=task_id, answers={"remark": "x" * 300_000})
    office.complete(case, "check")
    with office.database.read() as tx:
        detail = get_task(tx, task_id=task_id, actor=office.who("officer"), at=office.now)
    assert (detail.draft, detail.allowed, detail.task.closed_by) == (None, (), "officer")


def test_handing_over_leaves_a_trace(office: Office, case: CaseView) -> None:
    task_id = _id(office, case, "check")
    office.act(claim_task, task_id=task_id)
    office.act(delegate_task, task_id=task_id, to="officer2")
    last = office.history(case)[-1]
    assert (last.kind, last.actor) == ("task_delegated", "officer")
    assert last.data == {"task": "check", "from": "officer", "to": "officer2"}
