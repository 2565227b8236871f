"""Working drafts of designers, the scenarios beside deployed processes, open cases by version."""

import sqlalchemy as sa
from alembic import op

revision = "0050"
down_revision = "0009"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "drafts",
        sa.Column("id", ID, autoincrement=False, nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("process", sa.Text(), nullable=False),
        sa.Column("base_version", sa.Integer(), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_drafts"),
    )
    op.create_index("ix_drafts_owner", "drafts", ["owner", "process"])
    op.create_table(
        "draft_files",
        sa.Column("draft_id", ID, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["draft_id"], ["drafts.id"], name="fk_draft_files_draft_id_drafts"),
        sa.PrimaryKeyConstraint("draft_id", "name", name="pk_draft_files"),
    )
    op.create_table(
        "scenario_files",
        sa.Column("process", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("process", "name", name="pk_scenario_files"),
    )
    where = sa.text("closed_at IS NULL")
    op.create_index(
        "ix_cases_open_process_id",
        "cases",
        ["process_id", "region"],
        sqlite_where=where,
        postgresql_where=where,
    )


def downgrade() -> None:
    op.drop_index("ix_cases_open_process_id", "cases")
    op.drop_table("scenario_files")
    op.drop_table("draft_files")
    op.drop_table("drafts")
