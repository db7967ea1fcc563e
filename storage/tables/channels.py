"""Workspaces, their subscriptions, and what is posted to their channels."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from news.channels import DeliveryId, DigestId, SubscriptionId, WorkspaceId
from storage.tables.base import Row
from storage.types import Document


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
    digest_id: Mapped[DigestId] = mapped_column(ForeignKey("digests.id"), index=True)
    slot: Mapped[datetime]
    state: Mapped[str] = mapped_column(index=True)
    touched: Mapped[datetime]
    """When the state was last set."""
    attempts: Mapped[int]
    receipt: Mapped[str | None]
    error: Mapped[str | None]
