"""Staff and the share of services: minima, boundaries, alarms, tables (三明市政策解读 measures 4 and 5)."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from engine.actions.alarms import see_alarms
from engine.actions.budgets import set_budget
from engine.actions.funds import post_entry
from engine.actions.headcounts import list_headcounts
from engine.actions.import_headcounts import export_headcounts, import_headcounts
from engine.actions.service_share import list_service_shares
from engine.actions.sheets import RowsError
from engine.errors import ForbiddenError
from engine.store import headcounts
from engine.store.headcounts import HeadcountRow
from engine.store.ids import read_id
from engine.worker import Worker
from tests.builders import THREE_STEPS, TOWN, TUESDAY, Office

HEAD = "region,population,full_time,part_time,valid_from,source\n"


def put(office: Office, *rows: tuple[str, int | None, int, int]) -> None:
    found = [
        HeadcountRow(region, TUESDAY.date(), population, full, part, "统计年鉴", TUESDAY, "county")
        for region, population, full, part in rows
    ]
    with office.database.write() as tx:
        headcounts.save(tx, found)


def row_of(office: Office, region: str, by: str = "supervisor") -> Any:
    with office.database.read() as tx:
        found = list_headcounts(tx, actor=office.who(by), at=office.now)
    return next(row for row in found if row.region == region)


@pytest.mark.parametrize(
    ("population", "least"),
    [(0, 1), (19_999, 1), (20_000, 2), (20_001, 2), (49_999, 2), (50_000, 3), (50_001, 3)],
)
def test_a_township_needs_officers_by_its_population_and_the_line_counts_higher(
    office: Office, population: int, least: int
) -> None:
    put(office, (TOWN, population, least - 1, 0))
    row = row_of(office, TOWN)
    assert (row.least, row.staff, row.short) == (least, least - 1, 1)
    put(office, (TOWN, population, least - 1, 1))
    assert row_of(office, TOWN).short == 0


_LOWER = """
parameters:
  - key: staff.boundary
    title: {zh: 分档, en: Band}
    unit: text
    values: [{from: 2021-01-01, value: lower, source: 本地规定}]
"""


def test_a_county_may_count_the_line_lower(office: Office) -> None:
    process = THREE_STEPS.replace(b'id="three-steps"', b'id="aid-delivery"')
    office.deploy(aid_bpmn=process, local_yaml=_LOWER.encode())
    put(office, (TOWN, 20_000, 1, 0))
    assert (row_of(office, TOWN).least, row_of(office, TOWN).short) == (1, 0)


def test_a_village_has_one_or_two_helpers(office: Office) -> None:
    village = "350481100201"
    put(office, (village, None, 0, 0))
    row = row_of(office, village)
    assert (row.least, row.most, row.short, row.role) == (1, 2, 1, "village.helper")
    put(office, (village, None, 0, 1))
    assert row_of(office, village).short == 0


def test_what_was_not_counted_is_not_called_a_shortfall(office: Office) -> None:
    row = row_of(office, TOWN)
    assert (row.population, row.least, row.short, row.accounts) == (None, None, None, 2)


def test_everybody_sees_the_places_they_are_in_charge_of(office: Office) -> None:
    put(office, (TOWN, 20_000, 1, 0), ("350404100", 20_000, 1, 0))
    with office.database.read() as tx:
        seen = list_headcounts(tx, actor=office.who("leader"), at=office.now, short_only=True)
        assert [row.region for row in seen] == [TOWN]
        with pytest.raises(ForbiddenError):
            list_headcounts(tx, actor=office.who("helper"), at=office.now)


def test_an_import_tells_every_row_at_fault_and_changes_nothing(office: Office) -> None:
    table = (
        HEAD + f"{TOWN},20000,1,,2026-01-01,统计年鉴\n"
        "350481,90000,1,,,统计年鉴\n"
        f"{TOWN},,x,-1,2026-02-30,\n"
        "350404100,1,1,,,统计年鉴\n"
        f"{TOWN},20001,1,,2026-01-01,统计年鉴\n"
    )
    with pytest.raises(RowsError) as refused:
        office.act(import_headcounts, "county", data=table.encode())
    found = {(error.pointer.split("/")[2], error.pointer.split("/")[3]) for error in refused.value.errors}
    assert found == {
        ("3", "region"), ("4", "population"), ("4", "full_time"), ("4", "part_time"),
        ("4", "valid_from"), ("4", "source"), ("5", "region"), ("6", "region"),
    }  # fmt: skip
    assert row_of(office, TOWN).population is None


def test_a_table_is_imported_once_and_corrected_by_a_newer_one(office: Office) -> None:
    table = (HEAD + f"{TOWN},20000,1,0,2026-01-01,统计年鉴\n").encode()
    tried = office.act(import_headcounts, "county", data=table, dry_run=True)
    assert (tried.added, tried.written, row_of(office, TOWN).population) == (1, False, None)
    assert office.act(import_headcounts, "county", data=table).added == 1
    again = office.act(import_headcounts, "county", data=table)
    assert (again.added, again.changed, again.unchanged) == (0, 0, 1)
    assert office.act(import_headcounts, "county", data=table.replace(b"20000", b"20500")).changed == 1
    with office.database.read() as tx:
        out = export_headcounts(tx, actor=office.who("county"), form="xlsx")
    assert office.act(import_headcounts, "county", data=out).unchanged == 1
    assert row_of(office, TOWN).population == 20_500


def test_only_the_county_reports_figures(office: Office) -> None:
    with pytest.raises(ForbiddenError):
        office.act(import_headcounts, "leader", data=HEAD.encode())


@pytest.fixture
def case_id(office: Office) -> int:
    office.deploy(three_steps_bpmn=THREE_STEPS)
    return read_id(office.open("three-steps").id)


def spend(office: Office, case_id: int, *, services: int, other: int, key: str = "social-work") -> None:
    """Budget and pay so much of each."""
    for fund, amount in (("assistance", other), (key, services)):
        said = {"county": "350481", "key": fund, "year": 2026, "amount": amount, "note": "", "confirm": True}
        office.act(set_budget, "county", **said)
        with office.database.write() as tx:
            if amount:
                post_entry(
                    tx, region=TOWN, key=fund, kind="pay", amount=amount, case_id=case_id,
                    element="pay", job=None, note="", at=office.now,
                )  # fmt: skip


def share(office: Office) -> Any:
    with office.database.read() as tx:
        (view,) = list_service_shares(tx, actor=office.who("supervisor"), at=office.now)
    return view


@pytest.mark.parametrize(
    ("services", "other", "shown", "alarm"),
    [(49, 951, "0.0490", True), (50, 950, "0.0500", False), (49_999, 950_001, "0.0499", True)],
    ids=["4.9%", "5%", "just below 5%"],
)
def test_less_than_five_percent_is_an_alarm_and_exactly_five_is_none(
    office: Office, case_id: int, services: int, other: int, shown: str, *, alarm: bool
) -> None:
    spend(office, case_id, services=services, other=other)
    view = share(office)
    assert (view.paid.share, view.budgeted.share, view.alarm) == (shown, shown, alarm)
    office.advance(timedelta(0))
    assert [one.subject for one in share(office).raised] == (["services"] if alarm else [])


def test_budgeted_and_paid_are_told_apart(office: Office, case_id: int) -> None:
    spend(office, case_id, services=50, other=950)
    office.act(
        set_budget, "county", county="350481", key="assistance", year=2026, amount=2000, note="", confirm=True
    )
    view = share(office)
    assert (view.budgeted.below, view.paid.below, view.alarm) == (True, False, True)


def test_services_paid_from_working_costs_count_as_services_and_not_as_subsidy(
    office: Office, case_id: int
) -> None:
    spend(office, case_id, services=50, other=1000, key="social-work-costs")
    view = share(office)
    assert (view.paid.services, view.paid.subsidy, view.paid.share) == (50, 1000, "0.0500")


def test_no_money_is_no_share_and_no_alarm(office: Office, case_id: int) -> None:
    spend(office, case_id, services=0, other=0)
    office.act(
        set_budget, "county", county="350481", key="assistance", year=2026, amount=1, note="", confirm=True
    )
    office.act(
        set_budget, "county", county="350481", key="assistance", year=2026, amount=0, note="", confirm=True
    )
    view = share(office)
    assert (view.paid.share, view.alarm) == (None, False)


def test_the_county_is_told_once_a_month_and_only_the_county(office: Office, case_id: int) -> None:
    spend(office, case_id, services=49, other=951)
    put(office, ("350481103", 20_000, 1, 0))
    for day in (0, 1, 2, 40):
        office.now = TUESDAY + timedelta(days=day)
        Worker(office.database).run_due(office.now)
        Worker(office.database).run_due(office.now)
    with office.database.read() as tx:
        found = see_alarms(tx, actor=office.who("supervisor"))
        told = tx.execute(text("SELECT count(*) FROM audit WHERE kind = 'alarm_raised'")).scalar()
        assert see_alarms(tx, actor=office.who("supervisor_sanyuan")) == ()
    assert sorted((one.subject, one.period) for one in found) == [
        ("services", "2026-09"), ("services", "2026-11"), ("staff", "2026-09"), ("staff", "2026-11"),
    ]  # fmt: skip
    assert told == 4
    staff = next(one for one in found if one.subject == "staff")
    assert json.loads(json.dumps(staff.figures))["short"][0]["least"] == 2
