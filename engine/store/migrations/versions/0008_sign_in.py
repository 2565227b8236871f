"""Sign-in: passwords that must be changed, scoped tokens with a last use, counted failures, single sign-on.

Sessions and tokens of before have neither id, scope nor last use: everybody signs in once more.
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

ID = sa.BigInteger()


def upgrade() -> None:
    with op.batch_alter_table("accounts") as accounts:
        accounts.add_column(sa.Column("must_change", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.drop_table("sessions")
    _sessions(
        sa.Column("id", ID, nullable=False),
        sa.Column("scopes", sa.String(length=60), nullable=True),
        sa.Column("last_used_at", sa.BigInteger(), nullable=False),
    )
    op.create_index("ix_sessions_id", "sessions", ["id"], unique=True)
    op.create_index("ix_sessions_username", "sessions", ["username"])
    _attempts()
    _journeys()


def downgrade() -> None:
    op.drop_table("sso_journeys")
    op.drop_table("sign_in_attempts")
    op.drop_table("sessions")
    _sessions()
    with op.batch_alter_table("accounts") as accounts:
        accounts.drop_column("must_change")


def _sessions(*more: "sa.Column[object]") -> None:
    op.create_table(
        "sessions",
        sa.Column("token_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("username", sa.String(length=60), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=True),
        *more,
        sa.ForeignKeyConstraint(["username"], ["accounts.username"], name="fk_sessions_username_accounts"),
        sa.PrimaryKeyConstraint("token_hash", name="pk_sessions"),
    )
    op.create_index("ix_sessions_expires_at", "sessions", ["expires_at"])


def _attempts() -> None:
    op.create_table(
        "sign_in_attempts",
        sa.Column("key", sa.LargeBinary(length=32), nullable=False),
        sa.Column("account", sa.LargeBinary(length=32), nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("locked_until", sa.BigInteger(), nullable=True),
        sa.Column("succeeded_at", sa.BigInteger(), nullable=True),
        sa.Column("failed_at", sa.BigInteger(), nullable=True),
        sa.Column("kept_until", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_sign_in_attempts"),
    )
    op.create_index("ix_sign_in_attempts_kept_until", "sign_in_attempts", ["kept_until"])


def _journeys() -> None:
    op.create_table(
        "sso_journeys",
        sa.Column("state_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("browser_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("nonce", sa.String(length=100), nullable=False),
        sa.Column("verifier", sa.String(length=128), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("state_hash", name="pk_sso_journeys"),
    )
    op.create_index("ix_sso_journeys_expires_at", "sso_journeys", ["expires_at"])
