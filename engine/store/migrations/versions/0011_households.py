"""Household files: cases and people that belong together, people only as keyed hashes."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "household_files",
        sa.Column("id", ID, autoincrement=False, nullable=False),
        sa.Column("opened_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_household_files"),
    )
    op.create_table(
        "household_cases",
        sa.Column("case_id", ID, autoincrement=False, nullable=False),
        sa.Column("household_id", ID, nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_household_cases_case_id_cases"),
        sa.ForeignKeyConstraint(
            ["household_id"], ["household_files.id"], name="fk_household_cases_household_id_household_files"
        ),
        sa.PrimaryKeyConstraint("case_id", name="pk_household_cases"),
    )
    op.create_index("ix_household_cases_household_id", "household_cases", ["household_id"])
    op.create_table(
        "household_members",
        sa.Column("case_id", ID, autoincrement=False, nullable=False),
        sa.Column("blind", sa.LargeBinary(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_household_members_case_id_cases"),
        sa.PrimaryKeyConstraint("case_id", "blind", "role", name="pk_household_members"),
    )
    op.create_index("ix_household_members_blind", "household_members", ["blind"])


def downgrade() -> None:
    op.drop_table("household_members")
    op.drop_table("household_cases")
    op.drop_table("household_files")
