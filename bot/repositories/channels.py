"""Who follows what, and what is posted to whom."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import datetime, timedelta

    from news.channels import (
        Channel,
        Delivery,
        DeliveryId,
        DeliveryState,
        DigestId,
        Due,
        Form,
        Narrowing,
        Platform,
        Subscription,
        SubscriptionId,
        Workspace,
        WorkspaceId,
    )
    from news.digests import Digest, Earlier, FeedHealth
    from news.feeds import Feed, Follow, Listed
    from news.notices import Notice, Recipient
    from news.stories import StoryId


class WorkspaceRepository(Protocol):
    """Who follows feeds together."""

    async def find(self, platform: Platform, external_id: str) -> Workspace | None:
        """The workspace, if it is there."""
        ...

    async def first(self, platform: Platform) -> Workspace | None:
        """The workspace of the platform that has been there longest, if there is any."""
        ...

    async def obtain(
        self, platform: Platform, external_id: str, *, timezone: str = "UTC", now: datetime | None = None
    ) -> Workspace:
        """The workspace; made `now`, with that time zone, when it is not there yet."""
        ...

    async def set_timezone(self, workspace_id: WorkspaceId, timezone: str) -> None:
        """Show times in this IANA zone. Raises NotFound."""
        ...

    async def notices(self, workspace_id: WorkspaceId) -> Recipient:
        """Where its notices go: by default a terminal's to itself, others nowhere. Raises NotFound."""
        ...

    async def send_notices(self, workspace_id: WorkspaceId, channel: Channel | None) -> None:
        """Its notices go there from now on; None for nowhere. Raises NotFound."""
        ...


class FeedRepository(Protocol):
    """Feeds, and who follows them. One row a URL; the feed that holds a workspace's imports is not listed."""

    async def follow(
        self, workspace_id: WorkspaceId, url: str, *, outlet: str | None = None, folder: str = ""
    ) -> Feed:
        """The workspace follows the feed from now on. Raises AlreadyThere."""
        ...

    async def follow_all(self, workspace_id: WorkspaceId, listed: Sequence[Listed]) -> int:
        """The workspace follows all of these that it does not follow yet; how many those are."""
        ...

    async def unfollow(self, workspace_id: WorkspaceId, url: str) -> None:
        """It does so no longer; what was read stays stored. Raises NotFound."""
        ...

    async def followed(self, workspace_id: WorkspaceId) -> tuple[Feed, ...]:
        """Feeds that the workspace follows, in the order they were added."""
        ...

    async def follows(self, workspace_id: WorkspaceId) -> tuple[Follow, ...]:
        """As `followed`, with the folders in which the workspace keeps them."""
        ...

    async def health(self, workspace_id: WorkspaceId) -> FeedHealth:
        """How the feeds that the workspace follows fare, in the order they were added."""
        ...

    async def outlets(self, workspace_id: WorkspaceId) -> tuple[str, ...]:
        """Names of the outlets whose articles the workspace sees: of its feeds, and of what it brought along lately."""
        ...

    async def due(self, now: datetime, limit: int = 100) -> tuple[Feed, ...]:
        """Followed feeds that have not ended and are due, longest waiting first; hosts take turns."""
        ...

    async def save(self, *feeds: Feed) -> None:
        """Keeps the feeds' states. Where a new address is another feed's already, the old address stays."""
        ...


class SubscriptionRepository(Protocol):
    """What is posted where, and when."""

    async def add(
        self,
        workspace_id: WorkspaceId,
        channel: Channel,
        *,
        cron: str,
        timezone: str,
        next_due: datetime,
        title: str = "Digest",
        narrowing: Narrowing | None = None,
        form: Form = ...,
        made_by: str | None = None,
    ) -> Subscription:
        """Raises AlreadyThere for the same channel, cron, time zone and narrowing."""
        ...

    async def of(self, workspace_id: WorkspaceId) -> tuple[Subscription, ...]:
        """The workspace's subscriptions, in the order they were added."""
        ...

    async def remove(self, workspace_id: WorkspaceId, subscription_id: SubscriptionId) -> None:
        """Raises NotFound."""
        ...

    async def change(self, subscription: Subscription) -> Subscription:
        """Keeps it as it is given: its channel, times, words and next time; up to when the channel has been told, and
        whether it is paused, stay as they are stored. The trouble with a channel goes with it.

        Raises NotFound, AlreadyThere as `add`, and InputError where the channel is another one while a post to the old
        one is on its way."""
        ...

    async def pause(self, workspace_id: WorkspaceId, subscription_id: SubscriptionId) -> None:
        """Nothing is posted from now on, because somebody wishes it: what was waiting is told by the first digest after
        the pause. Raises NotFound."""
        ...

    async def resume(
        self, workspace_id: WorkspaceId, subscription_id: SubscriptionId, *, next_due: datetime
    ) -> None:
        """It is posted again, whatever the trouble was, and no slot from before. Raises NotFound."""
        ...

    async def due(self, now: datetime, platforms: Collection[Platform]) -> tuple[Due, ...]:
        """What is due, not paused, on these platforms, longest waiting first."""
        ...

    async def overdue(self, now: datetime) -> tuple[Subscription, ...]:
        """All whose time has come, wherever they post, paused ones too."""
        ...

    async def postpone(self, subscription_id: SubscriptionId, next_due: datetime) -> None:
        """Sets when it is due next, and leaves up to when the channel has been told. Raises NotFound."""
        ...

    async def cover(
        self, subscriptions: Sequence[SubscriptionId], covered: datetime, *, since: datetime | None = None
    ) -> tuple[SubscriptionId, ...]:
        """Sets up to when their channels have been told; where `since` is given, of those that had been told up to then,
        or nothing at all: which those were."""
        ...

    async def stop(self, subscription_id: SubscriptionId, trouble: str, *, now: datetime) -> None:
        """Pauses it since it cannot be posted any more."""
        ...

    async def uncover(self, subscription_id: SubscriptionId, since: datetime) -> None:
        """The channel has not been told what came from `since` on: the next digest begins there, or earlier."""
        ...


class DeliveryRepository(Protocol):
    """Digests as composed, and each one's way to its channel."""

    async def save_digest(self, workspace_id: WorkspaceId, digest: Digest, *, now: datetime) -> DigestId:
        """Keeps the digest as it was composed."""
        ...

    async def digest(self, digest_id: DigestId) -> Digest:
        """The digest as it was composed. Raises NotFound."""
        ...

    async def last_digest(self, workspace_id: WorkspaceId, channel: Channel) -> Digest | None:
        """The newest digest sent to the channel that was not narrowed to some words."""
        ...

    async def told(
        self, workspace_id: WorkspaceId, ids: Sequence[StoryId], *, channel: Channel
    ) -> Mapping[StoryId, tuple[Earlier, ...]]:
        """What the channel was told of the stories, oldest first."""
        ...

    async def told_each(
        self, workspace_id: WorkspaceId, ids: Sequence[StoryId], subscriptions: Sequence[SubscriptionId]
    ) -> Mapping[SubscriptionId, Mapping[StoryId, tuple[Earlier, ...]]]:
        """What each of the subscriptions was told of the stories, likewise."""
        ...

    async def plan(
        self, subscription_id: SubscriptionId, slot: datetime, digest_id: DigestId, *, now: datetime
    ) -> Delivery | None:
        """A pending delivery for the slot; None when the slot has one already."""
        ...

    async def claim(
        self,
        due: Due,
        platforms: Collection[Platform],
        *,
        slot: datetime | None,
        skipped: int,
        following: datetime,
        now: datetime,
    ) -> int:
        """Takes the slot for all subscriptions that are due like that, and sets when they are due next; how many.
        `slot` is the one that is posted, None where it is too late for any; `skipped` went by besides."""
        ...

    async def claimed(
        self, platforms: Collection[Platform], *, limit: int
    ) -> tuple[tuple[Delivery, Subscription], ...]:
        """Slots that are taken and whose digest nobody has composed, oldest first, of each subscription the first; none
        of what is paused."""
        ...

    async def overtaken(self) -> tuple[Delivery, ...]:
        """Slots that are still claimed though a later one of the same subscription is too."""
        ...

    async def compose(
        self,
        deliveries: Sequence[Delivery],
        workspace_id: WorkspaceId,
        digest: Digest,
        *,
        now: datetime,
        digest_id: DigestId | None = None,
    ) -> tuple[Delivery, ...]:
        """Keeps one digest for slots that were claimed, and that are pending and told from then on: those that still
        were, whose subscriptions were not changed, paused or told something since that was read.
        `digest_id` is that of the digest, where it is kept already. What else went by is told with it."""
        ...

    async def drop_claimed(self, deliveries: Sequence[Delivery]) -> None:
        """Gives up slots that were only claimed: the next digest tells that they went by."""
        ...

    async def open(
        self, platforms: Collection[Platform], *, beside: Collection[DeliveryId] = ()
    ) -> tuple[Delivery, ...]:
        """Deliveries that are pending or sending, oldest slot first; none of those that are known already (`beside`)."""
        ...

    async def mark(
        self,
        delivery: Delivery,
        state: DeliveryState,
        *,
        now: datetime,
        receipt: str | None = None,
        error: str | None = None,
        attempts: int | None = None,
    ) -> Delivery | None:
        """Sets the state, if it is still the delivery's own, touched when it says: None when somebody else
        has it in hand. Raises NotFound."""
        ...


class NoticeRepository(Protocol):
    """What is to be told of feeds, and each notice's way to its channel: one a trouble and kind."""

    async def is_due(self, now: datetime) -> bool:
        """Whether `plan` has anything to do."""
        ...

    async def plan(self, now: datetime) -> int:
        """Takes away what is pending and no longer true, and adds what is to be told; how many were added."""
        ...

    async def open(self, platforms: Collection[Platform]) -> tuple[Notice, ...]:
        """Notices that are pending or sending, in the order they were made."""
        ...

    async def claim(self, notices: Sequence[Notice], *, now: datetime) -> tuple[Notice, ...]:
        """Those that are still in the state they were read with and still true: they are being sent now, as one post."""
        ...

    async def mark(
        self,
        notices: Sequence[Notice],
        state: DeliveryState,
        *,
        now: datetime,
        receipt: str | None = None,
        error: str | None = None,
        attempts: int | None = None,
    ) -> bool:
        """Sets the state of all that are still in the state they were read with; whether there was any."""
        ...

    async def all_failing(self) -> bool:
        """Whether every feed that anybody follows, and that has not ended, fails; one feed alone is not all."""
        ...


class LeaseRepository(Protocol):
    """What one process does at a time, of all that share a database."""

    async def take(self, names: Collection[str], holder: str, *, lasts: timedelta) -> frozenset[str]:
        """Which of them are the holder's from now on, for so long: they were already, or are nobody's any more.
        What time it is, the store says."""
        ...

    async def give_back(self, names: Collection[str], holder: str) -> None:
        """Leaves them to whoever comes next."""
        ...


class OutageRepository(Protocol):
    """Platforms that a running process cannot reach."""

    async def begin(self, platform: Platform, *, since: datetime, reason: str) -> None:
        """The platform cannot be reached; what was said of it before is forgotten."""
        ...

    async def end(self, platform: Platform) -> None:
        """It can be reached, or nobody tries to."""
        ...
