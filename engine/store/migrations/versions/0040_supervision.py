"""What the supervisor's board counts with: when a case was decided, and indexes in the order of its groups.

Cases that were completed before this release count as decided on the day they ended, with no due
instant; what they were due at stands in their ledgers only.
"""

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0020"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_OPEN = sa.text("closed_at IS NULL")
_DECIDED = sa.text("decided_at IS NOT NULL")
_DONE = sa.text("closed_by IS NOT NULL")


def upgrade() -> None:
    op.add_column("cases", sa.Column("decided_at", sa.BigInteger(), nullable=True))
    op.add_column("cases", sa.Column("decision_due", sa.BigInteger(), nullable=True))
    op.add_column("tasks", sa.Column("process_id", ID, nullable=True))
    op.execute("UPDATE cases SET decided_at = closed_at WHERE status = 'completed'")
    op.execute(
        "UPDATE tasks SET process_id = (SELECT cases.process_id FROM cases WHERE cases.id = tasks.case_id)"
    )
    for name, table, columns, where in _INDEXES:
        op.create_index(name, table, columns, sqlite_where=where, postgresql_where=where)


def downgrade() -> None:
    for name, table, _, _ in _INDEXES:
        op.drop_index(name, table)
    op.drop_column("tasks", "process_id")
    op.drop_column("cases", "decision_due")
    op.drop_column("cases", "decided_at")


_INDEXES = (
    (
        "ix_cases_open_lights",
        "cases",
        ["region", "process_id", "paused", "red_at", "yellow_at", "closed_at"],
        _OPEN,
    ),
    (
        "ix_cases_opened",
        "cases",
        ["opened_at", "region", "process_id", "accepted_at", "decided_at", "closed_at"],
        None,
    ),
    (
        "ix_cases_decided",
        "cases",
        ["decided_at", "region", "process_id", "decision_due", "accepted_at", "opened_at"],
        _DECIDED,
    ),
    (
        "ix_tasks_open_steps",
        "tasks",
        [
            "region",
            "process_id",
            "element_id",
            "assignee",
            "candidates",
            "paused",
            "red_at",
            "yellow_at",
            "closed_at",
        ],
        _OPEN,
    ),
    (
        "ix_tasks_done",
        "tasks",
        ["process_id", "closed_at", "element_id", "region", "opened_at", "due", "closed_by"],
        _DONE,
    ),
)
