"""Every page there is: accessible in both languages and both colour schemes, and translated throughout.

The list is the pages' own registry, so that no page can be forgotten; an address with a new kind of part
fails until the demo has an example of it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

import web  # noqa: F401 - registers the pages
from tests.browser.conftest import ROOT, Site, Visitors
from tests.browser.examples import address, enter, readers_of
from web.page import PAGES

AXE = ROOT / "web" / "assets" / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
WALKED = sorted(path for (method, path), _ in PAGES.items() if method == "GET")

_UNTRANSLATED = (Path(__file__).parent / "untranslated.js").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def axe() -> str:
    return AXE.read_text(encoding="utf-8")


def _violations(page: Page) -> Iterator[str]:
    options = {"runOnly": {"type": "tag", "values": RULES}, "resultTypes": ["violations"]}
    found: dict[str, Any] = page.evaluate(f"() => axe.run(document, {json.dumps(options)})")
    for rule in found["violations"]:
        for node in rule["nodes"][:3]:
            yield f"{rule['id']}: {rule['help']}: {node['html'][:160]}"


@pytest.mark.parametrize("path", WALKED)
def test_page_is_accessible_and_translated(
    demo_site: Site, demo_visitors: Visitors, axe: str, path: str
) -> None:
    where = address(path, demo_site)
    if where is None:
        pytest.skip("no page to look at: it sends files or leads on")
    faults = []
    for lang in ("zh-CN", "en"):
        reader = readers_of(path)
        page = demo_visitors.sign_in(reader, lang=lang) if reader else demo_visitors.visit(lang=lang)
        enter(page, path, demo_site)
        answer = page.goto(where)
        assert answer is not None
        assert answer.status == 200
        assert page.url.partition("#")[0].endswith(where), "the page leads on: it needs another example"
        page.wait_for_load_state("networkidle")
        page.evaluate(axe)
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            faults += [f"{lang} {scheme}: {one}" for one in _violations(page)]
        faults += [f"{lang}: not translated: {one}" for one in page.evaluate(_UNTRANSLATED, lang[:2])]
        page.context.close()
    assert faults == []
