"""Who may do what, where. Pure: knows roles, regions and what a task asks for; reads no database.

Every rule answers with a refusal in both languages or nothing. The same rules scope lists: what a
person may see is a set of region prefixes, and what they may take up is a set of roles within them.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from engine.errors import ForbiddenError, NotFoundError
from engine.types import SYSTEM, Actor

_CASEWORK = frozenset(
    {"village.helper", "town.officer", "town.leader", "county.officer", "county.checker",
     "county.coordinator", "department.officer"}
)  # fmt: skip
_CHARGE = frozenset({"town.leader", "county.officer", "county.supervisor", "county.coordinator"})

PERMISSIONS: Mapping[str, frozenset[str]] = {
    "case.open": _CASEWORK,
    "case.withdraw": _CASEWORK,
    "case.message": _CASEWORK | _CHARGE,
    "task.assign": _CHARGE | {"admin"},
    "clock.pause": _CHARGE | {"town.officer"},
    "clock.resume": _CHARGE | {"town.officer"},
    "clock.extend": _CHARGE,
    "calendar.change": frozenset({"admin", "county.officer"}),
    "definition.deploy": frozenset({"designer", "admin"}),
    "definition.see": frozenset({"designer", "admin"}) | _CASEWORK | _CHARGE,
    "incident.retry": frozenset({"admin"}),
    "audit.read": frozenset({"admin"}),
}
# Those who draw processes work on files, not on people's cases; every other role is served by its region.
_NO_CASES = frozenset({"designer"})

_ROLE_NAMES = {
    "village.helper": "协理员", "town.officer": "协管员", "town.leader": "乡镇（街道）负责人",
    "county.checker": "核对中心", "county.officer": "县级经办", "county.supervisor": "县级监督",
    "county.coordinator": "协调小组办公室", "department.officer": "部门经办", "designer": "流程设计",
    "admin": "系统管理",
}  # fmt: skip

ROLES = frozenset(_ROLE_NAMES)
"""The role keys that every city has; a city may add its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Eligibility:
    """What a task asks of whoever does it."""

    region: str
    assignee: str | None
    groups: Collection[str]
    users: Collection[str]
    excluded: Mapping[str, str]  # user name → the name of the earlier task that excludes them

    def admits(self, actor: Actor) -> bool:
        """Whether the task was meant for the actor, or for a role that the actor holds there.

        A task that names nobody at all is open to whoever may work on cases there.
        """
        if actor.username == self.assignee or actor.username in self.users:
            return True
        if not (self.assignee or self.users or self.groups):
            return may(actor, "case.open", self.region)
        return any(actor.holds(group, self.region) for group in self.groups)


def may(actor: Actor, permission: str, region: str) -> bool:
    """Whether one of the actor's roles grants the permission in a region that contains `region`."""
    if actor == SYSTEM:
        return True
    allowed = PERMISSIONS[permission]
    return any(p.role in allowed and region.startswith(p.region) for p in actor.positions)


def require(actor: Actor, permission: str, region: str) -> None:
    """`ForbiddenError` naming the roles that could, unless the actor may."""
    if may(actor, permission, region):
        return
    roles = sorted(PERMISSIONS[permission])
    raise ForbiddenError(
        f"{_who(actor)} may not do this ({permission}) in {region or 'any region'}; "
        f"it takes one of the roles {', '.join(roles)}.",
        f"{_who(actor)}在{region or '任何地区'}无权办理此事（{permission}），"
        f"需要以下岗位之一：{'、'.join(_ROLE_NAMES.get(role, role) for role in roles)}。",
        data={"permission": permission, "region": region},
    )


def regions_seen(actor: Actor) -> tuple[str, ...]:
    """The shortest region prefixes whose cases the actor sees; none means no case at all."""
    if actor == SYSTEM:
        return ("",)
    return _shortest({p.region for p in actor.positions if p.role not in _NO_CASES})


def regions_where(actor: Actor, permission: str) -> tuple[str, ...]:
    """The shortest region prefixes in which the actor holds a permission; none means nowhere."""
    if actor == SYSTEM:
        return ("",)
    return _shortest({p.region for p in actor.positions if p.role in PERMISSIONS[permission]})


def _shortest(prefixes: Collection[str]) -> tuple[str, ...]:
    """Region prefixes without those that another one contains."""
    return tuple(
        sorted(p for p in prefixes if not any(p != other and p.startswith(other) for other in prefixes))
    )


def may_see(actor: Actor, region: str) -> bool:
    """Whether cases of `region` are among what the actor sees."""
    if actor == SYSTEM:
        return True
    return any(p.role not in _NO_CASES and region.startswith(p.region) for p in actor.positions)


def require_sight(actor: Actor, region: str) -> None:
    """`NotFoundError` unless the actor may see it: what one may not see does not exist for one."""
    if not may_see(actor, region):
        raise NotFoundError


def require_eligible(actor: Actor, task: Eligibility) -> None:
    """`ForbiddenError` unless the task admits the actor and no earlier work of theirs excludes them."""
    if not task.admits(actor):
        wanted = [*task.groups, *task.users]
        raise ForbiddenError(
            f"{_who(actor)} is not among those who may do this task: {', '.join(wanted) or 'nobody named'}.",
            f"{_who(actor)}不在该任务的办理人之列："
            f"{'、'.join(_ROLE_NAMES.get(name, name) for name in wanted) or '未指定'}。",
            data={"wanted": wanted},
        )
    require_separate(actor, task)


def require_separate(actor: Actor, task: Eligibility) -> None:
    """`ForbiddenError` if the actor completed a task that this one must be kept apart from."""
    earlier = task.excluded.get(actor.username)
    if earlier is not None:
        raise ForbiddenError(
            f'{_who(actor)} completed "{earlier}" of this case and so may not do this task '
            "(separation of duties).",
            f"{_who(actor)}已办理本案的“{earlier}”，不得再办理该任务（不相容岗位分离）。",
            data={"rule": "separation-of-duties", "earlier": earlier},
        )


def _who(actor: Actor) -> str:
    return actor.name or actor.username
