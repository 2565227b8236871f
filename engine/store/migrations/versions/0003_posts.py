"""Regions that end and have heirs, substitutes during leave, recusals, for whom a task was done."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("regions", sa.Column("valid_from", sa.Date(), nullable=True))
    op.add_column("regions", sa.Column("valid_to", sa.Date(), nullable=True))
    op.add_column("regions", sa.Column("successor", sa.String(12), nullable=True))
    op.add_column("tasks", sa.Column("closed_for", sa.Text(), nullable=True))
    op.create_table(
        "region_heirs",
        sa.Column("heir", sa.String(12), nullable=False),
        sa.Column("former", sa.String(12), nullable=False),
        sa.ForeignKeyConstraint(["former"], ["regions.code"], name="fk_region_heirs_former_regions"),
        sa.ForeignKeyConstraint(["heir"], ["regions.code"], name="fk_region_heirs_heir_regions"),
        sa.PrimaryKeyConstraint("heir", "former", name="pk_region_heirs"),
    )
    op.create_table(
        "recusals",
        sa.Column("case_id", ID, autoincrement=False, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_recusals_case_id_cases"),
        sa.PrimaryKeyConstraint("case_id", "kind", "value", name="pk_recusals"),
    )
    _substitutions()


def downgrade() -> None:
    for table in ("substitutions", "recusals", "region_heirs"):
        op.drop_table(table)
    op.drop_column("tasks", "closed_for")
    for column in ("successor", "valid_to", "valid_from"):
        op.drop_column("regions", column)


def _substitutions() -> None:
    op.create_table(
        "substitutions",
        sa.Column("id", ID, autoincrement=False, nullable=False),
        sa.Column("absent", sa.String(60), nullable=False),
        sa.Column("substitute", sa.String(60), nullable=False),
        sa.Column("process", sa.String(200), nullable=True),
        sa.Column("region", sa.String(12), nullable=False),
        sa.Column("starts", sa.Date(), nullable=False),
        sa.Column("ends", sa.Date(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("created_by", sa.String(60), nullable=False),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.Column("ended_by", sa.String(60), nullable=True),
        sa.ForeignKeyConstraint(["absent"], ["accounts.username"], name="fk_substitutions_absent_accounts"),
        sa.ForeignKeyConstraint(
            ["substitute"], ["accounts.username"], name="fk_substitutions_substitute_accounts"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_substitutions"),
    )
    op.create_index("ix_substitutions_substitute", "substitutions", ["substitute", "ends"])
    op.create_index("ix_substitutions_absent", "substitutions", ["absent", "ends"])
