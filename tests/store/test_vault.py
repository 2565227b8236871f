"""Sealing, keys at start, and rotation while people work."""

from __future__ import annotations

import json
import stat
import threading
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import update

from engine.actions import rotate_keys
from engine.actions.complete_task import complete_task
from engine.actions.draft_task import draft_task
from engine.actions.find_person import find_person
from engine.actions.verify import verify
from engine.store import keys, resealing, schema
from engine.store.db import Database, open_database
from engine.store.idempotency import Answer, find_answer, keep_answer
from engine.store.ids import read_id
from engine.store.packing import seal, unseal
from engine.store.tables import events
from engine.types import SYSTEM
from engine.vault import KeyFile, Vault, VaultError, new_secret, read_secret, write_secret
from tests.builders import THREE_STEPS, Office
from tests.people_forms import ANSWERS, FILES, MOBILE


@given(st.binary(max_size=300), st.binary(max_size=20), st.binary(max_size=20))
def test_sealed_bytes_open_only_for_their_own_row(data: bytes, row: bytes, other: bytes) -> None:
    vault = _VAULT
    sealed = vault.seal(data, row)
    assert vault.open(sealed, row) == data
    if other != row:
        with pytest.raises(VaultError):
            vault.open(sealed, other)


@given(st.binary(min_size=1, max_size=60), st.data())
def test_any_changed_bit_of_a_sealed_value_is_noticed(data: bytes, draw: Any) -> None:
    sealed = bytearray(_VAULT.seal(data, b"row"))
    place = draw.draw(st.integers(1, len(sealed) - 1))
    sealed[place] ^= 1 << draw.draw(st.integers(0, 7))
    with pytest.raises(VaultError):
        _VAULT.open(bytes(sealed), b"row")


_VAULT = Vault.ephemeral()


def test_blind_values_differ_by_kind_and_key_and_tell_nothing() -> None:
    first, second = Vault.ephemeral(), Vault.ephemeral()
    assert first.blind("mobile", MOBILE) == first.blind("mobile", MOBILE)
    assert len({v.blind(kind, MOBILE) for v in (first, second) for kind in ("mobile", "bankCard")}) == 4
    both = Vault([key.secret for vault in (second, first) for key in vault.ring()])
    assert first.blind("mobile", MOBILE) in both.blinds("mobile", MOBILE)


def test_keys_are_read_from_text_and_never_shown() -> None:
    secret = new_secret()
    assert Vault.read(f" {write_secret(secret)} , {write_secret(new_secret())}").ring()[0].secret == secret
    assert write_secret(secret) not in repr(Vault.read(write_secret(secret)).ring())
    for wrong in ("", "abc", write_secret(b"short"), "!" * 44):
        with pytest.raises(VaultError) as refused:
            read_secret(wrong)
        assert wrong == "" or wrong not in str(refused.value)


def test_key_file_is_made_once_and_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    first, second = KeyFile(path), KeyFile(path)
    sealed = first.seal(b"x", b"row")
    assert second.open(sealed, b"row") == b"x"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [entry.name for entry in tmp_path.iterdir()] == ["keys.json"]


def test_many_who_start_at_once_agree_on_one_key(tmp_path: Path) -> None:
    vaults = [KeyFile(tmp_path / "keys.json") for _ in range(8)]
    threads = [threading.Thread(target=vault.ring) for vault in vaults]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({vault.ring()[0].id for vault in vaults}) == 1


def test_a_key_made_current_elsewhere_counts_at_once(tmp_path: Path) -> None:
    mine, theirs = KeyFile(tmp_path / "keys.json"), KeyFile(tmp_path / "keys.json")
    old = mine.seal(b"old", b"row")
    added = theirs.add(new_secret(), current=True)
    assert mine.seal(b"new", b"row")[1:5] == added.id
    assert mine.open(old, b"row") == b"old"


def test_damaged_key_file_is_said(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    for content in ("", "{}", '{"keys": []}', '{"keys": [{"key": "abc"}]}', "[1]"):
        path.write_text(content)
        with pytest.raises(VaultError, match="cannot be read"):
            KeyFile(path).ring()


def test_a_server_database_refuses_to_open_without_keys() -> None:
    with pytest.raises(VaultError, match="AIDFLOW_KEYS"):
        open_database("postgresql://nobody@localhost/aidflow")


def test_missing_or_wrong_keys_are_said_before_anything_is_written(
    database: Database, tmp_path: Path
) -> None:
    keys.check_keys(database)
    keys.record_key(database, Office(database).now)
    keys.check_keys(database)
    path = tmp_path / "keys.json"
    kept = path.read_bytes()
    path.unlink()
    opened = open_database(f"sqlite:///{tmp_path / 'aidflow.db'}")
    with pytest.raises(keys.KeysMissingError, match=database.vault.ring()[0].id.hex()):
        keys.check_keys(opened)
    assert not path.exists(), "no new key may be made in its place"
    path.write_text(json.dumps({"keys": [{"key": write_secret(new_secret())}]}))
    with pytest.raises(keys.KeysMissingError):
        keys.check_keys(open_database(f"sqlite:///{tmp_path / 'aidflow.db'}"))
    path.write_bytes(kept)
    keys.check_keys(open_database(f"sqlite:///{tmp_path / 'aidflow.db'}"))


def test_an_empty_database_asks_for_no_key(tmp_path: Path) -> None:
    fresh = open_database(f"sqlite:///{tmp_path / 'fresh.db'}")
    keys.check_keys(fresh)
    schema.upgrade(fresh)
    keys.record_key(fresh, Office(fresh).now)
    with fresh.read() as tx:
        assert set(keys.list_keys(tx)) == {fresh.vault.ring()[0].id.hex()}


def test_what_was_stored_before_there_were_keys_is_read_and_then_sealed(office: Office) -> None:
    office.deploy(three_bpmn=THREE_STEPS)
    case = office.open("three-steps")
    history = office.history(case)
    case_id = read_id(case.id)
    with office.database.write() as tx:
        for row in tx.execute(events.select()).all():
            plain = unseal(tx, row.data, "events", row.case_id, row.seq)
            tx.execute(update(events).where(events.c.seq == row.seq).values(data=plain))
    assert office.history(case) == history
    with office.database.read() as tx:
        assert resealing.count_sealed(tx)[""] == len(history)
    _rotate(office)
    with office.database.read() as tx:
        assert resealing.count_sealed(tx).keys() == {office.database.vault.ring()[0].id.hex()}
        assert verify(tx, at=office.now).problems == ()
    assert office.history(case) == history
    assert case_id


def test_rotation_reaches_every_place_and_the_old_key_can_go(office: Office) -> None:
    office.deploy(**FILES)
    case = office.complete(office.open("care"), "apply", **ANSWERS)
    task = read_id(office.task(case, "look").id)
    office.act(draft_task, "leader", task_id=task, answers={"phone": MOBILE})
    with office.database.write() as tx:
        answer = Answer(200, b"{}")
        keep_answer(tx, actor="a", key="k", request=b"r", answer=answer, at=office.now)
    old = office.database.vault.ring()[0].id.hex()
    _rotate(office)
    with office.database.read() as tx:
        assert old not in resealing.count_sealed(tx)
        assert find_answer(tx, actor="a", key="k", request=b"r") == answer
        assert verify(tx, at=office.now).problems == ()
    with pytest.raises(keys.KeyInUseError):  # the index still knows the old one
        rotate_keys.retire_key(office.database, key_id=old, actor=SYSTEM, at=office.now)
    assert _found(office) == 1
    assert sum(rotate_keys.index_anew(office.database)) == 1
    rotate_keys.retire_key(office.database, key_id=old, actor=SYSTEM, at=office.now)
    assert len(office.database.vault.ring()) == 1
    assert _found(office) == 1
    assert office.complete(case, "look", by="leader").tasks[0].element_id == "note"
    reopened = open_database(str(office.database.engine.url))
    keys.check_keys(reopened)
    assert Office(reopened, office.now).look(case).tasks[0].element_id == "note"


def test_a_rotation_cut_off_goes_on_with_the_same_key(office: Office) -> None:
    office.deploy(three_bpmn=THREE_STEPS)
    for _ in range(rotate_keys.BATCH + 5):
        office.open("three-steps")
    first = rotate_keys.begin_rotation(office.database, actor=SYSTEM, at=office.now)
    batches = rotate_keys.seal_all_anew(office.database)
    assert next(batches) > 0
    batches.close()
    assert rotate_keys.begin_rotation(office.database, actor=SYSTEM, at=office.now) == first
    assert sum(rotate_keys.seal_all_anew(office.database)) > 0
    with office.database.read() as tx:
        assert set(resealing.count_sealed(tx)) == {first}
    assert rotate_keys.begin_rotation(office.database, actor=SYSTEM, at=office.now) != first


def test_an_added_key_becomes_current_with_the_next_rotation(office: Office) -> None:
    added = rotate_keys.add_key(office.database, actor=SYSTEM, at=office.now)
    keys.record_key(office.database, office.now)
    assert office.database.vault.ring()[0].id.hex() != added
    assert rotate_keys.begin_rotation(office.database, actor=SYSTEM, at=office.now) == added
    with pytest.raises(Exception, match="current key"):
        rotate_keys.retire_key(office.database, key_id=added, actor=SYSTEM, at=office.now)


def test_people_complete_tasks_while_everything_is_sealed_anew(office: Office) -> None:
    """Completions and the rotation take turns on the cases; nobody fails and nothing is lost."""
    office.deploy(three_bpmn=THREE_STEPS)
    cases = [office.open("three-steps") for _ in range(40)]
    officer = office.who("officer")
    other = open_database(str(office.database.engine.url))  # as another process has it
    failures: list[BaseException] = []

    def work(part: list[Any]) -> None:
        try:
            for case in part:
                with other.write() as tx:
                    task = read_id(case.tasks[0].id)
                    complete_task(
                        tx, task_id=task, answers={}, seen_version=None, actor=officer, at=office.now
                    )
        except BaseException as failure:
            failures.append(failure)

    threads = [threading.Thread(target=work, args=(cases[n::2],)) for n in range(2)]
    for thread in threads:
        thread.start()
    key = rotate_keys.begin_rotation(office.database, actor=SYSTEM, at=office.now)
    list(rotate_keys.seal_all_anew(office.database))
    for thread in threads:
        thread.join()
    assert failures == []
    list(rotate_keys.seal_all_anew(office.database))  # a step that began under the old key
    with office.database.read() as tx:
        assert set(resealing.count_sealed(tx)) == {key}
        assert verify(tx, at=office.now).problems == ()
    assert all(office.look(case).tasks[0].element_id == "visit" for case in cases)


def test_sealed_bytes_moved_to_another_row_break_the_chain(office: Office) -> None:
    office.deploy(three_bpmn=THREE_STEPS)
    cases = [office.open("three-steps") for _ in range(2)]
    with office.database.write() as tx:
        other = tx.scalar(events.select().with_only_columns(events.c.data).limit(1))
        tx.execute(update(events).values(data=other))
    with office.database.read() as tx:
        assert {fault.kind for fault in verify(tx, at=office.now).problems} == {"history"}
    assert len(cases) == 2


def test_in_memory_databases_keep_their_key_to_themselves() -> None:
    first, second = open_database("sqlite://"), open_database("sqlite://")
    with first.write() as tx:
        sealed = seal(tx, b"x", "cases", 1)
    with second.read() as tx, pytest.raises(VaultError, match="missing"):
        unseal(tx, sealed, "cases", 1)


def _rotate(office: Office) -> None:
    rotate_keys.begin_rotation(office.database, actor=SYSTEM, at=office.now)
    list(rotate_keys.seal_all_anew(office.database))


def _found(office: Office) -> int:
    return len(office.act(find_person, person=MOBILE).items)
