"""The first tables."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

# Written out, not taken from the store's own types: those change, and this file must not.
ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TIME = sa.BigInteger().with_variant(sa.TIMESTAMP(timezone=True), "postgresql")
DOCUMENT = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")

TABLES = (
    "workspaces",
    "feeds",
    "follows",
    "stories",
    "articles",
    "article_versions",
    "entries",
    "briefs",
    "statements",
    "actor_names",
    "subscriptions",
    "digests",
    "deliveries",
)
"""In the order in which they are made."""


def upgrade() -> None:
    """To this version."""
    _make_workspaces()
    _make_feeds()
    _make_follows()
    _make_stories()
    _make_articles()
    _make_article_versions()
    _make_entries()
    _make_briefs()
    _make_statements()
    _make_actor_names()
    _make_subscriptions()
    _make_digests()
    _make_deliveries()


def downgrade() -> None:
    """To no tables at all."""
    for table in reversed(TABLES):
        op.drop_table(table)


def _index_where(condition: str, name: str, table: str, columns: list[str], *, unique: bool = False) -> None:
    where = sa.text(condition)
    op.create_index(name, table, columns, unique=unique, sqlite_where=where, postgresql_where=where)


def _make_workspaces() -> None:
    op.create_table(
        "workspaces",
        sa.Column("id", ID, nullable=False),
        sa.Column("platform", sa.Text(), nullable=False),
        sa.Column("external_id", sa.Text(), nullable=False),
        sa.Column("timezone", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_workspaces"),
        sa.UniqueConstraint("platform", "external_id", name="uq_workspaces_platform_external_id"),
        sqlite_autoincrement=True,
    )


def _make_feeds() -> None:
    op.create_table(
        "feeds",
        sa.Column("id", ID, nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("url_key", sa.Text(), nullable=False),
        sa.Column("imports_of", ID),
        sa.Column("title", sa.Text()),
        sa.Column("outlet", sa.Text()),
        sa.Column("etag", sa.Text()),
        sa.Column("last_modified", sa.Text()),
        sa.Column("body_hash", sa.Text()),
        sa.Column("next_check", TIME),
        sa.Column("last_success", TIME),
        sa.Column("last_error", sa.Text()),
        sa.Column("failing_since", TIME),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("ended", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["imports_of"], ["workspaces.id"], name="fk_feeds_imports_of_workspaces"),
        sa.PrimaryKeyConstraint("id", name="pk_feeds"),
        sa.UniqueConstraint("imports_of", name="uq_feeds_imports_of"),
        sa.UniqueConstraint("url_key", name="uq_feeds_url_key"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_feeds_next_check", "feeds", ["next_check"])


def _make_follows() -> None:
    op.create_table(
        "follows",
        sa.Column("id", ID, nullable=False),
        sa.Column("workspace_id", ID, nullable=False),
        sa.Column("feed_id", ID, nullable=False),
        sa.ForeignKeyConstraint(["feed_id"], ["feeds.id"], name="fk_follows_feed_id_feeds"),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspaces.id"], name="fk_follows_workspace_id_workspaces"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_follows"),
        sa.UniqueConstraint("workspace_id", "feed_id", name="uq_follows_workspace_id_feed_id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_follows_feed_id", "follows", ["feed_id"])


def _make_stories() -> None:
    op.create_table(
        "stories",
        sa.Column("id", ID, autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_stories"),
    )


def _make_articles() -> None:
    op.create_table(
        "articles",
        sa.Column("id", ID, autoincrement=False, nullable=False),
        sa.Column("feed_id", ID, nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("imported", sa.Boolean(), nullable=False),
        sa.Column("url", sa.Text()),
        sa.Column("url_key", sa.Text()),
        sa.Column("outlet", sa.Text()),
        sa.Column("outlet_key", sa.Text(), nullable=False),
        sa.Column("published", TIME),
        sa.Column("arrived", TIME, nullable=False),
        sa.Column("moment", TIME, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("briefed", sa.Integer(), nullable=False),
        sa.Column("story_id", ID),
        sa.ForeignKeyConstraint(["feed_id"], ["feeds.id"], name="fk_articles_feed_id_feeds"),
        sa.ForeignKeyConstraint(["story_id"], ["stories.id"], name="fk_articles_story_id_stories"),
        sa.PrimaryKeyConstraint("id", name="pk_articles"),
    )
    op.create_index("ix_articles_feed_id", "articles", ["feed_id"])
    op.create_index("ix_articles_arrived", "articles", ["arrived"])
    op.create_index("ix_articles_moment", "articles", ["moment"])
    op.create_index("ix_articles_story_id", "articles", ["story_id"])
    _index_where("story_id IS NULL", "ix_articles_unclustered", "articles", ["moment"])
    _index_where("briefed < version", "ix_articles_unread", "articles", ["moment"])
    _index_where("NOT imported", "uq_articles_url_key", "articles", ["url_key"], unique=True)


def _make_article_versions() -> None:
    op.create_table(
        "article_versions",
        sa.Column("article_id", ID, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("seen", TIME, nullable=False),
        sa.Column("title", sa.Text()),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("byline", sa.Text()),
        sa.Column("language", sa.Text()),
        sa.Column("partial", sa.Boolean(), nullable=False),
        sa.Column("title_words", sa.Text(), nullable=False),
        sa.Column("title_key", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id"], ["articles.id"], name="fk_article_versions_article_id_articles"
        ),
        sa.PrimaryKeyConstraint("article_id", "version", name="pk_article_versions"),
    )
    op.create_index("ix_article_versions_seen", "article_versions", ["seen"])


def _make_entries() -> None:
    op.create_table(
        "entries",
        sa.Column("feed_id", ID, nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("article_id", ID, nullable=False),
        sa.Column("fingerprint", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["article_id"], ["articles.id"], name="fk_entries_article_id_articles"),
        sa.ForeignKeyConstraint(["feed_id"], ["feeds.id"], name="fk_entries_feed_id_feeds"),
        sa.PrimaryKeyConstraint("feed_id", "key", name="pk_entries"),
    )
    op.create_index("ix_entries_article_id", "entries", ["article_id"])


def _make_briefs() -> None:
    op.create_table(
        "briefs",
        sa.Column("article_id", ID, autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("length", sa.Integer(), nullable=False),
        sa.Column("language", sa.Text()),
        sa.Column("summary", DOCUMENT, nullable=False),
        sa.Column("stances", DOCUMENT, nullable=False),
        sa.Column("flags", DOCUMENT, nullable=False),
        sa.Column("engines", DOCUMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id", "version"],
            ["article_versions.article_id", "article_versions.version"],
            name="fk_briefs_article_id_version_article_versions",
        ),
        sa.PrimaryKeyConstraint("article_id", name="pk_briefs"),
    )


def _make_statements() -> None:
    op.create_table(
        "statements",
        sa.Column("id", ID, autoincrement=False, nullable=False),
        sa.Column("article_id", ID, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("moment", TIME, nullable=False),
        sa.Column("outlet_key", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("mode", sa.Text(), nullable=False),
        sa.Column("confidence", sa.Double(), nullable=False),
        sa.Column("speaker_name", sa.Text()),
        sa.Column("mention", sa.Text()),
        sa.Column("affiliation", sa.Text()),
        sa.Column("anonymous", sa.Boolean(), nullable=False),
        sa.Column("speaker_key", sa.Text(), nullable=False),
        sa.Column("surname_key", sa.Text(), nullable=False),
        sa.Column("affiliation_key", sa.Text(), nullable=False),
        sa.Column("state", sa.Text()),
        sa.Column("state_key", sa.Text(), nullable=False),
        sa.Column("content_words", sa.Text(), nullable=False),
        sa.Column("cue_words", sa.Text(), nullable=False),
        sa.Column("spans", DOCUMENT, nullable=False),
        sa.CheckConstraint("kind IN ('direct', 'indirect', 'mixed')", name="ck_statements_kind"),
        sa.CheckConstraint("mode IN ('speech', 'thought', 'intention')", name="ck_statements_mode"),
        sa.CheckConstraint("confidence BETWEEN 0 AND 1", name="ck_statements_confidence"),
        sa.ForeignKeyConstraint(
            ["article_id"], ["briefs.article_id"], name="fk_statements_article_id_briefs"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_statements"),
        sa.UniqueConstraint("article_id", "position", name="uq_statements_article_id_position"),
    )
    op.create_index("ix_statements_moment", "statements", ["moment"])
    op.create_index("ix_statements_surname_key", "statements", ["surname_key"])


def _make_actor_names() -> None:
    op.create_table(
        "actor_names",
        sa.Column("id", ID, nullable=False),
        sa.Column("workspace_id", ID, nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("actor_key", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_key", sa.Text(), nullable=False),
        sa.Column("pair_key", sa.Text(), nullable=False),
        sa.Column("relation", sa.Text(), nullable=False),
        sa.Column("made", TIME, nullable=False),
        sa.Column("undone", TIME),
        sa.Column("undone_by", sa.Text()),
        sa.CheckConstraint("relation IN ('same', 'apart')", name="ck_actor_names_relation"),
        sa.CheckConstraint("undone_by IN ('change', 'split', 'undo')", name="ck_actor_names_undone_by"),
        sa.CheckConstraint("(undone IS NULL) = (undone_by IS NULL)", name="ck_actor_names_undone"),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspaces.id"], name="fk_actor_names_workspace_id_workspaces"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_actor_names"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_actor_names_workspace_id", "actor_names", ["workspace_id"])
    _index_where(
        "undone IS NULL",
        "uq_actor_names_standing",
        "actor_names",
        ["workspace_id", "pair_key"],
        unique=True,
    )


def _make_subscriptions() -> None:
    op.create_table(
        "subscriptions",
        sa.Column("id", ID, nullable=False),
        sa.Column("workspace_id", ID, nullable=False),
        sa.Column("platform", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("cron", sa.Text(), nullable=False),
        sa.Column("timezone", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("paused", sa.Boolean(), nullable=False),
        sa.Column("removed", sa.Boolean(), nullable=False),
        sa.Column("next_due", TIME, nullable=False),
        sa.Column("last_covered", TIME),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspaces.id"], name="fk_subscriptions_workspace_id_workspaces"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_subscriptions"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_subscriptions_channel", "subscriptions", ["channel"])
    op.create_index("ix_subscriptions_next_due", "subscriptions", ["next_due"])
    _index_where(
        "NOT removed",
        "uq_subscriptions_same",
        "subscriptions",
        ["workspace_id", "platform", "channel", "cron", "timezone", "about"],
        unique=True,
    )


def _make_digests() -> None:
    op.create_table(
        "digests",
        sa.Column("id", ID, nullable=False),
        sa.Column("workspace_id", ID, nullable=False),
        sa.Column("composed", TIME, nullable=False),
        sa.Column("content", DOCUMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspaces.id"], name="fk_digests_workspace_id_workspaces"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_digests"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_digests_workspace_id", "digests", ["workspace_id"])


def _make_deliveries() -> None:
    op.create_table(
        "deliveries",
        sa.Column("id", ID, nullable=False),
        sa.Column("subscription_id", ID, nullable=False),
        sa.Column("digest_id", ID, nullable=False),
        sa.Column("slot", TIME, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("touched", TIME, nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("receipt", sa.Text()),
        sa.Column("error", sa.Text()),
        sa.CheckConstraint(
            "state IN ('pending', 'sending', 'sent', 'failed', 'unknown')", name="ck_deliveries_state"
        ),
        sa.ForeignKeyConstraint(["digest_id"], ["digests.id"], name="fk_deliveries_digest_id_digests"),
        sa.ForeignKeyConstraint(
            ["subscription_id"], ["subscriptions.id"], name="fk_deliveries_subscription_id_subscriptions"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_deliveries"),
        sa.UniqueConstraint("subscription_id", "slot", name="uq_deliveries_subscription_id_slot"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_deliveries_state", "deliveries", ["state"])
