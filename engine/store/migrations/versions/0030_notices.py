"""Notices: what a step told whom, and the postings on the board of a township."""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0011"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "notices",
        sa.Column("id", ID, autoincrement=False, nullable=False),
        sa.Column("case_id", ID, nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("recipient", sa.Text(), nullable=False),
        sa.Column("queued_at", sa.BigInteger(), nullable=False),
        sa.Column("township", sa.Text(), nullable=True),
        sa.Column("up_at", sa.BigInteger(), nullable=True),
        sa.Column("down_at", sa.BigInteger(), nullable=True),
        sa.Column("taken_down_at", sa.BigInteger(), nullable=True),
        sa.Column("taken_down_why", sa.Text(), nullable=True),
        sa.Column("delivered_at", sa.BigInteger(), nullable=True),
        sa.Column("delivered_how", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_notices_case_id_cases"),
        sa.ForeignKeyConstraint(["id"], ["outbox.id"], name="fk_notices_id_outbox"),
        sa.PrimaryKeyConstraint("id", name="pk_notices"),
    )
    op.create_index("ix_notices_case_id", "notices", ["case_id"])
    where = sa.text("township IS NOT NULL")
    op.create_index(
        "ix_notices_township",
        "notices",
        ["township", "down_at"],
        sqlite_where=where,
        postgresql_where=where,
    )


def downgrade() -> None:
    op.drop_table("notices")
