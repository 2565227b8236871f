"""My work: what is next and why, the lists, filters that stick, finding a person, mentions."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from engine.actions.claim_task import claim_task
from engine.actions.comments import add_comment
from engine.actions.views import CaseView
from engine.store.ids import read_id
from tests.builders import Office
from tests.web.conftest import Visitor, open_one


def rows(page: str) -> list[str]:
    """The cases in the list, in order."""
    table = page.partition("<tbody>")[2].partition("</tbody>")[0]
    return re.findall(r'<a href="/cases/\w+">([^<]+)</a>', table)


def test_who_has_nothing_in_hand_is_shown_what_waits_and_why_it_is_next(
    officer: Visitor, case: CaseView
) -> None:
    page = officer.see("/work")
    assert "下一项" in page
    assert "您手上没有任务，这是您岗位可领取的最急一项" in page
    assert "最先到期" in page
    assert "已等待" in page
    assert f"/tasks/{case.tasks[0].id}" in page
    assert rows(page) == [case.number]


def test_what_is_in_ones_hands_comes_before_what_waits(officer: Visitor, now: Office) -> None:
    first, second = open_one(now), open_one(now)
    now.claim(second.tasks[0])
    page = officer.see("/work")
    assert "在您手上" in page.partition("<nav")[2]
    assert page.index(f"/tasks/{second.tasks[0].id}") < page.index("为什么先办这一项")
    assert rows(page) == [second.number]
    assert rows(officer.see("/work?tab=group")) == [first.number]
    assert sorted(rows(officer.see("/work?tab=region"))) == sorted([first.number, second.number])


def test_overdue_work_stands_first_and_is_counted(
    officer: Visitor, now: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    recent = open_one(now)
    now.now -= timedelta(days=20)
    old = open_one(now)
    page = officer.see("/work?tab=group")
    assert rows(page) == [old.number, recent.number]
    assert "超期 1" in page
    assert "天都在记录中" in page
    assert rows(officer.see("/work?tab=group&light=red")) == [old.number]


def test_filters_stand_in_the_address_and_stick_until_reset(officer: Visitor, now: Office) -> None:
    first, second = open_one(now), open_one(now)
    address = f"/work?tab=region&process=visit&step=register&region=350481&q={second.number[-6:]}"
    assert rows(officer.see(address)) == [second.number]
    assert rows(officer.see("/work")) == [second.number], "kept for the next time"
    assert len(rows(officer.see("/work?reset=1&tab=region"))) == 2
    assert first.number in rows(officer.see("/work"))
    assert "没有符合条件的任务" in officer.see("/work?tab=region&q=nothing")


def test_kept_filters_are_one_persons(
    officer: Visitor, visit: Callable[[str], Visitor], case: CaseView
) -> None:
    officer.see("/work?tab=region&q=nothing")
    kept = officer.http.get_cookie("aidflow_work", path="/work")
    assert kept is not None
    other = visit("officer2")
    other.http.set_cookie("aidflow_work", kept.value, path="/work")
    assert rows(other.see("/work")) == [case.number]


@pytest.mark.parametrize("query", ["light=purple", "cursor=nonsense", "process=no-such"])
def test_an_address_that_makes_no_sense_says_so(officer: Visitor, case: CaseView, query: str) -> None:
    response = officer.http.get(f"/work?{query}")
    assert response.status_code in (404, 422)
    assert 'role="alert"' in response.text


def test_a_long_list_goes_on_behind_the_page(officer: Visitor, now: Office) -> None:
    numbers = [open_one(now).number for _ in range(32)]
    page = officer.see("/work?tab=region")
    following = re.search(r'href="(/work\?[^"]*cursor=[^"]+)"', page)
    assert following is not None
    assert sorted(rows(page) + rows(officer.see(following[1]))) == sorted(numbers)


@pytest.mark.parametrize("path", ["/work?tab=mine", "/work?tab=group", "/work?tab=region", "/work/mentions"])
def test_a_list_asks_the_database_no_more_for_more_rows(
    officer: Visitor, now: Office, counting: Callable[[], Any], path: str
) -> None:
    def fill(count: int) -> None:
        for _ in range(count):
            case, held = open_one(now), open_one(now)
            now.act(claim_task, task_id=read_id(held.tasks[0].id))
            now.act(add_comment, "leader", case_id=read_id(case.id), text="请看 @officer")

    fill(2)
    officer.see(path)
    with counting() as few:
        officer.see(path)
    fill(9)
    with counting() as many:
        officer.see(path)
    assert len(many) == len(few), many.texts


def test_nothing_to_do_says_what_to_do(officer: Visitor, now: Office) -> None:
    assert "新案件到来时会出现在这里" in officer.see("/work")


def test_claim_and_release_from_the_list(officer: Visitor, case: CaseView) -> None:
    task = case.tasks[0].id
    assert f'formaction="/tasks/{task}/claim"' in officer.see("/work?tab=group")
    assert "任务在您手上" in officer.send(f"/tasks/{task}/claim", {})
    assert f'formaction="/tasks/{task}/release"' in officer.see("/work?tab=mine")
    assert "已退回" in officer.send(f"/tasks/{task}/release", {})


def test_a_person_is_found_by_name_or_number_which_stands_in_no_address(
    officer: Visitor, case: CaseView, now: Office
) -> None:
    now.complete(
        case, "register", applicant="李甲", id_number="110101199003070011", household_size=1, income=0
    )
    page = officer.send("/cases/find", {"person": "110101199003070011"})
    assert case.number in page
    assert "110101199003070011" not in page
    refused = officer.send("/cases/find", {"person": "李"}, status=422)
    assert "完整的姓名" in refused, refused


def test_a_mention_is_new_until_it_was_looked_at(officer: Visitor, case: CaseView, now: Office) -> None:
    now.act(add_comment, "leader", case_id=read_id(case.id), text="请 @officer 核实")
    assert "1 条未读" in officer.see("/work?tab=group")
    page = officer.see("/work/mentions")
    assert "请 @officer 核实" in page
    assert '<span class="tag">新</span>' in page
    assert "条未读" not in officer.see("/work?tab=group")


def test_the_list_reads_english(officer: Visitor, case: CaseView) -> None:
    officer.in_english()
    page = officer.see("/work")
    assert "Why this one" in page
    assert '<span lang="zh-CN">入户走访</span>' in page


def test_designers_see_nobodys_work(visit: Callable[[str], Visitor], case: CaseView) -> None:
    assert case.number not in visit("designer").see("/work?tab=region")
