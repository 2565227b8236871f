"""How far the search index has been filled from the record with the names of older cases."""

import sqlalchemy as sa
from alembic import op

revision = "0095"
down_revision = "0080"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "index_fills",
        sa.Column("after", ID, autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("after", name="pk_index_fills"),
    )
    op.execute("INSERT INTO index_fills (after) SELECT 0 WHERE EXISTS (SELECT 1 FROM cases)")


def downgrade() -> None:
    op.drop_table("index_fills")
