"""What a supervisor looks at: region prefixes, and versions of one process or of all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from engine import access
from engine.clocks import SHANGHAI
from engine.errors import FieldError, ForbiddenError, InputError, NotFoundError
from engine.store import people
from engine.store.db import Tx
from engine.store.people import Region
from engine.store.supervision import VersionRow, list_versions
from engine.types import Actor

LONGEST = timedelta(days=3 * 366)


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """Where one looks. `processes` is None for all of them; `versions` are all there are, by id."""

    scope: tuple[str, ...]
    region: str | None
    process: str | None
    processes: frozenset[int] | None
    versions: Mapping[int, VersionRow]


def look_at(
    tx: Tx, actor: Actor, *, region: str | None = None, process: str | None = None, version: int | None = None
) -> Field:
    """The field of a supervisor, narrowed to a region and a process.

    Raises ForbiddenError (supervises nothing), NotFoundError (an unknown process or version). A region that
    one does not supervise is simply empty.
    """
    scope = access.regions_where(actor, "supervision.see")
    if not scope:
        access.require(actor, "supervision.see", "")
        raise ForbiddenError
    if region is not None:
        scope = tuple(found for own in scope if (found := access.overlap(own, region)) is not None)
    versions = list_versions(tx)
    wanted = None
    if process is not None:
        wanted = frozenset(
            row.id for row in versions.values() if row.key == process and version in (None, row.version)
        )
        if not wanted:
            raise NotFoundError(
                f"There is no process {process!r}" + (f" in version {version}." if version else "."),
                f"没有流程“{process}”" + (f"的第{version}版。" if version else "。"),
            )
    return Field(scope=scope, region=region, process=process, processes=wanted, versions=versions)


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """What one may narrow the view to: counties and towns by code, and processes by key, with their names."""

    regions: tuple[Region, ...]
    processes: tuple[tuple[str, str], ...]


def list_choices(tx: Tx, *, actor: Actor) -> Choices:
    """The regions that the actor supervises, down to the towns, and the deployed processes."""
    field = look_at(tx, actor)
    regions = tuple(
        region
        for region in people.list_regions(tx)
        if region.level in ("city", "county", "town")
        and region.successor is None
        and any(region.code.startswith(own) for own in field.scope)
    )
    rows = sorted(field.versions.values(), key=lambda row: row.version)
    return Choices(regions=regions, processes=tuple(sorted({row.key: row.name for row in rows}.items())))


def window(since: date | None, until: date | None, at: datetime, days: int) -> tuple[datetime, datetime]:
    """From the first moment of a day to the end of another; by default the last `days` days and today."""
    last = until or at.astimezone(SHANGHAI).date()
    first = since or last - timedelta(days=days - 1)
    if not timedelta(0) <= last - first <= LONGEST:
        zh, en = "起止日期须由早到晚，且不超过三年", "the days must be in order and at most three years apart"
        raise InputError(f"since, until: {en}.", f"{zh}。", [FieldError(pointer="/since", zh=zh, en=en)])
    return day_start(first), day_start(last + timedelta(days=1))


def day_start(day: date) -> datetime:
    """The first moment of a local day."""
    return datetime(day.year, day.month, day.day, tzinfo=SHANGHAI)


def day_of(number: int) -> date:
    """The day with this number, counted from 1970-01-01."""
    return date(1970, 1, 1) + timedelta(days=number)
