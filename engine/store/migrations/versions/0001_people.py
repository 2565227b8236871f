"""Regions, accounts, positions and sessions."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


_IN_ORDER_OF_REMOVAL = """
sessions positions regions accounts
"""


def upgrade() -> None:
    _accounts()
    _regions()
    _positions()
    _sessions()


def downgrade() -> None:
    for table in _IN_ORDER_OF_REMOVAL.split():
        op.drop_table(table)


def _accounts() -> None:
    op.create_table(
        "accounts",
        sa.Column("username", sa.String(length=60), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("name_en", sa.String(length=60), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("username", name="pk_accounts"),
    )


def _regions() -> None:
    op.create_table(
        "regions",
        sa.Column("code", sa.String(length=12), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("name_en", sa.String(length=60), nullable=False),
        sa.Column("level", sa.String(length=10), nullable=False),
        sa.Column("parent", sa.String(length=12), nullable=True),
        sa.ForeignKeyConstraint(["parent"], ["regions.code"], name="fk_regions_parent_regions"),
        sa.PrimaryKeyConstraint("code", name="pk_regions"),
    )


def _positions() -> None:
    op.create_table(
        "positions",
        sa.Column("username", sa.String(length=60), nullable=False),
        sa.Column("role", sa.String(length=60), nullable=False),
        sa.Column("region", sa.String(length=12), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["region"], ["regions.code"], name="fk_positions_region_regions"),
        sa.ForeignKeyConstraint(["username"], ["accounts.username"], name="fk_positions_username_accounts"),
        sa.PrimaryKeyConstraint("username", "role", "region", "valid_from", name="pk_positions"),
    )
    op.create_index("ix_positions_role_region", "positions", ["role", "region"])


def _sessions() -> None:
    op.create_table(
        "sessions",
        sa.Column("token_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("username", sa.String(length=60), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=True),
        sa.ForeignKeyConstraint(["username"], ["accounts.username"], name="fk_sessions_username_accounts"),
        sa.PrimaryKeyConstraint("token_hash", name="pk_sessions"),
    )
    op.create_index("ix_sessions_expires_at", "sessions", ["expires_at"])
