"""For each page an address that the demo has, who reads it, and how one gets in without an account."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Page

from api.settings import Settings
from engine.actions.applicants_apply import save_application, start_application, submit_application
from engine.actions.applicants_view import show_tracked
from engine.actions.claim_task import claim_task
from engine.actions.designing.drafts import open_draft
from engine.actions.notices import list_notices, list_postings
from engine.actions.reading import list_cases, list_tasks
from engine.store.ids import read_id
from engine.types import SYSTEM
from tests.browser.conftest import Site
from tests.builders import TOWN

# Who looks at the pages below an address, the longest that fits; "" is somebody without an account.
_READERS = {
    "/": "",
    "/sign-in": "",
    "/password": "",
    "/apply": "",
    "/track": "",
    "/notices": "",
    "/work": "officer",
    "/tasks": "officer",
    "/cases": "officer",
    "/warnings": "county",
    "/supervision": "supervisor",
    "/processes": "designer",
    "/admin": "admin",
}
# What sends a file, or leads on to another page.
_NO_PAGE = re.compile(r"^/$|<form>$|^/supervision/export$")
# What a page shows once something was chosen.
_CHOSEN = {
    "/supervision/heat": "?process=minimum-living",
    "/processes/<key>/compare": "?from=1&to=1",
    "/processes/<key>/edit": "?draft=<draft>",
    "/processes/<key>/deploy": "?draft=<draft>",
    "/tasks/<task_id>/hand": "?how=delegate",
}
_NUMBER = "350481198001010013"
_ANSWERS: dict[str, Any] = {
    "applicant_name": "林小满",
    "applicant_id_number": _NUMBER,
    "household_size": 3,
    "authorised": True,
    "committed": True,
}


@dataclass(frozen=True, slots=True)
class Applicant:
    """Somebody who has a case that lacks papers, an application in hand, and another that was sent."""

    number: str
    task_id: str
    notice_id: str
    code: str
    sent_code: str


_APPLICANTS: dict[str, Applicant] = {}  # by the site's address
_DRAFTS: dict[str, str] = {}


def readers_of(path: str) -> str:
    """The account that reads a page."""
    fits = [start for start in _READERS if path == start or path.startswith(f"{start}/")]
    fits += [start for start in _READERS if start != "/" and path.startswith(f"{start}-")]
    assert fits, f"who reads {path}? say so in tests/browser/examples.py"
    return _READERS[max(fits, key=len)]


def address(path: str, site: Site) -> str | None:
    """The page's path with examples for its parts; None for what is no page."""
    if _NO_PAGE.search(path):
        return None
    whole = path + _CHOSEN.get(path, "")
    return re.sub(r"<(?:\w+:)?(\w+)>", lambda part: _example(part[1], path, site), whole)


def enter(page: Page, path: str, site: Site) -> None:
    """Let somebody without an account in where a page asks for a code or a number first."""
    if path in ("/apply/check", "/apply/receipt") or path.startswith("/apply/form/"):
        made = _applicant(site)
        page.goto("/apply")
        page.locator("#code").fill(made.sent_code if path.endswith("receipt") else made.code)
        page.locator("form:has(#code) button").click()
        page.wait_for_url(re.compile("/apply/(form|receipt)"))
    elif path.startswith("/track/"):
        page.goto("/track")
        page.locator("#number").fill(_applicant(site).number)
        page.locator("#digits").fill(_NUMBER[-4:])
        page.locator("form:has(#digits) button").click()
        page.wait_for_url("**/track/case")


def _example(name: str, path: str, site: Site) -> str:
    match name:
        case "case_id":
            return _case(site)
        case "task_id":
            return _applicant(site).task_id if path.startswith("/track/") else _task(site)
        case "notice_id":
            return _applicant(site).notice_id
        case "posting_id":
            with site.database.read() as tx:
                return list_postings(tx, region=TOWN, at=site.at)[0].id
        case "region":
            return TOWN
        case "draft":
            return _draft(site)
        case "key" | "process":
            return "minimum-living"
        case "username":
            return "officer"
        case "number":
            return "1"
    raise AssertionError(f"no example for <{name}> of {path}: add one to tests/browser/examples.py")


def _case(site: Site) -> str:
    """The officer's case with the most notices: it has come far."""
    officer = site.actor("officer")
    with site.database.read() as tx:
        found = list_cases(tx, actor=officer, at=site.at, process="minimum-living").items
        return max(found, key=lambda one: len(list_notices(tx, case_id=read_id(one.id), actor=officer))).id


def _task(site: Site) -> str:
    """A task in the officer's hands."""
    officer = site.actor("officer")
    with site.database.write() as tx:
        if mine := list_tasks(tx, actor=officer, at=site.at, mine=True).items:
            return mine[0].id
        task = list_tasks(tx, actor=officer, at=site.at, group=True).items[0]
        return claim_task(tx, task_id=read_id(task.id), actor=officer, at=site.at).id


def _draft(site: Site) -> str:
    if site.address not in _DRAFTS:
        with site.database.write() as tx:
            made = open_draft(tx, process="minimum-living", actor=site.actor("designer"), at=site.at)
        _DRAFTS[site.address] = made.id
    return _DRAFTS[site.address]


def _applicant(site: Site) -> Applicant:
    if site.address not in _APPLICANTS:
        office = site.office
        case = office.open("minimum-living", **{**_ANSWERS, "authorised": False})
        office.complete(case, "receipt_check", complete=False, missing=["authorisation"])
        site.settle()
        with site.database.read() as tx:
            tracked = show_tracked(tx, case_id=read_id(case.id), at=site.at)
            notice = list_notices(tx, case_id=read_id(case.id), actor=SYSTEM)[0]
        _APPLICANTS[site.address] = Applicant(
            case.number, tracked.todo[0].id, notice.id, _apply(site), _apply(site, send=True)
        )
    return _APPLICANTS[site.address]


def _apply(site: Site, *, send: bool = False) -> str:
    """The code of an application that is filled in; sent, if so wished."""
    policy = Settings().applicants
    with site.database.write() as tx:
        code, _ = start_application(
            tx, process="minimum-living", region=TOWN, address="", policy=policy, at=site.at
        )
        save_application(tx, code=code, answers=_ANSWERS, policy=policy, at=site.at)
        if send:
            submit_application(tx, code=code, at=site.at)
    return code
