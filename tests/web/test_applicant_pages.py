"""The pages of applicants without scripts: apply step by step, track, supply, withdraw, object."""

from __future__ import annotations

import re
from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from flask import Flask

from engine.actions.reading import get_case, list_cases
from engine.clocks import wall
from engine.store.ids import read_id
from tests import notice_files
from tests.builders import TOWN, Office
from tests.people_forms import id_number
from tests.web.conftest import Visitor

STEP = {"/applicant_name": "林小满", "/applicant_id_number": id_number(), "/household_size": "3"}


@pytest.fixture
def another(pages: Flask) -> Callable[[], Visitor]:
    """A function that gives one more phone."""
    return lambda: Visitor(pages.test_client())


@pytest.fixture
def stranger(another: Callable[[], Visitor], office: Office) -> Visitor:
    """Somebody without an account, where there is something to apply for."""
    office.now = wall.now()
    office.deploy(**notice_files.FILES)
    return another()


def _begin(stranger: Visitor) -> str:
    page = stranger.send("/apply/new/help", {"region": TOWN})
    found = re.search(r"[0-9A-Z]{4}(-[0-9A-Z]{4}){3}", page)
    assert found, page
    return found.group()


def _applied(stranger: Visitor, **changed: str) -> str:
    _begin(stranger)
    page = stranger.send("/apply/form/1", {**STEP, **changed, "go": "next"})
    assert "请核对" in page, page
    page = stranger.send("/apply/submit", {"true": "true"})
    found = re.search(rf"20[0-9]{{2}}-{TOWN}-[0-9]{{6}}", page)
    assert found, page
    return found.group()


def _tracked(stranger: Visitor, number: str) -> str:
    return stranger.send("/track", {"number": number, "digits": id_number()[-4:]})


def test_needs_are_offered_in_both_languages(stranger: Visitor) -> None:
    assert "生活困难，需要长期救助" in stranger.see("/apply")
    stranger.in_english()
    assert "I cannot make ends meet" in stranger.see("/apply")


def test_the_code_is_shown_once_and_opens_the_draft_on_another_phone(
    stranger: Visitor, another: Callable[[], Visitor]
) -> None:
    code = _begin(stranger)
    stranger.send("/apply/form/1", {**STEP, "go": "later"})
    assert code not in stranger.see("/apply")
    phone = another()
    assert 'value="林小满"' in phone.send("/apply/resume", {"code": code.lower()})
    assert 'value="林小满"' in phone.see("/apply/form/1")
    assert "没有这个编码" in another().send("/apply/resume", {"code": "0" * 16}, status=404)


def test_a_step_says_what_is_wrong_at_its_fields_and_keeps_what_was_written(stranger: Visitor) -> None:
    _begin(stranger)
    page = stranger.send(
        "/apply/form/1", {**STEP, "/applicant_id_number": "350481199001011234", "go": "next"}, status=422
    )
    assert 'href="#a-applicant_id_number"' in page
    assert 'value="林小满"' in page
    assert "350481199001011234" in stranger.see("/apply/form/1")


def test_what_is_missing_is_found_at_the_check(stranger: Visitor) -> None:
    _begin(stranger)
    page = stranger.see("/apply/check")
    assert 'href="/apply/form/1#a-applicant_name"' in page
    page = stranger.send("/apply/submit", {"true": "true"}, status=422)
    assert "applicant_name" in page


def test_nothing_is_sent_without_the_declaration(stranger: Visitor) -> None:
    _begin(stranger)
    stranger.send("/apply/form/1", {**STEP, "go": "next"})
    assert "请先勾选" in stranger.send("/apply/submit", {})


def test_applying_ends_with_a_receipt_that_can_be_seen_again(stranger: Visitor) -> None:
    number = _applied(stranger)
    assert number in stranger.see("/apply/receipt")
    assert number in stranger.see("/apply/form/1")
    stranger.send("/apply/leave", {})
    assert number not in stranger.see("/apply/receipt")


def test_the_case_is_seen_supplied_and_withdrawn(stranger: Visitor) -> None:
    page = _tracked(stranger, _applied(stranger))
    assert "等您办理" in page
    task = re.search(r"/track/tasks/(\w+)", page)
    assert task
    form = stranger.see(f"/track/tasks/{task.group(1)}")
    assert 'type="file"' in form
    sent: dict[str, Any] = {"_shown": "/paper_files", "/paper": "户口簿"}
    sent["/paper_files"] = (BytesIO(b"%PDF-1.4\n%%EOF\n"), "户口簿.pdf")
    page = stranger.send(f"/track/tasks/{task.group(1)}", sent)
    assert "已提交，谢谢" in page
    assert "乡镇（街道）协管员" in page
    notice = re.search(r"/track/notices/\w+", page)
    assert notice
    assert "林小满" in stranger.see(notice.group())
    assert "不能恢复" in stranger.see("/track/withdraw")
    assert "请" in stranger.send("/track/withdraw", {"reason": ""}, status=422)
    assert "已撤回" in stranger.send("/track/withdraw", {"reason": "不需要了"})
    stranger.send("/track/end", {})
    assert "超时" in stranger.see("/track/case")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_wrong_digits_and_a_wrong_number_show_the_same_page(stranger: Visitor, language: str) -> None:
    number = _applied(stranger)
    if language == "en":
        stranger.in_english()
    pages = [
        stranger.send("/track", {"number": tried, "digits": "0000"}, status=404).replace(tried, "")
        for tried in (number, f"2026-{TOWN}-999999")
    ]
    assert pages[0] == pages[1]


def test_a_wrong_number_keeps_a_strangers_text_harmless(stranger: Visitor) -> None:
    page = stranger.http.post("/track", data={"number": '"><script>x</script>', "digits": "1"}).text
    assert "<script>x" not in page


def _posted(stranger: Visitor, office: Office) -> str:
    _applied(stranger)
    with office.database.read() as tx:
        (summary,) = list_cases(tx, actor=office.who("officer"), at=office.now).items
        case = get_case(tx, case_id=read_id(summary.id), actor=office.who("officer"), at=office.now)
    office.complete(case, "supply")
    office.complete(case, "look")
    return str(summary.number)


def test_a_posting_hangs_on_its_towns_page_and_takes_an_objection(stranger: Visitor, office: Office) -> None:
    _posted(stranger, office)
    board = stranger.see(f"/notices?region={TOWN}")
    assert "林小满，家庭人数3。" in board
    assert id_number() not in board
    path = re.search(rf"/notices/{TOWN}/\w+", board)
    assert path
    said = {"name": "邻居", "contact": "13900000001", "text": ""}
    page = stranger.send(path.group(), said, status=422)
    assert 'href="#f-text"' in page
    assert 'value="邻居"' in page
    page = stranger.send(path.group(), {**said, "text": "有房"})
    assert "异议已收到" in page
    assert "今天没有公示" in page
    assert "林小满" not in stranger.see(path.group(), status=404)


def test_english_pages_hold_chinese_only_where_they_say_so(stranger: Visitor, office: Office) -> None:
    _posted(stranger, office)
    number = stranger.see("/apply/receipt")
    found = re.search(rf"20[0-9]{{2}}-{TOWN}-[0-9]{{6}}", number)
    assert found
    stranger.in_english()
    tracked = _tracked(stranger, found.group())
    notice = re.search(r"/track/notices/\w+", tracked)
    posting = re.search(rf"/notices/{TOWN}/\w+", stranger.see(f"/notices/{TOWN}"))
    assert notice
    assert posting
    paths = ["/apply", "/apply/new/help", "/track", "/track/case", "/track/withdraw", "/notices"]
    for path in [*paths, f"/notices/{TOWN}", posting.group(), notice.group(), "/apply/receipt"]:
        page = re.sub(r"<(\w+)[^>]* lang=\"zh-CN\"[^>]*>.*?</\1>", "", stranger.see(path), flags=re.DOTALL)
        assert re.findall(r"[\u4e00-\u9fff]+", page) == [], path


def test_a_town_that_is_none_has_no_board(stranger: Visitor) -> None:
    stranger.see("/notices?region=999999999", status=404)
    stranger.see("/notices/999999999", status=422)
