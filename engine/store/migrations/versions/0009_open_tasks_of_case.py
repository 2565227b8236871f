"""Open tasks of a case by an index of their own: a step of a long case must not read its finished tasks."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    where = sa.text("closed_at IS NULL")
    op.create_index("ix_tasks_open_case_id", "tasks", ["case_id"], sqlite_where=where, postgresql_where=where)


def downgrade() -> None:
    op.drop_index("ix_tasks_open_case_id", "tasks")
