"""Applicants: drafts under a code, what they track by, and for how long."""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0071"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "applications",
        sa.Column("code_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("tag", sa.Text(), nullable=False),
        sa.Column("process", sa.Text(), nullable=False),
        sa.Column("region", sa.Text(), nullable=False),
        sa.Column("answers", sa.LargeBinary(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("saved_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("case_id", ID, nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_applications_case_id_cases"),
        sa.PrimaryKeyConstraint("code_hash", name="pk_applications"),
    )
    op.create_index("ix_applications_expires_at", "applications", ["expires_at"])
    op.create_table(
        "tracking_tails",
        sa.Column("case_id", ID, autoincrement=False, nullable=False),
        sa.Column("tail", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_tracking_tails_case_id_cases"),
        sa.PrimaryKeyConstraint("case_id", name="pk_tracking_tails"),
    )
    op.create_table(
        "tracking_sessions",
        sa.Column("token_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("case_id", ID, nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_tracking_sessions_case_id_cases"),
        sa.PrimaryKeyConstraint("token_hash", name="pk_tracking_sessions"),
    )
    op.create_index("ix_tracking_sessions_expires_at", "tracking_sessions", ["expires_at"])


def downgrade() -> None:
    for table in ("tracking_sessions", "tracking_tails", "applications"):
        op.drop_table(table)
