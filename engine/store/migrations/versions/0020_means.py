"""Funds with append-only entries; population and staff by region; alarms.

An entry may be changed only in its sealed note (key rotation seals it anew) and never deleted; a new
one must be the next of its fund.
"""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0050"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_KEPT = (
    "fund_id", "seq", "id", "kind", "amount", "budget", "committed", "paid", "case_id", "region",
    "element", "job", "at", "actor",
)  # fmt: skip
_BREAKS = (
    "EXISTS (SELECT 1 FROM fund_entries WHERE fund_id = NEW.fund_id AND seq = NEW.seq) OR NEW.seq <> 1 "
    "AND NOT EXISTS (SELECT 1 FROM fund_entries WHERE fund_id = NEW.fund_id AND seq = NEW.seq - 1)"
)


def upgrade() -> None:
    op.create_table(
        "funds",
        sa.Column("id", ID, autoincrement=False, nullable=False),
        sa.Column("county", sa.String(length=12), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("budget", sa.BigInteger(), nullable=False),
        sa.Column("committed", sa.BigInteger(), nullable=False),
        sa.Column("paid", sa.BigInteger(), nullable=False),
        sa.Column("entries", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["county"], ["regions.code"], name="fk_funds_county_regions"),
        sa.PrimaryKeyConstraint("id", name="pk_funds"),
        sa.UniqueConstraint("county", "key", "year", name="uq_funds_county_key_year"),
    )
    op.create_table(
        "fund_entries",
        sa.Column("fund_id", ID, autoincrement=False, nullable=False),
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("id", ID, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("budget", sa.BigInteger(), nullable=False),
        sa.Column("committed", sa.BigInteger(), nullable=False),
        sa.Column("paid", sa.BigInteger(), nullable=False),
        sa.Column("case_id", ID, nullable=True),
        sa.Column("region", sa.Text(), nullable=False),
        sa.Column("element", sa.Text(), nullable=False),
        sa.Column("job", ID, nullable=True),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("note", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_fund_entries_case_id_cases"),
        sa.ForeignKeyConstraint(["fund_id"], ["funds.id"], name="fk_fund_entries_fund_id_funds"),
        sa.PrimaryKeyConstraint("fund_id", "seq", name="pk_fund_entries"),
        sa.UniqueConstraint("id", name="uq_fund_entries_id"),
        sa.UniqueConstraint("job", name="uq_fund_entries_job"),
    )
    op.create_index("ix_fund_entries_case_id", "fund_entries", ["case_id"])
    op.create_table(
        "headcounts",
        sa.Column("region", sa.String(length=12), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("population", sa.Integer(), nullable=True),
        sa.Column("full_time", sa.Integer(), nullable=False),
        sa.Column("part_time", sa.Integer(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.BigInteger(), nullable=False),
        sa.Column("recorded_by", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["region"], ["regions.code"], name="fk_headcounts_region_regions"),
        sa.PrimaryKeyConstraint("region", "valid_from", name="pk_headcounts"),
    )
    op.create_table(
        "alarms",
        sa.Column("county", sa.String(length=12), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("period", sa.Text(), nullable=False),
        sa.Column("raised_at", sa.BigInteger(), nullable=False),
        sa.Column("data", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["county"], ["regions.code"], name="fk_alarms_county_regions"),
        sa.PrimaryKeyConstraint("county", "subject", "period", name="pk_alarms"),
    )
    if op.get_bind().dialect.name == "sqlite":
        _guard_sqlite()
    else:
        _guard_postgresql()


def downgrade() -> None:
    op.drop_table("alarms")
    op.drop_table("headcounts")
    op.drop_table("fund_entries")  # its triggers go with it
    if op.get_bind().dialect.name != "sqlite":
        op.execute("DROP FUNCTION fund_entries_append_only()")
    op.drop_table("funds")


def _guard_sqlite() -> None:
    changed = " OR ".join(f"NEW.{name} IS NOT OLD.{name}" for name in _KEPT)
    rules = {
        "update": f"BEFORE UPDATE ON fund_entries WHEN {changed}",
        "delete": "BEFORE DELETE ON fund_entries",
        "insert": f"BEFORE INSERT ON fund_entries WHEN {_BREAKS}",
    }
    for what, rule in rules.items():
        op.execute(
            f"CREATE TRIGGER fund_entries_{what} {rule} "
            "BEGIN SELECT RAISE(ABORT, 'fund_entries is append-only'); END"
        )


def _guard_postgresql() -> None:
    changed = " OR ".join(f"NEW.{name} IS DISTINCT FROM OLD.{name}" for name in _KEPT)
    refuse = "RAISE EXCEPTION 'fund_entries is append-only' USING ERRCODE = 'restrict_violation';"
    op.execute(
        "CREATE FUNCTION fund_entries_append_only() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF TG_OP = 'INSERT' THEN IF {_BREAKS} THEN {refuse} END IF; RETURN NEW; END IF; "
        f"IF TG_OP = 'UPDATE' AND NOT ({changed}) THEN RETURN NEW; END IF; {refuse} END $$"
    )
    op.execute(
        "CREATE TRIGGER fund_entries_change BEFORE INSERT OR UPDATE OR DELETE ON fund_entries "
        "FOR EACH ROW EXECUTE FUNCTION fund_entries_append_only()"
    )
    op.execute(
        "CREATE TRIGGER fund_entries_truncate BEFORE TRUNCATE ON fund_entries "
        "FOR EACH STATEMENT EXECUTE FUNCTION fund_entries_append_only()"
    )
