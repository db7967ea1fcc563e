"""Workspaces, their subscriptions, and what is posted to their channels."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from news.channels import DeliveryId, DigestId, SubscriptionId, WorkspaceId
from storage.tables.base import DERIVED, Row
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
    since: Mapped[datetime | None]
    """When it was first heard of; NULL where that was before this was kept."""


class SubscriptionRow(Row):
    """What is posted where, and when. One taken away stays as long as one of its deliveries or notices does."""

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
        CheckConstraint("form IN ('message', 'thread')", name="form"),
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
    form: Mapped[str] = mapped_column(server_default="message")
    made_by: Mapped[str | None]
    """The platform's id of who added it: told of it where nobody else is."""
    trouble: Mapped[str | None]
    """Why it was paused by itself; with `trouble_since`, when that was."""
    trouble_since: Mapped[datetime | None]
    skipped: Mapped[int] = mapped_column(server_default=text("0"))
    """Slots that went by unposted, of which the channel was not told yet."""


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
        CheckConstraint(
            "state IN ('claimed', 'pending', 'sending', 'sent', 'failed', 'unknown')", name="state"
        ),
        CheckConstraint("state = 'claimed' OR digest_id IS NOT NULL", name="digest"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[DeliveryId] = mapped_column(primary_key=True)
    subscription_id: Mapped[SubscriptionId] = mapped_column(ForeignKey("subscriptions.id"))
    digest_id: Mapped[DigestId | None] = mapped_column(ForeignKey("digests.id"), index=True)
    """None while nobody has composed it."""
    slot: Mapped[datetime]
    state: Mapped[str] = mapped_column(index=True)
    touched: Mapped[datetime]
    """When the state was last set."""
    attempts: Mapped[int]
    receipt: Mapped[str | None]
    error: Mapped[str | None]
    skipped: Mapped[int] = mapped_column(server_default=text("0"))
    """Slots before it that went by unposted."""


class LeaseRow(Row):
    """What one process does at a time, and who that is until when; no copy needs it.

    One row is nobody's, `settled`: what is stored from now on has arrived after its `until`.
    """

    __tablename__ = "leases"
    __table_args__ = ({"info": DERIVED},)

    name: Mapped[str] = mapped_column(primary_key=True)
    holder: Mapped[str]
    until: Mapped[datetime]


class OutageRow(Row):
    """A platform that a running process cannot reach; no copy needs it."""

    __tablename__ = "outages"
    __table_args__ = ({"info": DERIVED},)

    platform: Mapped[str] = mapped_column(primary_key=True)
    since: Mapped[datetime]
    reason: Mapped[str]
    """One sentence."""


class HandledRow(Row):
    """What came from a platform and who answers it, until it cannot come again any more; no copy needs it."""

    __tablename__ = "handled"
    __table_args__ = ({"info": DERIVED},)

    key: Mapped[str] = mapped_column(primary_key=True)
    """The platform and its id of what came."""
    holder: Mapped[str]
    until: Mapped[datetime] = mapped_column(index=True)
