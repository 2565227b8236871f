"""Whose a task's draft is, and since when."""

import sqlalchemy as sa
from alembic import op

revision = "0071"
down_revision = "0070"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("tasks", sa.Column("draft_by", sa.Text(), nullable=True))
    op.add_column("tasks", sa.Column("draft_at", sa.BigInteger(), nullable=True))


def downgrade() -> None:
    op.drop_column("tasks", "draft_at")
    op.drop_column("tasks", "draft_by")
