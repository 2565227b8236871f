"""A fire that nobody acts on: a day to the supervisor, two to the coordination group, then aid by pages."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from engine.actions.reading import list_cases
from engine.actions.views import CaseView
from engine.types import SYSTEM
from tests.browser.conftest import Site

SignIn = Callable[..., Page]
MEMBERS = {"county": "民政部门", "department": "医疗保障部门", "department2": "教育部门"}


def _report(page: Page) -> str:
    """The fire as the helper reports it; returns the number of its case."""
    page.goto("/cases/new/emergency-aid")
    page.get_by_label("报告渠道").select_option("村（社区）")
    page.get_by_label("急难情形").select_option("火灾")
    page.get_by_label(re.compile("遇困人员姓名")).fill("张火生")
    page.get_by_label("受困人数").fill("3")
    page.get_by_label("急难发生地").fill("西洋镇福庄村")
    page.get_by_label("情况说明").fill("住房失火，无处居住")
    page.get_by_role("button", name="收件并开始办理").click()
    expect(page.get_by_text(re.compile("已收件，编号"))).to_be_visible()
    return page.get_by_role("heading", level=1).inner_text().split()[0]


def _cases(site: Site, process: str) -> list[CaseView]:
    with site.database.read() as tx:
        found = list_cases(tx, actor=SYSTEM, at=site.at, process=process).items
    return [site.office.look(one) for one in found]  # type: ignore[arg-type]


def _open_task(page: Page, number: str, name: str) -> None:
    page.goto(f"/work?tab=group&q={number}")
    if not page.get_by_role("link", name=re.compile(name)).count():
        page.goto(f"/work?tab=mine&q={number}")
    page.get_by_role("link", name=re.compile(name)).first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(re.compile(name))


def _done(page: Page) -> None:
    page.get_by_role("button", name="办结并提交").click()
    expect(page.get_by_text("已办结。", exact=True)).to_be_visible(timeout=15_000)


def _invite(page: Page) -> None:
    page.get_by_role("textbox", name=re.compile("主持人")).fill("黄县长")
    page.get_by_role("textbox", name=re.compile("会议地点或方式")).fill("视频")
    page.locator('[name="/meeting_ends"]').fill("2026-09-23T11:00")
    for place, (account, department) in enumerate(MEMBERS.items()):
        if not page.locator(f'[name="/members/{place}/account"]').count():
            page.get_by_role("button", name=re.compile("^添加一项")).click()
        page.locator(f'[name="/members/{place}/department"]').select_option(department)
        page.locator(f'[name="/members/{place}/account"]').fill(account)
    page.get_by_role("textbox", name=re.compile("拟议意见")).fill("立即发放760元并安排临时住处")
    page.get_by_label("直接决定救助").check()
    page.get_by_role("textbox", name=re.compile("拟救助金额")).fill("760")
    _done(page)


def test_a_fire_nobody_acts_on_climbs_to_the_group_and_is_paid(site: Site, sign_in: SignIn) -> None:
    """The hours of the law pass; supervisor, group and county do the rest through their pages."""
    number = _report(sign_in("helper", phone=True))
    (case,) = _cases(site, "emergency-aid")

    site.advance(hours=24)
    supervisor = sign_in("supervisor")
    _open_task(supervisor, number, "督办")
    supervisor.goto("/supervision/emergency")
    row = supervisor.get_by_role("row").filter(has_text=number)
    expect(row.locator("time[data-until]")).to_be_visible()
    expect(row).to_contain_text("急难型临时救助")

    assert _cases(site, "coordination") == []
    site.advance(hours=24)
    (group,) = _cases(site, "coordination")
    supervisor.goto(f"/cases/{case.id}")
    expect(supervisor.get_by_role("link", name=group.number)).to_be_visible()
    expect(supervisor.get_by_text(re.compile("升级：")).first).to_be_visible()

    coordinator = sign_in("coordinator")
    _open_task(coordinator, group.number, "确定成员")
    _invite(coordinator)
    site.settle()
    for account in MEMBERS:
        member = sign_in(account)
        _open_task(member, group.number, "到会并表决")
        expect(member.get_by_role("main")).to_contain_text("760")
        member.get_by_label("同意", exact=True).check()
        _done(member)
    site.settle()
    _open_task(coordinator, group.number, "整理会议纪要")
    expect(coordinator.get_by_role("main")).to_contain_text("同意 3 人")
    coordinator.get_by_role("textbox", name=re.compile("议定事项")).fill("立即发放760元并安排临时住处")
    coordinator.get_by_label("主持人已签发").check()
    _done(coordinator)
    site.settle()

    county = sign_in("county")
    _open_task(county, number, "按决定直接发放")
    expect(county.get_by_role("main")).to_contain_text("应发 760 元")
    county.get_by_label("现金").check()
    county.get_by_role("textbox", name=re.compile("实发金额")).fill("760")
    county.get_by_role("textbox", name=re.compile("收据或签收凭证")).fill("收据第1号")
    _done(county)
    site.settle()

    officer = sign_in("officer")
    _open_task(officer, number, "补齐手续")
    officer.get_by_label(re.compile("登记表已签字")).check()
    officer.get_by_label(re.compile("已盖章")).check()
    officer.get_by_role("textbox", name=re.compile("^说明")).fill("证件烧毁，身份待公安机关核实")
    _done(officer)
    site.settle()
    _open_task(officer, number, "回访与转介")
    officer.get_by_role("textbox", name=re.compile("回访记录")).fill("已安置，无其他需要")
    _done(officer)
    site.settle()
    ended = site.office.look(case)
    assert (ended.status, ended.outcome) == ("completed", "aided")
    supervisor.goto("/supervision/emergency")
    expect(supervisor.get_by_text("没有在办的急难案件")).to_be_visible()


@pytest.mark.parametrize("urgency", ["紧急", "一般"])
def test_a_supervisor_puts_a_case_to_the_coordination_group(
    site: Site, sign_in: SignIn, urgency: str
) -> None:
    case = site.office.open(
        "emergency-aid", channel="hospital", event_kind="illness", person_name="周丁", people_count=2,
        place="永安市立医院", description="急需手术",
    )  # fmt: skip
    page = sign_in("supervisor")
    page.goto("/supervision/emergency")
    page.get_by_role("link", name="提请一事一议").click()
    dialog = page.get_by_role("dialog", name=re.compile("提请协调小组一事一议"))
    expect(dialog).to_be_visible()
    dialog.get_by_role("button", name="提请", exact=True).click()  # the question is required
    expect(dialog.get_by_label(re.compile("需要议定的问题"))).to_be_focused()
    assert _cases(site, "coordination") == []
    dialog.get_by_label(re.compile("需要议定的问题")).fill("所需3000元超过限额，可否救助")
    dialog.get_by_label("缓急").select_option(urgency)
    dialog.get_by_label("情形").select_option("已达限额仍有困难")
    dialog.get_by_role("button", name="提请", exact=True).click()
    expect(dialog).to_be_hidden()
    (group,) = _cases(site, "coordination")
    page.goto(f"/cases/{case.id}")
    expect(page.get_by_role("link", name=group.number)).to_be_visible()
    expect(page.get_by_role("button", name="提请一事一议")).to_have_count(0)  # the group has it now
    other = sign_in("coordinator")
    _open_task(other, group.number, "确定成员")
    expect(other.get_by_role("main")).to_contain_text("所需3000元超过限额，可否救助")
