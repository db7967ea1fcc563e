"""Targets, and the stances that articles tell on them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from news.articles import ArticleId
from news.channels import WorkspaceId
from storage.tables.base import DERIVED, Row
from storage.types import Document, Id


class TargetRow(Row):
    """What a workspace changed of the targets: one of its own, or one that is built in and taken away or brought back;
    or, without a workspace, the set that is built in.

    It also holds how far the articles that were read before it have come to have their positions for it.
    """

    __tablename__ = "targets"
    __table_args__ = (
        UniqueConstraint("workspace_id", "key"),
        Index(
            "uq_targets_built_in",
            "key",
            unique=True,
            sqlite_where=text("workspace_id IS NULL"),
            postgresql_where=text("workspace_id IS NULL"),
        ),
        Index(
            "ix_targets_waiting",
            "workspace_id",
            sqlite_where=text("waiting"),
            postgresql_where=text("waiting"),
        ),
        CheckConstraint("kind IN ('own', 'hidden', 'restored', 'set')", name="kind"),
        CheckConstraint("(kind = 'set') = (workspace_id IS NULL)", name="set"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    workspace_id: Mapped[WorkspaceId | None] = mapped_column(ForeignKey("workspaces.id"))
    kind: Mapped[str]
    name: Mapped[str]
    key: Mapped[str]
    """The folded name, cut to what can be indexed, as `stances.target_key`."""
    description: Mapped[str]
    supporting: Mapped[object] = mapped_column(Document)
    opposing: Mapped[object] = mapped_column(Document)
    made: Mapped[datetime | None]
    """When it was added; None for one that was taken away, and for the set."""
    waiting: Mapped[bool]
    """Whether articles that were read before have yet to be read for it."""
    reached_moment: Mapped[datetime | None]
    """With `reached_id`: the article that was read last, from the newest on; None where none was."""
    reached_id: Mapped[ArticleId | None]
    done: Mapped[int]
    total: Mapped[int | None]
    """How many articles there were when it began; None before."""


class StanceRow(Row):
    """One stance of a brief."""

    __tablename__ = "stances"
    __table_args__ = (
        UniqueConstraint("article_id", "place"),
        Index(
            "ix_stances_owner",
            "owner",
            "target_key",
            sqlite_where=text("owner IS NOT NULL"),
            postgresql_where=text("owner IS NOT NULL"),
        ),
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
    voice: Mapped[str | None]
    state: Mapped[str | None]
    state_key: Mapped[str]
    """The state's key, cut likewise; empty without one."""
    outlet_key: Mapped[str]
    target: Mapped[str]
    target_key: Mapped[str]
    """The folded target, cut to what can be indexed."""
    owner: Mapped[WorkspaceId | None]
    """Whose target it is, which `targets` has; None for one that is built in."""
    position: Mapped[str]
    confidence: Mapped[float]
    evidence: Mapped[object] = mapped_column(Document)


class PairRow(Row):
    """Whose stances there are on what, and in which feeds: what look-ups begin with."""

    __tablename__ = "stance_pairs"
    __table_args__ = (
        UniqueConstraint("owner", "target_key", "actor_key", "state_key"),
        Index("ix_stance_pairs_actor_key", "actor_key"),
        Index("ix_stance_pairs_state_key", "state_key"),
        {"sqlite_autoincrement": True, "info": DERIVED},
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    owner: Mapped[int] = mapped_column(Id)
    """As `stances.owner`; 0 for one that is built in."""
    target_key: Mapped[str]
    actor_key: Mapped[str]
    state_key: Mapped[str]
    feeds: Mapped[bytes]
    """The newest stance of each feed; more than that where an edit took it away (`storage.sightings.NEWEST`)."""


class PageRow(Row):
    """The sightings of a pair in some months, in order (`storage.sightings.SIGHTING`)."""

    __tablename__ = "stance_pages"
    __table_args__ = ({"info": DERIVED},)

    pair_id: Mapped[int] = mapped_column(
        Id, ForeignKey("stance_pairs.id"), primary_key=True, autoincrement=False
    )
    period: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    sightings: Mapped[bytes]
