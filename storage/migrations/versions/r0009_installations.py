"""Installations of the app in several workspaces, and who is on the way to one."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

# Written out, not taken from the store's own types: those change, and this file must not.
TIME = sa.BigInteger().with_variant(sa.TIMESTAMP(timezone=True), "postgresql")


def upgrade() -> None:
    """To this version."""
    op.create_table(
        "installations",
        sa.Column("client_id", sa.Text(), nullable=False),
        sa.Column("enterprise_id", sa.Text(), nullable=False),
        sa.Column("team_id", sa.Text(), nullable=False),
        sa.Column("user_id", sa.Text(), nullable=False),
        sa.Column("installed", TIME, nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("client_id", "enterprise_id", "team_id", "user_id", name="pk_installations"),
    )
    op.create_table(
        "install_states",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("until", TIME, nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_install_states"),
    )


def downgrade() -> None:
    """To the version before, which knows one workspace only: the others have to install the app anew."""
    op.drop_table("install_states")
    op.drop_table("installations")
