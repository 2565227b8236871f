"""Which processes a person may open a case of by hand, and where. Writes nothing; `open_case` decides."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from engine import access
from engine.actions.read_definitions import current_definitions
from engine.clocks import SHANGHAI
from engine.errors import ForbiddenError
from engine.store import people
from engine.store.db import Tx
from engine.types import Actor

_SERVED = ("town", "village")  # a case belongs to a township or one of its villages


@dataclass(frozen=True, slots=True, kw_only=True)
class Openable:
    """A process that a person starts, with its names."""

    key: str
    zh: str
    en: str


def list_openable(tx: Tx, *, actor: Actor) -> tuple[Openable, ...]:
    """The processes with a form to begin with that are not opened by other cases alone.

    Raises ForbiddenError for who may open a case nowhere.
    """
    if not access.regions_where(actor, "case.open"):
        raise ForbiddenError(data={"permission": "case.open"})
    return tuple(
        Openable(key=one.key, zh=one.name, en=one.properties.get("titleEn") or one.name)
        for one in current_definitions(tx)
        if one.start_form is not None and _opens(actor, one.properties.get("openedBy", ""))
    )


def _opens(actor: Actor, said: str) -> bool:
    """Whether a person of one of the actor's roles opens it; the property may name roles, or `case`."""
    roles = {role.strip() for role in said.split(",")}
    return not said or any(position.role in roles for position in actor.positions)


def list_places(tx: Tx, *, actor: Actor, at: datetime) -> tuple[people.Region, ...]:
    """The townships and villages in which the actor may open a case today."""
    scope = access.regions_where(actor, "case.open")
    day = at.astimezone(SHANGHAI).date()
    return tuple(
        region
        for region in people.list_regions(tx)
        if region.level in _SERVED and region.is_valid(day) and region.code.startswith(tuple(scope))
    )
