"""The store by itself: ids, packing, schema, transactions, idempotency keys."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from engine.errors import ConflictError, NotFoundError
from engine.store import counters, idempotency, ids, packing, people_tables, schema
from engine.store.db import Database, after_commit, clone_in_memory, open_database
from engine.store.metadata import metadata

assert people_tables  # its tables are part of the schema

NOW = datetime(2026, 9, 22, 1, tzinfo=UTC)


def test_ids_sort_by_time_and_never_repeat_within_an_instant() -> None:
    same = [ids.new_id(NOW) for _ in range(20_000)]
    assert len(set(same)) == len(same)
    assert max(same) < ids.new_id(NOW + timedelta(milliseconds=1))
    assert all(0 <= number < 1 << 63 for number in same)


@given(st.integers(min_value=0, max_value=(1 << 63) - 1))
def test_an_id_reads_back(number: int) -> None:
    shown = ids.show_id(number)
    assert len(shown) == 13
    assert ids.read_id(shown) == number


@given(st.text(max_size=20).filter(lambda t: len(t) != 13 or not t.isascii()))
def test_other_text_is_an_address_where_there_is_nothing(shown: str) -> None:
    with pytest.raises(NotFoundError):
        ids.read_id(shown)


@pytest.mark.parametrize("shown", ["zzzzzzzzzzzzz", "0000000000o00", "0000000000I00", "-000000000000"])
def test_an_id_out_of_range_or_alphabet_is_not_found(shown: str) -> None:
    with pytest.raises(NotFoundError):
        ids.read_id(shown)


@given(st.binary(max_size=3000))
def test_packing_gives_back_what_it_got(data: bytes) -> None:
    packed = packing.pack(data)
    assert packing.unpack(packed) == data
    assert len(packed) <= len(data) + 1


@pytest.mark.parametrize("damaged", [b"", b"x", b"zNOT ZLIB"])
def test_damaged_bytes_are_told_from_sound_ones(damaged: bytes) -> None:
    with pytest.raises(ValueError):
        packing.unpack(damaged)


def test_the_migrated_schema_is_the_one_the_tables_say(database: Database) -> None:
    assert schema.is_current(database)
    with database.read() as tx:
        context = MigrationContext.configure(tx, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []


def test_every_constraint_has_a_name() -> None:
    unnamed = [
        (table.name, constraint)
        for table in metadata.sorted_tables
        for constraint in table.constraints
        if constraint.name is None and len(list(getattr(constraint, "columns", ())))
    ]
    assert unnamed == []


def test_an_empty_file_is_not_current(tmp_path: Path) -> None:
    empty = open_database(f"sqlite:///{tmp_path / 'empty.db'}")
    assert not schema.is_current(empty)
    empty.close()


def test_raising_rolls_back_and_returning_commits(database: Database) -> None:
    told: list[str] = []
    with pytest.raises(ZeroDivisionError), database.write() as tx:
        counters.next_value(tx, "n")
        after_commit(tx, lambda: told.append("rolled back"))
        _ = 1 // 0
    with database.write() as tx:
        assert counters.next_value(tx, "n") == 1
        after_commit(tx, lambda: told.append("committed"))
        assert told == []
    assert told == ["committed"]
    with database.read() as tx:
        assert counters.current_value(tx, "n") == 1
        assert counters.current_value(tx, "m") == 0


def test_reading_never_writes(database: Database) -> None:
    with database.read() as tx:
        tx.execute(text("INSERT INTO counters (name, value) VALUES ('n', 5)"))
    with database.read() as tx:
        assert counters.current_value(tx, "n") == 0


def test_writers_queue_and_none_is_lost(database: Database) -> None:
    def count() -> None:
        for _ in range(25):
            with database.write() as tx:
                counters.next_value(tx, "n")

    threads = [threading.Thread(target=count) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with database.read() as tx:
        assert counters.current_value(tx, "n") == 200


def test_a_broken_constraint_is_a_conflict_not_a_database_error(database: Database) -> None:
    with pytest.raises(ConflictError), database.write() as tx:
        for _ in range(2):
            tx.execute(text("INSERT INTO counters (name, value) VALUES ('n', 5)"))


def test_a_clone_in_memory_goes_its_own_way(database: Database) -> None:
    clone = clone_in_memory(database)
    with clone.write() as tx:
        counters.next_value(tx, "n")
    with database.read() as tx:
        assert counters.current_value(tx, "n") == 0
    clone.close()


def test_the_same_request_gets_its_first_answer_and_another_is_refused(database: Database) -> None:
    def find(actor: str, request: bytes) -> idempotency.Answer | None:
        with database.read() as tx:
            return idempotency.find_answer(tx, actor=actor, key="k", request=request)

    assert find("officer", b"one") is None
    with database.write() as tx:
        answer = idempotency.Answer(201, b"{}")
        idempotency.keep_answer(tx, actor="officer", key="k", request=b"one", answer=answer, at=NOW)
    assert find("officer", b"one") == answer
    assert find("leader", b"one") is None
    with pytest.raises(idempotency.IdempotencyKeyError):
        find("officer", b"two")
    with database.write() as tx:
        assert idempotency.forget_answers(tx, NOW + timedelta(days=6)) == 0
        assert idempotency.forget_answers(tx, NOW + timedelta(days=8)) == 1
