"""The feeds that a workspace follows: list, add, remove."""

from __future__ import annotations

from bot.ports import FeedReader, Store
from news.channels import Workspace
from news.errors import AlreadyThere, ParseError
from news.feeds import Feed, FeedId, Fetched


async def list_feeds(store: Store, workspace: Workspace) -> tuple[Feed, ...]:
    """In the order they were added."""
    async with store.read() as uow:
        return await uow.feeds.followed(workspace.id)


async def add_feed(
    store: Store, reader: FeedReader, workspace: Workspace, url: str, *, outlet: str | None = None
) -> tuple[Feed, Fetched]:
    """Reads the feed once and follows it when it is one; returns it with what it held.

    Raises AlreadyThere, or FeedError with the reason why it cannot be read: then nothing is kept.
    """
    async with store.read() as uow:
        if any(feed.url == url for feed in await uow.feeds.followed(workspace.id)):
            raise AlreadyThere(f"{url} is followed already.")
    update = await reader.fetch(Feed(id=FeedId(0), url=url))
    if not isinstance(update, Fetched):
        raise ParseError(url, f"{url} has ended: the server says it is gone. Look for its new address.")
    async with store.write() as uow:
        feed = await uow.feeds.follow(workspace.id, update.url, outlet=outlet)
        await uow.commit()
    return feed, update


async def remove_feed(store: Store, workspace: Workspace, url: str) -> None:
    """The workspace no longer follows it; what was read stays stored. Raises NotFound."""
    async with store.write() as uow:
        await uow.feeds.unfollow(workspace.id, url)
        await uow.commit()
