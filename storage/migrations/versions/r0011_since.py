"""Since when a workspace is here; of one that was there before, when its first digest that is stored was composed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

# Written out, not taken from the store's own types: those change, and this file must not.
TIME = sa.BigInteger().with_variant(sa.TIMESTAMP(timezone=True), "postgresql")


def upgrade() -> None:
    """To this version."""
    op.add_column("workspaces", sa.Column("since", TIME, nullable=True))
    op.execute(
        "UPDATE workspaces SET since = "
        "(SELECT min(composed) FROM digests WHERE digests.workspace_id = workspaces.id)"
    )


def downgrade() -> None:
    """To the version before."""
    op.drop_column("workspaces", "since")
