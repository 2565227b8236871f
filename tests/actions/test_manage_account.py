"""Accounts are managed by who is in charge of every region they ever served, and by nobody else."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from engine.actions.attention import get_attention
from engine.actions.manage_account import (
    get_account,
    give_password,
    release_account,
    rename_person,
    set_account_active,
)
from engine.actions.read_calendar import get_year
from engine.actions.read_parameters import list_parameters
from engine.actions.sign_in_policy import DEFAULT_POLICY
from engine.actions.staff import NewPosition, add_position, end_position, list_staff
from engine.errors import ConflictError, ForbiddenError, InputError, NotFoundError
from engine.store import people
from tests.builders import THREE_STEPS, Office


@pytest.fixture
def county_admin(office: Office) -> Office:
    """`county2` administers the county, too."""
    office.act(add_position, "admin", username="county2", position=NewPosition(role="admin", region="350481"))
    return office


def test_a_county_administrator_cannot_reach_the_city(county_admin: Office) -> None:
    for action, more in (
        (give_password, {"policy": DEFAULT_POLICY}),
        (set_account_active, {"active": False}),
        (rename_person, {"name": "某人", "name_en": ""}),
        (release_account, {}),
    ):
        with pytest.raises(ForbiddenError):
            county_admin.act(action, "county2", username="admin", **more)
        county_admin.act(action, "county2", username="officer", **more)


def test_a_closed_account_is_nobody_until_it_is_opened(office: Office) -> None:
    office.act(set_account_active, "admin", username="officer", active=False)
    with office.database.read() as tx:
        assert people.find_actor(tx, "officer", office.now.date()) is None
    office.act(set_account_active, "admin", username="officer", active=True)
    with office.database.read() as tx:
        assert people.find_actor(tx, "officer", office.now.date()) is not None


def test_nobody_closes_their_own_account(office: Office) -> None:
    with pytest.raises(ConflictError):
        office.act(set_account_active, "admin", username="admin", active=False)


def test_a_name_too_long_is_told_at_its_field(office: Office) -> None:
    with pytest.raises(InputError) as caught:
        office.act(rename_person, "admin", username="officer", name="名" * 61, name_en="")
    assert [error.pointer for error in caught.value.errors] == ["/name"]


def test_an_account_elsewhere_does_not_exist_for_a_county(county_admin: Office) -> None:
    with pytest.raises(NotFoundError):
        county_admin.act(get_account, "county2", username="officer_sanyuan")


def test_people_are_listed_by_role(office: Office) -> None:
    with office.database.read() as tx:
        found = list_staff(tx, actor=office.who("admin"), region="350481", role="town.leader")
    assert [one.username for one in found.items] == ["leader"]


def test_positions_about_to_end_call_for_attention(office: Office) -> None:
    last = office.now.date() + timedelta(days=20)
    office.act(
        end_position, "admin", username="officer2", role="town.officer", region="350481100", last_day=last
    )
    found = office.act(get_attention, "admin")
    assert [(name, held.valid_to) for name, held in found.expiring] == [("officer2", last)]
    with pytest.raises(ForbiddenError):
        office.act(get_attention, "officer")


def test_a_year_knows_its_official_days(office: Office) -> None:
    with office.database.read() as tx:
        found = get_year(tx, year=2026, county="350481")
        with pytest.raises(InputError):
            get_year(tx, year=1800)
    day = {one.day: one for one in found.days}[date(2026, 10, 1)]
    assert (found.published, day.works, day.zh) == (True, False, "国庆节")
    assert len(found.days) == 365


def test_parameters_come_with_their_sources(office: Office) -> None:
    office.deploy(three_bpmn=THREE_STEPS)
    found = office.act(lambda tx, actor, at: list_parameters(tx, actor=actor), "designer")
    assert all(value.source for one in found for value in one.values)
    assert {"three-steps"} == {key for one in found for key in one.processes}
