"""Reading the audit log: an administrator sees the rows of the own regions and those of no region."""

from __future__ import annotations

from engine import access
from engine.actions.cursors import check_limit, read_cursor, write_cursor
from engine.actions.views import AuditView, Page
from engine.store import audit
from engine.store.db import Tx
from engine.store.ids import show_id
from engine.types import Actor

PAGE = 50


def list_audit(
    tx: Tx,
    *,
    actor: Actor,
    kind: str | None = None,
    by: str | None = None,
    cursor: str | None = None,
    limit: int = PAGE,
) -> Page[AuditView]:
    """Newest first, narrowed to a kind and to who acted (`by`). Raises ForbiddenError, CursorError.

    Neither the place in the chain nor the hash is shown: both would tell how much happens elsewhere.
    """
    scope = access.regions_where(actor, "audit.read")
    if not scope:
        access.require(actor, "audit.read", "")
    before = read_cursor("audit", cursor, 1)
    rows = audit.list_rows(
        tx,
        scope=scope,
        kind=kind,
        actor=by,
        before=before[0] if before else None,
        limit=check_limit(limit) + 1,
    )
    shown = rows[:limit]
    return Page(
        items=tuple(
            AuditView(id=show_id(r.id), at=r.at, actor=r.actor, kind=r.kind, region=r.region, data=r.data)
            for r in shown
        ),
        next=write_cursor("audit", shown[-1].id) if len(rows) > limit else None,
    )
