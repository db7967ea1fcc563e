"""What positions are about, and where actors stand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import datetime

    from news.articles import ArticleId
    from news.channels import WorkspaceId
    from news.ledger import Standing, StandingPage
    from news.queries import StanceQuery
    from news.rereading import Place, Progress, Read, Rereading
    from news.stances import Stance
    from news.targets import Target


class TargetRepository(Protocol):
    """Targets, as each workspace has them."""

    async def of(self, workspace_id: WorkspaceId) -> tuple[Target, ...]:
        """What counts for the workspace: those that are built in and that it did not take away, then its own in the
        order in which they were added."""
        ...

    async def find(self, workspace_id: WorkspaceId, words: str) -> Target | None:
        """The one that the words mean here. Raises InputError, which names them, where several may be meant."""
        ...

    async def suggest(self, workspace_id: WorkspaceId, typed: str, *, most: int = 25) -> tuple[str, ...]:
        """Names that go on like what is typed; all of them for nothing typed."""
        ...

    async def add(self, workspace_id: WorkspaceId, target: Target, *, now: datetime) -> Target:
        """Adds a target of the workspace's own, in the place of one that is built in under that name.

        A name alone brings back one that is built in and was taken away. Raises AlreadyThere; InputError for what is too
        long or too much.
        """
        ...

    async def remove(self, workspace_id: WorkspaceId, name: str) -> Target:
        """Takes a target away: one of its own with its positions, one that is built in for this workspace alone.

        Raises NotFound, which names the nearest.
        """
        ...

    async def for_articles(self, ids: Sequence[ArticleId]) -> Mapping[ArticleId, tuple[Target, ...]]:
        """What each article is read for: what counts for the workspaces that see it."""
        ...

    async def progress(self, workspace_id: WorkspaceId) -> tuple[Progress, ...]:
        """The workspace's targets for which articles that were read before wait to be read again."""
        ...


class StanceRepository(Protocol):
    """Where actors stand, as one workspace sees it: in what it follows, on targets that count for it."""

    async def standings(self, workspace_id: WorkspaceId, query: StanceQuery) -> StandingPage:
        """Where actors stand on targets, those with the newest articles first.

        Who asks for a state finds all who speak for it, together; who asks for an actor finds what is that actor's own.
        Raises InputError where several targets may be meant, or too many actors.
        """
        ...

    async def latest(self, workspace_id: WorkspaceId, actor: str, most: int = 5) -> tuple[Standing, ...]:
        """The actor's standings with the newest articles."""
        ...

    async def changes(
        self,
        workspace_id: WorkspaceId,
        since: datetime,
        until: datetime,
        *,
        first: Collection[ArticleId] = (),
    ) -> tuple[Standing, ...]:
        """Standings that have a turn by what arrived from `since` on, as they were known at `until`; those with the newest
        articles first. Also those that were not known before and that one of the articles `first` tells of."""
        ...

    async def replace(
        self,
        article_id: ArticleId,
        version: int,
        targets: Sequence[Target],
        stances: Sequence[Stance],
        *,
        length: int,
    ) -> bool:
        """Keeps the article's stances on these targets in the place of those it had, beside its others.

        False, and nothing is kept, where its brief is of another version, or its text of another length by now. Stances on
        a workspace's target that was taken away are left out.
        """
        ...


class RereadingRepository(Protocol):
    """Articles that were read before a target was there."""

    async def next(self, *, after: WorkspaceId | None = None) -> Rereading | None:
        """What waits: of the next workspace behind `after`, in turn; those that are built in come first in a round."""
        ...

    async def count_articles(self, workspace_id: WorkspaceId | None) -> int:
        """Articles that were read, of those that the workspace sees; of all for None."""
        ...

    async def articles(self, of: Rereading, limit: int) -> tuple[Read, ...]:
        """The next articles, newest first, up to where others wait."""
        ...

    async def begin(self, of: Rereading, total: int) -> None:
        """Keeps how many articles there are."""
        ...

    async def advance(self, of: Rereading, place: Place | None, done: int) -> None:
        """Keeps that so many more articles were read, the last of them at `place`; None at the end."""
        ...
