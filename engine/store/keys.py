"""The keys that a database is sealed with: checked before anything is written, recorded, counted, retired."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import delete, func, insert, inspect, select

from engine.errors import ConflictError
from engine.store.db import Database, Tx
from engine.store.link_tables import household_members
from engine.store.resealing import count_sealed
from engine.store.vault_tables import identities, vault_keys
from engine.vault import FORMAT, HEAD, Key, KeyFile, VaultError


class KeysMissingError(VaultError):
    """The database is sealed with keys that are not here."""

    code = "keys-missing"
    default_zh = "数据库所用的密钥不在此处。"


class KeyInUseError(ConflictError):
    """Something is still sealed with this key."""

    code = "key-in-use"
    default_zh = "仍有数据使用该密钥。"


def check_keys(database: Database) -> None:
    """`KeysMissingError` unless every key that the database knows is here; writes nothing, makes no key."""
    with database.read() as tx:
        if not inspect(tx).has_table(vault_keys.name):
            return
        known = tx.execute(select(vault_keys.c.id, vault_keys.c.fingerprint)).all()
    vault = database.vault
    if not known:
        return
    here = set()
    if not isinstance(vault, KeyFile) or vault.exists:
        here = {key.fingerprint for key in vault.ring()}
    missing = [row.id for row in known if row.fingerprint not in here]
    if missing:
        where = f"{vault.path}" if isinstance(vault, KeyFile) else "AIDFLOW_KEYS"
        names = ", ".join(missing)
        raise KeysMissingError(
            f"The database is sealed with the key {names}, which {where} does not hold. Put the right keys "
            "back; without them the data cannot be read.",
            f"数据库使用密钥 {names} 加密，而 {where} 中没有该密钥。请放回正确的密钥，否则数据无法读取。",
        )


def record_key(database: Database, at: datetime) -> None:
    """Remember the current key, once, so that a wrong one is noticed from now on."""
    key = database.vault.ring()[0]
    with database.read() as tx:
        if tx.scalar(select(vault_keys.c.id).where(vault_keys.c.id == key.id.hex())) is not None:
            return
    with database.write() as tx:
        add_key(tx, key, at)


def add_key(tx: Tx, key: Key, at: datetime) -> None:
    """Remember a key, unless it is known."""
    if tx.scalar(select(vault_keys.c.id).where(vault_keys.c.id == key.id.hex())) is None:
        values = {"id": key.id.hex(), "fingerprint": key.fingerprint, "added_at": at}
        tx.execute(insert(vault_keys).values(values))


def list_keys(tx: Tx) -> Mapping[str, datetime]:
    """The ids of the known keys, each with when it was first used."""
    query = select(vault_keys.c.id, vault_keys.c.added_at).order_by(vault_keys.c.added_at)
    return {row.id: row.added_at for row in tx.execute(query)}


def count_blinded(tx: Tx) -> dict[str, int]:
    """How many entries of the blind index each key made."""
    found: Counter[str] = Counter()
    for table in (identities, household_members):
        head = func.substr(table.c.blind, 1, HEAD - len(FORMAT))
        for key_id, count in tx.execute(select(head, func.count()).group_by(head)):
            found[key_id.hex()] += count
    return dict(found)


def retire_key(tx: Tx, key_id: str) -> None:
    """Forget a key; `KeyInUseError` while it is needed to read or to find anything."""
    if used := count_sealed(tx).get(key_id, 0) + count_blinded(tx).get(key_id, 0):
        raise KeyInUseError(
            f"{used} stored values still need the key {key_id}; run `aidflow keys rotate --index` first.",
            f"仍有{used}项数据使用密钥 {key_id}；请先运行 aidflow keys rotate --index。",
        )
    tx.execute(delete(vault_keys).where(vault_keys.c.id == key_id))
