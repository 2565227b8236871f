"""Many tasks at once: a dry run that changes nothing, then a result per task. Comments on the pages."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from engine.actions.claim_task import claim_task
from engine.actions.views import CaseView
from engine.store.ids import read_id
from tests.builders import Office
from tests.web.conftest import Visitor, hidden_fields, open_one

Fields = list[tuple[str, str]]


def chosen(act: str, *cases: CaseView) -> dict[str, object]:
    return {"act": act, "task": [case.tasks[0].id for case in cases]}


def as_form(fields: Fields) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, value in fields:
        found.setdefault(name, []).append(value)
    return found


def confirmed(page: str) -> dict[str, list[str]]:
    """The form at the end of a dry run."""
    return as_form(hidden_fields(page.partition("<h1>")[2]))


def test_claiming_many_first_shows_what_would_happen(officer: Visitor, now: Office) -> None:
    mine, theirs = open_one(now), open_one(now)
    now.act(claim_task, "officer2", task_id=read_id(theirs.tasks[0].id))
    page = officer.send("/work/bulk", chosen("claim", mine, theirs))
    assert "可办 1 项，不能办 1 项。尚未改动任何内容。" in page
    assert now.look(mine).tasks[0].assignee is None
    form = confirmed(page)
    assert form["task"] == [mine.tasks[0].id]
    done = officer.send("/work/bulk", form)
    assert "已办 1 项，未办 0 项。" in done
    assert now.look(mine).tasks[0].assignee == "officer"


def test_assigning_many_asks_to_whom(visit: Callable[[str], Visitor], now: Office) -> None:
    cases = [open_one(now) for _ in range(3)]
    leader = visit("leader")
    page = leader.send("/work/bulk", chosen("assign", *cases))
    assert 'name="to" value="officer2"' in page
    dry = leader.send("/work/bulk", {**confirmed(page), "to": "officer2"})
    assert "可办 3 项" in dry
    leader.send("/work/bulk", confirmed(dry))
    assert {now.look(case).tasks[0].assignee for case in cases} == {"officer2"}


def test_completing_many_takes_one_form_for_all(officer: Visitor, now: Office) -> None:
    cases = [open_one(now) for _ in range(3)]
    page = officer.send("/work/bulk", chosen("complete", *cases))
    assert 'name="/applicant"' in page
    answers = {"/applicant": "李甲", "/household_size": "3", "/income": "900"}
    dry = officer.send("/work/bulk", {**confirmed(page), **answers})
    assert "可办 3 项" in dry
    assert all(now.look(case).tasks[0].element_id == "register" for case in cases)
    done = officer.send("/work/bulk", confirmed(dry))
    assert "已办 3 项" in done
    assert all(now.look(case).tasks[0].element_id == "confirm" for case in cases)


def test_a_form_with_faults_says_so_for_each_task(officer: Visitor, now: Office) -> None:
    cases = [open_one(now) for _ in range(2)]
    form = {**chosen("complete", *cases), "stage": "dry", "/household_size": "0"}
    page = officer.send("/work/bulk", form)
    assert "可办 0 项，不能办 2 项" in page
    assert 'value="run"' in page
    assert "确认办理" not in page


def test_tasks_that_are_not_alike_are_not_completed_together(officer: Visitor, now: Office) -> None:
    first, second = open_one(now), open_one(now)
    now.complete(second, "register", applicant="李甲", household_size=3, income=90000)
    form = {
        "act": "complete", "stage": "dry", "task": [first.tasks[0].id, now.look(second).tasks[0].id],
        "/applicant": "李乙", "/household_size": "1", "/income": "1",
    }  # fmt: skip
    page = officer.send("/work/bulk", form)
    assert "不是同一环节" in page


def test_choosing_nothing_is_told(officer: Visitor, now: Office) -> None:
    assert "请先勾选任务" in officer.send("/work/bulk", {"act": "claim"}, status=422)


@pytest.mark.parametrize("place", ["cases", "tasks"])
def test_a_comment_is_written_on_the_page_and_returns_there(
    officer: Visitor, case: CaseView, place: str
) -> None:
    back = f"/cases/{case.id}" if place == "cases" else f"/tasks/{case.tasks[0].id}"
    assert f'action="/cases/{case.id}/comments"' in officer.see(back)
    page = officer.send(f"/cases/{case.id}/comments", {"text": "请 @leader 看一下", "back": back})
    assert "意见已记入案件记录" in page
    assert "请 @leader 看一下" in page
    assert "已告知：" in page


def test_a_comment_leads_to_no_other_site(officer: Visitor, case: CaseView) -> None:
    response = officer.http.post(f"/cases/{case.id}/comments", data={"text": "好", "back": "//evil.example"})
    assert response.headers["Location"] == "/#comments"


def test_a_comment_that_mentions_nobody_known_says_so(officer: Visitor, case: CaseView) -> None:
    assert "账号“nobody”不存在" in officer.send(f"/cases/{case.id}/comments", {"text": "@nobody"}, status=422)
