"""What is one workspace's alone, and how it goes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from datetime import datetime

    from news.channels import WorkspaceId
    from news.feeds import FeedId
    from news.leaving import Erased, Known


class ForgettingRepository(Protocol):
    """Taking away what a workspace left, some at a time."""

    async def known(self, *, client_id: str | None = None) -> tuple[Known, ...]:
        """All workspaces, by platform and name; `client_id` is that of the Slack app whose tokens are stored, if they
        are."""
        ...

    async def count(self, workspace_id: WorkspaceId) -> Erased:
        """All that would be erased."""
        ...

    async def leave(self, workspace_id: WorkspaceId) -> Erased:
        """It follows nothing from now on, nothing more is read or posted for it, and no token of it is left."""
        ...

    async def being_posted(self, workspace_id: WorkspaceId, *, since: datetime | None = None) -> int:
        """How many posts are on their way, those that somebody began with after `since` where that is given."""
        ...

    async def feeds(self, *, limit: int = 100) -> tuple[FeedId, ...]:
        """Feeds that nobody follows."""
        ...

    async def empty(self, feed_id: FeedId, *, limit: int) -> tuple[Erased, int]:
        """Takes entries away from a feed that nobody follows, with the articles that only such feeds lead to; what was
        erased, and how many entries and articles were looked at: none at the end, or once somebody follows it."""
        ...

    async def drop_names(self, *, after: int, limit: int) -> int | None:
        """Forgets which names stood in feeds that nobody follows, and names that stand nowhere else; the last that was
        looked at, None at the end."""
        ...

    async def drop_feeds(self, *, limit: int = 500) -> int:
        """Takes away feeds that nobody follows and that are empty; how many, those that held imports aside."""
        ...

    async def let_go_of_feeds(self, *, after: int, limit: int) -> int | None:
        """Takes feeds that are there no more out of what is noted of positions; the last that was looked at, None at the
        end."""
        ...

    async def drop_stances(self, workspace_id: WorkspaceId, *, limit: int) -> int:
        """Takes away stances on the workspace's own targets and what is held of them; how many."""
        ...

    async def drop_digests(self, workspace_id: WorkspaceId, *, limit: int) -> int:
        """Takes away digests, how they went to their channels, and stories that nothing else is left of; how many."""
        ...

    async def drop_outlets(self) -> None:
        """Forgets names of outlets that no article has."""
        ...

    async def clear(self, workspace_id: WorkspaceId, *, now: datetime) -> None:
        """Takes away all that hangs on the workspace, however little is left of it; but not itself."""
        ...

    async def finish(self, workspace_id: WorkspaceId, *, now: datetime) -> bool:
        """Takes away the workspace itself; False, and nothing is done, where it was given something anew meanwhile."""
        ...
