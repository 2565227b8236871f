"""For each page an address that the demo has, and who reads it."""

from __future__ import annotations

import re

from engine.actions.reading import list_cases, list_tasks
from engine.store.db import Database
from engine.types import SYSTEM
from tests.browser.conftest import Site

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
    "/mentions": "officer",
    "/cases": "officer",
    "/warnings": "county",
    "/supervision": "supervisor",
    "/processes": "designer",
    "/admin": "admin",
}
# What sends a file, or leads on to another page.
_NO_PAGE = re.compile(r"^/$|<form>$|\.(xlsx|csv|zip|pdf)$|/export|/files/|/download")


def readers_of(path: str) -> str:
    """The account that reads a page."""
    fits = [start for start in _READERS if path == start or path.startswith(f"{start}/")]
    assert fits, f"who reads {path}? say so in tests/browser/examples.py"
    return _READERS[max(fits, key=len)]


def address(path: str, site: Site) -> str | None:
    """The page's path with examples for its parts; None for what is no page."""
    if _NO_PAGE.search(path):
        return None
    return re.sub(r"<(?:\w+:)?(\w+)>", lambda part: _example(part[1], path, site.database, site), path)


def _example(name: str, path: str, database: Database, site: Site) -> str:
    with database.read() as tx:
        match name:
            case "case_id":
                return list_cases(tx, actor=SYSTEM, at=site.at, process="minimum-living").items[0].id
            case "task_id":
                officer = site.actor("officer")
                return list_tasks(tx, actor=officer, at=site.at, group=True).items[0].id
            case "key":
                return "minimum-living"
            case "username":
                return "officer"
            case "version":
                return "1"
    raise AssertionError(f"no example for <{name}> of {path}: add one to tests/browser/examples.py")
