"""History and the audit log refuse in the database what is no appending.

An UPDATE may only replace the sealed content of a row (key rotation seals it anew): its place, time,
actor, kind and hash stay, and the hash is over the plain content, so that another content shows.
Nothing is deleted; a new row must be the next of its chain. Archiving a case away is no exception yet.
"""

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_KEPT = {
    "events": ("case_id", "seq", "at", "actor", "kind", "hash"),
    "audit": ("seq", "id", "at", "actor", "kind", "region", "hash"),
}
# Looks at the row itself (INSERT OR REPLACE would drop it) and the row before, by key: to ask for the
# highest number reads the whole chain in SQLite.
_BREAKS = {
    "events": (
        "EXISTS (SELECT 1 FROM events WHERE case_id = NEW.case_id AND seq = NEW.seq) OR NEW.seq <> 1 "
        "AND NOT EXISTS (SELECT 1 FROM events WHERE case_id = NEW.case_id AND seq = NEW.seq - 1)"
    ),
    "audit": (
        "EXISTS (SELECT 1 FROM audit WHERE seq = NEW.seq) OR NEW.seq <> 1 "
        "AND NOT EXISTS (SELECT 1 FROM audit WHERE seq = NEW.seq - 1)"
    ),
}


def upgrade() -> None:
    for table in _KEPT:
        if op.get_bind().dialect.name == "sqlite":
            _guard_sqlite(table)
        else:
            _guard_postgresql(table)


def downgrade() -> None:
    for table in _KEPT:
        if op.get_bind().dialect.name == "sqlite":
            for what in ("update", "delete", "insert"):
                op.execute(f"DROP TRIGGER {table}_{what}")
        else:
            op.execute(f"DROP TRIGGER {table}_truncate ON {table}")
            op.execute(f"DROP TRIGGER {table}_change ON {table}")
            op.execute(f"DROP FUNCTION {table}_append_only()")


def _guard_sqlite(table: str) -> None:
    changed = " OR ".join(f"NEW.{name} IS NOT OLD.{name}" for name in _KEPT[table])
    rules = {
        "update": f"BEFORE UPDATE ON {table} WHEN {changed}",
        "delete": f"BEFORE DELETE ON {table}",
        "insert": f"BEFORE INSERT ON {table} WHEN {_BREAKS[table]}",
    }
    for what, rule in rules.items():
        op.execute(
            f"CREATE TRIGGER {table}_{what} {rule} BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        )


def _guard_postgresql(table: str) -> None:
    changed = " OR ".join(f"NEW.{name} IS DISTINCT FROM OLD.{name}" for name in _KEPT[table])
    refuse = f"RAISE EXCEPTION '{table} is append-only' USING ERRCODE = 'restrict_violation';"
    op.execute(
        f"CREATE FUNCTION {table}_append_only() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF TG_OP = 'INSERT' THEN IF {_BREAKS[table]} THEN {refuse} END IF; RETURN NEW; END IF; "
        f"IF TG_OP = 'UPDATE' AND NOT ({changed}) THEN RETURN NEW; END IF; "
        f"{refuse} END $$"
    )
    op.execute(
        f"CREATE TRIGGER {table}_change BEFORE INSERT OR UPDATE OR DELETE ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION {table}_append_only()"
    )
    op.execute(
        f"CREATE TRIGGER {table}_truncate BEFORE TRUNCATE ON {table} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {table}_append_only()"
    )
