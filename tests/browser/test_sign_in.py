"""Signing in, the first page of each role, and a session that ends."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visitors


@pytest.mark.parametrize(
    ("username", "place"),
    [
        ("helper", "/work"),
        ("officer", "/work"),
        ("leader", "/work"),
        ("county", "/work"),
        ("supervisor", "/supervision"),
        ("coordinator", "/supervision"),
        ("designer", "/processes"),
        ("admin", "/admin"),
    ],
)
def test_each_account_lands_where_its_role_needs_to_be(
    sign_in: Callable[..., Page], username: str, place: str
) -> None:
    page = sign_in(username)
    expect(page).to_have_url(re.compile(f"{place}$"))
    expect(page.get_by_role("main")).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_be_visible()


def test_a_person_signs_in_with_the_keyboard_and_out_again(visitors: Visitors) -> None:
    page = visitors.visit()
    page.goto("/work")
    expect(page.get_by_role("heading", name="工作人员登录")).to_be_visible()
    page.get_by_label("账号").focus()
    page.keyboard.type("officer")
    page.keyboard.press("Tab")
    page.keyboard.type("wrong")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_be_visible()
    page.get_by_label("密码").fill("aidflow-demo")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/work$"))
    page.get_by_role("button", name="退出").click()
    expect(page.get_by_role("heading", name="工作人员登录")).to_be_visible()


def test_the_language_stays_chosen(visitors: Visitors) -> None:
    page = visitors.visit()
    page.goto("/sign-in")
    page.get_by_role("button", name="English").click()
    expect(page.get_by_role("heading", name="Staff sign-in")).to_be_visible()
    page.goto("/apply")
    expect(page.locator("html")).to_have_attribute("lang", "en")
