"""Staff by township and village beside the registered population, and who falls short of the minimum.

协管员 serve a township, 协理员 a village; full time and part time count alike, as the notice does not tell
them apart. Without a population a township's minimum is not known, and that is said, not guessed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from engine import access
from engine.actions.alarms import raise_alarm
from engine.actions.fund_kinds import COUNTY
from engine.actions.measures import measures_on
from engine.clocks import SHANGHAI
from engine.parameters import Parameters
from engine.store import headcounts, people, staff
from engine.store.db import Tx
from engine.store.headcounts import HeadcountRow
from engine.store.people import Region
from engine.types import Actor

SUBJECT = "staff"
ROLES = {"town": "town.officer", "village": "village.helper"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Headcount:
    """A township or village: whom it has and needs. `least` and `short` are None where that is unknown.

    `accounts` are the people who hold the role here in this system, for comparison.
    """

    region: str
    name: str
    name_en: str
    level: str
    role: str
    population: int | None
    full_time: int
    part_time: int
    staff: int
    least: int | None
    most: int | None
    short: int | None
    accounts: int
    valid_from: date | None
    source: str


def list_headcounts(
    tx: Tx, *, actor: Actor, at: datetime, region: str = "", short_only: bool = False
) -> tuple[Headcount, ...]:
    """Every township and village where the actor is in charge, those without figures too.

    Raises ForbiddenError where there is none.
    """
    scope = access.regions_where(actor, "headcount.see")
    if not scope:
        access.require(actor, "headcount.see", "")
    narrowed = [found for one in scope if (found := access.overlap(one, region)) is not None]
    rows = _headcounts(tx, tuple(narrowed), at)
    return tuple(row for row in rows if not short_only or row.short)


def _headcounts(tx: Tx, scope: tuple[str, ...], at: datetime) -> list[Headcount]:
    today = at.astimezone(SHANGHAI).date()
    rules = measures_on(tx, at)
    counted = headcounts.list_in_force(tx, scope=scope, on=today)
    accounts: dict[tuple[str, str], int] = {}
    for _, role, code in staff.list_held(tx, today):
        accounts[role, code] = accounts.get((role, code), 0) + 1
    return [
        _headcount(
            region, counted.get(region.code), rules, accounts.get((ROLES[region.level], region.code), 0)
        )
        for region in people.list_regions(tx)
        if region.level in ROLES and region.is_valid(today) and region.code.startswith(scope)
    ]


def _headcount(region: Region, row: HeadcountRow | None, rules: Parameters, accounts: int) -> Headcount:
    full, part = (row.full_time, row.part_time) if row else (0, 0)
    population = row.population if row else None
    most = None
    if region.level == "village":
        least: int | None = int(rules.get("staff.village.min"))
        most = int(rules.get("staff.village.max"))
    else:
        least = None if population is None else town_minimum(population, rules)
    return Headcount(
        region=region.code,
        name=region.name,
        name_en=region.name_en,
        level=region.level,
        role=ROLES[region.level],
        population=population,
        full_time=full,
        part_time=part,
        staff=full + part,
        least=least,
        most=most,
        short=None if least is None or row is None else max(0, least - full - part),
        accounts=accounts,
        valid_from=row.valid_from if row else None,
        source=row.source if row else "",
    )


def town_minimum(population: int, rules: Parameters) -> int:
    """How many 协管员 a township of so many registered people has at least.

    以上 and 以下 both include the number itself (民法典 Art.1259), so that a population exactly on a line
    lies in two bands; `staff.boundary` says which counts.
    """
    higher = rules.get("staff.boundary") == "higher"
    band = 1
    for number in (1, 2):
        line = rules.get(f"staff.band.{number}")
        if population > line or (population == line and higher):
            band = number + 1
    return int(rules.get(f"staff.town.{band}"))


def raise_shortfalls(tx: Tx, *, at: datetime) -> int:
    """Tell each county with a township or village that falls short, once a month; returns how many."""
    by_county: dict[str, list[Headcount]] = {}
    for row in _headcounts(tx, ("",), at):
        if row.short:
            by_county.setdefault(row.region[:COUNTY], []).append(row)
    return sum(
        raise_alarm(
            tx,
            county=county,
            subject=SUBJECT,
            figures={
                "short": [
                    {"region": row.region, "name": row.name, "staff": row.staff, "least": row.least}
                    for row in rows
                ]
            },
            at=at,
        )
        for county, rows in by_county.items()
    )
