"""Names of actors and outlets: what a workspace was told, and what searches are quick by."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from news.channels import WorkspaceId
from news.feeds import FeedId
from news.names import NameChangeId
from storage.tables.base import DERIVED, Row
from storage.types import Bytewise, Id


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
    """What a name is found by: each of its words, with a space behind it; of a frequent one, how each begins, too;
    of a speaker's, the last one with a tilde before it."""

    __tablename__ = "actor_tokens"
    __table_args__ = (Index("ix_actor_tokens_token_weight", "token", "weight"), {"info": DERIVED})

    token: Mapped[str] = mapped_column(Bytewise, primary_key=True)
    actor_id: Mapped[int] = mapped_column(Id, ForeignKey("actors.id"), primary_key=True, autoincrement=False)
    weight: Mapped[int]
    """How often the name is used, as the length of the binary number: it seldom changes."""


class ActorFeedRow(Row):
    """That a name stands, or stood, in a feed's articles, and as what."""

    __tablename__ = "actor_feeds"
    __table_args__ = (
        CheckConstraint("role IN ('speaker', 'nameless', 'represented')", name="role"),
        {"info": DERIVED},
    )

    actor_id: Mapped[int] = mapped_column(Id, ForeignKey("actors.id"), primary_key=True, autoincrement=False)
    role: Mapped[str] = mapped_column(primary_key=True)
    feed_id: Mapped[FeedId] = mapped_column(ForeignKey("feeds.id"), primary_key=True, autoincrement=False)


class OutletRow(Row):
    """A name that an outlet goes by."""

    __tablename__ = "outlets"
    __table_args__ = ({"sqlite_autoincrement": True, "info": DERIVED},)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    key: Mapped[str]
    """As `articles.outlet_key`."""
    unique_key: Mapped[str] = mapped_column(unique=True)
    """The key, cut to what can be indexed."""


class SearchIndexRow(Row):
    """The version of the rules that the indexes were made by; no row where they have to be made anew."""

    __tablename__ = "search_index"
    __table_args__ = ({"info": DERIVED},)

    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
