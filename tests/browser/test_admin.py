"""An administrator: people and their first password, county days, repairs, tokens; English on a phone."""

from __future__ import annotations

import re
from collections.abc import Callable
from http.client import HTTPConnection
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Site, Visitors
from tests.builders import THREE_STEPS, bpmn, end, script, start, user

SignIn = Callable[..., Page]
RATE = (
    "parameters:\n  - key: real\n    title: {zh: 真, en: real}\n    unit: workdays\n"
    "    values: [{from: 2020-01-01, value: 3, source: 甲}]\n"
)
LOOKS = start() + user("ask") + script("look", "parameter(key)", "rate") + user("next") + end()


def test_somebody_new_must_change_the_initial_password(visitors: Visitors) -> None:
    admin = visitors.sign_in("admin")
    admin.goto("/admin/people")
    admin.get_by_role("link", name="新增人员").click()
    admin.get_by_role("textbox", name=re.compile("^账号")).fill("newcomer")
    admin.get_by_role("textbox", name=re.compile("^姓名")).fill("林新人")
    admin.get_by_label("岗位").select_option("village.helper")
    admin.get_by_label(re.compile("^地区代码")).fill("350481100")
    admin.get_by_role("button", name="新增").click()
    initial = admin.locator("code.secret").inner_text()
    admin.get_by_role("link", name="我已记下，继续").click()
    admin.get_by_label("岗位").select_option("town.officer")
    admin.get_by_label(re.compile("^地区代码")).fill("350481101")
    admin.get_by_role("button", name="增加").click()
    expect(admin.get_by_role("main").locator("table tbody tr")).to_have_count(2)

    newcomer = visitors.visit()
    newcomer.goto("/sign-in")
    newcomer.get_by_role("textbox", name=re.compile("^账号")).fill("newcomer")
    newcomer.get_by_role("textbox", name=re.compile("^密码")).fill(initial)
    newcomer.get_by_role("button", name="登录").click()
    expect(newcomer.get_by_role("heading", name="修改密码")).to_be_visible(timeout=15_000)
    newcomer.goto("/work")
    expect(newcomer.get_by_role("heading", name="工作人员登录")).to_be_visible()  # not in by the first one
    newcomer.get_by_role("link", name="修改密码").click()
    newcomer.get_by_role("textbox", name=re.compile("^账号")).fill("newcomer")
    newcomer.get_by_label(re.compile("^当前密码")).fill(initial)
    newcomer.get_by_label(re.compile("^新密码")).fill(initial)
    newcomer.get_by_role("button", name="修改").click()
    expect(newcomer.get_by_role("alert")).to_be_visible(timeout=15_000)  # the old one is not a new one
    newcomer.get_by_role("textbox", name=re.compile("^账号")).fill("newcomer")
    newcomer.get_by_label(re.compile("^当前密码")).fill(initial)
    newcomer.get_by_label(re.compile("^新密码")).fill("mountain-river-tea-9")
    newcomer.get_by_role("button", name="修改").click()
    expect(newcomer).to_have_url(re.compile("/work$"), timeout=15_000)


def test_deadlines_that_a_county_day_moves_are_seen_before_it_is_announced(
    site: Site, sign_in: SignIn
) -> None:
    office = site.office
    office.deploy(three_bpmn=THREE_STEPS)
    near, far = (
        office.open("three-steps"),
        office.open("three-steps", by="officer_sanyuan", region="350404100"),
    )
    before = office.clock(near, "check").due_date
    admin = sign_in("admin")
    admin.goto("/admin/calendars?county=350481&year=2026")
    admin.locator("summary", has_text="增加一天").click()
    admin.get_by_label(re.compile("^依据")).fill("永政〔2026〕9号")
    admin.get_by_label("名称（中文），第 1 行").fill("台风停工")
    admin.get_by_label("起日，第 1 行").fill("2026-09-22")
    admin.get_by_role("button", name="查看影响").click()
    said = admin.get_by_role("status").first
    expect(said).to_contain_text("尚未改动任何内容", timeout=15_000)
    rows = admin.locator("tbody tr").filter(has_text=near.number)
    expect(rows.first).to_contain_text("推迟")
    expect(admin.get_by_text(far.number)).to_have_count(0)
    assert site.office.clock(near, "check").due_date == before
    admin.get_by_role("button", name="确认公布").click()
    expect(admin.get_by_role("heading", level=1)).to_contain_text("日历")
    site.settle()
    after = site.office.clock(near, "check").due_date
    assert before is not None
    assert after is not None
    assert after > before
    assert site.office.clock(far, "check").due_date == before


def test_an_incident_is_repaired_by_a_variable_and_goes_on(site: Site, sign_in: SignIn) -> None:
    office = site.office
    office.deploy(fix_bpmn=bpmn("fix", LOOKS, "begin>ask ask>look look>next next>done"), p_yaml=RATE.encode())
    case = office.complete(office.open("fix"), "ask", key="wrong")
    assert case.status == "incident"
    admin = sign_in("admin")
    admin.goto("/admin")
    admin.get_by_role("link", name="查看并处理").click()
    admin.get_by_role("link", name=case.number).first.click()
    admin.get_by_role("button", name="直接重试").click()
    assert site.office.look(case).status == "incident"  # it fails again: nothing was mended
    admin.goto("/admin/incidents")
    admin.get_by_role("link", name=case.number).first.click()
    admin.get_by_role("button", name="修改变量后重试").click()
    admin.get_by_label("key", exact=True).fill("real")
    admin.get_by_role("button", name="核对改动").click()
    row = admin.get_by_role("row").filter(has=admin.get_by_role("rowheader", name="key"))
    expect(row).to_contain_text("wrong")
    expect(row).to_contain_text("real")
    assert site.office.look(case).status == "incident"
    admin.get_by_role("button", name="修改并重试").click()
    expect(admin.get_by_text("没有等待处理的异常")).to_be_visible(timeout=15_000)
    after = site.office.look(case)
    assert (after.status, after.tasks[0].element_id) == ("active", "next")


def _ask(site: Site, token: str) -> int:
    """The answer's status when a script calls the API with a token."""
    connection = HTTPConnection(urlsplit(site.address).netloc, timeout=30)
    connection.request("GET", "/api/v1/cases", headers={"Authorization": f"Bearer {token}"})
    status = connection.getresponse().status
    connection.close()
    return status


def test_a_token_is_shown_once_works_and_is_revoked(site: Site, sign_in: SignIn) -> None:
    admin = sign_in("admin")
    admin.goto("/admin/tokens")
    admin.get_by_label(re.compile("^名称")).fill("每晚导出")
    admin.get_by_label("查看", exact=True).check()
    admin.get_by_role("button", name="开立").click()
    token = admin.locator("code.secret").inner_text()
    assert _ask(site, token) == 200
    admin.goto("/admin/tokens")
    assert token not in admin.content()
    row = admin.get_by_role("row").filter(has_text="每晚导出")
    row.get_by_role("button", name="作废").click()
    admin.get_by_role("dialog", name="作废令牌").get_by_role("button", name="作废").click()
    expect(admin.get_by_text("每晚导出", exact=True)).to_have_count(0)
    assert _ask(site, token) == 401


@pytest.mark.parametrize(
    "address",
    ["/supervision", "/supervision/load", "/supervision/forecast", "/supervision/emergency",
     "/supervision/trends", "/supervision/heat?process=minimum-living", "/supervision/means",
     "/supervision/cases?open=true"],
)  # fmt: skip
def test_a_supervisor_reads_english_on_a_phone_without_scrolling_sideways(
    demo_visitors: Visitors, address: str
) -> None:
    page = demo_visitors.sign_in("supervisor", phone=True, lang="en")
    page.goto(address)
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    width = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert width <= 0
