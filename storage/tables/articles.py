"""Articles with their versions, the stories that they tell, and what was understood of them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from news.articles import ArticleId
from news.channels import DigestId, WorkspaceId
from news.feeds import FeedId
from news.stories import StoryId
from storage.documents import Parts
from storage.tables.base import Row
from storage.types import Document, Id, Numbers


class StoryRow(Row):
    """A cluster of articles; which ones is written at the articles."""

    __tablename__ = "stories"

    id: Mapped[StoryId] = mapped_column(primary_key=True, autoincrement=False)
    told: Mapped[datetime | None] = mapped_column(index=True)
    """When a digest that tells of it was first composed: from then on its articles stay in it."""


class ArticleRow(Row):
    """What stays the same through an article's versions, and which of them is the newest."""

    __tablename__ = "articles"
    __table_args__ = (
        # An address leads to one article, except that each workspace's imports are its own.
        Index(
            "uq_articles_url_key",
            "url_key",
            unique=True,
            sqlite_where=text("NOT imported"),
            postgresql_where=text("NOT imported"),
        ),
        Index(
            "ix_articles_unread",
            "moment",
            sqlite_where=text("briefed < version"),
            postgresql_where=text("briefed < version"),
        ),
        Index(
            "ix_articles_unclustered",
            "moment",
            sqlite_where=text("story_id IS NULL"),
            postgresql_where=text("story_id IS NULL"),
        ),
        Index(
            "ix_articles_whole",
            "moment",
            sqlite_where=text("aged IS NULL"),
            postgresql_where=text("aged IS NULL"),
        ),
    )

    id: Mapped[ArticleId] = mapped_column(primary_key=True, autoincrement=False)
    feed_id: Mapped[FeedId] = mapped_column(ForeignKey("feeds.id"), index=True)
    """The feed that it first came by."""
    key: Mapped[str]
    imported: Mapped[bool]
    url: Mapped[str | None]
    url_key: Mapped[str | None]
    """`news.links.identity` of its address, where it is the article at that address."""
    outlet: Mapped[str | None]
    outlet_key: Mapped[str]
    """The folded outlet, empty without one."""
    published: Mapped[datetime | None]
    arrived: Mapped[datetime] = mapped_column(index=True)
    moment: Mapped[datetime] = mapped_column(index=True)
    """`Article.when`."""
    version: Mapped[int]
    briefed: Mapped[int]
    """The version that the brief is of; 0 without one."""
    story_id: Mapped[StoryId | None] = mapped_column(ForeignKey("stories.id"), index=True)
    copy_of: Mapped[ArticleId | None]
    """The article whose words these are."""
    aged: Mapped[datetime | None]
    """When all of its text was dropped for its age but the sentences around its statements."""
    placed: Mapped[datetime | None] = mapped_column(index=True)
    """When its story, its signature, or what it is a copy of was last set."""


class SignatureRow(Row):
    """What an article is compared with others by; only who made it reads it."""

    __tablename__ = "signatures"

    article_id: Mapped[ArticleId] = mapped_column(
        ForeignKey("articles.id"), primary_key=True, autoincrement=False
    )
    terms: Mapped[bytes]
    vector: Mapped[bytes]
    shingles: Mapped[bytes]


class ToldRow(Row):
    """That a digest tells of a story, and under which name."""

    __tablename__ = "told"

    story_id: Mapped[StoryId] = mapped_column(ForeignKey("stories.id"), primary_key=True, autoincrement=False)
    digest_id: Mapped[DigestId] = mapped_column(
        ForeignKey("digests.id"), primary_key=True, autoincrement=False, index=True
    )
    workspace_id: Mapped[WorkspaceId] = mapped_column(ForeignKey("workspaces.id"))
    name: Mapped[str]


class VersionRow(Row):
    """One version of an article's words."""

    __tablename__ = "article_versions"
    __table_args__ = (
        # Of the many versions that are seen in a day few are edits, and the others are found by when they arrived.
        Index(
            "ix_article_versions_edits",
            "seen",
            sqlite_where=text("version > 1"),
            postgresql_where=text("version > 1"),
        ),
    )

    article_id: Mapped[ArticleId] = mapped_column(ForeignKey("articles.id"), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    seen: Mapped[datetime]
    """When this version was first seen; of a teaser's page that was read at last, when the article arrived."""
    title: Mapped[str | None]
    text: Mapped[str]
    byline: Mapped[str | None]
    language: Mapped[str | None]
    partial: Mapped[bool]
    modified: Mapped[datetime | None]
    """When the outlet says that it made this version."""
    title_key: Mapped[str]
    """The title's words as names are compared, with a space before and after each."""


class BriefRow(Row):
    """What was understood of one version of an article, less statements and stances."""

    __tablename__ = "briefs"
    __table_args__ = (
        ForeignKeyConstraint(
            ["article_id", "version"], ["article_versions.article_id", "article_versions.version"]
        ),
        Index(
            "ix_briefs_unread",
            "article_id",
            sqlite_where=text("unread IS NOT NULL"),
            postgresql_where=text("unread IS NOT NULL"),
        ),
    )

    article_id: Mapped[ArticleId] = mapped_column(primary_key=True, autoincrement=False)
    version: Mapped[int]
    length: Mapped[int]
    language: Mapped[str | None]
    summary: Mapped[object] = mapped_column(Document)
    flags: Mapped[object] = mapped_column(Document)
    figures: Mapped[object] = mapped_column(Document)
    engines: Mapped[Mapping[str, str]] = mapped_column(Document)
    unread: Mapped[str | None]
    """Why the article could not be read, where it could not: the brief is empty then."""


class StatementRow(Row):
    """One statement of a brief, with what it is searched by."""

    __tablename__ = "statements"
    __table_args__ = (
        UniqueConstraint("article_id", "position"),
        CheckConstraint("kind IN ('direct', 'indirect', 'mixed')", name="kind"),
        CheckConstraint("mode IN ('speech', 'thought', 'intention')", name="mode"),
        CheckConstraint("confidence BETWEEN 0 AND 1", name="confidence"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=False)
    article_id: Mapped[ArticleId] = mapped_column(ForeignKey("briefs.article_id"))
    version: Mapped[int]
    """The version of the article that the spans point into."""
    gone: Mapped[datetime | None]
    """When a version was first seen in which it does not stand any more; None while it stands."""
    position: Mapped[int]
    """Its place among the article's statements; those that are gone have places below 0."""
    moment: Mapped[datetime] = mapped_column(index=True)
    """When the article says it: `Article.when`."""
    outlet_key: Mapped[str]
    kind: Mapped[str]
    mode: Mapped[str]
    confidence: Mapped[float]
    speaker_name: Mapped[str | None]
    """With `mention`: None where the article does not tell who speaks."""
    mention: Mapped[str | None]
    affiliation: Mapped[str | None]
    anonymous: Mapped[bool]
    speaker_key: Mapped[str]
    """The name's words as names are compared, with a space before and after each; empty without one."""
    affiliation_key: Mapped[str]
    state: Mapped[str | None]
    """The state that the speaker is or speaks for."""
    state_key: Mapped[str]
    content_words: Mapped[str]
    """Folded, with a space before and after each word, as those of the cue are."""
    cue_words: Mapped[str]
    spans: Mapped[Parts] = mapped_column(Numbers)
    """`content`, `cue`, `source`, `venue`: each a list of `[start, end]`."""
