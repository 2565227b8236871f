"""Whoever takes the demo's database files away learns no number and no name of an applicant."""

from __future__ import annotations

import io
import re
import shutil
import sqlite3
import zipfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from engine.actions.program import load_program
from engine.actions.reading import list_cases
from engine.actions.record import get_record, get_variables
from engine.actions.seed_people import seed_demo_accounts, seed_regions
from engine.demo import seed_demo
from engine.forms.privacy import numbers_in
from engine.store import cases, schema
from engine.store.db import Database, Tx, open_database
from engine.store.ids import read_id
from engine.store.packing import unpack
from engine.types import SYSTEM
from engine.vault import is_sealed
from tests.demo.test_demo import AT, PROCESSES

_NUMBER = re.compile(r"(?<![0-9.])(?:1[3-9][0-9]{9}|[0-9]{16,18}[0-9X])(?![0-9])")
_NAMES = ("applicant_name", "person_name", "member_name", "publish_name")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A demo database in a file; what lies in the folder is what a thief would copy."""
    return tmp_path_factory.mktemp("demo")


@pytest.fixture(scope="module")
def demo(folder: Path) -> Iterator[Database]:
    database = open_database(f"sqlite:///{folder / 'aidflow.db'}")
    schema.upgrade(database)
    with database.write() as tx:
        seed_regions(tx)
        seed_demo_accounts(tx)
    seed_demo(database, processes=PROCESSES, at=AT)
    yield database
    database.close()


@pytest.fixture(scope="module")
def secrets(demo: Database) -> set[str]:
    """Every number and every applicant's name that was entered, as the service itself reads them."""
    found: set[str] = set()
    with demo.read() as tx:
        for case in list_cases(tx, actor=SYSTEM, at=AT, limit=200).items:
            found |= set(_said_in(tx, read_id(case.id)))
    assert len({text for text in found if text[0].isdigit()}) >= 20, "the demo must have people to hide"
    assert len({text for text in found if not text[0].isdigit()}) >= 10
    return found


def _said_in(tx: Tx, case_id: int) -> Iterator[str]:
    row, _ = cases.get_case(tx, case_id)
    guarded = load_program(tx, row.process, row.definition_hash).guarded
    record = [event.data for event in get_record(tx, case_id=case_id, actor=SYSTEM)]
    for data in (*record, get_variables(tx, case_id=case_id, actor=SYSTEM)):
        yield from (number for _, number in numbers_in(data, guarded))
        yield from _texts(data, "")


def _texts(value: Any, name: str) -> Iterator[str]:
    """Applicants' names, and whatever looks like a number, at any depth."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _texts(inner, key)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner, name)
    elif isinstance(value, str):
        yield from _NUMBER.findall(value)
        if name in _NAMES and len(value) >= 2:
            yield value


def _staff(demo: Database) -> set[str]:
    with closing(sqlite3.connect(demo.engine.url.database or "")) as connection:
        return {name for (name,) in connection.execute("SELECT name FROM accounts")}


def test_database_file_and_log_hold_no_number_and_no_name(
    demo: Database, folder: Path, secrets: set[str], tmp_path: Path
) -> None:
    raw = b"".join(path.read_bytes() for path in folder.iterdir() if path.name != "keys.json")
    with demo.read() as tx:
        number = list_cases(tx, actor=SYSTEM, at=AT, limit=1).items[0].number
    assert number.encode() in raw, "the search must be able to find what stands there plainly"
    hidden = secrets - _staff(demo)
    assert [text for text in hidden if text.encode() in raw] == []
    copied = tmp_path / "copy.db"
    with closing(sqlite3.connect(folder / "aidflow.db")) as source, closing(sqlite3.connect(copied)) as copy:
        source.backup(copy)
    shutil.copyfile(copied, tmp_path / "other.db")
    assert [text for text in hidden if text.encode() in copied.read_bytes()] == []


def test_no_column_holds_a_number_or_a_name_once_unpacked(
    demo: Database, folder: Path, secrets: set[str]
) -> None:
    """Compression is no secret: what can be unpacked without a key is unpacked before it is searched."""
    hidden = secrets - _staff(demo)
    found, sealed = [], 0
    with closing(sqlite3.connect(folder / "aidflow.db")) as connection:
        names = [
            name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        ]
        for name in names:
            for row in connection.execute(f'SELECT * FROM "{name}"'):  # noqa: S608  names from the schema itself
                for value in row:
                    sealed += isinstance(value, bytes) and is_sealed(value)
                    content = _open(value)
                    found += [(name, text) for text in hidden if text in content]
    assert found == []
    assert sealed > 200


def _open(value: Any) -> str:
    if not isinstance(value, bytes):
        return str(value)
    if value[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(value)) as archive:
            return "".join(archive.read(name).decode("utf-8", "replace") for name in archive.namelist())
    try:
        value = unpack(value)
    except ValueError:
        pass
    return value.decode("utf-8", "replace")


def test_applicants_are_in_the_blind_index(demo: Database) -> None:
    with closing(sqlite3.connect(demo.engine.url.database or "")) as connection:
        (indexed,) = connection.execute("SELECT count(DISTINCT case_id) FROM identities").fetchone()
    assert indexed >= 30
