"""Who may do what, where. Pure: knows roles, regions and what a task asks for; reads no database.

Every rule answers with a refusal in both languages or nothing. The same rules scope lists: what a
person may see is a set of region prefixes, and what they may take up is a set of roles within them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from engine.errors import ForbiddenError, NotFoundError
from engine.notices import APPLICANT
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
    "case.comment": _CASEWORK | _CHARGE,
    "task.assign": _CHARGE | {"admin"},
    "task.chase": _CHARGE,
    "clock.pause": _CHARGE | {"town.officer"},
    "clock.resume": _CHARGE | {"town.officer"},
    "clock.extend": _CHARGE,
    "calendar.change": frozenset({"admin", "county.officer"}),
    "definition.deploy": frozenset({"designer", "admin"}),
    "definition.see": frozenset({"designer", "admin"}) | _CASEWORK | _CHARGE,
    "incident.retry": frozenset({"admin"}),
    "person.find": _CASEWORK | _CHARGE,
    "person.reveal": frozenset({"county.supervisor", "county.coordinator"}),  # besides who works on the case
    "audit.read": frozenset({"admin"}),
    "people.see": _CHARGE | {"admin"},
    "people.manage": frozenset({"admin"}),
    "region.manage": frozenset({"admin"}),
    "substitution.manage": _CHARGE | {"admin"},
    "supervision.see": _CHARGE | {"admin"},
    "coordination.convene": frozenset({"county.supervisor", "county.coordinator"}),
    "fund.see": frozenset({"county.officer", "county.supervisor", "county.coordinator", "admin"}),
    "fund.manage": frozenset({"county.officer", "admin"}),
    "headcount.see": _CHARGE | {"admin"},
    "headcount.manage": frozenset({"county.officer", "admin"}),
    "warning.import": frozenset({"county.officer", "department.officer", "admin"}),
}
# What passes to whoever covers somebody's leave is work on cases; administration stays with the person.
_PASSES_ON = frozenset(
    {
        "case.open",
        "case.withdraw",
        "case.message",
        "case.comment",
        "task.assign",
        "task.chase",
        "supervision.see",
        "coordination.convene",
        "clock.pause",
        "clock.resume",
        "clock.extend",
    }
)
_STAYS = frozenset({"admin", "designer"})
_APPLICANTS_MAY = frozenset({"case.open", "case.withdraw", "case.message"})
"""In their own case, which is the only one they see; what may be opened is the process's to say."""
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
    case_id: int | None = None

    def admits(self, actor: Actor) -> bool:
        """Whether the task was meant for the actor, or for a role that the actor holds there.

        A task that names nobody at all is open to whoever may work on cases there.
        """
        if actor.applies is not None:
            return APPLICANT in self.groups and actor.applies == self.case_id
        if actor.username == self.assignee or actor.username in self.users:
            return True
        if not (self.assignee or self.users or self.groups):
            return may(actor, "case.open", self.region)
        return any(actor.holds(group, self.region) for group in self.groups if group != APPLICANT)


def capacities(actor: Actor, process: str | None, region: str) -> Iterator[tuple[str | None, Actor]]:
    """In whose place the actor may act: first their own (None), then of those whose leave they cover."""
    yield None, actor
    for leave in actor.stands_in:
        if leave.covers(process, region):
            held = tuple(position for position in leave.positions if position.role not in _STAYS)
            yield leave.absent, Actor(username=leave.absent, name=leave.name, positions=held)


def may(actor: Actor, permission: str, region: str, process: str | None = None) -> bool:
    """Whether a role of the actor, or of somebody whose leave they cover, grants the permission there."""
    return any(True for _ in _granted(actor, permission, region, process))


def require(actor: Actor, permission: str, region: str, process: str | None = None) -> str | None:
    """For whom the actor may: None for themselves, else the absent person whose leave they cover.

    `ForbiddenError` names the roles that could.
    """
    for absent in _granted(actor, permission, region, process):
        return absent
    raise _refused(actor, permission, region, PERMISSIONS[permission])


def require_role(actor: Actor, roles: Collection[str], region: str, process: str) -> str | None:
    """As `require` to open a case, where a process names the roles that may instead of all casework."""
    for absent, person in capacities(actor, process, region):
        if person == SYSTEM or any(person.holds(role, region) for role in roles):
            return absent
    raise _refused(actor, "case.open", region, roles)


def _refused(actor: Actor, permission: str, region: str, allowed: Collection[str]) -> ForbiddenError:
    roles = sorted(allowed)
    return ForbiddenError(
        f"{_who(actor)} may not do this ({permission}) in {region or 'any region'}; "
        f"it takes one of the roles {', '.join(roles)}.",
        f"{_who(actor)}在{region or '任何地区'}无权办理此事（{permission}），"
        f"需要以下岗位之一：{'、'.join(_ROLE_NAMES.get(role, role) for role in roles)}。",
        data={"permission": permission, "region": region},
    )


def _granted(actor: Actor, permission: str, region: str, process: str | None) -> Iterator[str | None]:
    """In whose place the permission is the actor's."""
    if actor == SYSTEM:
        yield None
        return
    if actor.applies is not None:
        if permission in _APPLICANTS_MAY:
            yield None
        return
    allowed = PERMISSIONS[permission]
    for absent, person in capacities(actor, process, region):
        if absent is not None and permission not in _PASSES_ON:
            return
        if any(p.role in allowed and region.startswith(p.region) for p in person.positions):
            yield absent


def works_on_cases(role: str) -> bool:
    """Whether a role's holders may have tasks: administration and drawing processes are no casework."""
    return role not in _STAYS


def regions_seen(actor: Actor) -> tuple[str, ...]:
    """The shortest region prefixes whose cases the actor sees; none means no case at all."""
    if actor == SYSTEM:
        return ("",)
    return _shortest({region for role, region in _served(actor) if role not in _NO_CASES})


def regions_where(actor: Actor, permission: str) -> tuple[str, ...]:
    """The shortest region prefixes in which the actor holds a permission; none means nowhere."""
    if actor == SYSTEM:
        return ("",)
    held = _served(actor) if permission in _PASSES_ON else ((p.role, p.region) for p in actor.positions)
    return _shortest({region for role, region in held if role in PERMISSIONS[permission]})


def _served(actor: Actor) -> Iterator[tuple[str, str]]:
    """Roles and regions that open the view: one's own, and those of whoever's whole work one covers.

    Who covers one process only sees that region already, or could not have been named.
    """
    for held in actor.positions:
        yield held.role, held.region
    for leave in actor.stands_in:
        if leave.process is None:
            for held in leave.positions:
                narrowed = None if held.role in _STAYS else overlap(held.region, leave.region)
                if narrowed is not None:
                    yield held.role, narrowed


def overlap(one: str, other: str) -> str | None:
    """The narrower of two regions if it lies within the other, else None."""
    narrow, wide = (one, other) if len(one) >= len(other) else (other, one)
    return narrow if narrow.startswith(wide) else None


def _shortest(prefixes: Collection[str]) -> tuple[str, ...]:
    """Region prefixes without those that another one contains."""
    return tuple(
        sorted(p for p in prefixes if not any(p != other and p.startswith(other) for other in prefixes))
    )


def may_see(actor: Actor, region: str) -> bool:
    """Whether cases of `region` are among what the actor sees."""
    if actor == SYSTEM:
        return True
    return any(role not in _NO_CASES and region.startswith(served) for role, served in _served(actor))


def require_sight(actor: Actor, region: str, case_id: int | None = None) -> None:
    """`NotFoundError` unless the actor may see it: what one may not see does not exist for one."""
    if actor.applies is not None and case_id is not None and actor.applies == case_id:
        return
    if not may_see(actor, region):
        raise NotFoundError


def not_eligible(actor: Actor, task: Eligibility) -> ForbiddenError:
    """The refusal that names whom the task is for."""
    wanted = [*task.groups, *task.users]
    return ForbiddenError(
        f"{_who(actor)} is not among those who may do this task: {', '.join(wanted) or 'nobody named'}.",
        f"{_who(actor)}不在该任务的办理人之列："
        f"{'、'.join(_ROLE_NAMES.get(name, name) for name in wanted) or '未指定'}。",
        data={"wanted": wanted},
    )


def _who(actor: Actor) -> str:
    return actor.name or actor.username
