"""Put another key into use: everything stored is sealed anew under it, in batches, while people work.

Between batches everything is readable, by the old key or the new one. A rotation that was cut off is
started again and goes on with what is left. Audit rows record each rotation, never a key.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from engine.actions.household_files import people_on_record
from engine.actions.personal import entered_in
from engine.errors import ConflictError, NotFoundError
from engine.store import attachments, audit, cases, households, identities, keys, resealing, warnings
from engine.store.blobs import BlobFault, Blobs
from engine.store.db import Database
from engine.store.packing import seal_anew
from engine.types import Actor
from engine.vault import Key, KeyFile, VaultError, new_secret

BATCH = 20
"""Cases a transaction: few enough that somebody who waits for one of them does not notice."""


def add_key(database: Database, *, actor: Actor, at: datetime) -> str:
    """Put a new key into the key file; it opens, and seals only after `rotate`. Returns its id."""
    key = key_file(database).add(new_secret())
    _record(database, "key_added", {"key": key.id.hex()}, actor, at)
    return key.id.hex()


def begin_rotation(database: Database, *, actor: Actor, at: datetime) -> str:
    """Make another key current and return its id: the last one added that was never current, else a new one.

    While values of the last rotation are left, its key stays. Keys that come from the environment are
    ordered there: the first one is current.
    """
    vault = database.vault
    current = vault.ring()[0]
    with database.write() as tx:
        keys.add_key(tx, current, at)
    with database.read() as tx:
        used, known = resealing.count_sealed(tx), keys.list_keys(tx)
    if isinstance(vault, KeyFile) and set(used) <= {current.id.hex()}:
        fresh = [key for key in vault.ring()[1:] if key.id.hex() not in known]
        current = vault.add(fresh[-1].secret if fresh else new_secret(), current=True)
        with database.write() as tx:
            keys.add_key(tx, current, at)
    _record(database, "rotation_started", {"key": current.id.hex()}, actor, at)
    return current.id.hex()


def seal_all_anew(database: Database) -> Iterator[int]:
    """Seal anew whatever the current key does not seal, a batch a step; yields how many values each took.

    Ends when a whole pass finds nothing: a step that was under way when the key changed is found too.
    """
    after, found = 0, 0
    while True:
        with database.write() as tx:
            batch = resealing.list_stale_cases(tx, after, BATCH)
            resealing.lock_cases(tx, batch)
            sealed = resealing.seal_cases(tx, batch) if batch else resealing.seal_others(tx, BATCH)
        found += sealed
        if sealed:
            yield sealed
        if batch:
            after = batch[-1]
        elif not sealed:
            if not found:
                return
            after, found = 0, 0


def seal_blobs_anew(database: Database, blobs: Blobs) -> Iterator[int]:
    """Seal anew the contents of attachments, one a transaction; yields 1 for each.

    One that cannot be read is passed over: it stays with its key, which then cannot be retired.
    """
    after = b""
    while True:
        with database.write() as tx:
            found = resealing.lock_stale_contents(tx, after, 1)
            if not found:
                return
            (after,) = found
            name = after.hex()
            try:
                sealed = seal_anew(database.vault, blobs.get(name), "blobs", name)
            except (BlobFault, VaultError):
                continue
            blobs.put(name, sealed)
            attachments.note_key(tx, after, sealed)
        yield 1


def index_anew(database: Database) -> Iterator[int]:
    """Blind every case's numbers and names anew under the current key; yields the cases of each batch."""
    after = 0
    while True:
        with database.write() as tx:
            batch = cases.list_ids(tx, after, BATCH)
            resealing.lock_cases(tx, batch)
            for case_id in batch:
                identities.replace_numbers(tx, case_id, entered_in(tx, case_id))
                households.replace_people(tx, case_id, list(people_on_record(tx, case_id)))
        if not batch:
            break
        after = batch[-1]
        yield len(batch)
    signal: int | None = -1
    while signal is not None:
        with database.write() as tx:
            signal = warnings.index_signals_anew(tx, signal, BATCH)


def retire_key(database: Database, *, key_id: str, actor: Actor, at: datetime) -> None:
    """Take a key out of the key file once nothing needs it. ConflictError while something does."""
    vault = key_file(database)
    key = next((key for key in vault.ring() if key.id.hex() == key_id), None)
    if key is None:
        raise NotFoundError(f"There is no key {key_id!r} here.", f"没有密钥“{key_id}”。")
    if key is vault.ring()[0]:
        raise ConflictError("The current key cannot be retired.", "当前密钥不能停用。")
    with database.write() as tx:
        keys.retire_key(tx, key_id)
    vault.remove(key.id)
    _record(database, "key_retired", {"key": key_id}, actor, at)


def ring_of(database: Database) -> list[Key]:
    """The keys at hand, the current one first."""
    return database.vault.ring()


def key_file(database: Database) -> KeyFile:
    """The database's key file; `VaultError` where keys come from the environment."""
    if not isinstance(database.vault, KeyFile):
        raise VaultError(
            "The keys come from AIDFLOW_KEYS; change them there (`aidflow keys new` prints one).",
            "密钥来自 AIDFLOW_KEYS，请在该处修改（aidflow keys new 可生成密钥）。",
        )
    return database.vault


def _record(database: Database, kind: str, data: dict[str, Any], actor: Actor, at: datetime) -> None:
    with database.write() as tx:
        audit.append(tx, kind=kind, actor=actor.username, data=data, at=at)
