"""People: who serves where, new ones, positions from one day to another, accounts, tables of staff."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, request

from api.auth import settings
from engine import access
from engine.actions.import_people import export_people, import_people
from engine.actions.manage_account import (
    get_account,
    give_password,
    release_account,
    rename_person,
    set_account_active,
)
from engine.actions.region_tree import list_regions
from engine.actions.sheets import Format
from engine.actions.staff import NewPosition, add_person, add_position, end_position, list_staff
from engine.clocks import SHANGHAI
from engine.errors import EngineError
from web.admin.frame import draw, fault, read_day
from web.page import Ask, go_to, page, say

routes = Blueprint("admin_people", __name__, template_folder="../templates")
_MEDIA = {"csv": "text/csv", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}


def _choices(ask: Ask) -> dict[str, Any]:
    return {
        "roles": sorted(access.ROLES),
        "regions": [one for one in list_regions(ask.tx, actor=ask.actor) if one.level != "village"],
        "manages": bool(access.regions_where(ask.actor, "people.manage")),
        "today": ask.at.astimezone(SHANGHAI).date(),
    }


@page(routes, "GET", "/admin/people")
def people(ask: Ask) -> Response:
    """Everybody with a position where one may see staff, narrowed to a region or a role."""
    query: dict[str, Any] = {
        name: value for name in ("region", "role") if (value := ask.args.get(name, "").strip())
    }
    found = list_staff(ask.tx, actor=ask.actor, cursor=ask.args.get("cursor") or None, **query)
    return draw(ask, "people", found=found, query=query, **_choices(ask))


def _new_person(ask: Ask, error: EngineError | None = None) -> Response:
    charge = access.regions_where(ask.actor, "people.manage")
    access.require(ask.actor, "people.manage", charge[0] if charge else "")
    return draw(ask, "person_new", tab="people", error=error, entered=ask.form, **_choices(ask))


@page(routes, "GET", "/admin/people/new")
def new_person(ask: Ask) -> Response:
    """The form for somebody new."""
    return _new_person(ask)


@page(routes, "POST", "/admin/people/new", access="admin", again=_new_person)
def add(ask: Ask) -> Response:
    """Add somebody; the initial password is shown on the answer, and never again."""
    form = ask.form
    person, initial = add_person(
        ask.tx,
        username=form.get("username", "").strip(),
        name=form.get("name", "").strip(),
        name_en=form.get("name_en", "").strip(),
        positions=[_position(ask)],
        password=None,
        policy=settings().sign_in,
        actor=ask.actor,
        at=ask.at,
    )
    return draw(ask, "password", tab="people", username=person.username, initial=initial)


def _position(ask: Ask) -> NewPosition:
    return NewPosition(
        role=ask.form.get("role", ""),
        region=ask.form.get("region", "").strip(),
        valid_from=read_day(ask, "valid_from"),
        valid_to=read_day(ask, "valid_to"),
    )


def _person(ask: Ask, error: EngineError | None = None, *, username: str) -> Response:
    found = get_account(ask.tx, username=username, actor=ask.actor, at=ask.at)
    return draw(
        ask, "person", tab="people", error=error, account=found, person_=found.person, entered=ask.form,
        **_choices(ask),
    )  # fmt: skip


@page(routes, "GET", "/admin/people/{username}")
def person(ask: Ask, username: str) -> Response:
    """One person: names, account, positions past and to come."""
    return _person(ask, username=username)


@page(routes, "POST", "/admin/people/{username}/name", access="admin", again=_person)
def rename(ask: Ask, username: str) -> Response:
    """Change what somebody is called."""
    names = {name: ask.form.get(name, "").strip() for name in ("name", "name_en")}
    rename_person(ask.tx, username=username, actor=ask.actor, at=ask.at, **names)
    return _done(username, "姓名已更改。", "The name is changed.")


@page(routes, "POST", "/admin/people/{username}/positions", access="admin", again=_person)
def give_position(ask: Ask, username: str) -> Response:
    """Give a position."""
    add_position(ask.tx, username=username, position=_position(ask), actor=ask.actor, at=ask.at)
    return _done(username, "岗位已增加。", "The position is given.")


@page(routes, "POST", "/admin/people/{username}/positions/end", access="admin", again=_person)
def take_position(ask: Ask, username: str) -> Response:
    """End a position after its last day."""
    end_position(
        ask.tx,
        username=username,
        role=ask.form.get("role", ""),
        region=ask.form.get("region", ""),
        last_day=read_day(ask, "last_day"),
        actor=ask.actor,
        at=ask.at,
    )
    return _done(username, "岗位的截止日已登记。", "The last day is set.")


@page(routes, "POST", "/admin/people/{username}/account", access="admin", again=_person)
def change_account(ask: Ask, username: str) -> Response:
    """Close or open an account, end its locks, or give it a new password, which is shown once."""
    match ask.form.get("act"):
        case "close" | "open" as act:
            set_account_active(ask.tx, username=username, active=act == "open", actor=ask.actor, at=ask.at)
            if act == "open":
                return _done(username, "账号已启用。", "The account is open again.")
            return _done(username, "账号已停用，会话和令牌已结束。", "The account is closed.")
        case "release":
            release_account(ask.tx, username=username, actor=ask.actor, at=ask.at)
            return _done(username, "登录锁定已解除。", "The lock is lifted.")
        case "password":
            _view, initial = give_password(
                ask.tx, username=username, policy=settings().sign_in, actor=ask.actor, at=ask.at
            )
            return draw(ask, "password", tab="people", username=username, initial=initial)
    raise fault("act", "不认识的操作", "there is no such act")


@page(routes, "GET", "/admin/people.{form}")
def export(ask: Ask, form: str) -> Response:
    """The table of staff, as the import reads it."""
    wanted: Format = "xlsx" if form == "xlsx" else "csv"
    response = Response(export_people(ask.tx, actor=ask.actor, form=wanted), mimetype=_MEDIA[wanted])
    response.headers["Content-Disposition"] = f"attachment; filename=people.{wanted}"
    return response


def _table(ask: Ask, error: EngineError | None = None) -> Response:
    return draw(ask, "people_import", tab="people", error=error, report=None, **_choices(ask))


@page(routes, "GET", "/admin/people-import")
def table(ask: Ask) -> Response:
    """The form to send a table of staff with."""
    return _table(ask)


@page(routes, "POST", "/admin/people-import", access="admin", again=_table)
def take_table(ask: Ask) -> Response:
    """Say what a table would change, row by row; or, when asked to, change it."""
    sent = request.files.get("table")
    if sent is None or not sent.filename:
        raise fault("table", "请选择 CSV 或 Excel 文件", "choose a CSV or Excel file")
    dry = ask.form.get("act") != "write"
    report = import_people(
        ask.tx, data=sent.read(), actor=ask.actor, at=ask.at, dry_run=dry,
        skip_bad=ask.form.get("skip_bad") == "true",
    )  # fmt: skip
    return draw(ask, "people_import", tab="people", report=report, **_choices(ask))


def _done(username: str, zh: str, en: str) -> Response:
    return say(go_to(f"/admin/people/{username}"), zh, en)
