"""What goes when it is old."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

    from news.articles import ArticleId
    from news.channels import DigestId, SubscriptionId
    from news.notices import NoticeId
    from news.retention import Keep, Old, Retained, Version


class RetentionRepository(Protocol):
    """Taking away what is older than a moment, some at a time."""

    async def count(self, keep: Keep, before: datetime) -> Retained:
        """All that would go, or be reduced."""
        ...

    async def newest(self, before: datetime) -> datetime | None:
        """When the newest article arrived of those that had arrived before; None where there is none."""
        ...

    async def old(
        self, keep: Keep, before: datetime, *, after: Old | None = None, limit: int = 50
    ) -> tuple[Old, ...]:
        """Articles that are older, the oldest first, beginning behind `after`."""
        ...

    async def versions(self, ids: Collection[ArticleId]) -> tuple[Version, ...]:
        """The versions of these articles that statements stand in, and those that their briefs are of."""
        ...

    async def drop(self, ids: Sequence[ArticleId], *, spoken: bool) -> Retained:
        """Takes articles away; those of which statements are stored only with `spoken`."""
        ...

    async def reduce(self, shortened: Sequence[Version], *, now: datetime) -> Retained:
        """Keeps of articles these versions alone, as they were shortened; one that changed meanwhile is left."""
        ...

    async def old_digests(
        self, before: datetime, *, after: DigestId | None = None, limit: int = 50
    ) -> tuple[tuple[DigestId, ...], DigestId | None]:
        """As many as `limit` of the digests behind `after`: those that are older and needed no more; and the last one
        that was looked at, None at the end."""
        ...

    async def drop_digests(self, ids: Sequence[DigestId]) -> Retained:
        """Takes digests away, with their deliveries."""
        ...

    async def old_notices(self, before: datetime, *, limit: int = 500) -> tuple[NoticeId, ...]:
        """Notices that were settled before and that nothing is compared with any more."""
        ...

    async def drop_notices(self, ids: Sequence[NoticeId]) -> Retained:
        """Takes notices away."""
        ...

    async def removed_schedules(self, *, limit: int = 500) -> tuple[SubscriptionId, ...]:
        """Subscriptions that were taken away, and of which no digest and no notice is left."""
        ...

    async def drop_schedules(self, ids: Sequence[SubscriptionId]) -> None:
        """Takes these away."""
        ...
