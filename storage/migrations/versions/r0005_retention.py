"""What retention looks for: articles that have not been reduced, and the way that a digest went."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """To this version."""
    whole = sa.text("aged IS NULL")
    op.create_index("ix_articles_whole", "articles", ["moment"], sqlite_where=whole, postgresql_where=whole)
    op.create_index("ix_deliveries_digest_id", "deliveries", ["digest_id"])


def downgrade() -> None:
    """To the version before."""
    op.drop_index("ix_deliveries_digest_id", "deliveries")
    op.drop_index("ix_articles_whole", "articles")
