"""Which articles could not be read, and why."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """To this version."""
    unread = sa.text("unread IS NOT NULL")
    op.add_column("briefs", sa.Column("unread", sa.Text()))
    op.create_index(
        "ix_briefs_unread", "briefs", ["article_id"], sqlite_where=unread, postgresql_where=unread
    )


def downgrade() -> None:
    """To the version before, which counts such articles among those that were read."""
    op.drop_index("ix_briefs_unread", "briefs")
    op.drop_column("briefs", "unread")
