"""Digests on demand and by schedule, and the list of stories."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot.ports import Clock, Store, UnitOfWork
from news.channels import Channel, Workspace, WorkspaceId
from news.digests import Digest, FeedHealth, Window, compose
from news.queries import StoryQuery
from news.stories import Story

REACH = timedelta(hours=24)
"""How far a digest reaches back where the channel had none before."""


async def compose_digest(
    uow: UnitOfWork,
    workspace_id: WorkspaceId,
    query: StoryQuery,
    window: Window,
    *,
    title: str,
    timezone: str,
) -> Digest:
    """The digest of the window, with the health of the feeds behind it."""
    stories = await uow.stories.find(
        workspace_id,
        replace(query, since=window.since, until=window.until, limit=None),
    )
    return compose(stories, window, title=title, timezone=timezone, health=await _health(uow, workspace_id))


async def digest_on_demand(
    store: Store, clock: Clock, workspace: Workspace, channel: Channel, query: StoryQuery
) -> Digest:
    """What is new since the channel's last posted digest, or since the query says so."""
    now = clock.now()
    async with store.read() as uow:
        since = query.since
        if since is None:
            last = await uow.deliveries.last_digest(workspace.id, channel)
            since = last.window.until if last else now - REACH
        return await compose_digest(
            uow,
            workspace.id,
            query,
            Window(since, query.until or now),
            title="Digest",
            timezone=workspace.timezone,
        )


async def find_stories(store: Store, workspace: Workspace, query: StoryQuery) -> tuple[Story, ...]:
    """The stories of the query's time, newest first."""
    async with store.read() as uow:
        return await uow.stories.find(workspace.id, query)


async def _health(uow: UnitOfWork, workspace_id: WorkspaceId) -> FeedHealth:
    feeds = await uow.feeds.followed(workspace_id)
    failing = tuple((feed.name, feed.failing_since) for feed in feeds if feed.failing_since is not None)
    return FeedHealth(followed=len(feeds), failing=failing)
