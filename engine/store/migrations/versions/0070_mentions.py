"""Whom the comments in cases mention."""

import sqlalchemy as sa
from alembic import op

revision = "0070"
down_revision = "0030"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "mentions",
        sa.Column("case_id", ID, autoincrement=False, nullable=False),
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("username", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("seen_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_mentions_case_id_cases"),
        sa.PrimaryKeyConstraint("case_id", "seq", "username", name="pk_mentions"),
    )
    op.create_index("ix_mentions_username", "mentions", ["username", "at"])


def downgrade() -> None:
    op.drop_table("mentions")
