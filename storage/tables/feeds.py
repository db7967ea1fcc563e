"""Feeds, who follows them, what their documents carry, and what is told of their troubles."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from news.articles import ArticleId
from news.channels import SubscriptionId, WorkspaceId
from news.feeds import FeedId
from news.notices import NoticeId
from storage.tables.base import Row
from storage.types import Document, Id


class FeedRow(Row):
    """A feed and how it fares, or the hidden one that holds a workspace's imports."""

    __tablename__ = "feeds"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[FeedId] = mapped_column(primary_key=True)
    url: Mapped[str]
    url_key: Mapped[str] = mapped_column(unique=True)
    imports_of: Mapped[WorkspaceId | None] = mapped_column(ForeignKey("workspaces.id"), unique=True)
    title: Mapped[str | None]
    outlet: Mapped[str | None]
    pace: Mapped[object] = mapped_column(Document)
    interval: Mapped[int]
    """Seconds."""
    etag: Mapped[str | None]
    last_modified: Mapped[str | None]
    body_hash: Mapped[str | None]
    next_check: Mapped[datetime | None] = mapped_column(index=True)
    last_success: Mapped[datetime | None]
    last_error: Mapped[str | None]
    failing_since: Mapped[datetime | None]
    failures: Mapped[int]
    ended: Mapped[bool]


class FollowRow(Row):
    """That a workspace follows a feed; ids are in the order in which feeds were added."""

    __tablename__ = "follows"
    __table_args__ = (UniqueConstraint("workspace_id", "feed_id"), {"sqlite_autoincrement": True})

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    workspace_id: Mapped[WorkspaceId] = mapped_column(ForeignKey("workspaces.id"))
    feed_id: Mapped[FeedId] = mapped_column(ForeignKey("feeds.id"), index=True)
    folder: Mapped[str]
    """Empty for none."""


class EntryRow(Row):
    """An entry of a feed and the article it leads to."""

    __tablename__ = "entries"
    __table_args__ = (
        # Whether a workspace sees an article is told by the index alone.
        Index("ix_entries_article_id_feed_id", "article_id", "feed_id"),
        Index("ix_entries_feed_id_address", "feed_id", "address"),
    )

    feed_id: Mapped[FeedId] = mapped_column(ForeignKey("feeds.id"), primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    article_id: Mapped[ArticleId | None] = mapped_column(ForeignKey("articles.id"))
    """None where that was dropped for its age: it is not stored again."""
    fingerprint: Mapped[str]
    address: Mapped[str | None]
    """`news.links.entry_identity` of its link, by which it is known again under another key."""
    tries: Mapped[int]
    """How often its page could not be had for a reason that may pass, since it last could or was edited."""


class NoticeRow(Row):
    """That a workspace is told of what became of a feed or a subscription: one row a trouble and kind."""

    __tablename__ = "notices"
    __table_args__ = (
        UniqueConstraint("workspace_id", "feed_id", "kind", "since"),
        UniqueConstraint("subscription_id", "kind", "since"),
        CheckConstraint("kind IN ('paused', 'failing', 'ended', 'back')", name="kind"),
        CheckConstraint("(feed_id IS NULL) <> (subscription_id IS NULL)", name="of"),
        CheckConstraint("state IN ('pending', 'sending', 'sent', 'failed', 'unknown')", name="state"),
        # The newest of a feed and who follows it is told by the index alone.
        Index("ix_notices_feed_id_workspace_id_id", "feed_id", "workspace_id", "id"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[NoticeId] = mapped_column(primary_key=True)
    workspace_id: Mapped[WorkspaceId] = mapped_column(ForeignKey("workspaces.id"))
    feed_id: Mapped[FeedId | None] = mapped_column(ForeignKey("feeds.id"))
    kind: Mapped[str]
    since: Mapped[datetime]
    """When the trouble that it tells of began."""
    reason: Mapped[str]
    """The trouble in words; empty for one that is over."""
    platform: Mapped[str]
    channel: Mapped[str]
    made: Mapped[datetime]
    state: Mapped[str] = mapped_column(index=True)
    touched: Mapped[datetime]
    """When the state was last set."""
    attempts: Mapped[int]
    post: Mapped[NoticeId | None]
    """The first notice of the post that it is part of."""
    receipt: Mapped[str | None]
    error: Mapped[str | None]
    subscription_id: Mapped[SubscriptionId | None] = mapped_column(ForeignKey("subscriptions.id"))
