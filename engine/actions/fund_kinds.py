"""The funds of a county: what each is for, how it is shown, who sees it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from engine import access
from engine.clocks import SHANGHAI
from engine.errors import FieldError, InputError
from engine.forms import kinds
from engine.store.funds import FundRow
from engine.store.ids import show_id
from engine.types import Actor

COUNTY = 6
"""Digits of a county's code."""
MOST_FEN = kinds.MOST_FEN


@dataclass(frozen=True, slots=True, kw_only=True)
class FundKind:
    """What a fund is. `subsidy`: part of 困难群众救助补助资金; `services`: buys social-work services."""

    zh: str
    en: str
    subsidy: bool = False
    services: bool = False


FUNDS: Mapping[str, FundKind] = MappingProxyType(
    {
        "assistance": FundKind(zh="困难群众救助补助资金", en="Assistance subsidy", subsidy=True),
        "temporary": FundKind(
            zh="困难群众救助补助资金（临时救助）", en="Assistance subsidy, temporary aid", subsidy=True
        ),
        "social-work": FundKind(
            zh="困难群众救助补助资金（购买社会工作服务）",
            en="Assistance subsidy, purchase of social-work services",
            subsidy=True,
            services=True,
        ),
        "social-work-costs": FundKind(
            zh="工作经费（购买社会工作服务）",
            en="Working costs, purchase of social-work services",
            services=True,
        ),
    }
)
"""Every county has these. Services may come from the subsidy or from working costs (中办发〔2020〕18号)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FundView:
    """A fund of a county and year, in fen. `left` is what decisions may still promise."""

    id: str | None  # none before there is a budget
    county: str
    key: str
    name: str
    name_en: str
    year: int
    budget: int
    committed: int
    paid: int
    left: int


def year_of(at: datetime) -> int:
    """The budget year of an instant."""
    return at.astimezone(SHANGHAI).year


def yuan(fen: int) -> str:
    """Fen as yuan with two places, exactly."""
    sign = "-" if fen < 0 else ""
    return f"{sign}{abs(fen) // 100}.{abs(fen) % 100:02d}"


def scope_of(actor: Actor) -> tuple[str, ...]:
    """The regions whose counties' money the actor sees: a town's people don't see their county's."""
    scope = access.regions_where(actor, "fund.see")
    if not scope:
        access.require(actor, "fund.see", "")
    return scope


def show_fund(row: FundRow) -> FundView:
    """The fund as people see it."""
    kind = FUNDS.get(row.key, FundKind(zh=row.key, en=row.key))
    return FundView(
        id=show_id(row.id) if row.id else None,
        county=row.county,
        key=row.key,
        name=kind.zh,
        name_en=kind.en,
        year=row.year,
        budget=row.budget,
        committed=row.committed,
        paid=row.paid,
        left=row.budget - row.committed,
    )


def check_amount(amount: int, *, least: int) -> None:
    """Raises InputError for what is no amount of money."""
    if not least <= amount <= MOST_FEN:
        zh, en = f"金额应为{least}至{MOST_FEN}分的整数", f"an amount is {least} to {MOST_FEN} whole fen"
        raise bad_field("amount", zh, en)


def bad_field(pointer: str, zh: str, en: str) -> InputError:
    """The refusal that names the field."""
    return InputError(f"{en}.", f"{zh}。", [FieldError(pointer=f"/{pointer}", zh=f"{zh}。", en=f"{en}.")])
