"""The tables: what is stored, and the rules that constraints keep."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    MetaData,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from news.articles import ArticleId
from news.channels import DeliveryId, DigestId, SubscriptionId, WorkspaceId
from news.feeds import FeedId
from news.names import NameChangeId
from news.notices import NoticeId
from news.stories import StoryId
from storage.documents import Parts
from storage.types import Bytewise, Document, Id, UtcTime, Words

DERIVED: Mapping[str, bool] = {"derived": True}
"""Of tables whose rows are made anew from the others: what searches are quick by. `storage/indexing.py` keeps them."""


class Row(DeclarativeBase):
    """Base of the rows; they never leave the store."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar[Mapping[Any, Any]] = {
        str: Words,
        datetime: UtcTime,
        ArticleId: Id,
        DeliveryId: Id,
        DigestId: Id,
        FeedId: Id,
        NameChangeId: Id,
        NoticeId: Id,
        StoryId: Id,
        SubscriptionId: Id,
        WorkspaceId: Id,
    }


class WorkspaceRow(Row):
    """Who follows feeds together."""

    __tablename__ = "workspaces"
    __table_args__ = (UniqueConstraint("platform", "external_id"), {"sqlite_autoincrement": True})

    id: Mapped[WorkspaceId] = mapped_column(primary_key=True)
    platform: Mapped[str]
    external_id: Mapped[str]
    timezone: Mapped[str]
    notices_platform: Mapped[str | None]
    notices_channel: Mapped[str | None]
    """Where its administrators are told how feeds fare: NULL where that was never set, empty for nowhere; both or none."""


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


class NoticeRow(Row):
    """That a workspace is told of what became of a feed: one row a trouble and kind."""

    __tablename__ = "notices"
    __table_args__ = (
        UniqueConstraint("workspace_id", "feed_id", "kind", "since"),
        CheckConstraint("kind IN ('failing', 'ended', 'back')", name="kind"),
        CheckConstraint("state IN ('pending', 'sending', 'sent', 'failed', 'unknown')", name="state"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[NoticeId] = mapped_column(primary_key=True)
    workspace_id: Mapped[WorkspaceId] = mapped_column(ForeignKey("workspaces.id"))
    feed_id: Mapped[FeedId] = mapped_column(ForeignKey("feeds.id"), index=True)
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


class BriefRow(Row):
    """What was understood of one version of an article, less statements and stances."""

    __tablename__ = "briefs"
    __table_args__ = (
        ForeignKeyConstraint(
            ["article_id", "version"], ["article_versions.article_id", "article_versions.version"]
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
    spans: Mapped[Parts] = mapped_column(Document)
    """`content`, `cue`, `source`, `venue`: each a list of `[start, end]`."""


class StanceRow(Row):
    """One stance of a brief."""

    __tablename__ = "stances"
    __table_args__ = (
        UniqueConstraint("article_id", "place"),
        Index("ix_stances_actor_key_target_key_id", "actor_key", "target_key", "id"),
        Index("ix_stances_target_key_id", "target_key", "id"),
        CheckConstraint("position IN ('supports', 'opposes', 'conditional')", name="position"),
        CheckConstraint("confidence BETWEEN 0 AND 1", name="confidence"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=False)
    article_id: Mapped[ArticleId] = mapped_column(ForeignKey("briefs.article_id"))
    place: Mapped[int]
    """Among the article's stances."""
    moment: Mapped[datetime]
    """When the article says it: `Article.when`."""
    actor: Mapped[str]
    actor_key: Mapped[str]
    """The name's key, cut to what can be indexed."""
    target: Mapped[str]
    target_key: Mapped[str]
    """The folded target, cut to what can be indexed."""
    position: Mapped[str]
    confidence: Mapped[float]
    evidence: Mapped[object] = mapped_column(Document)


class ActorRow(Row):
    """A name under which somebody speaks, or is spoken for."""

    __tablename__ = "actors"
    __table_args__ = ({"sqlite_autoincrement": True, "info": DERIVED},)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    key: Mapped[str]
    """As `statements.speaker_key`."""
    unique_key: Mapped[str] = mapped_column(unique=True)
    """The key, cut to what can be indexed."""
    name: Mapped[str]
    """As it was written when it was first seen."""
    uses: Mapped[int]
    """About how many statements bear it."""


class ActorTokenRow(Row):
    """What a name is found by: each of its words, with a space behind it; of a frequent one, how each begins, too."""

    __tablename__ = "actor_tokens"
    __table_args__ = (Index("ix_actor_tokens_token_weight", "token", "weight"), {"info": DERIVED})

    token: Mapped[str] = mapped_column(Bytewise, primary_key=True)
    actor_id: Mapped[int] = mapped_column(Id, ForeignKey("actors.id"), primary_key=True, autoincrement=False)
    weight: Mapped[int]
    """How often the name is used, as the length of the binary number: it seldom changes."""


class ActorFeedRow(Row):
    """That a name stands in a feed's articles, and as what."""

    __tablename__ = "actor_feeds"
    __table_args__ = (
        CheckConstraint("role IN ('speaker', 'nameless', 'represented')", name="role"),
        {"info": DERIVED},
    )

    actor_id: Mapped[int] = mapped_column(Id, ForeignKey("actors.id"), primary_key=True, autoincrement=False)
    feed_id: Mapped[FeedId] = mapped_column(ForeignKey("feeds.id"), primary_key=True, autoincrement=False)
    role: Mapped[str] = mapped_column(primary_key=True)


class SearchIndexRow(Row):
    """The version of the rules that the indexes were made by; no row where they have to be made anew."""

    __tablename__ = "search_index"
    __table_args__ = ({"info": DERIVED},)

    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)


class OutletRow(Row):
    """A name that an outlet goes by."""

    __tablename__ = "outlets"
    __table_args__ = ({"sqlite_autoincrement": True, "info": DERIVED},)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    key: Mapped[str]
    """As `articles.outlet_key`."""
    unique_key: Mapped[str] = mapped_column(unique=True)
    """The key, cut to what can be indexed."""


class ActorNameRow(Row):
    """What a workspace was told of two names. What stands no longer stays, so that undoing loses nothing."""

    __tablename__ = "actor_names"
    __table_args__ = (
        Index(
            "uq_actor_names_standing",
            "workspace_id",
            "pair_key",
            unique=True,
            sqlite_where=text("undone IS NULL"),
            postgresql_where=text("undone IS NULL"),
        ),
        CheckConstraint("relation IN ('same', 'apart')", name="relation"),
        CheckConstraint("undone_by IN ('change', 'split', 'undo')", name="undone_by"),
        CheckConstraint("(undone IS NULL) = (undone_by IS NULL)", name="undone"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[NameChangeId] = mapped_column(primary_key=True)
    workspace_id: Mapped[WorkspaceId] = mapped_column(ForeignKey("workspaces.id"), index=True)
    actor: Mapped[str]
    actor_key: Mapped[str]
    name: Mapped[str]
    name_key: Mapped[str]
    pair_key: Mapped[str]
    """Both keys, whichever is the actor's, cut to what can be indexed."""
    relation: Mapped[str]
    made: Mapped[datetime]
    undone: Mapped[datetime | None]
    """When it ceased to stand; and by what: a later change of the pair, a split that took it away, or undoing."""
    undone_by: Mapped[str | None]


class SubscriptionRow(Row):
    """What is posted where, and when. One taken away stays for the sake of its deliveries."""

    __tablename__ = "subscriptions"
    __table_args__ = (
        Index(
            "uq_subscriptions_same",
            "workspace_id",
            "platform",
            "channel",
            "cron",
            "timezone",
            "about",
            "actor",
            "outlet",
            unique=True,
            sqlite_where=text("NOT removed"),
            postgresql_where=text("NOT removed"),
        ),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[SubscriptionId] = mapped_column(primary_key=True)
    workspace_id: Mapped[WorkspaceId] = mapped_column(ForeignKey("workspaces.id"))
    platform: Mapped[str]
    channel: Mapped[str] = mapped_column(index=True)
    cron: Mapped[str]
    timezone: Mapped[str]
    title: Mapped[str]
    about: Mapped[str]
    """Empty without words, for two NULLs would not count as the same; so are the next two."""
    actor: Mapped[str]
    outlet: Mapped[str]
    length: Mapped[int | None]
    """How many stories it tells at most."""
    paused: Mapped[bool]
    removed: Mapped[bool]
    next_due: Mapped[datetime] = mapped_column(index=True)
    last_covered: Mapped[datetime | None]


class DigestRow(Row):
    """A digest as it was composed."""

    __tablename__ = "digests"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[DigestId] = mapped_column(primary_key=True)
    workspace_id: Mapped[WorkspaceId] = mapped_column(ForeignKey("workspaces.id"), index=True)
    composed: Mapped[datetime]
    content: Mapped[object] = mapped_column(Document)


class DeliveryRow(Row):
    """A digest's way to its channel: one row a slot and subscription."""

    __tablename__ = "deliveries"
    __table_args__ = (
        UniqueConstraint("subscription_id", "slot"),
        CheckConstraint("state IN ('pending', 'sending', 'sent', 'failed', 'unknown')", name="state"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[DeliveryId] = mapped_column(primary_key=True)
    subscription_id: Mapped[SubscriptionId] = mapped_column(ForeignKey("subscriptions.id"))
    digest_id: Mapped[DigestId] = mapped_column(ForeignKey("digests.id"))
    slot: Mapped[datetime]
    state: Mapped[str] = mapped_column(index=True)
    touched: Mapped[datetime]
    """When the state was last set."""
    attempts: Mapped[int]
    receipt: Mapped[str | None]
    error: Mapped[str | None]
