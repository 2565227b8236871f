"""Which places a person's roles bring them to, and which of them they meet first.

A place that is not offered is not forbidden by that: the actions behind it decide.
"""

from __future__ import annotations

from dataclasses import dataclass

from engine.types import Actor
from web.language import t

_OFFICERS = frozenset(
    {"village.helper", "town.officer", "town.leader", "county.checker", "county.officer",
     "county.coordinator", "department.officer"}
)  # fmt: skip
_BOARD_FIRST = frozenset({"county.supervisor", "county.coordinator"})
_DRAWS = frozenset({"designer"})
_WARNED = frozenset(
    {"village.helper", "town.officer", "town.leader", "county.officer", "county.supervisor",
     "department.officer"}
)  # fmt: skip
_WATCHERS = frozenset({"county.supervisor", "county.coordinator", "town.leader", "county.officer"})


@dataclass(frozen=True, slots=True)
class Place:
    """One entry of the navigation. `first_for` are the roles that land here after signing in."""

    path: str
    zh: str
    en: str
    roles: frozenset[str]
    first_for: frozenset[str] = frozenset()

    @property
    def name(self) -> str:
        return t(self.zh, self.en)


PLACES = (
    Place("/work", "我的工作", "My work", _OFFICERS, _OFFICERS - {"county.coordinator"}),
    Place("/cases", "案件", "Cases", _OFFICERS | _WATCHERS | {"admin"}),
    Place("/warnings", "预警", "Early warning", _WARNED),
    Place("/supervision", "监督", "Supervision", _WATCHERS, _BOARD_FIRST),
    Place("/processes", "流程", "Processes", _DRAWS | _WATCHERS | {"admin"}, _DRAWS),
    Place("/admin", "系统管理", "Administration", frozenset({"admin"}), frozenset({"admin"})),
)


def places(actor: Actor) -> list[Place]:
    """Where the actor's roles bring them."""
    return [place for place in PLACES if place.roles & _roles(actor)]


def first_place(actor: Actor) -> str:
    """The page that somebody's role needs first."""
    return next((place.path for place in PLACES if place.first_for & actor.roles), "/work")


def _roles(actor: Actor) -> frozenset[str]:
    """One's own, and those of whoever's leave one covers."""
    return actor.roles.union(*({held.role for held in leave.positions} for leave in actor.stands_in))
