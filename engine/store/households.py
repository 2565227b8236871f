"""Household files: which cases and which people belong together. Numbers only as keyed hashes.

A file's id is drawn at random: one made of the time would tell whoever sees it when some other case,
perhaps out of their sight, was the first of the household.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Insert, bindparam, delete, insert, or_, select
from sqlalchemy.dialects import postgresql, sqlite

from engine.store.cases import COLUMNS, CaseRow
from engine.store.db import Tx, vault_of
from engine.store.link_tables import household_cases, household_files, household_members
from engine.store.tables import cases, process_versions

_KIND = "household"  # sets these hashes apart from those of the search index


def _new(insert: Any) -> Insert:
    return insert(household_members).on_conflict_do_nothing()  # type: ignore[no-any-return]


_ADD_PEOPLE = {"sqlite": _new(sqlite.insert), "postgresql": _new(postgresql.insert)}
_OF_CASE = select(household_cases.c.household_id).where(household_cases.c.case_id == bindparam("of_case"))


def find_of_case(tx: Tx, case_id: int) -> int | None:
    """The file that a case is in."""
    return tx.execute(_OF_CASE, {"of_case": case_id}).scalar_one_or_none()


def find_of_person(tx: Tx, number: str) -> int | None:
    """The file of a person: the one in which they applied last, else the last in which they are a member."""
    blinds = vault_of(tx).blinds(_KIND, number)
    query = (
        select(household_cases.c.household_id)
        .join(household_members, household_members.c.case_id == household_cases.c.case_id)
        .where(household_members.c.blind.in_(blinds))
        .order_by(household_members.c.role, household_cases.c.case_id.desc())
        .limit(1)
    )
    return tx.execute(query).scalar_one_or_none()


def add_file(tx: Tx, at: datetime) -> int:
    """A new file without cases."""
    file_id = secrets.randbits(62)
    tx.execute(insert(household_files), {"id": file_id, "opened_at": at})
    return file_id


def add_case(tx: Tx, case_id: int, file_id: int) -> None:
    """Put a case into a file."""
    tx.execute(insert(household_cases), {"case_id": case_id, "household_id": file_id})


def add_people(tx: Tx, case_id: int, people: Iterable[tuple[str, str]]) -> None:
    """Put people (role and number) into the file of a case; those that are there already stay."""
    vault = vault_of(tx)
    rows = [
        {"case_id": case_id, "role": role, "blind": vault.blind(_KIND, number)}
        for role, number in sorted(set(people))
    ]
    if rows:
        tx.execute(_ADD_PEOPLE[tx.dialect.name], rows)


def replace_people(tx: Tx, case_id: int, people: Iterable[tuple[str, str]]) -> None:
    """Keep the people of a case anew, under the current key alone."""
    tx.execute(delete(household_members).where(household_members.c.case_id == case_id))
    add_people(tx, case_id, people)


def list_cases(
    tx: Tx, file_id: int, *, scope: tuple[str, ...] = ("",), only_open: bool = False
) -> list[CaseRow]:
    """The cases of a file that lie in one of the regions, oldest first."""
    query = (
        select(*COLUMNS)
        .select_from(cases)
        .join(process_versions)
        .join(household_cases, household_cases.c.case_id == cases.c.id)
        .where(
            household_cases.c.household_id == file_id,
            or_(False, *(cases.c.region.startswith(prefix) for prefix in scope)),
        )
        .order_by(cases.c.id)
    )
    if only_open:
        query = query.where(cases.c.closed_at.is_(None))
    return [CaseRow._make(row) for row in tx.execute(query)]


def list_cases_of_people(tx: Tx, numbers: Sequence[str]) -> list[tuple[str, CaseRow]]:
    """Every case in the files of these people, by number; a person may have been in several files."""
    vault = vault_of(tx)
    by_blind = {blind: number for number in numbers for blind in vault.blinds(_KIND, number)}
    own = household_cases.alias("own")
    query = (
        select(household_members.c.blind, *COLUMNS)
        .select_from(household_members)
        .join(own, own.c.case_id == household_members.c.case_id)
        .join(household_cases, household_cases.c.household_id == own.c.household_id)
        .join(cases, cases.c.id == household_cases.c.case_id)
        .join(process_versions)
        .where(household_members.c.blind.in_(list(by_blind)))
    )
    return [(by_blind[row[0]], CaseRow._make(row[1:])) for row in tx.execute(query)]
