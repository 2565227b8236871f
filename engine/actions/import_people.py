"""Staff from and to a table: one row a position. Importing the same table twice changes nothing.

Nothing is written when a row is at fault, unless those rows are to be skipped. New accounts can't be
signed in to until they get a password. Positions are never deleted: give them a last day.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from os.path import commonprefix
from typing import Any

from engine import access
from engine.actions.sheets import Format, ImportReport, RowFault, as_date, read_rows, settle, write_rows
from engine.clocks import SHANGHAI
from engine.store import audit, people, staff
from engine.store.db import Tx
from engine.store.people import Region
from engine.store.staff import Held, Key, Person
from engine.types import Actor

COLUMNS = {
    "username": "账号", "name": "姓名", "name_en": "英文名", "role": "岗位", "region": "地区代码",
    "valid_from": "任职起", "valid_to": "任职止",
}  # fmt: skip
_AUDITED = 200  # changes in one row of the audit log
_LONGEST = 60


@dataclass
class _Plan:
    """What the rows come to, against what is there."""

    actor: Actor
    today: date
    regions: dict[str, Region]
    roles: frozenset[str]
    known: dict[str, Person]
    faults: list[RowFault] = field(default_factory=list)
    accounts: dict[str, dict[str, Any]] = field(default_factory=dict)
    renamed: dict[str, tuple[str, str]] = field(default_factory=dict)
    added: dict[Key, date | None] = field(default_factory=dict)
    ended: dict[Key, date | None] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    seen: set[tuple[str, ...]] = field(default_factory=set)
    unchanged: int = 0

    def take(self, row: int, said: dict[str, str]) -> None:
        """Plan one row, or note what is wrong with it."""
        faults = [RowFault(row, *fault) for fault in self._wrong(said)]
        if faults:
            self.faults += faults
            return
        before = self._size()
        self._plan_account(said)
        if said.get("role"):
            self._plan_position(said)
        self.unchanged += self._size() == before

    def _size(self) -> int:
        return len(self.accounts) + len(self.renamed) + len(self.added) + len(self.ended)

    def _wrong(self, said: dict[str, str]) -> Iterator[tuple[str, str, str]]:
        username, name = said.get("username", ""), said.get("name", "")
        if not username or len(username) > _LONGEST or not username.isprintable() or " " in username:
            yield (
                "username",
                "账号应为1至60个字符，不含空格",
                "a user name has 1 to 60 characters and no space",
            )
            return
        if not name or len(name) > _LONGEST or not name.isprintable():
            yield "name", "姓名应为1至60个字符", "a name has 1 to 60 characters"
        if not said.get("name_en", "").isprintable() or len(said.get("name_en", "")) > _LONGEST:
            yield "name_en", "英文名不超过60个字符", "an English name has at most 60 characters"
        if name and self.names.setdefault(username, name) != name:
            yield "name", "同一账号在表中姓名不一致", "this account has another name elsewhere in the table"
        person = self.known.get(username)
        if person is not None and self._is_new_name(person, said) and not self._may_manage(person):
            yield (
                "name",
                "该人员另有本人权限以外的岗位，不得改名",
                "they serve elsewhere too; not yours to rename",
            )
        yield from self._wrong_position(said)

    def _wrong_position(self, said: dict[str, str]) -> Iterator[tuple[str, str, str]]:
        role, code = said.get("role", ""), said.get("region", "")
        if not role and not code:
            return
        if role not in self.roles:
            yield "role", f"没有岗位“{role}”", f'there is no role "{role}"'
        region = self.regions.get(code)
        if region is None:
            yield "region", f"没有行政区划代码“{code}”", f'no region has the code "{code}"'
        elif not access.may(self.actor, "people.manage", code):
            yield "region", "本人无权管理该地区的人员", "you may not manage people of this region"
        days = {name: as_date(said.get(name, "")) for name in ("valid_from", "valid_to")}
        for name, day in days.items():
            if said.get(name) and day is None:
                yield (
                    name,
                    f"“{said[name]}”不是日期，应如 2026-01-31",
                    f'"{said[name]}" is no date like 2026-01-31',
                )
        start, end = days["valid_from"], days["valid_to"]
        if start and end and end < start:
            yield "valid_to", "任职止早于任职起", "it ends before it begins"
        if region is not None and not region.is_valid(start or self.today) and end is None:
            yield (
                "region",
                f"“{region.name}”届时不存在，请用承继地区",
                "the region does not exist then; use its successor",
            )
        same = (said["username"], role, code, said.get("valid_from", ""))
        if same in self.seen:
            yield "username", "与表中另一行重复", "this row stands in the table twice"
        self.seen.add(same)

    def _may_manage(self, person: Person) -> bool:
        return all(access.may(self.actor, "people.manage", held.region) for held in person.positions)

    @staticmethod
    def _is_new_name(person: Person, said: dict[str, str]) -> bool:
        return (person.name, person.name_en) != (
            said.get("name", ""),
            said.get("name_en", "") or person.name_en,
        )

    def _plan_account(self, said: dict[str, str]) -> None:
        username, name, name_en = said["username"], said["name"], said.get("name_en", "")
        person = self.known.get(username)
        if person is None:
            row = self.accounts.setdefault(username, {"username": username, "name": name, "name_en": ""})
            row["name_en"] = name_en or row["name_en"]
        elif self._is_new_name(person, said):
            self.renamed[username] = (name, name_en or person.name_en)

    def _plan_position(self, said: dict[str, str]) -> None:
        username, role, region = said["username"], said["role"], said["region"]
        start, end = as_date(said.get("valid_from", "")), as_date(said.get("valid_to", ""))
        person = self.known.get(username)
        same = [h for h in person.positions if (h.role, h.region) == (role, region)] if person else []
        found = next((held for held in same if self._is_meant(held, start)), None)
        if found is None:
            self.added[username, role, region, start or self.today] = end
        elif found.valid_to != end:
            self.ended[username, role, region, found.valid_from] = end

    def _is_meant(self, held: Held, start: date | None) -> bool:
        return held.is_held(self.today) if start is None else held.valid_from == start


def import_people(
    tx: Tx,
    *,
    data: bytes,
    actor: Actor,
    at: datetime,
    dry_run: bool = False,
    skip_bad: bool = False,
    progress: Callable[[int, int], None] = lambda _done, _all: None,
) -> ImportReport:
    """Bring accounts and positions in line with a table. `progress` hears how many rows of how many are read.

    Raises SheetError, RowsError (nothing was written), ForbiddenError.
    """
    if not access.regions_where(actor, "people.manage"):
        access.require(actor, "people.manage", "")
    rows = read_rows(data, COLUMNS)
    plan = _Plan(
        actor=actor,
        today=at.astimezone(SHANGHAI).date(),
        regions={region.code: region for region in people.list_regions(tx)},
        roles=access.ROLES | people.list_roles(tx),
        known={person.username: person for person in staff.list_persons(tx, scope=("",))},
    )
    for number, (row, said) in enumerate(rows, 1):
        plan.take(row, said)
        if number % 500 == 0 or number == len(rows):
            progress(number, len(rows))
    write = settle(len(rows), plan.faults, dry_run=dry_run, skip_bad=skip_bad)
    if write:
        _write(tx, plan, at)
    return ImportReport(
        rows=len(rows),
        added=len(plan.accounts) + len(plan.added),
        changed=len(plan.renamed) + len(plan.ended),
        unchanged=plan.unchanged,
        faults=tuple(plan.faults),
        written=write,
    )


def export_people(tx: Tx, *, actor: Actor, form: Format) -> bytes:
    """Everybody with a position where the actor may see staff, as `import_people` reads them."""
    scope = access.regions_where(actor, "people.see")
    if not scope:
        access.require(actor, "people.see", "")
    rows = (
        [person.username, person.name, person.name_en, *cells]
        for person in staff.list_persons(tx, scope=scope)
        for cells in _cells(person)
    )
    return write_rows(COLUMNS, rows, form)


def _cells(person: Person) -> Iterator[list[str]]:
    for held in person.positions:
        ends = held.valid_to.isoformat() if held.valid_to else ""
        yield [held.role, held.region, held.valid_from.isoformat(), ends]
    if not person.positions:
        yield ["", "", "", ""]


def _write(tx: Tx, plan: _Plan, at: datetime) -> None:
    staff.add_accounts(tx, list(plan.accounts.values()))
    for username, (name, name_en) in plan.renamed.items():
        staff.rename(tx, username, name=name, name_en=name_en)
    names = ("username", "role", "region", "valid_from")
    staff.add_positions(
        tx, [{**dict(zip(names, key, strict=True)), "valid_to": end} for key, end in plan.added.items()]
    )
    for key, end in plan.ended.items():
        staff.end_position(tx, key, end)
    changes: list[list[Any]] = [["account_added", username] for username in plan.accounts]
    changes += [["account_renamed", username] for username in plan.renamed]
    for kind, planned in (("position_added", plan.added), ("position_ended", plan.ended)):
        changes += [
            [kind, *key[:3], key[3].isoformat(), end and end.isoformat()] for key, end in planned.items()
        ]
    place = commonprefix([key[2] for key in (*plan.added, *plan.ended)])  # whose administrators may read it
    for first in range(0, len(changes), _AUDITED):
        data = {"changes": changes[first : first + _AUDITED]}
        audit.append(tx, kind="people_imported", actor=plan.actor.username, data=data, at=at, region=place)
