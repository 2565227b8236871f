"""Cases that belong together: which case opened which."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0040"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "case_links",
        sa.Column("case_id", ID, autoincrement=False, nullable=False),
        sa.Column("opener_id", ID, nullable=False),
        sa.Column("link", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_case_links_case_id_cases"),
        sa.ForeignKeyConstraint(["opener_id"], ["cases.id"], name="fk_case_links_opener_id_cases"),
        sa.PrimaryKeyConstraint("case_id", name="pk_case_links"),
    )
    op.create_index("ix_case_links_opener_id", "case_links", ["opener_id"])


def downgrade() -> None:
    op.drop_table("case_links")
