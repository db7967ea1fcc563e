"""Signatures of articles, copies, and what was told of which story; figures; narrower subscriptions."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

# Written out, not taken from the store's own types: those change, and this file must not.
ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TIME = sa.BigInteger().with_variant(sa.TIMESTAMP(timezone=True), "postgresql")
DOCUMENT = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
SAME = ["workspace_id", "platform", "channel", "cron", "timezone", "about"]


def upgrade() -> None:
    """To this version."""
    op.create_table(
        "signatures",
        sa.Column("article_id", ID, autoincrement=False, nullable=False),
        sa.Column("terms", sa.LargeBinary(), nullable=False),
        sa.Column("vector", sa.LargeBinary(), nullable=False),
        sa.Column("shingles", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["article_id"], ["articles.id"], name="fk_signatures_article_id_articles"),
        sa.PrimaryKeyConstraint("article_id", name="pk_signatures"),
    )
    op.create_table(
        "told",
        sa.Column("story_id", ID, autoincrement=False, nullable=False),
        sa.Column("digest_id", ID, autoincrement=False, nullable=False),
        sa.Column("workspace_id", ID, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["digest_id"], ["digests.id"], name="fk_told_digest_id_digests"),
        sa.ForeignKeyConstraint(["story_id"], ["stories.id"], name="fk_told_story_id_stories"),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name="fk_told_workspace_id_workspaces"),
        sa.PrimaryKeyConstraint("story_id", "digest_id", name="pk_told"),
    )
    op.create_index("ix_told_digest_id", "told", ["digest_id"])
    op.add_column("stories", sa.Column("told", TIME))
    op.create_index("ix_stories_told", "stories", ["told"])
    op.add_column("articles", sa.Column("copy_of", ID))
    op.add_column("articles", sa.Column("placed", TIME))
    op.create_index("ix_articles_placed", "articles", ["placed"])
    op.add_column("briefs", sa.Column("figures", DOCUMENT, nullable=False, server_default="[]"))
    for name in ("actor", "outlet"):
        op.add_column("subscriptions", sa.Column(name, sa.Text(), nullable=False, server_default=""))
    op.add_column("subscriptions", sa.Column("length", sa.Integer()))
    op.drop_index("uq_subscriptions_same", "subscriptions")
    _index_same([*SAME, "actor", "outlet"])
    op.drop_index("ix_article_versions_seen", "article_versions")
    op.create_index(
        "ix_article_versions_edits",
        "article_versions",
        ["seen"],
        sqlite_where=sa.text("version > 1"),
        postgresql_where=sa.text("version > 1"),
    )
    op.drop_index("ix_entries_article_id", "entries")
    op.create_index("ix_entries_article_id_feed_id", "entries", ["article_id", "feed_id"])
    # What waits for its story is read once more, for it has no signature.
    op.execute("UPDATE articles SET briefed = 0 WHERE story_id IS NULL")


def downgrade() -> None:
    """To the version before."""
    op.drop_index("ix_entries_article_id_feed_id", "entries")
    op.create_index("ix_entries_article_id", "entries", ["article_id"])
    op.drop_index("ix_article_versions_edits", "article_versions")
    op.create_index("ix_article_versions_seen", "article_versions", ["seen"])
    op.drop_index("uq_subscriptions_same", "subscriptions")
    # That version would post everything where some of it was asked for.
    op.execute("UPDATE subscriptions SET removed = TRUE WHERE actor <> '' OR outlet <> ''")
    _index_same(SAME)
    for name in ("length", "outlet", "actor"):
        op.drop_column("subscriptions", name)
    op.drop_column("briefs", "figures")
    op.drop_index("ix_articles_placed", "articles")
    op.drop_column("articles", "placed")
    op.drop_column("articles", "copy_of")
    op.drop_index("ix_stories_told", "stories")
    op.drop_column("stories", "told")
    op.drop_table("told")
    op.drop_table("signatures")


def _index_same(columns: list[str]) -> None:
    where = sa.text("NOT removed")
    op.create_index(
        "uq_subscriptions_same",
        "subscriptions",
        columns,
        unique=True,
        sqlite_where=where,
        postgresql_where=where,
    )
