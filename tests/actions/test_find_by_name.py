"""Finding the cases of a person by name: whole, whichever way it is written, and only where one may see."""

from __future__ import annotations

import json
from typing import Any

import pytest
from sqlalchemy import delete, insert, select

from engine.actions import rotate_keys
from engine.actions.fill_index import fill_index
from engine.actions.find_person import find_person
from engine.actions.views import CaseSummary, CaseView, Page
from engine.errors import ForbiddenError
from engine.store import audit, identities
from engine.store.vault_tables import identities as table
from engine.store.vault_tables import index_fills
from engine.types import SYSTEM, Actor, Position
from tests.builders import TOWN, Office
from tests.people_forms import APPLICATION, APPLY_FILES

OTHER_TOWN = "350481101"


@pytest.fixture
def case(office: Office) -> CaseView:
    """An application of 阿依古丽·买买提 for herself and 林 建国, with a proxy and relatives on the staff."""
    office.deploy(**APPLY_FILES)
    return office.open("application", **APPLICATION)


def _find(office: Office, name: str, **narrowed: Any) -> list[str]:
    return [found.id for found in office.act(find_person, person=name, **narrowed).items]


def _find_from(office: Office, region: str, name: str) -> Page[CaseSummary]:
    actor = Actor(username="far", positions=(Position(role="town.officer", region=region),))
    with office.database.write() as tx:
        return find_person(tx, person=name, actor=actor, at=office.now)


@pytest.mark.parametrize(
    "spelling",
    ["阿依古丽·买买提", "阿依古丽买买提", " 阿依古丽 · 买买提 ", "阿依古丽•买买提", "林建国", "林\u3000建国"],
)
def test_cases_are_found_by_the_whole_name_of_applicant_and_member(
    office: Office, case: CaseView, spelling: str
) -> None:
    assert _find(office, spelling) == [case.id]


@pytest.mark.parametrize("part", ["阿依古丽", "买买提", "建国", "林建国强", "阿依古丽·买"])
def test_a_part_of_a_name_finds_nothing(office: Office, case: CaseView, part: str) -> None:
    assert _find(office, part) == []


@pytest.mark.parametrize("name", ["代办人甲", "王干部", "陈亲属", "调查员乙"])
def test_proxies_investigators_and_relatives_on_the_staff_are_not_indexed(
    office: Office, case: CaseView, name: str
) -> None:
    done = office.complete(case, "visit", investigators=[{"name": "调查员乙"}], note="已核实")
    assert done.version > case.version
    assert _find(office, name) == []


def test_a_corrected_name_is_found_too(office: Office, case: CaseView) -> None:
    office.complete(case, "visit", applicant_name="阿依古丽·买合提")
    assert _find(office, "阿依古丽·买合提") == [case.id]
    assert _find(office, "阿依古丽·买买提") == [case.id]


def test_a_case_of_another_region_is_neither_found_nor_counted(office: Office, case: CaseView) -> None:
    there = _find_from(office, OTHER_TOWN, "林建国")
    nobody = _find_from(office, OTHER_TOWN, "林无人")
    assert there == nobody
    assert there.items == ()
    assert [found.id for found in _find_from(office, TOWN, "林建国").items] == [case.id]
    with office.database.read() as tx:
        rows = audit.list_rows(tx, scope=("",), kind="person_searched", limit=10)
    assert {tuple(row.data["kinds"]) for row in rows} == {("name",)}
    assert sorted(row.data["found"] for row in rows) == [0, 0, 1]  # rows of one instant have no order


def test_a_search_by_name_needs_the_permission_and_leaves_no_name(office: Office, case: CaseView) -> None:
    assert _find(office, "林建国") == [case.id]
    with pytest.raises(ForbiddenError):
        office.act(find_person, "designer", person="林建国")
    with office.database.read() as tx:
        rows = audit.list_rows(tx, scope=("",), kind="person_searched", limit=10)
        kept = tx.execute(select(table.c.kind, table.c.blind)).all()
    assert [(row.actor, row.data["kinds"]) for row in rows] == [("officer", ["name"])]
    assert "林建国" not in json.dumps(rows[0].data, ensure_ascii=False)
    assert {row.kind for row in kept} == {"name", "idNumber"}
    assert not [row for row in kept if "林".encode() in row.blind]


def test_the_index_made_anew_from_the_record_is_the_one_that_was_written(
    office: Office, case: CaseView
) -> None:
    with office.database.write() as tx:
        before = set(tx.execute(select(table)).all())
        tx.execute(delete(table))
    list(rotate_keys.index_anew(office.database))
    with office.database.read() as tx:
        assert set(tx.execute(select(table)).all()) == before
    rotate_keys.begin_rotation(office.database, actor=SYSTEM, at=office.now)
    assert _find(office, "林建国") == [case.id]  # under the older key
    list(rotate_keys.index_anew(office.database))
    with office.database.read() as tx:
        assert not {row.blind for row in before} & set(tx.scalars(select(table.c.blind)))
    assert _find(office, "林建国") == [case.id]


def test_names_of_older_cases_are_filled_in_even_after_a_cut(office: Office, case: CaseView) -> None:
    for _ in range(rotate_keys.BATCH + 1):
        office.open("application", **APPLICATION)
    with office.database.write() as tx:
        before = set(tx.execute(select(table)).all())
        tx.execute(delete(table).where(table.c.kind == "name"))
    assert list(fill_index(office.database)) == []  # nothing is marked
    assert _find(office, "林建国") == []
    with office.database.write() as tx:
        tx.execute(insert(index_fills).values(after=0))
    batches = fill_index(office.database)
    assert next(batches) == rotate_keys.BATCH
    batches.close()
    assert len(_find(office, "林建国", limit=50)) == rotate_keys.BATCH
    assert sum(fill_index(office.database)) == 2
    with office.database.read() as tx:
        assert set(tx.execute(select(table)).all()) == before
        assert identities.find_fill(tx) is None
