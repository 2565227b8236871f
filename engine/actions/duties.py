"""Separation of duties: what the diagram asks of a task, held against what people have done in the case.

Four constraints, properties of the user task: `separateFrom`, `differentPeople` over `differentOver`,
`recuse`, `notLevel`. Every way to a task (claim, draft, complete, delegate, assign, for oneself or for
somebody on leave, as an administrator too) asks here. What was done is read from the case's record, so
that another version of the diagram can't make anybody forget it. Whoever acts for an absent person
counts as both.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from engine.errors import ForbiddenError
from engine.runtime import NodeInfo
from engine.store import recusals, tasks
from engine.store.db import Tx
from engine.store.tasks import Doer
from engine.types import Actor, Position

LEVELS: Mapping[str, int] = {"county": 6, "town": 9}
"""The levels that `notLevel` may name, with the length of their administrative codes (GB/T 2260)."""
_LEVEL_NAMES = {"county": "县级", "town": "乡镇（街道）"}


@dataclass(frozen=True, slots=True)
class Different:
    """At least `people` different people over the tasks `over`; `gate`: for a task that comes after them."""

    people: int
    over: tuple[str, ...]
    gate: bool


@dataclass(frozen=True, slots=True)
class Duty:
    """What one user task asks besides a role."""

    separate: tuple[str, ...] = ()
    different: tuple[Different, ...] = ()
    recuse: bool = False
    not_level: str = ""

    @property
    def elements(self) -> frozenset[str]:
        """The tasks whose doers matter."""
        return frozenset(self.separate).union(*(one.over for one in self.different))


NONE = Duty()


def read_duties(nodes: Mapping[str, NodeInfo]) -> dict[str, Duty]:
    """The duties of each user task that has any; what names other tasks binds them as well.

    Branches and loops may bring the tasks in any order, and whoever comes second is refused.
    """
    different: dict[str, list[Different]] = {}
    separate: dict[str, list[str]] = {}
    for node in nodes.values():
        for other in _names(node.properties.get("separateFrom", "")):
            separate.setdefault(node.element_id, []).append(other)
            separate.setdefault(other, []).append(node.element_id)
    for node in nodes.values():
        over = _names(node.properties.get("differentOver", ""))
        number = node.properties.get("differentPeople", "").strip()
        if not over or not number.isdecimal():
            continue
        people = int(number)
        for element in {node.element_id, *over}:
            different.setdefault(element, []).append(Different(people, over, element not in over))
    found = {
        node.element_id: Duty(
            separate=tuple(dict.fromkeys(separate.get(node.element_id, ()))),
            different=tuple(different.get(node.element_id, ())),
            recuse=node.properties.get("recuse", "").strip() == "true",
            not_level=node.properties.get("notLevel", "").strip(),
        )
        for node in nodes.values()
        if node.kind == "userTask"
    }
    return {element: duty for element, duty in found.items() if duty != NONE}


def _names(text: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in text.split(",") if name.strip())


@dataclass(frozen=True, slots=True)
class Bars:
    """The duties of one task with what the case's record says about them."""

    element_id: str
    region: str
    duty: Duty = NONE
    doers: Collection[Doer] = ()
    filed: Collection[tuple[str, str]] = ()

    def require(self, actor: Actor, person: Actor) -> None:
        """`ForbiddenError` if the task is barred to `actor`, who acts for `person` (or is that person)."""
        for refusal in self._against(actor, person):
            raise refusal

    def _against(self, actor: Actor, person: Actor) -> Iterator[ForbiddenError]:
        for one in (actor, person) if person.username != actor.username else (actor,):
            yield from self._earlier(one)
            yield from self._relative(one)
            yield from self._level(one)
        yield from self._too_few(actor, person)

    def _earlier(self, one: Actor) -> Iterator[ForbiddenError]:
        for doer in self.doers:
            if doer.element_id in self.duty.separate and one.username in doer.people:
                yield _refused(
                    "separation-of-duties",
                    f'{_who(one)} completed "{doer.name}" of this case and so may not do this task '
                    "(separation of duties).",
                    f"{_who(one)}已办理本案的“{doer.name}”，不得再办理该任务（不相容岗位分离）。",
                    earlier=doer.name,
                )

    def _relative(self, one: Actor) -> Iterator[ForbiddenError]:
        if self.duty.recuse and recusals.concerns(self.filed, one):
            yield _refused(
                "recusal",
                f"{_who(one)} is on file in this case as a relative of the household and may not do "
                "this task (recusal).",
                f"{_who(one)}已登记为本案家庭成员的近亲属，不得办理该任务（回避）。",
            )

    def _level(self, one: Actor) -> Iterator[ForbiddenError]:
        level = self.duty.not_level
        if level and any(is_of_level(held, level, self.region) for held in one.positions):
            yield _refused(
                "not-level",
                f"{_who(one)} holds a position at {level} level here; this task is for others.",
                f"{_who(one)}在当地担任{_LEVEL_NAMES[level]}岗位，不得办理该任务。",
                level=level,
            )

    def _too_few(self, actor: Actor, person: Actor) -> Iterator[ForbiddenError]:
        for rule in self.duty.different:
            acts = [doer.people for doer in self.doers if doer.element_id in rule.over]
            done = {doer.element_id for doer in self.doers}
            to_come = 0
            if not rule.gate:
                acts.append(frozenset({actor.username, person.username}))
                to_come = sum(element not in done for element in rule.over if element != self.element_id)
            if count_people(acts) + to_come < rule.people:
                yield _refused(
                    "different-people",
                    f"These steps take at least {rule.people} different people: {', '.join(rule.over)}; with "
                    f"{_who(actor)} there would be too few.",
                    f"以下环节须由至少{rule.people}名不同人员办理：{'、'.join(rule.over)}；由{_who(actor)}办理则人数不足。",
                    people=rule.people,
                )


def gather(tx: Tx, case_id: int, element_id: str, region: str, duty: Duty) -> Bars:
    """What the record of a case says about the duties of a task; reads nothing where there are none."""
    if duty is NONE:
        return Bars(element_id, region)
    doers = tasks.list_doers(tx, case_id, sorted(duty.elements)) if duty.elements else ()
    filed = recusals.list_filed(tx, case_id) if duty.recuse else ()
    return Bars(element_id, region, duty, doers, filed)


def count_people(acts: Collection[frozenset[str]]) -> int:
    """How many different people have certainly acted; who acted for somebody is one with them."""
    groups: list[set[str]] = []
    for act in acts:
        joined = set(act)
        for group in [group for group in groups if group & joined]:
            groups.remove(group)
            joined |= group
        groups.append(joined)
    return len(groups)


def is_of_level(held: Position, level: str, region: str) -> bool:
    """Whether a position is one of this level (by its role or its region) in or above or below a region."""
    of_level = held.role.startswith(f"{level}.") or len(held.region) == LEVELS[level]
    return of_level and (region.startswith(held.region) or held.region.startswith(region))


def _refused(rule: str, en: str, zh: str, **data: object) -> ForbiddenError:
    return ForbiddenError(en, zh, data={"rule": rule, **data})


def _who(one: Actor) -> str:
    return one.name or one.username
