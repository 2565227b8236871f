"""Opens a database and begins and commits transactions; nowhere else may a transaction end.

`Database.write()` and `.read()` are the only two ways in. Returning commits, raising rolls back. On
SQLite a process-wide lock queues the writers before `BEGIN IMMEDIATE`: a thread that waits for it is
woken at once, where SQLite's own busy handler would sleep and starve somebody.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from copy import copy as shallow_copy
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, IntegrityError, SQLAlchemyError
from sqlalchemy.pool import StaticPool

from engine.errors import ConflictError
from engine.vault import KeyFile, Vault, VaultError

Tx = Connection
DatabaseError = SQLAlchemyError
"""Whatever the driver or the database refuses: a file that can't be opened or written, a bad address."""

_BUSY_SECONDS = 30  # only for writers in another process; our own threads queue on the lock
_AFTER_COMMIT = "aidflow.after_commit"
_DATABASE = "aidflow.database"
_LOST_RACE = ("40001", "40P01", "55P03")  # serialization failure, deadlock, lock not available


class Database:
    """One database. `kept` holds what is worth keeping between transactions, by the layer that keeps it."""

    def __init__(self, engine: Engine, vault: Vault) -> None:
        self.engine = engine
        self.vault = vault
        self.is_sqlite = engine.dialect.name == "sqlite"
        self.kept: dict[str, Any] = {}
        lock = threading.RLock()  # a transaction within a transaction is an error then, not a standstill
        self._writers: AbstractContextManager[Any] = lock if self.is_sqlite else nullcontext()
        shares_one_connection = isinstance(engine.pool, StaticPool)
        self._readers: AbstractContextManager[Any] = lock if shares_one_connection else nullcontext()

    @contextmanager
    def write(self) -> Iterator[Tx]:
        """A transaction that commits when the block returns; a race that the database lost is a conflict."""
        callbacks: list[Callable[[], None]] = []
        try:
            with self._writers, self.engine.connect() as tx:
                tx.info[_AFTER_COMMIT], tx.info[_DATABASE] = callbacks, self
                if self.is_sqlite:
                    tx.exec_driver_sql("BEGIN IMMEDIATE")
                yield tx
                tx.commit()
        except IntegrityError as error:
            raise ConflictError from error
        except DBAPIError as error:
            if lost_race(error):
                raise ConflictError from error
            raise
        for callback in callbacks:
            callback()

    @contextmanager
    def read(self) -> Iterator[Tx]:
        """One consistent view of the database; nothing is written."""
        with self._readers, self.engine.connect() as tx:
            tx.info[_DATABASE] = self
            if self.is_sqlite:
                tx.exec_driver_sql("BEGIN")
            else:
                tx = tx.execution_options(isolation_level="REPEATABLE READ")
            yield tx
            tx.rollback()

    def close(self) -> None:
        """Give the connections back; the database may be opened again."""
        self.engine.dispose()


def database_of(tx: Tx) -> Database:
    """The database that a transaction belongs to."""
    database: Database = tx.info[_DATABASE]
    return database


def vault_of(tx: Tx) -> Vault:
    """The keys of the database that a transaction belongs to."""
    return database_of(tx).vault


def after_commit(tx: Tx, callback: Callable[[], None]) -> None:
    """Call `callback` once the transaction has committed; never if it rolls back."""
    tx.info[_AFTER_COMMIT].append(callback)


def lost_race(error: DBAPIError) -> bool:
    """Whether the database gave up because somebody else held what we wanted."""
    cause = error.orig
    if isinstance(cause, sqlite3.OperationalError):
        return getattr(cause, "sqlite_errorname", "").startswith(("SQLITE_BUSY", "SQLITE_LOCKED"))
    return getattr(cause, "sqlstate", None) in _LOST_RACE


def open_database(url: str, vault: Vault | None = None) -> Database:
    """`sqlite:///file.db`, `sqlite://` (in memory, for tests and scenarios) or `postgresql://…`.

    Without a vault, a database in memory gets a key of its own, one in a file the `keys.json` beside it;
    `VaultError` for a server database, whose keys must be given.
    """
    address = make_url(url)
    if address.get_backend_name() != "sqlite":
        if vault is None:
            raise VaultError(
                "This database needs keys: set AIDFLOW_KEYS (see `aidflow keys new`) or AIDFLOW_KEY_FILE.",
                "该数据库需要密钥：请设置 AIDFLOW_KEYS（aidflow keys new 可生成）或 AIDFLOW_KEY_FILE。",
            )
        pool = {"pool_size": 16, "max_overflow": 16, "pool_pre_ping": True}
        return Database(create_engine(address, hide_parameters=True, **pool), vault)
    in_memory = address.database in (None, "", ":memory:")
    settings: dict[str, Any] = {"connect_args": {"timeout": _BUSY_SECONDS, "cached_statements": 512}}
    if in_memory:
        settings["poolclass"] = StaticPool
        settings["connect_args"]["check_same_thread"] = False
        vault = vault or Vault.ephemeral()
    else:
        settings |= {"pool_size": 16, "max_overflow": 16}
        vault = vault or KeyFile(_path_of(str(address.database)).parent / "keys.json")
    engine = create_engine(address, hide_parameters=True, **settings)  # what an error says may be logged
    event.listen(engine, "connect", _prepare_sqlite)
    return Database(engine, vault)


def _path_of(name: str) -> Path:
    """The file of an SQLite database that is named by a path or, as SQLite allows, by a `file:` address."""
    return Path(unquote(urlsplit(name).path)) if name.startswith("file:") else Path(name)


def clone_in_memory(source: Database) -> Database:
    """A copy of an SQLite database in memory, with its keys and with what is kept of definitions shared."""
    copy = open_database("sqlite://", source.vault)
    with source.engine.connect() as taken, copy.engine.connect() as given:
        from_: Any = taken.connection.driver_connection
        from_.backup(given.connection.driver_connection)
    copy.kept.update((name, shallow_copy(kept)) for name, kept in source.kept.items() if name == "programs")
    return copy


def _prepare_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    """The driver must not begin transactions of its own, and a committed case must survive a power cut."""
    connection.isolation_level = None
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "cache_size=-16000"):
        connection.execute(f"PRAGMA {pragma}")
