"""What the application needs of its memory: one protocol a kind of value. `storage` fits by shape."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from contextlib import AbstractAsyncContextManager
    from datetime import datetime

    from news.answers import QuotePage
    from news.arrivals import Arrival, Known
    from news.articles import Article, ArticleDraft, ArticleId
    from news.briefs import Brief
    from news.channels import (
        Channel,
        Delivery,
        DeliveryState,
        DigestId,
        Narrowing,
        Platform,
        Subscription,
        SubscriptionId,
        Workspace,
        WorkspaceId,
    )
    from news.digests import Digest, Earlier
    from news.feeds import Entry, Feed, FeedId, Follow, Listed
    from news.names import NameChange, Relation, Undone
    from news.notices import Notice, NoticeId, Recipient
    from news.profiles import ActorProfile
    from news.queries import StatementQuery, StoryQuery
    from news.retention import Keep, Old, Retained, Version
    from news.stories import Assignment, Member, Outline, Signature, Story, StoryId


class WorkspaceRepository(Protocol):
    """Who follows feeds together."""

    async def find(self, platform: Platform, external_id: str) -> Workspace | None:
        """The workspace, if it is there."""
        ...

    async def obtain(self, platform: Platform, external_id: str, *, timezone: str = "UTC") -> Workspace:
        """The workspace; made, with that time zone, when it is not there yet."""
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

    async def due(self, now: datetime, limit: int = 100) -> tuple[Feed, ...]:
        """Followed feeds that have not ended and are due, longest waiting first."""
        ...

    async def save(self, *feeds: Feed) -> None:
        """Keeps the feeds' states. Where a new address is another feed's already, the old address stays."""
        ...


class ArticleRepository(Protocol):
    """Articles, their versions, and the entries they came by."""

    async def known_entries(self, feed_id: FeedId, entries: Collection[Entry]) -> Mapping[str, Known]:
        """Those of the feed's entries that lead to a stored article, by their keys, as they were last stored."""
        ...

    async def save_all(
        self, feed_id: FeedId, arrivals: Sequence[Arrival], *, now: datetime
    ) -> tuple[Article, ...]:
        """Stores what entries lead to. Raises NotFound.

        A new entry whose URL is a stored article's leads to that article. Other text or another title
        makes a new version (the old one is kept, the brief is due again), if it comes by the feed that the
        article first came by; the same words change nothing.
        """
        ...

    async def begin_storing(self) -> None:
        """To be called before the moment is taken at which what is stored is to have arrived: `settle` waits for us."""
        ...

    async def settle(self) -> None:
        """Waits until all that others are storing is stored or given up; what they begin later waits for us."""
        ...

    async def import_(
        self, workspace_id: WorkspaceId, key: str, draft: ArticleDraft, *, now: datetime
    ) -> Article:
        """Stores an article that the workspace brings along, under its own key (`Article.key`)."""
        ...

    async def unread(self, limit: int = 50) -> tuple[Article, ...]:
        """Articles whose newest version has no brief yet, newest first."""
        ...

    async def waiting_since(self, workspace_id: WorkspaceId, since: datetime) -> datetime | None:
        """When the first of the workspace's articles arrived, or was edited, from `since` on that is not read
        or in no story yet; None when none waits."""
        ...

    async def versions(self, article_id: ArticleId) -> tuple[ArticleDraft, ...]:
        """All versions of title and text, oldest first; the last one is the current one."""
        ...

    async def texts(self, versions: Mapping[ArticleId, int]) -> Mapping[ArticleId, str]:
        """The text of one version of each article; what is not there is left out."""
        ...


class BriefRepository(Protocol):
    """Briefs, and the statements in them."""

    async def save(self, *briefs: Brief) -> None:
        """Keeps each brief in the place of an older one of the same article. Raises NotFound, and keeps none."""
        ...

    async def statements(self, workspace_id: WorkspaceId, query: StatementQuery) -> QuotePage:
        """What was said in what the workspace follows, each occasion once, newest first; within one article
        speech, then thoughts, then intentions, each in the article's order."""
        ...


class ClusterRepository(Protocol):
    """Which article is in which story: every article that has been read is in exactly one."""

    async def sign(self, article_id: ArticleId, signature: Signature, *, now: datetime) -> None:
        """Keeps what the article is compared by. Raises NotFound."""
        ...

    async def unclustered(self, limit: int = 200) -> tuple[Member, ...]:
        """Articles that have been read and are in no story, oldest first."""
        ...

    async def members(self, since: datetime, until: datetime) -> tuple[Member, ...]:
        """Articles in stories, by `when`, oldest first."""
        ...

    async def changed(self, since: datetime, until: datetime, *, after: datetime) -> tuple[Member, ...]:
        """Those of `members` that were placed, or whose story was told, after a moment."""
        ...

    async def save(self, assignments: Sequence[Assignment], *, now: datetime) -> None:
        """Puts articles into stories, new ones where needed; none leaves a story that was told. Raises NotFound."""
        ...


class StoryRepository(Protocol):
    """Stories, as one workspace sees them."""

    async def find(self, workspace_id: WorkspaceId, query: StoryQuery) -> tuple[Story, ...]:
        """Stories with an article that arrived or was edited in the query's time, newest first, each with
        all of its articles that the workspace follows."""
        ...

    async def outlines(
        self, workspace_id: WorkspaceId, query: StoryQuery, *, most: int
    ) -> tuple[tuple[Outline, ...], int]:
        """Stories that have news in the query's time, those that most outlets carry first, each with at most `most`
        of its articles of that time; and how many stories there are."""
        ...

    async def read(self, workspace_id: WorkspaceId, outlines: Sequence[Outline]) -> tuple[Story, ...]:
        """The stories with the articles that the outlines name, in their order."""
        ...


class ActorRepository(Protocol):
    """What a workspace was told of names, and who an actor is in what it follows."""

    async def changes(self, workspace_id: WorkspaceId) -> tuple[NameChange, ...]:
        """The changes that stand, oldest first."""
        ...

    async def tell(
        self, workspace_id: WorkspaceId, actor: str, name: str, relation: Relation, *, now: datetime
    ) -> NameChange:
        """Keeps what was told of the two names, in the place of what stood of them.

        Raises AlreadyThere for what stands, InputError for names that are none, or too many.
        """
        ...

    async def take_away(
        self, workspace_id: WorkspaceId, actor: str, name: str, *, now: datetime
    ) -> tuple[NameChange, ...]:
        """Ends the changes that make `name` another name of `actor`, and returns them; none when it is not."""
        ...

    async def undo(self, workspace_id: WorkspaceId, *, now: datetime) -> Undone:
        """Takes back the newest change that stands; what it replaced stands again.

        Where a split took names away since, these come back instead. Raises NotFound when there is nothing.
        """
        ...

    async def suggest(self, workspace_id: WorkspaceId, typed: str, *, most: int = 25) -> tuple[str, ...]:
        """Names in what the workspace follows that have the typed words, the last of which may go on; the most used
        first."""
        ...

    async def is_borne(self, workspace_id: WorkspaceId, name: str) -> bool:
        """Whether somebody of that name, or in that name, speaks in what the workspace follows."""
        ...

    async def profile(self, workspace_id: WorkspaceId, asked: str) -> ActorProfile:
        """Who the actor is in what the workspace follows."""
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
    ) -> Subscription:
        """Raises AlreadyThere for the same channel, cron, time zone and narrowing."""
        ...

    async def of(self, workspace_id: WorkspaceId) -> tuple[Subscription, ...]:
        """The workspace's subscriptions, in the order they were added."""
        ...

    async def remove(self, workspace_id: WorkspaceId, subscription_id: SubscriptionId) -> None:
        """Raises NotFound."""
        ...

    async def due(self, now: datetime, platforms: Collection[Platform]) -> tuple[Subscription, ...]:
        """Those that are due, not paused, on these platforms."""
        ...

    async def overdue(self, now: datetime) -> tuple[Subscription, ...]:
        """All whose time has come, wherever they post, paused ones too."""
        ...

    async def postpone(self, subscription_id: SubscriptionId, next_due: datetime) -> None:
        """Sets when it is due next, and leaves up to when the channel has been told. Raises NotFound."""
        ...

    async def advance(
        self, subscription_id: SubscriptionId, *, next_due: datetime, covered: datetime
    ) -> None:
        """Sets when it is due next and up to when the channel has been told. Raises NotFound."""
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
        self,
        workspace_id: WorkspaceId,
        ids: Sequence[StoryId],
        *,
        subscription_id: SubscriptionId | None = None,
        channel: Channel | None = None,
    ) -> Mapping[StoryId, tuple[Earlier, ...]]:
        """What the subscription, or else the channel, was told of the stories, oldest first.

        A subscription knows what was planned for it and did not fail, a channel what was posted there."""
        ...

    async def plan(
        self, subscription_id: SubscriptionId, slot: datetime, digest_id: DigestId, *, now: datetime
    ) -> Delivery | None:
        """A pending delivery for the slot; None when the slot has one already."""
        ...

    async def open(self, platforms: Collection[Platform]) -> tuple[Delivery, ...]:
        """Deliveries that are pending or sending, oldest slot first."""
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
    ) -> bool:
        """Sets the state of all that are still in the state they were read with; whether there was any."""
        ...

    async def all_failing(self) -> bool:
        """Whether every feed that anybody follows, and that has not ended, fails; one feed alone is not all."""
        ...


class RetentionRepository(Protocol):
    """Taking away what is older than a moment, some at a time."""

    async def count(self, keep: Keep, before: datetime) -> Retained:
        """All that would go, or be reduced."""
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
    def subscriptions(self) -> SubscriptionRepository: ...
    @property
    def deliveries(self) -> DeliveryRepository: ...
    @property
    def notices(self) -> NoticeRepository: ...
    @property
    def retention(self) -> RetentionRepository: ...

    async def commit(self) -> None:
        """Keeps what was done so far."""
        ...


class Store(Protocol):
    """Memory. Raises StoreError and its kinds."""

    def read(self) -> AbstractAsyncContextManager[UnitOfWork]:
        """A unit of work that only reads."""
        ...

    def write(self) -> AbstractAsyncContextManager[UnitOfWork]:
        """A unit of work that may write."""
        ...
