"""The keys that the database is sealed with, and the blind index of people's numbers."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "vault_keys",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("fingerprint", sa.LargeBinary(), nullable=False),
        sa.Column("added_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_vault_keys"),
    )
    op.create_table(
        "identities",
        sa.Column("case_id", ID, autoincrement=False, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("blind", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_identities_case_id_cases"),
        sa.PrimaryKeyConstraint("case_id", "kind", "blind", name="pk_identities"),
    )
    op.create_index("ix_identities_blind", "identities", ["blind"])


def downgrade() -> None:
    op.drop_table("identities")
    op.drop_table("vault_keys")
