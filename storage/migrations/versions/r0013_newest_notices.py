"""The newest notice of a feed and who follows it, found by an index."""

from __future__ import annotations

from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """To this version."""
    op.create_index("ix_notices_feed_id_workspace_id_id", "notices", ["feed_id", "workspace_id", "id"])
    op.drop_index("ix_notices_feed_id", "notices")


def downgrade() -> None:
    """To the version before."""
    op.create_index("ix_notices_feed_id", "notices", ["feed_id"])
    op.drop_index("ix_notices_feed_id_workspace_id_id", "notices")
