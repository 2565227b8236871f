"""One task: the form beside what is known, drafts, faults, conflicts, what comes after completing it."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from engine.actions.draft_task import draft_task
from engine.actions.reading import get_task
from engine.actions.views import CaseView
from engine.store.ids import read_id
from tests.builders import Office
from tests.web.conftest import Visitor, hidden_fields, open_one

NUMBER = "110101199003070011"
GOOD = {"/applicant": "李甲", "/household_size": "3", "/income": "900.00"}
HTMX = {"HX_Request": "true"}


def address(case: CaseView) -> str:
    return f"/tasks/{case.tasks[0].id}"


def filled(page: str, **more: str) -> dict[str, str]:
    """The form of a page, filled in."""
    return {**dict(hidden_fields(page)), **GOOD, **more}


def test_the_form_stands_beside_what_is_known(officer: Visitor, case: CaseView) -> None:
    page = officer.see(address(case))
    assert 'name="/applicant"' in page
    assert "为什么是这一天" in page
    assert "3 个工作日" in page or "3个工作日" in page
    assert case.number in page
    assert f'data-source="/api/v1/cases/{case.id}/diagram"' in page
    assert "开始办理" in page, "the record"


def test_completing_says_where_the_case_went_and_what_is_next(
    officer: Visitor, case: CaseView, now: Office
) -> None:
    other = open_one(now)
    page = officer.send(f"{address(case)}/complete", filled(officer.see(address(case))))
    assert "已办结。" in page
    assert "案件已进入：<strong>确认</strong>" in page
    assert "下一项任务" in page
    assert f"/tasks/{other.tasks[0].id}" in page
    assert "李甲" in page


def test_faults_stand_at_their_fields_and_in_a_summary_that_leads_there(
    officer: Visitor, case: CaseView
) -> None:
    sent = filled(officer.see(address(case)), **{"/household_size": "0", "/income": "viel"})
    page = officer.send(f"{address(case)}/complete", sent, status=422)
    assert "有 2 处需要更正" in page
    assert 'href="#a-household_size"' in page
    assert 'id="a-household_size-fault"' in page
    assert 'value="viel"' in page, "what was written stays"
    assert page.index('class="faults"') < page.index('id="a-household_size"')
    assert "data-focus" in page


def test_a_draft_is_saved_by_itself_and_shown_to_the_next_person(
    officer: Visitor, visit: Callable[[str], Visitor], case: CaseView
) -> None:
    saved = officer.send(f"{address(case)}/draft", {"/applicant": "李甲", "/household_size": "2"}, **HTMX)
    assert re.search(r"草稿已保存 \d\d:\d\d · 林协管", saved)
    assert "<html" not in saved, "a fragment"
    page = visit("officer2").see(address(case))
    assert re.search(r"下面是 \S+ 于 \S+ \S+ 保存的草稿", page)
    assert 'value="李甲"' in page


def test_a_draft_of_the_wrong_type_says_that_it_is_not_saved(
    officer: Visitor, case: CaseView, now: Office
) -> None:
    page = officer.send(f"{address(case)}/draft", {"/household_size": "many"}, **HTMX)
    assert "尚未保存" in page
    assert 'value="many"' in page
    assert 'id="a-household_size-fault"' in page
    with now.database.read() as tx:
        task = get_task(tx, task_id=read_id(case.tasks[0].id), actor=now.who("officer"), at=now.now)
    assert task.draft is None


def test_rows_come_and_go_without_scripts(officer: Visitor, case: CaseView) -> None:
    sent = filled(officer.see(address(case)), _add="/members", _shown="/members")
    page = officer.send(f"{address(case)}/complete", sent)
    assert 'name="/members/0/id_number"' in page
    assert 'value="李甲"' in page
    sent = {**filled(page, _remove="/members/0"), "_shown": "/members", "/members#": "1"}
    assert 'name="/members/0/id_number"' not in officer.send(f"{address(case)}/complete", sent)


def test_a_number_in_a_draft_is_masked_and_comes_back_whole(
    officer: Visitor, case: CaseView, now: Office
) -> None:
    page = officer.send(f"{address(case)}/draft", {"/id_number": NUMBER}, **HTMX)
    assert NUMBER not in page
    page = officer.see(address(case))
    assert NUMBER not in page
    shown = re.search(r'name="/id_number"[^>]*value="([^"]*)"', page)
    assert shown is not None
    officer.send(f"{address(case)}/complete", filled(page, **{"/id_number": shown[1]}))
    assert now.look(case).tasks[0].element_id == "confirm"
    assert case.number in officer.send("/cases/find", {"person": NUMBER})


def test_what_happened_meanwhile_is_told_and_what_was_written_is_kept(
    officer: Visitor, case: CaseView, now: Office
) -> None:
    page = officer.see(address(case))
    stale = filled(page, seen_version=str(now.look(case).version - 1), seen_seq="0")
    answer = officer.send(f"{address(case)}/complete", stale, status=409)
    assert "案件有了变化。您写的内容都还在下面" in answer
    assert "开始办理" in answer.partition("您写的内容都还在下面")[2].partition("</ol>")[0]
    assert 'value="李甲"' in answer
    again = officer.send(f"{address(case)}/complete", filled(answer))
    assert "已办结。" in again


def test_who_comes_second_reads_who_was_first_and_keeps_what_they_wrote(
    officer: Visitor, visit: Callable[[str], Visitor], case: CaseView
) -> None:
    second = visit("officer2")
    sent = filled(second.see(address(case)), **{"/applicant": "李乙"})
    officer.send(f"{address(case)}/complete", filled(officer.see(address(case))))
    page = second.send(f"{address(case)}/complete", sent, status=409)
    assert re.search(r"林协管 已于 \S+ \S+ 办结这项任务", page)
    assert "您刚才填写的内容（未提交）" in page
    assert "李乙" in page
    assert re.search(r"林协管 已于 \S+ \S+ 办结这项任务", second.see(address(case)))


def test_in_other_hands_a_task_can_be_read_only(
    officer: Visitor, visit: Callable[[str], Visitor], case: CaseView
) -> None:
    officer.send(f"{address(case)}/claim", {})
    second = visit("officer2")
    page = second.see(address(case))
    assert "任务在 林协管 手上" in page
    assert "<fieldset disabled" in page
    refused = second.send(f"{address(case)}/complete", GOOD, status=409)
    assert "林协管" in refused


def test_opening_a_task_claims_nothing(officer: Visitor, case: CaseView, now: Office) -> None:
    officer.see(address(case))
    assert now.look(case).tasks[0].assignee is None


def test_a_session_that_ended_loses_nothing_of_a_form(officer: Visitor, case: CaseView, now: Office) -> None:
    sent = filled(officer.see(address(case)))
    officer.drop_session()
    page = officer.http.post(f"{address(case)}/complete", data=sent)
    assert page.status_code == 401
    assert "您刚才提交的内容已保留" in page.text
    fields = dict(hidden_fields(page.text.partition("<h1>")[2]))
    assert fields["target"] == f"{address(case)}/complete"
    resumed = officer.send("/sign-in", {**fields, "username": "officer", "password": "aidflow-demo"})
    kept = dict(hidden_fields(resumed))
    assert {name: kept[name] for name in GOOD} == GOOD
    done = officer.send(fields["target"], kept)
    assert "已办结。" in done
    assert now.look(case).tasks[0].element_id == "confirm"


def test_autosave_without_a_session_asks_to_sign_in_over_the_page(officer: Visitor, case: CaseView) -> None:
    assert 'id="sign-in-again"' in officer.see(address(case))
    officer.drop_session()
    officer.send(f"{address(case)}/draft", GOOD, status=401, **HTMX)


def test_a_task_goes_to_a_colleague(officer: Visitor, case: CaseView, now: Office) -> None:
    officer.send(f"{address(case)}/claim", {})
    page = officer.see(f"{address(case)}/hand?how=delegate")
    assert 'value="officer2"' in page
    assert 'value="leader"' not in page
    refused = officer.send(f"{address(case)}/hand", {"how": "delegate", "to": "leader"}, status=422)
    assert "不在该任务的办理人之列" in refused
    officer.send(f"{address(case)}/hand", {"how": "delegate", "to": "officer2"})
    assert now.look(case).tasks[0].assignee == "officer2"


def test_only_who_is_in_charge_assigns(
    officer: Visitor, visit: Callable[[str], Visitor], case: CaseView, now: Office
) -> None:
    officer.send(f"{address(case)}/hand", {"how": "assign", "to": "officer2"}, status=422)
    visit("leader").send(f"{address(case)}/hand", {"how": "assign", "to": "officer2"})
    assert now.look(case).tasks[0].assignee == "officer2"


def test_a_task_out_of_sight_does_not_exist(visit: Callable[[str], Visitor], case: CaseView) -> None:
    visit("designer").see(address(case), status=404)
    visit("officer").see("/tasks/0000000000000", status=404)


def test_earlier_answers_stand_by_step_in_the_forms_own_words(
    officer: Visitor, visit: Callable[[str], Visitor], case: CaseView, now: Office
) -> None:
    now.complete(case, "register", applicant="李甲", id_number=NUMBER, household_size=3, income=90000)
    leader = visit("leader")
    page = leader.see(f"/tasks/{now.look(case).tasks[0].id}")
    known = page.partition("已填内容")[2].partition("</section>")[0]
    assert "登记" in known
    assert "申请人" in known
    assert "900.00 元" in known
    assert "110101********0011" in known
    assert NUMBER not in page
    assert f'action="/cases/{case.id}/reveal"' in known
    shown = leader.send(f"/cases/{case.id}/reveal", {"fields": "id_number", "reason": "核对身份"})
    assert NUMBER in shown


def test_the_page_asks_the_database_no_more_for_a_longer_record(
    officer: Visitor, case: CaseView, now: Office, counting: Callable[[], Any]
) -> None:
    officer.see(address(case))
    with counting() as few:
        officer.see(address(case))
    for number in range(12):
        now.act(draft_task, task_id=read_id(case.tasks[0].id), answers={"household_size": number + 1})
        officer.send(f"/cases/{case.id}/comments", {"text": f"第{number}次 @leader"})
    officer.see(address(case))
    with counting() as many:
        officer.see(address(case))
    assert len(many) == len(few), many.texts


@pytest.mark.parametrize("partial", [True, False])
def test_a_draft_of_somebody_barred_is_refused(
    visit: Callable[[str], Visitor], case: CaseView, partial: bool
) -> None:
    headers = HTMX if partial else {}
    page = visit("county").send(f"{address(case)}/draft", GOOD, status=403, **headers)
    assert "不在该任务的办理人之列" in page


def test_the_page_reads_english(officer: Visitor, case: CaseView) -> None:
    officer.in_english()
    page = officer.see(address(case))
    assert "Why this date" in page
    assert "Complete" in page
    assert '<span lang="zh-CN">登记</span>' in page
