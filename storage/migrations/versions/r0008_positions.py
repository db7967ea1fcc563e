"""What was read before positions were found in articles is read for them."""

from __future__ import annotations

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

BUILT_IN = "1"
"""The version of the targets that are built in, as in 0007."""


def upgrade() -> None:
    """To this version: targets wait, as new ones do, until the articles that are there were read for them.

    Restored ones are in the set that is built in.
    """
    op.execute(
        "UPDATE targets SET waiting = TRUE, done = 0, total = NULL, reached_moment = NULL, reached_id = NULL "
        "WHERE kind IN ('own', 'set')"
    )
    op.execute(
        "INSERT INTO targets (kind, name, key, description, supporting, opposing, waiting, done) "
        f"SELECT 'set', '{BUILT_IN}', '{BUILT_IN}', '', '[]', '[]', TRUE, 0 "
        "WHERE EXISTS (SELECT 1 FROM briefs) AND NOT EXISTS (SELECT 1 FROM targets WHERE kind = 'set')"
    )


def downgrade() -> None:
    """To the version before: what waits goes on waiting, nothing that is stored has another shape."""
