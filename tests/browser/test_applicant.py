"""Somebody applies on a phone, and follows the case to its decision."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime

from playwright.sync_api import Page, expect

from engine.actions.reading import list_cases
from engine.actions.views import CaseView
from engine.clocks import SHANGHAI
from engine.types import SYSTEM
from tests.browser.conftest import Site, Visitors

SignIn = Callable[..., Page]
NUMBER = "350481198001010013"
NEED = "家里收入低，基本生活有困难"


def _choose_need(page: Page, need: str = NEED) -> None:
    page.goto("/apply")
    page.get_by_role("link", name=re.compile(need)).click()
    page.get_by_label(re.compile("乡镇（街道）")).select_option("350481100")
    page.get_by_role("button", name="开始申请").click()


def _apply(page: Page) -> str:
    """Fill in what is required and send it; returns the receipt number."""
    _choose_need(page)
    if page.get_by_role("link", name=re.compile("开始填写|继续")).count():
        page.get_by_role("link", name=re.compile("开始填写|继续")).first.click()
    filled = {"申请人姓名": "林小满", "公民身份号码": NUMBER, "共同生活家庭成员人数": "3"}
    for _ in range(30):
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        if page.get_by_role("button", name="提交申请").count():
            break
        for label, value in filled.items():
            field = page.get_by_role("textbox", name=re.compile(f"^{label}"))
            if field.count():
                field.first.fill(value)
        for label in ("核对授权书", "诚信承诺书"):
            box = page.get_by_role("checkbox", name=re.compile(label))
            if box.count():
                box.first.check()
        page.locator("button[name=go][value=next]:visible").last.click()
    page.get_by_role("checkbox", name=re.compile("我承诺以上内容真实")).check()
    page.get_by_role("button", name="提交申请").click()
    number = page.locator(".great-number output")
    expect(number).to_be_visible()
    return number.inner_text()


def _track(page: Page, number: str) -> None:
    page.goto("/track")
    page.get_by_role("main").get_by_role("button").first.wait_for()
    if page.get_by_label("申请编号").count():  # whoever looked a minute ago is still let in
        page.get_by_label("申请编号").fill(number)
        page.get_by_label(re.compile("身份证号末")).fill(NUMBER[-4:])
        page.get_by_role("button", name="查询").click()
    expect(page.get_by_role("heading", name="现在到哪一步")).to_be_visible()


def _open_task(page: Page, number: str, name: str) -> None:
    page.goto(f"/work?tab=region&q={number}")
    page.get_by_role("link", name=re.compile(name)).first.click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()


def _done(page: Page) -> None:
    page.get_by_role("button", name="办结并提交").click()
    expect(page.get_by_text("已办结。")).to_be_visible()


def _case(site: Site, number: str) -> CaseView:
    with site.database.read() as tx:
        found = list_cases(tx, actor=SYSTEM, at=site.at, number=number).items[0]
    return site.office.look(found)  # type: ignore[arg-type]


def _at(site: Site, day: str) -> None:
    site.advance(datetime.fromisoformat(f"{day}:00+08:00").astimezone(SHANGHAI))


def _visit_form(page: Page) -> None:
    page.get_by_role("button", name=re.compile("^添加一项")).first.click()
    page.get_by_role("button", name=re.compile("^添加一项")).first.click()
    for place, name in enumerate(("林晓梅", "郑志远")):
        page.locator(f'[name="/visitors/{place}/name"]').fill(name)
        page.locator(f'[name="/visitors/{place}/signed"]').check()
    page.get_by_label("被调查人已签字").check()
    page.get_by_label("入户", exact=True).check()
    page.get_by_label("已邻里访问").check()
    page.get_by_label(re.compile("核定的共同生活人数")).fill("3")
    page.get_by_label(re.compile("核定的家庭月收入")).fill("900")
    page.get_by_label(re.compile("申请人本人月收入")).fill("900")
    page.get_by_label("家庭财产符合规定").check()
    page.get_by_label("无疑点").check()


def test_from_the_phone_to_the_decision(site: Site, visitors: Visitors, sign_in: SignIn) -> None:
    """Apply, supply what is missing, two investigators, publicity, objection, review, decision."""
    applicant = visitors.visit(phone=True)
    number = _apply(applicant)

    officer = sign_in("officer")
    _open_task(officer, number, "受理审查")
    officer.get_by_label("收入材料").check()
    _done(officer)
    site.settle()

    _track(applicant, number)
    expect(applicant.get_by_role("heading", name="需要您做的")).to_be_visible()
    applicant.get_by_role("link", name=re.compile("现在办理")).click()
    applicant.get_by_role("button", name=re.compile("提交")).click()
    site.settle()
    _track(applicant, number)
    expect(applicant.get_by_text("已受理，正在办理")).to_be_visible()

    _open_task(officer, number, "启动调查")
    for _ in range(2):
        officer.get_by_role("button", name=re.compile("^添加一项")).click()
    for place, name in enumerate(("林晓梅", "郑志远")):
        officer.locator(f'[name="/investigators/{place}/name"]').fill(name)
    _done(officer)

    case, office = _case(site, number), site.office
    office.complete(case, "start_check", by="county", check_items=["hukou", "tax", "bank"])
    office.complete(case, "report_check", by="county", check_passed=True, check_reference="核字1号")

    _open_task(officer, number, "入户调查")
    _visit_form(officer)
    _done(officer)
    _open_task(officer, number, "第二调查人")
    expect(officer.get_by_text(re.compile("您不能办理"))).to_be_visible()  # who visited does not sign twice
    second = sign_in("officer2")
    _open_task(second, number, "第二调查人")
    second.get_by_label(re.compile("本人参加了调查")).check()
    _done(second)
    _open_task(officer, number, "提出初审意见")
    officer.get_by_label("符合条件", exact=True).check()
    _done(officer)

    helper = sign_in("helper")
    _open_task(helper, number, "张榜公示")
    helper.get_by_label(re.compile("^申请人姓名")).fill("林小满")
    helper.get_by_label(re.compile("保障人数")).fill("3")
    helper.get_by_label(re.compile("拟保障金额")).fill("1380")
    helper.get_by_label(re.compile("张贴地点")).fill("村务公开栏")
    _done(helper)
    site.settle()

    neighbour = visitors.visit(phone=True)
    neighbour.goto("/notices/350481100")
    neighbour.get_by_role("main").get_by_role("link", name="提出异议").first.click()
    expect(neighbour.get_by_text("林小满")).to_be_visible()
    assert NUMBER[6:] not in neighbour.content()
    neighbour.get_by_label(re.compile("您的姓名")).fill("王邻居")
    neighbour.get_by_label(re.compile("联系方式")).fill("13800000000")
    neighbour.get_by_label(re.compile("您的异议和理由")).fill("他家有车")
    neighbour.get_by_role("button", name="提交异议").click()
    expect(neighbour.get_by_role("main")).to_contain_text("异议")
    site.settle()

    _open_task(officer, number, "处理异议")
    officer.get_by_label("民主评议").check()
    _done(officer)
    _open_task(helper, number, "民主评议")
    for label, value in {
        "应到人数": "9",
        "实到人数": "9",
        "其中党员代表": "6",
        "认为情况属实人数": "8",
    }.items():
        helper.get_by_label(re.compile(label)).fill(value)
    helper.get_by_label(re.compile("已在评议记录上签字")).check()
    helper.get_by_label("评议通过").check()
    helper.get_by_label(re.compile("评议意见")).fill("情况属实")
    _done(helper)

    case, office = _case(site, number), site.office
    office.complete(case, "initial_opinion", opinion="eligible")
    office.complete(
        case, "post_publicity", by="helper", publish_name="林小满", publish_size=3,
        publish_amount_fen=138000, publish_place="村务公开栏",
    )  # fmt: skip
    _at(site, "2026-10-10T09:00")
    leader = sign_in("leader")
    _open_task(leader, number, "审核确认")
    leader.get_by_label("确认", exact=True).check()
    _done(leader)
    site.settle()

    _track(applicant, number)
    expect(applicant.get_by_role("heading", name="不同意这个决定")).to_be_visible()
    applicant.get_by_role("link", name=re.compile("确认通知书")).click()
    expect(applicant.get_by_role("main")).to_contain_text("1380元")
    for staff in ("林协管", "赵镇长", "陈协理"):
        assert staff not in applicant.content()


def test_an_application_is_left_and_found_again_by_its_code(visitors: Visitors) -> None:
    page = visitors.visit(phone=True)
    _choose_need(page)
    code = page.locator("output").first.inner_text()
    assert len(re.sub(r"\W", "", code)) == 16
    other = visitors.visit(phone=True)
    other.goto("/apply")
    other.get_by_label("申请编码").fill(code)
    other.get_by_role("button", name=re.compile("继续")).first.click()
    expect(other.get_by_role("heading", level=1)).to_contain_text("填写申请")


def test_wrong_digits_and_a_wrong_number_look_alike(site: Site, visitors: Visitors) -> None:
    case = site.office.open(
        "minimum-living", applicant_name="林小满", applicant_id_number=NUMBER, household_size=3,
        authorised=True, committed=True,
    )  # fmt: skip
    page = visitors.visit(phone=True)
    said = []
    for number, digits in ((case.number, "9999"), ("2026-350481100-999999", "0013")):
        page.goto("/track")
        page.get_by_label("申请编号").fill(number)
        page.get_by_label(re.compile("身份证号末")).fill(digits)
        page.get_by_role("button", name="查询").click()
        said.append(page.get_by_role("alert").inner_text())
    assert said[0] == said[1]


def test_an_applicant_withdraws_after_being_asked_once_more(site: Site, visitors: Visitors) -> None:
    page = visitors.visit(phone=True)
    number = _apply(page)
    _track(page, number)
    page.get_by_role("link", name="撤回申请").click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    reason = page.get_by_role("textbox")
    if reason.count():
        reason.first.fill("家里情况好转")
    page.get_by_role("main").get_by_role("button", name=re.compile("撤回")).first.click()
    expect(page.get_by_role("main")).to_contain_text("已撤回")
    assert _case(site, number).status == "withdrawn"
