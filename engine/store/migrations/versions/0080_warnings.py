"""Early warning: imports, signals and the cases that warn of people.

A signal is never deleted, and what was received of it never changes; a correction is another version.
"""

import sqlalchemy as sa
from alembic import op

revision = "0080"
down_revision = "0031"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_KEPT = (
    "id", "import_id", "source", "record", "version", "indicator", "happened_on", "region", "received_at",
    "corrects_case",
)  # fmt: skip


def upgrade() -> None:
    op.create_table(
        "warning_imports",
        sa.Column("id", ID, autoincrement=False, nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("started_at", sa.BigInteger(), nullable=False),
        sa.Column("finished_at", sa.BigInteger(), nullable=True),
        sa.Column("read", sa.Integer(), nullable=False),
        sa.Column("added", sa.Integer(), nullable=False),
        sa.Column("changed", sa.Integer(), nullable=False),
        sa.Column("unchanged", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_warning_imports"),
        sa.UniqueConstraint("digest", "actor", name="uq_warning_imports_digest_actor"),
    )
    op.create_table(
        "warning_signals",
        sa.Column("id", ID, autoincrement=False, nullable=False),
        sa.Column("import_id", ID, nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("record", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("blind", sa.LargeBinary(), nullable=False),
        sa.Column("indicator", sa.Text(), nullable=False),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.Column("region", sa.Text(), nullable=False),
        sa.Column("received_at", sa.BigInteger(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("grade", sa.Text(), nullable=False),
        sa.Column("replaced_by", ID, nullable=True),
        sa.Column("case_id", ID, nullable=True),
        sa.Column("corrects_case", ID, nullable=True),
        sa.ForeignKeyConstraint(
            ["import_id"], ["warning_imports.id"], name="fk_warning_signals_import_id_warning_imports"
        ),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_warning_signals_case_id_cases"),
        sa.ForeignKeyConstraint(
            ["corrects_case"], ["cases.id"], name="fk_warning_signals_corrects_case_cases"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_warning_signals"),
        sa.UniqueConstraint("source", "record", "version", name="uq_warning_signals_source_record_version"),
    )
    op.create_index("ix_warning_signals_blind", "warning_signals", ["blind"])
    op.create_index("ix_warning_signals_case_id", "warning_signals", ["case_id", "grade"])
    op.create_table(
        "warnings",
        sa.Column("case_id", ID, autoincrement=False, nullable=False),
        sa.Column("blind", sa.LargeBinary(), nullable=False),
        sa.Column("grade", sa.Text(), nullable=False),
        sa.Column("signals", sa.Integer(), nullable=False),
        sa.Column("opened_at", sa.BigInteger(), nullable=False),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_warnings_case_id_cases"),
        sa.PrimaryKeyConstraint("case_id", name="pk_warnings"),
    )
    op.create_index("ix_warnings_blind", "warnings", ["blind"])
    if op.get_bind().dialect.name == "sqlite":
        _guard_sqlite()
    else:
        _guard_postgresql()


def downgrade() -> None:
    op.drop_table("warnings")
    op.drop_table("warning_signals")  # its triggers go with it
    if op.get_bind().dialect.name != "sqlite":
        op.execute("DROP FUNCTION warning_signals_kept()")
    op.drop_table("warning_imports")


def _guard_sqlite() -> None:
    changed = " OR ".join(f"NEW.{name} IS NOT OLD.{name}" for name in _KEPT)
    for what, rule in (
        ("update", f"BEFORE UPDATE ON warning_signals WHEN {changed}"),
        ("delete", "BEFORE DELETE ON warning_signals"),
    ):
        op.execute(
            f"CREATE TRIGGER warning_signals_{what} {rule} "
            "BEGIN SELECT RAISE(ABORT, 'warning_signals is append-only'); END"
        )


def _guard_postgresql() -> None:
    changed = " OR ".join(f"NEW.{name} IS DISTINCT FROM OLD.{name}" for name in _KEPT)
    refuse = "RAISE EXCEPTION 'warning_signals is append-only' USING ERRCODE = 'restrict_violation';"
    op.execute(
        "CREATE FUNCTION warning_signals_kept() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF TG_OP = 'UPDATE' AND NOT ({changed}) THEN RETURN NEW; END IF; {refuse} END $$"
    )
    op.execute(
        "CREATE TRIGGER warning_signals_change BEFORE UPDATE OR DELETE ON warning_signals "
        "FOR EACH ROW EXECUTE FUNCTION warning_signals_kept()"
    )
    op.execute(
        "CREATE TRIGGER warning_signals_truncate BEFORE TRUNCATE ON warning_signals "
        "FOR EACH STATEMENT EXECUTE FUNCTION warning_signals_kept()"
    )
