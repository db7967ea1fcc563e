"""Digests on demand and by schedule, and the list of stories."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from bot.ports import Clock
from bot.repositories import Store, UnitOfWork
from news.channels import Channel, Narrowing, SubscriptionId, Workspace, WorkspaceId
from news.composing import compose, rank
from news.digests import Digest, Earlier, FeedHealth, Taste, Window
from news.edits import edited
from news.names import NameChange
from news.queries import StoryQuery
from news.stories import Outline, Story, StoryId

REACH = timedelta(hours=24)
"""How far a digest reaches back where the channel had none before."""
_LOOKED_AT = 4
"""Stories that are looked at for each that is shown: some may hold nothing new."""


@dataclass(frozen=True, slots=True)
class Audience:
    """Whom a digest is for: what these were told before is not told again."""

    subscription_id: SubscriptionId | None = None
    channel: Channel | None = None


@dataclass(frozen=True, slots=True)
class Gathered:
    """What a window holds for a workspace, before anybody in particular is told of it."""

    workspace_id: WorkspaceId
    query: StoryQuery
    window: Window
    taste: Taste
    outlines: tuple[Outline, ...]
    total: int
    health: FeedHealth
    changes: tuple[NameChange, ...]


async def compose_digest(
    uow: UnitOfWork,
    workspace_id: WorkspaceId,
    query: StoryQuery,
    window: Window,
    *,
    title: str,
    timezone: str,
    audience: Audience | None = None,
    length: int | None = None,
) -> Digest:
    """The digest of the window, with the health of the feeds behind it; without an audience, nothing is known yet."""
    gathered = await gather(uow, workspace_id, query, window, length=length)
    told = {} if audience is None else await told_of(uow, gathered, audience)
    return await compose_gathered(uow, gathered, told, title=title, timezone=timezone)


async def gather(
    uow: UnitOfWork,
    workspace_id: WorkspaceId,
    query: StoryQuery,
    window: Window,
    *,
    length: int | None = None,
) -> Gathered:
    """What the window holds."""
    taste = Taste(stories=length or Taste().stories)
    asked = replace(query, since=window.since, until=window.until, limit=_LOOKED_AT * taste.stories)
    outlines, total = await uow.stories.outlines(workspace_id, asked, most=taste.sources)
    health, changes = await uow.feeds.health(workspace_id), await uow.actors.changes(workspace_id)
    return Gathered(workspace_id, query, window, taste, tuple(outlines), total, health, tuple(changes))


async def told_of(
    uow: UnitOfWork, gathered: Gathered, audience: Audience
) -> Mapping[StoryId, Sequence[Earlier]]:
    """What the audience was told of these stories before."""
    ids = [outline.id for outline in gathered.outlines]
    if (subscription_id := audience.subscription_id) is not None:
        told = await uow.deliveries.told_each(gathered.workspace_id, ids, [subscription_id])
        return told[subscription_id]
    if audience.channel is None:
        return {}
    return await uow.deliveries.told(gathered.workspace_id, ids, channel=audience.channel)


async def compose_gathered(
    uow: UnitOfWork,
    gathered: Gathered,
    told: Mapping[StoryId, Sequence[Earlier]],
    *,
    title: str,
    timezone: str,
) -> Digest:
    """The digest for those who were told that."""
    query, taste, window = gathered.query, gathered.taste, gathered.window
    narrowed = Narrowing(query.about, query.actor, query.outlet).words

    async def composed(stories: Sequence[Story]) -> Digest:
        read = [reading.article.id for story in stories for reading in story.readings]
        taken = await uow.stances.changes(gathered.workspace_id, window.since, window.until, first=read)
        # In a thread: a story of hundreds of figures must not hold up everybody's answers.
        digest = await asyncio.to_thread(
            compose,
            stories,
            window,
            title=title,
            timezone=timezone,
            health=gathered.health,
            taste=taste,
            told=told,
            before=await uow.articles.texts(edited(stories, told)),
            total=gathered.total,
            changes=gathered.changes,
            taken=taken,
            whole=not narrowed,
        )
        return replace(digest, narrowed=narrowed)

    # Reading articles is what takes time: those further down are read only where stories above hold nothing new.
    ordered = sorted(gathered.outlines, key=lambda outline: rank(outline, told))
    stories = await uow.stories.read(gathered.workspace_id, ordered[: taste.stories])
    digest = await composed(stories)
    rest = ordered[taste.stories :]
    if rest and len(digest.stories) < taste.stories:
        digest = await composed((*stories, *await uow.stories.read(gathered.workspace_id, rest)))
    return digest


async def digest_on_demand(
    store: Store, clock: Clock, workspace: Workspace, channel: Channel, query: StoryQuery
) -> Digest:
    """What is new since the channel's last posted digest, or all since the query says so."""
    now = clock.now()
    async with store.read() as uow:
        since = query.since
        audience = Audience(channel=channel) if since is None else None
        if since is None:
            last = await uow.deliveries.last_digest(workspace.id, channel)
            if last is not None and last.window.until > now:
                last = None  # the clock was ahead when that was posted
            since = last.window.until if last else now - REACH
        return await compose_digest(
            uow,
            workspace.id,
            query,
            Window(since, query.until or now),
            title="Digest",
            timezone=workspace.timezone,
            audience=audience,
        )


async def find_stories(store: Store, workspace: Workspace, query: StoryQuery) -> tuple[Story, ...]:
    """The stories of the query's time, newest first."""
    async with store.read() as uow:
        return await uow.stories.find(workspace.id, query)
