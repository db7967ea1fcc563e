"""Targets, and the stances that articles tell on them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from news.articles import ArticleId
from news.channels import WorkspaceId
from storage.tables.base import Row
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
        Index("ix_stances_actor_key_target_key_id", "actor_key", "target_key", "id"),
        Index("ix_stances_state_key_target_key_id", "state_key", "target_key", "id"),
        Index("ix_stances_target_key_side_key_id", "target_key", "side_key", "id"),
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
    side_key: Mapped[str]
    """The key under which the ledger puts it: the state's, without one the actor's."""
    outlet_key: Mapped[str]
    target: Mapped[str]
    target_key: Mapped[str]
    """The folded target, cut to what can be indexed."""
    owner: Mapped[WorkspaceId | None]
    """Whose target it is, which `targets` has; None for one that is built in."""
    position: Mapped[str]
    confidence: Mapped[float]
    evidence: Mapped[object] = mapped_column(Document)
