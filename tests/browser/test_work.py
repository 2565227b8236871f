"""A caseworker's day: the next thing, the form, drafts, colleagues, and what goes wrong on the way."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from engine.actions.views import CaseView
from tests.browser.conftest import Site, Visitors

SignIn = Callable[..., Page]
APPLICANT: dict[str, Any] = {
    "applicant_name": "林小满",
    "applicant_id_number": "350481198001010013",
    "household_size": 3,
    "authorised": True,
    "committed": True,
}


@pytest.fixture
def received(site: Site) -> CaseView:
    """An application that was received and waits for its receipt check."""
    return site.office.open("minimum-living", **APPLICANT)


@pytest.fixture
def investigated(site: Site, received: CaseView) -> CaseView:
    """An application whose home visit is to be written down."""
    office = site.office
    office.complete(received, "receipt_check", complete=True)
    return office.complete(received, "investigate", investigators=[{"name": "林晓梅"}, {"name": "郑志远"}])


def _open_task(page: Page, name: str) -> None:
    page.goto("/work?tab=group")
    page.get_by_role("link", name=name).first.click()
    expect(page.get_by_role("heading", level=1, name=name)).to_be_visible()


@pytest.mark.usefixtures("received")
def test_the_next_task_is_first_with_its_reasons_and_another_follows(sign_in: SignIn) -> None:
    page = sign_in("officer")
    upcoming = page.get_by_role("region", name="下一项")
    expect(upcoming.get_by_role("heading", name="下一项")).to_be_visible()
    expect(upcoming.get_by_text("为什么先办这一项")).to_be_visible()
    upcoming.get_by_role("link", name="开始办理").click()
    page.get_by_label("材料齐全，予以受理").check()
    page.get_by_role("button", name="办结并提交").click()
    expect(page.get_by_text("已办结。")).to_be_visible()
    expect(page.get_by_role("region", name="下一项任务")).to_be_visible()


@pytest.mark.usefixtures("investigated")
def test_faults_are_named_in_a_summary_that_leads_to_the_field(sign_in: SignIn) -> None:
    page = sign_in("officer")
    _open_task(page, "入户调查")
    page.get_by_role("button", name="办结并提交").click()
    summary = page.get_by_role("alert").filter(has_text="需要更正")
    expect(summary).to_be_focused()
    link = summary.get_by_role("link").first
    target = link.get_attribute("href")
    assert target is not None
    link.click()
    expect(page.locator(target)).to_be_visible()


@pytest.mark.usefixtures("investigated")
def test_a_draft_is_kept_by_itself_and_the_next_person_goes_on(sign_in: SignIn) -> None:
    page = sign_in("officer")
    _open_task(page, "入户调查")
    page.get_by_label("核定的共同生活人数").fill("3")
    page.get_by_label("核定的共同生活人数").blur()
    expect(page.locator("#saved")).to_contain_text("草稿已保存")
    other = sign_in("officer2")
    _open_task(other, "入户调查")
    expect(other.get_by_label("核定的共同生活人数")).to_have_value("3")
    expect(other.get_by_text(re.compile("保存的草稿，可以接着填"))).to_be_visible()


@pytest.mark.usefixtures("received")
def test_of_two_officers_on_one_task_the_second_learns_who_was_first(sign_in: SignIn) -> None:
    first, second = sign_in("officer"), sign_in("officer2")
    for page in (first, second):
        _open_task(page, "受理审查")
        page.get_by_label("材料齐全，予以受理").check()
    first.get_by_role("button", name="办结并提交").click()
    expect(first.get_by_text("已办结。")).to_be_visible()
    second.get_by_role("button", name="办结并提交").click()
    expect(second.get_by_text(re.compile("林协管 已于 .* 办结这项任务"))).to_be_visible()
    expect(second.get_by_role("heading", name="您刚才填写的内容（未提交）")).to_be_visible()


@pytest.mark.usefixtures("received")
def test_a_session_that_ends_in_the_middle_of_a_form_loses_nothing(sign_in: SignIn) -> None:
    page = sign_in("officer", java_script_enabled=False)
    _open_task(page, "受理审查")
    page.get_by_label("材料齐全，予以受理").check()
    page.context.clear_cookies()
    page.get_by_role("button", name="办结并提交").click()
    expect(page.get_by_text("您刚才提交的内容已保留")).to_be_visible()
    page.get_by_label("账号").fill("officer")
    page.get_by_label("密码").fill("aidflow-demo")
    page.get_by_role("button", name="登录").click()
    page.get_by_role("button", name="继续提交").click()
    expect(page.get_by_text("已办结。")).to_be_visible()


@pytest.mark.usefixtures("investigated")
def test_signing_in_over_the_page_saves_what_was_written(sign_in: SignIn) -> None:
    page = sign_in("officer")
    _open_task(page, "入户调查")
    page.context.clear_cookies()
    page.get_by_label("核定的共同生活人数").fill("4")
    page.get_by_label("核定的共同生活人数").blur()
    dialog = page.get_by_role("dialog", name="登录已过期")
    expect(dialog).to_be_visible()
    dialog.get_by_label("密码").fill("aidflow-demo")
    dialog.get_by_role("button", name="登录").click()
    expect(dialog).to_be_hidden()
    expect(page.locator("#saved")).to_contain_text("草稿已保存")
    page.reload()
    expect(page.get_by_label("核定的共同生活人数")).to_have_value("4")


@pytest.mark.usefixtures("received")
def test_a_whole_task_by_keyboard_alone(sign_in: SignIn) -> None:
    page = sign_in("officer")
    expect(page.get_by_role("link", name="开始办理")).to_be_visible()
    _tab_to(page, page.get_by_role("link", name="开始办理"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1, name="受理审查")).to_be_visible()
    _tab_to(page, page.get_by_label("材料齐全，予以受理"))
    page.keyboard.press("Space")
    _tab_to(page, page.get_by_role("button", name="办结并提交"))
    page.keyboard.press("Enter")
    expect(page.get_by_text("已办结。")).to_be_visible()


def _tab_to(page: Page, target: Any, most: int = 80) -> None:
    """Press Tab until the target has the focus, as somebody without a mouse does."""
    for _ in range(most):
        page.keyboard.press("Tab")
        if target.evaluate("element => element === document.activeElement"):
            return
    pytest.fail("the keyboard does not get there")


def test_several_tasks_are_claimed_at_once_after_a_dry_run(site: Site, sign_in: SignIn) -> None:
    for _ in range(3):
        site.office.open("minimum-living", **APPLICANT)
    page = sign_in("officer")
    page.goto("/work?tab=group")
    for box in page.locator("input[name=task]").all():
        box.check()
    page.get_by_role("button", name="批量领取").click()
    page.get_by_role("button", name=re.compile("确认|执行|领取")).first.click()
    expect(page.get_by_role("main")).to_contain_text("3")
    page.goto("/work?tab=mine")
    expect(page.locator("tbody tr")).to_have_count(3)


@pytest.mark.usefixtures("received")
def test_a_colleague_is_mentioned_and_finds_it(sign_in: SignIn) -> None:
    page = sign_in("officer")
    _open_task(page, "受理审查")
    page.get_by_label("写意见").fill("@officer2 请核对户籍。")
    page.get_by_role("button", name="发表意见").click()
    expect(page.get_by_role("region", name="意见").get_by_text("请核对户籍。")).to_be_visible()
    other = sign_in("officer2")
    other.get_by_role("link", name=re.compile("提到我的")).click()
    expect(other.get_by_text("请核对户籍。")).to_be_visible()


@pytest.mark.usefixtures("received")
def test_a_task_in_hand_is_delegated_to_a_colleague(sign_in: SignIn) -> None:
    page = sign_in("officer")
    _open_task(page, "受理审查")
    page.get_by_role("main").get_by_role("button", name="领取").click()
    page.get_by_role("link", name="转办").click()
    page.get_by_role("radio").first.check()
    page.get_by_role("button", name="交办").click()
    expect(page.get_by_role("status").first).to_be_visible()
    other = sign_in("officer2")
    other.goto("/work?tab=mine")
    expect(other.locator("tbody tr")).to_have_count(1)


def test_a_case_is_opened_at_the_window_on_a_phone(sign_in: SignIn) -> None:
    page = sign_in("helper", phone=True)
    page.goto("/cases")
    page.get_by_role("link", name="收件").click()
    page.get_by_role("link", name="急难型临时救助（小额快救）").click()
    page.get_by_role("button", name="收件并开始办理").click()
    expect(page.get_by_role("alert")).to_contain_text("需要更正")
    page.get_by_label("报告渠道").select_option("村（社区）")
    page.get_by_label("急难情形").select_option("火灾")
    page.get_by_label(re.compile("遇困人员姓名")).fill("黄玉兰")
    page.get_by_label("受困人数").fill("3")
    page.get_by_label("急难发生地").fill("西洋镇某村")
    page.get_by_label("情况说明").fill("住房失火")
    page.get_by_role("button", name="收件并开始办理").click()
    expect(page.get_by_text(re.compile("已收件，编号"))).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_contain_text("2026-350481")


def test_a_clock_is_paused_on_a_ground_and_goes_on(
    site: Site, sign_in: SignIn, investigated: CaseView
) -> None:
    page = sign_in("leader")
    page.goto(f"/cases/{investigated.id}")
    page.get_by_role("button", name="暂停").first.click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label(re.compile("法定事由")).fill("等待申请人补正")
    dialog.get_by_role("button", name="暂停").click()
    expect(page.get_by_text("期限已暂停。")).to_be_visible()
    page.get_by_role("button", name="恢复").first.click()
    page.get_by_role("dialog").get_by_role("button", name="恢复").click()
    expect(page.get_by_text("期限已恢复计算。")).to_be_visible()
    assert "clock_paused" in site.office.kinds(investigated)


def test_numbers_in_full_are_shown_for_a_reason_that_is_recorded(
    site: Site, sign_in: SignIn, received: CaseView
) -> None:
    page = sign_in("officer")
    page.goto(f"/cases/{received.id}")
    expect(page.get_by_text("350481********0013")).to_be_visible()
    page.get_by_role("button", name="查看完整号码").click()
    dialog = page.get_by_role("dialog", name="查看完整号码")
    dialog.get_by_role("checkbox").first.check()
    dialog.get_by_label("原因（必填）").fill("核对户籍")
    dialog.get_by_role("button", name="查看").click()
    expect(page.get_by_text("350481198001010013")).to_be_visible()
    assert "data_revealed" in site.office.kinds(received)


def test_a_withdrawal_asks_once_more_and_ends_the_case(
    site: Site, sign_in: SignIn, received: CaseView
) -> None:
    page = sign_in("officer")
    page.goto(f"/cases/{received.id}")
    page.get_by_role("button", name="撤回案件").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="取消").click()
    assert site.office.look(received).status == "active"
    page.get_by_role("button", name="撤回案件").click()
    dialog.get_by_label(re.compile("撤回的原因")).fill("另行申请")
    dialog.get_by_role("button", name="撤回案件").click()
    expect(page.get_by_text("案件已撤回。")).to_be_visible()
    assert site.office.look(received).status == "withdrawn"


def test_filters_stand_in_the_address_and_stick(visitors: Visitors, received: CaseView) -> None:
    page = visitors.sign_in("officer")
    page.goto(f"/work?tab=region&q={received.number}")
    expect(page.locator("tbody tr")).to_have_count(1)
    page.goto("/work?tab=region&light=red")
    page.goto("/work")
    expect(page.get_by_label("期限")).to_have_value("red")
    page.get_by_role("link", name="清除筛选").first.click()
    expect(page.get_by_label("期限")).to_have_value("")
