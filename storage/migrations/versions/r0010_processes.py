"""What processes tell each other and the doctor: which platform cannot be reached, and what is handled."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

# Written out, not taken from the store's own types: those change, and this file must not.
TIME = sa.BigInteger().with_variant(sa.TIMESTAMP(timezone=True), "postgresql")


def upgrade() -> None:
    """To this version."""
    op.create_table(
        "outages",
        sa.Column("platform", sa.Text(), nullable=False),
        sa.Column("since", TIME, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("platform", name="pk_outages"),
    )
    op.create_table(
        "handled",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("holder", sa.Text(), nullable=False),
        sa.Column("until", TIME, nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_handled"),
    )
    op.create_index("ix_handled_until", "handled", ["until"])


def downgrade() -> None:
    """To the version before; what is lost is of the moment."""
    op.drop_index("ix_handled_until", "handled")
    op.drop_table("handled")
    op.drop_table("outages")
