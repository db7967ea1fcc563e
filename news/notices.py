"""Notices: what administrators are told of a feed that fails, has ended, or is well again, and of a schedule that
stopped."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NewType

from news.channels import Channel, DeliveryState, WorkspaceId
from news.feeds import FeedId

NoticeId = NewType("NoticeId", int)

PATIENCE = timedelta(days=1)
"""How long a feed fails before it is told."""


class NoticeKind(StrEnum):
    """What became of the feed, or of the schedule."""

    PAUSED = "paused"
    FAILING = "failing"
    ENDED = "ended"
    BACK = "back"


@dataclass(frozen=True, slots=True)
class Notice:
    """One notice on its way to one channel."""

    id: NoticeId
    workspace_id: WorkspaceId
    feed_id: FeedId | None
    """None where it is about a schedule."""
    kind: NoticeKind
    name: str
    """What people call the feed, or the schedule's title."""
    url: str
    """Of a schedule the channel that it was posted to, as `discord:123`."""
    since: datetime
    """When the trouble that it tells of began."""
    reason: str
    """The trouble in words; empty for one that is over."""
    channel: Channel
    made: datetime
    state: DeliveryState
    touched: datetime
    """When its state was last set."""
    attempts: int = 0
    post: NoticeId | None = None
    """The first notice of the post that it is part of; set when that is sent."""
    timezone: str = "UTC"
    """The workspace's."""

    @property
    def key(self) -> str:
        """What the platform is told to recognise the post by; at most 25 characters."""
        return f"attache-n{self.post or self.id}"


@dataclass(frozen=True, slots=True)
class Recipient:
    """Where a workspace's notices go."""

    channel: Channel | None = None
    """None for nowhere."""
    chosen: bool = False
    """Whether it was ever set, also to nowhere; else it is what holds where nobody said anything."""
