"""Fill the search index from the record with what cases opened before an upgrade lack, in batches.

An upgrade marks that there is something to fill; a fill that was cut off goes on where it was.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.actions.personal import entered_in
from engine.store import cases, identities, resealing
from engine.store.db import Database

BATCH = 20
"""Cases a transaction, as for a change of keys."""


def fill_index(database: Database) -> Iterator[int]:
    """Add what is missing; yields how many cases each batch took. Nothing where nothing is marked."""
    while True:
        with database.write() as tx:
            after = identities.find_fill(tx)
            if after is None:
                return
            batch = cases.list_ids(tx, after, BATCH)
            resealing.lock_cases(tx, batch)
            for case_id in batch:
                identities.add_numbers(tx, case_id, entered_in(tx, case_id))
            identities.note_fill(tx, batch[-1] if batch else None)
        if batch:
            yield len(batch)
