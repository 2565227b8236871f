"""What somebody with every right in the database can do, which the triggers are no help against."""

from __future__ import annotations

from engine.store.db import Tx


def drop_triggers(tx: Tx) -> None:
    """Take away what makes the record append-only."""
    names = tx.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'trigger'").scalars().all()
    assert names, "there is nothing to take away"
    for name in names:
        tx.exec_driver_sql(f"DROP TRIGGER {name}")
