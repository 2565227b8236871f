"""`python -m tests.browser.screenshots`: the README's pictures of the demo, in docs/screenshots.

A demo is made in a folder of its own and served on loopback; each picture is of what a role meets.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from bench.server import await_ready, free_port, start_demo
from tests.browser.install import find_chromium

FOLDER = Path(__file__).parents[2] / "docs" / "screenshots"
DESKTOP, PHONE = {"width": 1280, "height": 800}, {"width": 390, "height": 844}
PICTURES = (
    ("officer", "/work", "my-work", DESKTOP),
    ("officer", "task", "task", DESKTOP),
    ("supervisor", "/supervision", "supervision", DESKTOP),
    ("supervisor", "case", "case", DESKTOP),
    ("designer", "/processes/minimum-living", "process", DESKTOP),
    ("", "/apply", "apply", PHONE),
)


def main() -> None:
    """Serve a demo and take every picture."""
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="aidflow-pictures-") as name, sync_playwright() as playwright:
        port = free_port()
        with start_demo(port, Path(name)):
            await_ready(port, seconds=180)
            browser = playwright.chromium.launch(executable_path=find_chromium(), args=["--no-sandbox"])
            for username, path, file, size in PICTURES:
                context = browser.new_context(
                    base_url=f"http://127.0.0.1:{port}",
                    viewport=size,
                    locale="zh-CN",  # type: ignore[arg-type]
                )
                page = context.new_page()
                if username:
                    _sign_in(page, username)
                _go(page, path)
                page.wait_for_load_state("networkidle")
                page.screenshot(path=FOLDER / f"{file}.png")
                context.close()
            browser.close()


def _sign_in(page: Page, username: str) -> None:
    page.goto("/sign-in")
    page.get_by_label("账号").fill(username)
    page.get_by_label("密码").fill("aidflow-demo")
    page.get_by_role("button", name="登录").click()
    page.wait_for_url(lambda url: "/sign-in" not in url)


def _go(page: Page, path: str) -> None:
    if path == "task":
        page.goto("/work?tab=group")
        page.get_by_role("main").get_by_role("link", name="入户调查").first.click()
    elif path == "case":
        page.goto("/cases?process=minimum-living&light=red")
        page.locator("tbody a").first.click()
    else:
        page.goto(path)


if __name__ == "__main__":
    main()
