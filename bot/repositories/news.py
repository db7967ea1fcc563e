"""What was read, and what was understood of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence
    from datetime import datetime

    from news.answers import QuotePage
    from news.arrivals import Arrival, Known
    from news.articles import Article, ArticleDraft, ArticleId
    from news.briefs import Brief
    from news.channels import WorkspaceId
    from news.feeds import Entry, FeedId
    from news.names import NameChange, Relation, Undone
    from news.profiles import ActorProfile
    from news.queries import StatementQuery, StoryQuery
    from news.reading import GivenUp, Unread
    from news.stories import Assignment, Member, Outline, Signature, Story


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

    async def begin_storing(self, now: Callable[[], datetime]) -> datetime:
        """The moment at which what is stored from here on is to have arrived: by the clock, and after all that was
        settled. `settle` waits for us."""
        ...

    async def settle(self, until: datetime) -> None:
        """Waits until all that others are storing is stored or given up; what they begin later waits for us, and has
        arrived after `until`, also where their clocks are up to a minute behind."""
        ...

    async def import_(
        self, workspace_id: WorkspaceId, key: str, draft: ArticleDraft, *, now: datetime
    ) -> Article:
        """Stores an article that the workspace brings along, under its own key (`Article.key`)."""
        ...

    async def unread(self, limit: int = 50, *, feed: FeedId | None = None) -> tuple[Article, ...]:
        """Articles whose newest version has no brief yet, newest first; all, or those that a feed leads to."""
        ...

    async def waiting(self, limit: int) -> tuple[Unread, ...]:
        """Which articles `unread` would give, without their texts."""
        ...

    async def to_read(self, article_id: ArticleId) -> Article | None:
        """The article, where its newest version was not read, or could not be; None where there is nothing to read."""
        ...

    async def given_up(self) -> tuple[GivenUp, ...]:
        """Articles that could not be read, newest first."""
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
