"""What the application needs of its memory: one protocol a kind of value. `storage` fits by shape."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from bot.repositories.channels import (
    DeliveryRepository,
    FeedRepository,
    LeaseRepository,
    NoticeRepository,
    OutageRepository,
    SubscriptionRepository,
    WorkspaceRepository,
)
from bot.repositories.forgetting import ForgettingRepository
from bot.repositories.handled import HandledRepository
from bot.repositories.installations import InstallationRepository
from bot.repositories.news import (
    ActorRepository,
    ArticleRepository,
    BriefRepository,
    ClusterRepository,
    StoryRepository,
)
from bot.repositories.retention import RetentionRepository
from bot.repositories.stances import RereadingRepository, StanceRepository, TargetRepository
from bot.repositories.timekeeping import TimekeepingRepository

if TYPE_CHECKING:
    from contextlib import AbstractAsyncContextManager

__all__ = [
    "ActorRepository",
    "ArticleRepository",
    "BriefRepository",
    "ClusterRepository",
    "DeliveryRepository",
    "FeedRepository",
    "ForgettingRepository",
    "HandledRepository",
    "InstallationRepository",
    "LeaseRepository",
    "NoticeRepository",
    "OutageRepository",
    "RereadingRepository",
    "RetentionRepository",
    "StanceRepository",
    "Store",
    "StoryRepository",
    "SubscriptionRepository",
    "TargetRepository",
    "TimekeepingRepository",
    "UnitOfWork",
    "WorkspaceRepository",
]


class UnitOfWork(Protocol):
    """One transaction. Nothing is kept unless `commit` is called."""

    @property
    def workspaces(self) -> WorkspaceRepository: ...
    @property
    def feeds(self) -> FeedRepository: ...
    @property
    def articles(self) -> ArticleRepository: ...
    @property
    def briefs(self) -> BriefRepository: ...
    @property
    def clusters(self) -> ClusterRepository: ...
    @property
    def stories(self) -> StoryRepository: ...
    @property
    def actors(self) -> ActorRepository: ...
    @property
    def targets(self) -> TargetRepository: ...
    @property
    def stances(self) -> StanceRepository: ...
    @property
    def rereading(self) -> RereadingRepository: ...
    @property
    def subscriptions(self) -> SubscriptionRepository: ...
    @property
    def deliveries(self) -> DeliveryRepository: ...
    @property
    def notices(self) -> NoticeRepository: ...
    @property
    def installations(self) -> InstallationRepository: ...
    @property
    def leases(self) -> LeaseRepository: ...
    @property
    def handled(self) -> HandledRepository: ...
    @property
    def outages(self) -> OutageRepository: ...
    @property
    def retention(self) -> RetentionRepository: ...
    @property
    def forgetting(self) -> ForgettingRepository: ...
    @property
    def timekeeping(self) -> TimekeepingRepository: ...

    async def commit(self) -> None:
        """Keeps what was done so far."""
        ...


class Store(Protocol):
    """Memory. Raises StoreError and its kinds."""

    @property
    def is_shared(self) -> bool:
        """Whether several processes may be at work on it at one time."""
        ...

    def read(self) -> AbstractAsyncContextManager[UnitOfWork]:
        """A unit of work that only reads."""
        ...

    def write(self) -> AbstractAsyncContextManager[UnitOfWork]:
        """A unit of work that may write."""
        ...
