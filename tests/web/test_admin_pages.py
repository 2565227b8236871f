"""The administrators' pages: what they show, what they change, and how many statements a list takes."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from engine.actions.staff import NewPosition, add_position, end_position
from engine.actions.views import CaseView
from engine.clocks import SHANGHAI
from engine.store import people
from tests.builders import Office
from tests.web.conftest import Visitor, open_one

PAGES = (
    "/admin", "/admin/people", "/admin/people/new", "/admin/people/officer", "/admin/people-import",
    "/admin/regions", "/admin/regions?under=350481", "/admin/substitutes", "/admin/calendars",
    "/admin/calendars?county=350481&year=2026", "/admin/calendars?year=2031", "/admin/parameters",
    "/admin/parameters?placeholders=true", "/admin/incidents", "/admin/incidents?all=true", "/admin/tokens",
    "/admin/audit", "/admin/audit?kind=token_created",
)  # fmt: skip


@pytest.fixture
def admin(visit: Callable[[str], Visitor], case: CaseView) -> Visitor:
    """An administrator while a case is open."""
    return visit("admin")


@pytest.mark.parametrize("path", PAGES)
def test_page_is_drawn_in_both_languages(admin: Visitor, path: str) -> None:
    assert '<nav class="' in admin.see(path)
    admin.in_english()
    assert '<html lang="en"' in admin.see(path)


@pytest.mark.parametrize("path", ["/admin", "/admin/people", "/admin/audit"])
def test_who_administers_nothing_is_refused(officer: Visitor, now: Office, path: str) -> None:
    officer.see(path, status=403)


def test_somebody_new_gets_a_password_that_is_shown_once(admin: Visitor, now: Office) -> None:
    person = {"username": "li.na", "name": "李娜", "role": "town.officer", "region": "350481100"}
    shown = admin.send("/admin/people/new", person)
    secret = re.search(r'class="secret">([^<]+)<', shown)
    assert secret is not None
    assert secret[1] not in admin.see("/admin/people/li.na")
    assert now.who("li.na").roles == {"town.officer"}


def test_faults_stand_at_their_fields_and_what_was_typed_stays(admin: Visitor, now: Office) -> None:
    person = {"username": "officer", "name": "", "role": "town.officer", "region": "350481100"}
    shown = admin.send("/admin/people/new", {**person, "name_en": "Somebody"}, status=422)
    assert 'href="#f-username"' in shown
    assert 'id="f-name-fault"' in shown
    assert 'value="Somebody"' in shown


def test_a_position_is_given_and_ended(admin: Visitor, now: Office) -> None:
    base, held = "/admin/people/officer2/positions", {"role": "town.leader", "region": "350481101"}
    admin.send(base, held)
    last = now.now.astimezone(SHANGHAI).date() + timedelta(days=9)
    shown = admin.send(f"{base}/end", {**held, "last_day": last.isoformat()})
    assert last.isoformat() in shown
    assert "/admin/people/officer2" in admin.see("/admin")  # it ends soon


def test_an_account_is_closed_and_opened(admin: Visitor, visit: Callable[[str], Visitor]) -> None:
    leader = visit("leader")
    admin.send("/admin/people/leader/account", {"act": "close"})
    leader.see("/work", status=401)
    admin.send("/admin/people/leader/account", {"act": "open"})
    assert visit("leader").see("/work")


def test_a_table_is_tried_dry_before_it_is_written(admin: Visitor, now: Office) -> None:
    table = "账号,姓名,岗位,地区代码\nli.na,李娜,town.officer,350481100\nwu,吴,town.boss,350481100\n".encode()

    def send(**more: str) -> str:
        return admin.send("/admin/people-import", {"table": (io.BytesIO(table), "staff.csv"), **more})

    dry = send(act="dry")
    assert "town.boss" in dry
    with now.database.read() as tx:
        assert people.find_actor(tx, "li.na", date(2030, 1, 1)) is None
    send(act="write", skip_bad="true")
    with now.database.read() as tx:
        assert people.find_actor(tx, "li.na", date(2030, 1, 1)) is not None


def test_a_region_is_added_renamed_and_merged(admin: Visitor, now: Office) -> None:
    admin.send("/admin/regions", {"code": "350481199", "name": "新乡", "under": "350481"})
    admin.send("/admin/regions", {"code": "350481199", "name": "新镇", "under": "350481"})
    ended = {"valid_to": "2026-12-31", "successor": "350481100"}
    admin.send("/admin/regions", {"code": "350481199", "name": "新镇", **ended})
    with now.database.read() as tx:
        found = people.get_region(tx, "350481199")
    assert (found.name, found.successor, found.valid_to) == ("新镇", "350481100", date(2026, 12, 31))


def test_leave_is_covered_until_it_is_ended(admin: Visitor, now: Office) -> None:
    today = now.now.astimezone(SHANGHAI).date()
    days = {"starts": today.isoformat(), "ends": (today + timedelta(days=5)).isoformat()}
    shown = admin.send("/admin/substitutes", {"absent": "officer", "substitute": "officer2", **days})
    path = re.search(r"/admin/substitutes/\w+/end", shown)
    assert path is not None
    assert "/end" not in admin.send(path[0], {})


def typhoon(now: Office) -> dict[str, str]:
    """The form that frees the next five days in the county."""
    today = now.now.astimezone(SHANGHAI).date()
    return {
        "region": "350481", "announced": today.isoformat(), "source": "永安市政府通告", "works": "free",
        "from": (today + timedelta(days=1)).isoformat(), "to": (today + timedelta(days=5)).isoformat(),
        "zh": "台风停工", "en": "typhoon",
    }  # fmt: skip


def test_a_county_day_shows_what_moves_before_it_is_announced(
    admin: Visitor, now: Office, case: CaseView
) -> None:
    before = {one.name: one.due_date for one in now.look(case).clocks}
    shown = admin.send("/admin/calendars/preview", typhoon(now))
    moves = re.findall(r"/cases/\w+", shown)
    assert {one.name: one.due_date for one in now.look(case).clocks} == before
    assert bool(moves) == bool(before)
    fields = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', shown))
    kept = {name: value for name, value in fields.items() if name in typhoon(now)}
    assert kept == typhoon(now)
    assert "台风停工" in admin.send("/admin/calendars", kept)


def test_a_year_is_published_from_its_rows(admin: Visitor, now: Office) -> None:
    year = str(now.now.year + 1)
    rows = [("year", year), ("region", ""), ("announced", f"{now.now.year}-11-04"), ("source", "国办发明电")]
    for first, last, works, zh in (
        (f"{year}-01-01", f"{year}-01-03", "free", "元旦"), ("", "", "free", "春节"),
        (f"{year}-02-14", "", "works", "调休上班"),
    ):  # fmt: skip
        rows += [("from", first), ("to", last), ("works", works), ("zh", zh), ("en", "")]
    fields: dict[str, list[str]] = {}
    for name, value in rows:
        fields.setdefault(name, []).append(value)
    assert f"/admin/calendars?year={year}" in admin.see("/admin")
    admin.send("/admin/calendars/preview", fields)
    admin.send("/admin/calendars", fields)
    assert f"/admin/calendars?year={year}" not in admin.see("/admin")


def test_a_wrong_day_is_told_at_its_row(admin: Visitor, now: Office) -> None:
    shown = admin.send("/admin/calendars/preview", {**typhoon(now), "to": "2020-01-01"}, status=422)
    assert 'href="#f-to-0"' in shown
    assert "永安市政府通告" in shown


def test_a_token_is_shown_once_and_revoked(admin: Visitor) -> None:
    made = admin.send("/admin/tokens", {"name": "nightly", "scopes": "read", "expires_in_days": "9"})
    secret = re.search(r'class="secret">([^<]+)<', made)
    assert secret is not None
    shown = admin.see("/admin/tokens")
    assert "nightly" in shown
    assert secret[1] not in shown
    admin.send("/admin/tokens", {"name": "x", "scopes": "read", "expires_in_days": "99999"}, status=422)


def test_lists_take_as_many_statements_for_many_as_for_few(
    admin: Visitor, now: Office, counting: Callable[[], Any]
) -> None:
    paths = ("/admin/people", "/admin/incidents", "/admin/audit", "/admin/substitutes", "/admin/regions")

    def measure() -> dict[str, int]:
        found = {}
        for path in paths:
            admin.see(path)
            with counting() as statements:
                admin.see(path)
            found[path] = len(statements)
        return found

    few = measure()
    leader = NewPosition(role="town.leader", region="350481101")
    for username in ("officer", "officer2", "helper"):
        now.act(add_position, "admin", username=username, position=leader)
    for _ in range(5):
        open_one(now)
    now.act(
        end_position, "admin", username="officer2", role="town.officer", region="350481100",
        last_day=now.now.astimezone(SHANGHAI).date(),
    )  # fmt: skip
    assert measure() == few
