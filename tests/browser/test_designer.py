"""A designer changes a limit and a condition and deploys, plays a scenario; files go out and in unchanged."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

from playwright.sync_api import Page, Route, expect

from engine.actions.designing.folders import files_of_version
from engine.actions.views import CaseView
from engine.definitions import read_folder
from tests.browser.conftest import ROOT, Site

SignIn = Callable[..., Page]
BROKEN = '=verdict = "return" and ('
MENDED = '=verdict = "return" and urgent = true'
SLOW = 60_000
"""Milliseconds for what checks or plays all of a folder."""


def _begin(page: Page, checked: bool = True) -> None:
    """A draft of the transfer process, on the workbench; ``checked``: once its files are."""
    page.goto("/processes/transfer")
    page.get_by_role("button", name="以此版新建草稿").click()
    if checked:
        expect(page.locator("[data-findings]")).not_to_contain_text("正在检查", timeout=SLOW)


def _limit(page: Page) -> None:
    """From the day of the journey on, five working days instead of two."""
    page.get_by_role("tab", name="参数").click()
    page.get_by_role("button", name="修改 transfer.hand_over").click(timeout=SLOW)
    dialog = page.get_by_role("dialog", name="修改参数")
    dialog.get_by_role("button", name="增加一个日期").click()
    row = dialog.locator(".dated-value").last
    row.get_by_label("自", exact=True).fill("2026-09-21")
    row.get_by_label("数值").fill("5")
    row.get_by_label(re.compile("依据")).fill("明民〔2026〕5号")
    dialog.get_by_role("button", name="保存到草稿").click()
    expect(dialog).to_be_hidden(timeout=SLOW)
    expect(page.locator("tr", has_text="明民〔2026〕5号")).to_contain_text("5 个工作日", timeout=SLOW)


def _find(page: Page) -> None:
    """The flow that returns a slip, by the search over the diagram."""
    page.get_by_role("tab", name="流程图").click()
    page.get_by_role("button", name="查找").click(timeout=SLOW)
    page.locator(".djs-search-input input").press_sequentially("verdict_to_correct_slip")
    expect(page.locator(".djs-search-result").first).to_be_visible(timeout=SLOW)
    page.keyboard.press("Enter")


def _condition(page: Page, text: str) -> None:
    """Write the condition of the chosen flow in the panel beside the diagram."""
    group = page.locator('[data-group-id="group-condition"]')
    header = group.locator(".bio-properties-panel-group-header")
    expect(header).to_be_visible(timeout=SLOW)
    if "open" not in (header.get_attribute("class") or "").split():
        header.click()
    field = group.locator(".cm-content")
    field.click()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.insert_text(text.removeprefix("="))
    field.blur()
    expect(page.locator("[data-state]")).to_have_text("已保存到草稿", timeout=SLOW)


def _returned(site: Site, case: CaseView) -> CaseView:
    """The slip handed over and returned by the department, not urgent."""
    office = site.office
    office.complete(case, "hand_over", handed_to="赵医保", hand_over_way="online")
    return office.complete(case, "consider", by="department", verdict="return", return_reason="缺结算单")


def test_a_limit_and_a_condition_are_changed_checked_and_deployed(site: Site, sign_in: SignIn) -> None:
    slip = {"applicant_name": "王强", "department": "medical", "matter": "申请医疗救助"}
    old = site.office.open("transfer", **slip)
    page = sign_in("designer")
    _begin(page)
    _limit(page)
    findings = page.locator("[data-findings]")
    _find(page)
    _condition(page, BROKEN)
    wrong = findings.locator("button.finding.error")
    expect(wrong.first).to_be_visible(timeout=SLOW)
    page.get_by_role("link", name="查看改动并部署").click()
    expect(page.get_by_text(re.compile("有 [1-9] 个错误，改正后才能部署"))).to_be_visible(timeout=SLOW)
    expect(page.get_by_role("button", name="部署", exact=True)).to_have_count(0)
    page.get_by_role("link", name="返回编辑").click()
    wrong.first.click(timeout=SLOW)  # leads to the flow
    _condition(page, MENDED)
    expect(wrong).to_have_count(0, timeout=SLOW)
    page.get_by_role("link", name="查看改动并部署").click()
    changes = page.get_by_role("region", name="将会改变")
    expect(changes).to_contain_text("自2026-09-21起为5个工作日，原为2个工作日", timeout=SLOW)
    expect(changes.get_by_role("listitem").filter(has_text=MENDED)).to_contain_text("退回（一次）")
    page.get_by_role("button", name="部署", exact=True).click()
    dialog = page.get_by_role("dialog", name="确定部署？")
    dialog.get_by_role("button", name="部署", exact=True).click()
    expect(page.get_by_text("已部署第 2 版，新立案件按此版办理，在办案件不变。")).to_be_visible(timeout=SLOW)

    new = site.office.open("transfer", **slip)
    assert (site.office.look(old).process_version, new.process_version) == (1, 2)
    due = [site.office.task(one, "hand_over").due_date for one in (old, new)]
    assert due == [date(2026, 9, 23), date(2026, 9, 29)]
    open_now = [[task.element_id for task in _returned(site, one).tasks] for one in (old, new)]
    assert open_now == [["correct_slip"], ["assign_by_group"]]


def test_a_scenario_is_played_step_by_step(sign_in: SignIn) -> None:
    page = sign_in("designer")
    page.goto("/processes/transfer?view=scenarios")
    side = page.get_by_role("region", name="案件此刻的情况")
    expect(side).to_contain_text("移送部门", timeout=SLOW)
    chosen = page.get_by_label("场景", exact=True)
    chosen.select_option(label="两个工作日内移送，部门接收，十个工作日内答复，告知申请人")
    player = page.locator("[data-island=scenario-player]")
    expect(player).not_to_have_attribute("aria-busy", "true", timeout=SLOW)
    count = page.locator(".player-bar .muted")
    expect(count).to_have_text(re.compile("^0 / "), timeout=SLOW)
    expect(page.locator(".djs-element.is-active").first).to_be_attached()
    last = int(count.inner_text().split("/")[1])
    seen = []
    for number in range(1, last + 1):
        page.get_by_role("button", name="下一步").click()
        expect(count).to_have_text(f"{number} / {last}")
        seen.append(page.locator(".virtual-clock").inner_text())
    assert seen == sorted(seen)
    assert (seen[0][:10], seen[-1][:10]) == ("2026-09-22", "2026-10-10")
    expect(side).to_contain_text("已办结")
    expect(side).to_contain_text("answered")
    expect(page.locator(".player-said")).to_have_text("")
    page.get_by_role("button", name="上一步").click()
    expect(count).to_have_text(f"{last - 1} / {last}")
    page.get_by_role("button", name="回到开始").click()
    expect(count).to_have_text(f"0 / {last}")


def _unpacked(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(path.read_bytes())) as packed:
        return {name: packed.read(name) for name in packed.namelist()}


def test_a_draft_that_leaves_before_its_editor_has_opened_loses_nothing(site: Site, sign_in: SignIn) -> None:
    page = sign_in("designer")
    held: list[Route] = []
    page.route(re.compile(r"/drafts/.*/file\?name="), lambda route: held.append(route))
    with page.expect_request(re.compile(r"/drafts/.*/file\?name=.*bpmn")):
        _begin(page, checked=False)
    with page.expect_download() as waiting:  # which saves what the editors hold: nothing yet
        page.get_by_role("link", name="导出").click()
    out = _unpacked(waiting.value.path())
    deployed = read_folder(ROOT / "processes")
    assert out == {name: deployed[name] for name in out}
    for route in held:
        route.continue_()


def test_files_go_out_and_in_again_without_a_changed_byte(
    site: Site, sign_in: SignIn, tmp_path: Path
) -> None:
    page = sign_in("designer")
    page.goto("/processes/transfer")
    with page.expect_download() as waiting:
        page.get_by_role("link", name="导出文件").click()
    out = _unpacked(waiting.value.path())
    deployed = read_folder(ROOT / "processes")
    assert "transfer/transfer.bpmn" in out
    assert out == {name: deployed[name] for name in out}
    with site.database.read() as tx:
        held, version = files_of_version(tx, process="transfer", actor=site.actor("designer"))
    assert (dict(held), version) == (out, 1)

    folder = tmp_path / "out"
    folder.mkdir()
    for name, data in out.items():
        (folder / Path(name).name).write_bytes(data)
    _begin(page)
    page.locator("[data-import]").set_input_files(sorted(folder.iterdir()))
    expect(page.locator("[data-state]")).to_have_text("已保存到草稿", timeout=SLOW)
    with page.expect_download() as waiting:
        page.get_by_role("link", name="导出").click()
    assert _unpacked(waiting.value.path()) == out
    page.get_by_role("link", name="查看改动并部署").click()
    expect(page.get_by_text("与现行版本没有区别。")).to_be_visible(timeout=SLOW)
