"""Workspaces, their channels, what is posted there when, and what became of each post."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import NewType

WorkspaceId = NewType("WorkspaceId", int)
SubscriptionId = NewType("SubscriptionId", int)
DigestId = NewType("DigestId", int)
DeliveryId = NewType("DeliveryId", int)


class Platform(StrEnum):
    """Where a channel lives."""

    TERMINAL = "terminal"
    DISCORD = "discord"
    SLACK = "slack"


@dataclass(frozen=True, slots=True)
class Workspace:
    """Who follows feeds together: a Discord guild, a Slack workspace, or a name in the terminal."""

    id: WorkspaceId
    platform: Platform
    external_id: str
    """The platform's own id; in the terminal the name, `local` by default."""
    timezone: str = "UTC"
    """IANA name; times are shown in it."""


@dataclass(frozen=True, slots=True)
class Channel:
    """A place that messages go to."""

    platform: Platform
    external_id: str
    workspace: str = field(default="", compare=False)
    """The platform's id of the workspace for which it is posted to, where that is known. It is still the same place."""


@dataclass(frozen=True, slots=True)
class Narrowing:
    """Which stories a subscription wants; None asks for nothing."""

    about: str | None = None
    actor: str | None = None
    outlet: str | None = None
    length: int | None = None
    """How many stories at most."""

    @property
    def words(self) -> str:
        """As it is typed, without the length: `about ceasefire by Peskov in Daily Herald`; empty without any."""
        parts = (("about", self.about), ("by", self.actor), ("in", self.outlet))
        return " ".join(f"{name} {value}" for name, value in parts if value)


class Form(StrEnum):
    """How a digest is posted: as one message, or as an opening and a thread with a message a story."""

    MESSAGE = "message"
    THREAD = "thread"


@dataclass(frozen=True, slots=True)
class Subscription:
    """A digest that is posted to a channel at its times."""

    id: SubscriptionId
    workspace_id: WorkspaceId
    channel: Channel
    cron: str
    """Five fields, in the subscription's own time zone."""
    timezone: str
    next_due: datetime
    title: str = "Digest"
    narrowing: Narrowing = Narrowing()
    paused: bool = False
    last_covered: datetime | None = None
    """Up to when the channel has been told; the next digest starts here."""
    form: Form = Form.MESSAGE
    made_by: str | None = None
    """The platform's id of who added it."""
    trouble: str | None = None
    """Why it was paused by itself; None where a person paused it, or nobody did."""
    skipped: int = 0
    """Slots that went by unposted, of which the channel was not told yet."""


@dataclass(frozen=True, slots=True)
class Due:
    """Subscriptions that are due, alike in when: what is posted to many at nine is one of these."""

    cron: str
    timezone: str
    slot: datetime
    """The slot that has come."""
    count: int


class DeliveryState(StrEnum):
    """`claimed`: the slot is taken, and nobody has composed its digest yet. `unknown`: it was being sent when we lost
    sight of it, and the platform could not tell."""

    CLAIMED = "claimed"
    PENDING = "pending"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Delivery:
    """One digest on its way to one channel: one row a slot and subscription."""

    id: DeliveryId
    subscription_id: SubscriptionId
    digest_id: DigestId | None
    """None while it is claimed only."""
    channel: Channel
    slot: datetime
    """When it was due."""
    state: DeliveryState
    touched: datetime
    """When its state was last set."""
    attempts: int = 0
    receipt: str | None = None
    """The platform's id of the message."""
    error: str | None = None
    skipped: int = 0
    """Slots before it that went by unposted."""
    form: Form = Form.MESSAGE
    workspace_id: WorkspaceId = WorkspaceId(0)
    """Whose subscription it is; with `form`, as the subscription says."""
    wanted: bool = True
    """Whether the subscription was neither paused nor taken away."""

    @property
    def key(self) -> str:
        """What the platform is told to recognise the post by; at most 25 characters."""
        return f"attache-{self.id}"
