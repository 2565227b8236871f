"""What the work list is narrowed to: in the address, so that it can be shared, and kept for the person."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlencode

from flask import Response, request

from api.auth import settings
from web.page import Ask

NAMES = ("tab", "process", "step", "light", "region", "q")
TABS = ("mine", "group", "region")
_COOKIE, _LONGEST, _DAYS = "aidflow_work", 600, 90


@dataclass(frozen=True, slots=True)
class Filters:
    """The filters of one look at the list; what is empty narrows nothing."""

    tab: str
    process: str = ""
    step: str = ""
    light: str = ""
    region: str = ""
    q: str = ""

    @property
    def narrow(self) -> bool:
        """Whether anything but the tab is chosen."""
        return any((self.process, self.step, self.light, self.region, self.q))

    def query(self) -> dict[str, Any]:
        """As `list_tasks` takes them."""
        chosen = {
            "process": self.process,
            "step": self.step,
            "light": self.light,
            "region": self.region,
            "text": self.q,
        }
        return {
            "mine": self.tab == "mine",
            "group": self.tab == "group",
            **{name: value for name, value in chosen.items() if value},
        }


def read_filters(ask: Ask, tab: str) -> Filters:
    """From the address; `tab` is what stands where it names none."""
    given = {name: ask.args.get(name, "").strip()[:_LONGEST] for name in NAMES}
    if given["tab"] not in TABS:
        given["tab"] = tab
    if not given["process"]:
        given["step"] = ""
    return Filters(**given)


def kept_query(ask: Ask) -> str:
    """What this person chose last in this browser, as a query; empty if nothing."""
    username, _, query = request.cookies.get(_COOKIE, "").partition("?")
    if username != ask.actor.username:
        return ""
    return urlencode([(name, value) for name, value in parse_qsl(query) if name in NAMES and value])


def keep(response: Response, ask: Ask) -> None:
    """Remember what the address says for the next time."""
    chosen = urlencode([(name, ask.args[name]) for name in NAMES if ask.args.get(name)])
    if len(chosen) <= _LONGEST:
        response.set_cookie(
            _COOKIE, f"{ask.actor.username}?{chosen}", max_age=_DAYS * 86_400, httponly=True,
            samesite="Lax", secure=settings().secure_cookies, path="/work",
        )  # fmt: skip


def forget(response: Response) -> None:
    """Back to the list as it comes."""
    response.delete_cookie(
        _COOKIE, path="/work", httponly=True, samesite="Lax", secure=settings().secure_cookies
    )
