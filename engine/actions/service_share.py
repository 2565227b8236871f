"""The share of purchased social-work services in 困难群众救助补助资金, by county and year.

The law says a least share and not of what, so it is told of what is budgeted and of what is paid; either
one below the least share is an alarm. Nothing budgeted or paid is no share and no alarm.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_DOWN, Decimal

from engine.actions.alarms import Alarm, list_alarms
from engine.actions.fund_kinds import FUNDS, FundKind, scope_of, year_of
from engine.actions.measures import measures_on
from engine.store import funds, people
from engine.store.db import Tx
from engine.store.funds import FundRow
from engine.types import Actor

SUBJECT = "services"
_PLACES = Decimal("0.0001")


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """Services of the whole, in fen. `share` has four places, cut off: 4.999% is no 5%; None of nothing."""

    services: int
    subsidy: int
    share: str | None
    below: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceShare:
    """How a county stands in a year, and the alarms that its supervisors were told."""

    county: str
    county_name: str
    year: int
    least: str
    budgeted: Share
    paid: Share
    alarm: bool
    raised: tuple[Alarm, ...]


def list_service_shares(
    tx: Tx, *, actor: Actor, at: datetime, year: int | None = None
) -> tuple[ServiceShare, ...]:
    """One row a county that the actor answers for and that has money this year (or in `year`).

    Raises ForbiddenError where there is none.
    """
    return shares_of(tx, scope=scope_of(actor), at=at, year=year or year_of(at))


def shares_of(tx: Tx, *, scope: Sequence[str], at: datetime, year: int) -> tuple[ServiceShare, ...]:
    """The shares of all counties in these regions."""
    least: Decimal = measures_on(tx, at).get("services.min_share")
    names = {region.code: region.name for region in people.list_regions(tx)}
    raised = list_alarms(tx, scope=scope, subject=SUBJECT)
    by_county: dict[str, list[FundRow]] = {}
    for fund in funds.list_funds(tx, scope=scope, year=year):
        by_county.setdefault(fund.county, []).append(fund)
    found = []
    for county, rows in by_county.items():
        budgeted = _share(((FUNDS.get(row.key), row.budget) for row in rows), least)
        paid = _share(((FUNDS.get(row.key), row.paid) for row in rows), least)
        alarms = tuple(one for one in raised if one.county == county and one.period.startswith(str(year)))
        view = ServiceShare(
            county=county,
            county_name=names.get(county, ""),
            year=year,
            least=str(least.quantize(_PLACES, ROUND_DOWN)),
            budgeted=budgeted,
            paid=paid,
            alarm=budgeted.below or paid.below,
            raised=alarms,
        )
        found.append(view)
    return tuple(found)


def _share(amounts: Iterable[tuple[FundKind | None, int]], least: Decimal) -> Share:
    services = subsidy = 0
    for kind, amount in amounts:
        if kind is not None:
            services += amount if kind.services else 0
            subsidy += amount if kind.subsidy else 0
    if subsidy == 0:
        return Share(services=services, subsidy=0, share=None, below=False)
    share = (Decimal(services) / subsidy).quantize(_PLACES, ROUND_DOWN)
    return Share(services=services, subsidy=subsidy, share=str(share), below=services < least * subsidy)
