"""Regions and substitutes: the tree is added to, renamed and merged; leave is covered from day to day."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response

from engine.actions.read_definitions import list_definitions
from engine.actions.region_tree import LEVELS, list_regions, save_region
from engine.actions.substitutes import add_substitution, end_substitution, list_substitutions
from engine.clocks import SHANGHAI
from engine.errors import EngineError
from engine.store.ids import read_id, show_id
from web.admin.frame import day_of, draw, read_day
from web.page import Ask, go_to, page, say

routes = Blueprint("admin_places", __name__, template_folder="../templates")
_LEVEL_OF = {length: level for level, length in LEVELS.items()}


def _regions(ask: Ask, error: EngineError | None = None) -> Response:
    """One level of the tree at a time: the region itself, what it lies in, and what lies in it."""
    under = ask.args.get("under", ask.form.get("under", ""))
    every = list_regions(ask.tx, actor=ask.actor)
    known = {one.code: one for one in every}
    chosen = known.get(under)
    if chosen is None:
        shown = [one for one in every if one.level in ("city", "county")]
    else:
        shown = [one for one in every if one.code.startswith(under) and _below(one.code, under)]
    text = ask.args.get("text", "").strip()
    if text:
        shown = [one for one in every if text in one.name or one.code.startswith(text)][:200]
    return draw(
        ask, "regions", error=error, regions=shown, chosen=chosen, entered=ask.form, text=text,
        above=[known[code] for code in (under[:4], under[:6], under[:9]) if code in known and code != under],
        today=ask.at.astimezone(SHANGHAI).date(),
    )  # fmt: skip


def _below(code: str, under: str) -> bool:
    lengths = sorted(LEVELS.values())
    return len(under) in lengths[:-1] and len(code) == lengths[lengths.index(len(under)) + 1]


@page(routes, "GET", "/admin/regions")
def regions(ask: Ask) -> Response:
    """The tree, level by level."""
    return _regions(ask)


@page(routes, "POST", "/admin/regions", access="admin", again=_regions)
def save(ask: Ask) -> Response:
    """Add a region, rename it, or end it with its successor."""
    form = ask.form
    code = form.get("code", "").strip()
    save_region(
        ask.tx,
        code=code,
        name=form.get("name", "").strip(),
        name_en=form.get("name_en", "").strip(),
        level=_LEVEL_OF.get(len(code), ""),
        valid_from=read_day(ask, "valid_from"),
        valid_to=read_day(ask, "valid_to"),
        successor=form.get("successor", "").strip(),
        actor=ask.actor,
        at=ask.at,
    )
    under = form.get("under", "")
    path = f"/admin/regions?under={under}" if under.isascii() and under.isdigit() else "/admin/regions"
    return say(go_to(path), "地区已保存。", "The region is saved.")


def _substitutes(ask: Ask, error: EngineError | None = None) -> Response:
    found = list_substitutions(ask.tx, actor=ask.actor, at=ask.at)
    return draw(
        ask,
        "substitutes",
        error=error,
        found=[(show_id(one.id), one) for one in found],
        entered=ask.form,
        processes=list_definitions(ask.tx, actor=ask.actor),
        today=ask.at.astimezone(SHANGHAI).date(),
    )


@page(routes, "GET", "/admin/substitutes")
def substitutes(ask: Ask) -> Response:
    """Who covers for whom, now and to come."""
    return _substitutes(ask)


@page(routes, "POST", "/admin/substitutes", access="work", again=_substitutes)
def name_substitute(ask: Ask) -> Response:
    """Let somebody act for somebody on leave."""
    form = ask.form
    values: dict[str, Any] = {name: form.get(name, "").strip() for name in ("absent", "substitute", "region")}
    add_substitution(
        ask.tx,
        starts=day_of(ask, "starts"),
        ends=day_of(ask, "ends"),
        process=form.get("process") or None,
        actor=ask.actor,
        at=ask.at,
        **values,
    )
    return say(go_to("/admin/substitutes"), "代办已安排。", "The substitute is named.")


@page(routes, "POST", "/admin/substitutes/{substitution_id}/end", access="work")
def end(ask: Ask, substitution_id: str) -> Response:
    """End a substitution at once."""
    end_substitution(ask.tx, substitution_id=read_id(substitution_id), actor=ask.actor, at=ask.at)
    return say(go_to("/admin/substitutes"), "代办已结束。", "The substitution has ended.")
