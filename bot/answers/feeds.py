"""The feeds that a workspace follows: list, add, remove, import, export, and who is told how they fare."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.messages.feeds import called, without_password
from bot.ports import FeedReader
from bot.repositories import Store, UnitOfWork
from news.channels import Channel, Platform, Workspace
from news.errors import AlreadyThere, FeedError, InputError, NotFound, ParseError
from news.feeds import Feed, FeedId, Fetched, Follow, Imported
from news.links import host_of
from news.notices import Recipient

_HOST = re.compile(r"(?:localhost|[\w-]+(?:\.[\w-]+)+)(?::\d{1,5})?(?:[/?].*)?$")
NAMED_AT_MOST = 4
"""Feeds named on a page that are tried, the first ones; of a page that names none, the usual addresses."""


@dataclass(frozen=True, slots=True)
class Added:
    """A feed that is followed from now on, and what it held."""

    feed: Feed
    update: Fetched
    found_on: str | None = None
    """The page that names it, where that page's address was given."""
    tells_here: bool = False
    """Whether the channel was just made the one that notices go to."""


async def list_feeds(store: Store, workspace: Workspace) -> tuple[Follow, ...]:
    """In the order they were added."""
    async with store.read() as uow:
        return await uow.feeds.follows(workspace.id)


async def add_feed(
    store: Store,
    reader: FeedReader,
    workspace: Workspace,
    channel: Channel,
    url: str,
    *,
    outlet: str | None = None,
    folder: str = "",
) -> Added:
    """Reads the feed once and follows it when it is one; of a page, the first feed that it names.

    Raises AlreadyThere, or FeedError with the reason why it cannot be read: then nothing is kept.
    """
    url = meant(url)
    async with store.read() as uow:
        if any(feed.url == url for feed in await uow.feeds.followed(workspace.id)):
            raise AlreadyThere(f"{url} is followed already.")
    try:
        update, found_on = await _read(reader, url), None
    except ParseError as error:
        update, found_on = await _first_of(reader, error), url
    async with store.write() as uow:
        feed = await uow.feeds.follow(workspace.id, update.url, outlet=outlet, folder=folder)
        tells_here = await _tell_here(uow, workspace, channel)
        await uow.commit()
    return Added(feed, update, found_on, tells_here)


def meant(typed: str) -> str:
    """The address that was meant: without what pasting brings along, with the scheme that was left out."""
    url = typed.strip().strip("<>").strip()
    if url.lower().startswith("feed:"):
        url = url[5:].lstrip("/")
    if "://" not in url and _HOST.match(url):
        url = f"https://{url}"
    scheme, colon, rest = url.partition("://")
    host, slash, path = rest.partition("/")
    login, at, name = host.rpartition("@")
    return (
        f"{scheme.lower()}{colon}{login}{at}{name.lower()}{slash}{path}".partition("#")[0] if colon else url
    )


async def _read(reader: FeedReader, url: str) -> Fetched:
    update = await reader.fetch(Feed(id=FeedId(0), url=url))
    if not isinstance(update, Fetched):
        raise FeedError(url, f"{url} has ended: the server says it is gone. Look for its new address.")
    return update


async def _first_of(reader: FeedReader, error: ParseError) -> Fetched:
    """The first feed that the page names. Raises the error where none of them can be read."""
    first: FeedError | None = None
    for url in error.feeds[:NAMED_AT_MOST]:
        if url == error.url:
            continue
        try:
            return await _read(reader, url)
        except FeedError as failure:
            first = first or failure
    if first is not None and first.url in str(error):  # it is the one that the page names
        raise ParseError(
            error.url, f"{error.url} is a web page, and the feed that it names cannot be read: {first}"
        )
    raise error


async def remove_feed(store: Store, workspace: Workspace, named: str) -> Feed:
    """The workspace no longer follows the feed of that address or name; what was read stays stored.

    Raises NotFound, or InputError for a name that several feeds have.
    """
    async with store.write() as uow:
        feed = _named(await uow.feeds.followed(workspace.id), named)
        await uow.feeds.unfollow(workspace.id, feed.url)
        await uow.commit()
    return feed


def _named(feeds: tuple[Feed, ...], named: str) -> Feed:
    typed = meant(named)
    at = [feed for feed in feeds if typed in {feed.url, without_password(feed.url)} or feed.url == named]
    name = named.strip().casefold()
    found = at or [f for f in feeds if name in {f.name.casefold(), called(f.name, f.url).casefold()}]
    if not found:
        raise NotFound(f"{named} is not followed: list the feeds to see those that are.")
    if len(found) > 1:
        raise InputError(f"More than one feed is called {named}: give the address of the one to remove.")
    return found[0]


async def import_list(
    store: Store, reader: FeedReader, workspace: Workspace, channel: Channel, body: bytes, source: str
) -> tuple[Imported, bool]:
    """Follows all feeds that a list names, unread; and whether the channel is told of them from now on.

    Raises ParseError for what is no list.
    """
    listed = await reader.read_list(body, source)
    usable = tuple(one for one in listed if host_of(one.url) is not None)
    async with store.write() as uow:
        followed = await uow.feeds.follow_all(workspace.id, usable)
        tells_here = bool(followed) and await _tell_here(uow, workspace, channel)
        await uow.commit()
    return Imported(followed, len(usable) - followed, len(listed) - len(usable)), tells_here


async def export_list(
    store: Store, reader: FeedReader, workspace: Workspace
) -> tuple[tuple[Follow, ...], bytes]:
    """What the workspace follows, and the same as a list that other readers take."""
    follows = await list_feeds(store, workspace)
    return follows, reader.write_list(follows, "Feeds")


async def find_recipient(store: Store, workspace: Workspace) -> Recipient:
    """Where the workspace's notices go."""
    async with store.read() as uow:
        return await uow.workspaces.notices(workspace.id)


async def set_recipient(store: Store, workspace: Workspace, channel: Channel | None) -> Recipient:
    """Its notices go there from now on; None for nowhere."""
    async with store.write() as uow:
        await uow.workspaces.send_notices(workspace.id, channel)
        await uow.commit()
    return Recipient(channel, chosen=True)


async def _tell_here(uow: UnitOfWork, workspace: Workspace, channel: Channel) -> bool:
    """Makes the channel the one that is told, where nobody ever said anything; whether it did.

    A terminal's workspace tells its terminal anyway, and a terminal is no place for a chat's notices.
    """
    if workspace.platform is Platform.TERMINAL or channel.platform is not workspace.platform:
        return False
    recipient = await uow.workspaces.notices(workspace.id)
    if recipient.chosen:
        return False
    await uow.workspaces.send_notices(workspace.id, channel)
    return True
