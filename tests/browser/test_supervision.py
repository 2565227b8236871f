"""A supervisor at the board: it renews itself, leads to lists, reassigns and chases; times on the diagram."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable
from datetime import timedelta

import openpyxl
import pytest
from playwright.sync_api import Page, expect

from engine.actions.reading import list_tasks
from tests.browser.conftest import MONDAY, Site, Visitors
from tests.browser.test_every_page import AXE, RULES
from tests.builders import THREE_STEPS


@pytest.fixture
def busy(site: Site) -> Site:
    """Ten cases whose first task is overdue, all in one officer's hands."""
    office = site.office
    office.deploy(three_bpmn=THREE_STEPS)
    for _ in range(10):
        office.claim(office.open("three-steps").tasks[0])
    site.advance(MONDAY + timedelta(days=9))
    return site


def tick_all(page: Page) -> None:
    expect(page.locator("[data-island=ticks][data-mounted=done]")).to_be_attached()
    page.get_by_label("全选本页").check()


def test_ten_overdue_tasks_are_reassigned_and_chased_from_the_board(
    busy: Site, sign_in: Callable[..., Page]
) -> None:
    page = sign_in("supervisor")
    page.get_by_role("link", name="工作量").click()
    row = page.get_by_role("row").filter(has=page.get_by_role("rowheader", name="林协管"))
    row.get_by_role("link", name=re.compile("^10 已超期")).click()
    tick_all(page)
    page.get_by_role("button", name="改派").click()
    page.get_by_label(re.compile("黄协管")).check()
    page.get_by_role("button", name="先试算").click()
    expect(page.get_by_role("status").first).to_contain_text("可办 10 项，不能办 0 项")
    page.get_by_role("button", name="确认办理 10 项").click()
    expect(page.get_by_role("status").first).to_contain_text("已办 10 项")
    with busy.database.read() as tx:
        held = list_tasks(tx, actor=busy.actor("supervisor"), at=busy.at, holder="officer2").items
    assert len(held) == 10
    page.goto("/supervision/tasks?holder=officer2")
    tick_all(page)
    page.get_by_role("button", name="催办").click()
    page.get_by_label(re.compile("附言")).fill("请于今日办结")
    page.get_by_role("button", name="先试算").click()
    page.get_by_role("button", name="确认办理 10 项").click()
    expect(page.get_by_role("status").first).to_contain_text("已办 10 项")
    page.goto("/supervision/tasks?holder=officer2")
    page.get_by_role("checkbox", name=re.compile("选择")).first.check()
    page.get_by_role("button", name="催办").click()
    page.get_by_role("button", name="先试算").click()
    expect(page.get_by_text("今天已催办过")).to_be_visible()


def test_the_board_renews_itself_and_rests_where_nobody_looks(
    busy: Site, sign_in: Callable[..., Page]
) -> None:
    page = sign_in("supervisor")
    tile = page.get_by_role("link", name=re.compile("在办合计"))
    expect(tile).to_contain_text("10")
    expect(page.locator("#now[data-mounted=done]")).to_be_attached()
    tile.focus()
    busy.office.open("three-steps")
    page.clock.run_for(31_000)
    expect(tile).to_contain_text("11")
    expect(tile).to_be_focused()
    page.evaluate("Object.defineProperty(document, 'hidden', {value: true, configurable: true})")
    busy.office.open("three-steps")
    page.clock.run_for(120_000)
    expect(tile).to_contain_text("11")
    page.evaluate("""() => {
        Object.defineProperty(document, "hidden", {value: false, configurable: true});
        document.dispatchEvent(new Event("visibilitychange"));
    }""")
    expect(tile).to_contain_text("12")


def test_every_figure_of_the_board_leads_to_a_list_of_that_length(
    busy: Site, sign_in: Callable[..., Page]
) -> None:
    page = sign_in("supervisor")
    figures = page.locator("a.figure").evaluate_all(
        "links => links.map(link => [link.href, parseInt(link.textContent.replace(/\\\\D.*$/s, ''))])"
    )
    assert len(figures) > 5
    for address, number in figures:
        page.goto(address)
        assert page.locator("tbody tr").count() == number, address


def test_the_workbook_holds_the_cases_of_the_filter(busy: Site, sign_in: Callable[..., Page]) -> None:
    other = busy.office.open(
        "minimum-living", applicant_name="林小满", applicant_id_number="350481198001010013",
        household_size=3, authorised=True, committed=True,
    )  # fmt: skip
    page = sign_in("supervisor")
    page.get_by_label("事项", exact=True).select_option("three-steps")
    expect(page.get_by_role("link", name=re.compile("在办合计"))).to_contain_text("10")
    figure = page.get_by_role("link", name=re.compile("^10 已超期")).first
    address = figure.get_attribute("href")
    for where in (page.url, address):
        page.goto(str(where))
        with page.expect_download() as waiting:
            page.get_by_role("link", name="导出 Excel").click()
        book = openpyxl.load_workbook(io.BytesIO(waiting.value.path().read_bytes()))
        assert ("流程", "three-steps") in list(book["条件"].iter_rows(min_row=2, values_only=True))
        numbers = [row[0] for row in book["案件"].iter_rows(min_row=2, values_only=True)]
        assert (len(numbers), other.number in numbers) == (10, False)


def test_the_emergency_lane_counts_down(site: Site, sign_in: Callable[..., Page]) -> None:
    site.office.open(
        "emergency-aid", channel="village", event_kind="fire", person_name="李甲", people_count=3,
        place="西洋镇福庄村12号", description="凌晨失火，房屋烧毁",
    )  # fmt: skip
    page = sign_in("supervisor")
    page.goto("/supervision/emergency")
    left = page.locator("time[data-until]").first
    expect(left).to_have_text(re.compile(r"还剩 \d+:\d\d:\d\d"))
    before = left.inner_text()
    page.clock.run_for(5_000)
    expect(left).not_to_have_text(before)


def test_times_lie_on_the_diagram_and_stand_in_the_table(demo_site: Site, demo_visitors: Visitors) -> None:
    page = demo_visitors.sign_in("supervisor")
    page.goto("/supervision/heat?process=minimum-living&since=2026-07-01")
    canvas = page.get_by_role("group", name=re.compile("流程图"))
    expect(canvas.locator("g.djs-element.heat-5").first).to_be_attached()
    page.get_by_label("办结件数").check()
    done = page.locator("table.figures tbody tr", has_text="启动调查").locator("td").first.inner_text()
    expect(
        canvas.locator(".heat-badge", has_text=re.compile(f"^{int(done.split()[0])}$")).first
    ).to_be_attached()
    page.evaluate(AXE.read_text(encoding="utf-8"))
    for scheme in ("light", "dark"):
        # Colours are judged at rest, not halfway from one scheme to the other.
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
        options = {"runOnly": {"type": "tag", "values": RULES}}
        found = page.evaluate(f"() => axe.run(document, {json.dumps(options)})")
        assert [(rule["id"], rule["nodes"][0]["html"][:120]) for rule in found["violations"]] == []


def test_charts_are_drawn_and_say_what_the_curve_is(demo_site: Site, demo_visitors: Visitors) -> None:
    page = demo_visitors.sign_in("supervisor", lang="en")
    page.goto("/supervision/trends?since=2026-06-01")
    expect(page.locator(".chart svg")).to_have_count(2)
    expect(page.get_by_text("Kaplan–Meier estimate")).to_be_visible()
    page.locator("summary").click()
    expect(page.get_by_role("columnheader", name="Still waiting")).to_be_visible()
