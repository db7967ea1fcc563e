"""Collecting: due feeds are fetched, and what is new or edited in them is stored as articles."""

from __future__ import annotations

import asyncio
import hashlib
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from urllib.parse import urlsplit

import structlog

from bot.ports import Clock, FeedReader, Store
from news.articles import ArticleDraft
from news.errors import FeedError, StoreError, UnreadableInput
from news.feeds import Entry, Feed, FeedUpdate, Fetched
from news.polling import after_failure, after_success
from news.times import plausible

log = structlog.get_logger(__name__)

AT_ONCE = 8
"""Feeds read at one time; pages of one feed are fetched one after the other."""
AHEAD = timedelta(days=1)
"""How far in the future an article may say it was published: clocks and zones go wrong by hours."""
AT_MOST = 30
"""Entries taken from a feed at one reading; the others are taken when it is read again."""
OVERLOOKED = timedelta(days=1)
"""An entry that turns up with a time of publication this long before our last look is old, not new."""


@dataclass(frozen=True, slots=True)
class Collected:
    """What one round brought."""

    feeds: int = 0
    failed: int = 0
    articles: int = 0


async def collect(store: Store, reader: FeedReader, clock: Clock) -> Collected:
    """Reads every feed that is due. A feed that fails records its failure; the others go on."""
    async with store.read() as uow:
        due = await uow.feeds.due(clock.now())
    gate = asyncio.Semaphore(AT_ONCE)

    async def one(feed: Feed) -> int | None:
        async with gate:
            try:
                return await _collect_feed(store, reader, clock, feed)
            except StoreError as error:
                log.error("feed not stored, it stays due", feed=feed.id, error=str(error))
            except Exception:  # one feed must not end the round for the others
                log.exception("feed broke the intake, it stays due", feed=feed.id)
            return None

    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(one(feed)) for feed in due]
    counts = [task.result() for task in tasks]
    return Collected(feeds=len(due), failed=counts.count(None), articles=sum(count or 0 for count in counts))


async def _collect_feed(store: Store, reader: FeedReader, clock: Clock, feed: Feed) -> int | None:
    """How many articles came new or edited; None when the feed failed."""
    try:
        update = await reader.fetch(feed)
    except FeedError as error:
        log.warning("feed failed", feed=feed.id, url=feed.url, error=str(error))
        async with store.write() as uow:
            await uow.feeds.save(after_failure(feed, str(error), clock.now()))
            await uow.commit()
        return None
    return await adopt(store, reader, clock, feed, update)


async def adopt(store: Store, reader: FeedReader, clock: Clock, feed: Feed, update: FeedUpdate) -> int:
    """Stores the articles first and the feed's state last, so that a crash between them reads it again."""
    drafts = await _drafts(store, reader, feed, update) if isinstance(update, Fetched) else []
    async with store.write() as uow:
        # Taken here, for fetching pages takes time: what arrives after a digest must not seem to be before it.
        now = clock.now()
        for entry, draft in drafts:
            draft = _credible(draft, now)
            await uow.articles.save(
                draft,
                feed_id=feed.id,
                entry_key=entry.key,
                fingerprint=fingerprint(entry),
                arrived=_arrival(draft.published, now, feed.last_success),
                now=now,
            )
        await uow.feeds.save(after_success(feed, update, now))
        await uow.commit()
    return len(drafts)


async def _drafts(
    store: Store, reader: FeedReader, feed: Feed, update: Fetched
) -> list[tuple[Entry, ArticleDraft]]:
    """What the new and changed entries lead to; of many, the feed's first."""
    async with store.read() as uow:
        known = await uow.articles.known_entries(feed.id, [entry.key for entry in update.entries])
    changed = [entry for entry in update.entries if known.get(entry.key) != fingerprint(entry)]
    drafts = []
    for entry in changed[:AT_MOST]:
        draft = await _draft(reader, entry, feed, feed.outlet or update.title)
        if draft is not None:
            drafts.append((entry, draft))
    return drafts


def _credible(draft: ArticleDraft, now: datetime) -> ArticleDraft:
    """Without a time of publication that cannot be true: one to come would top every list until then."""
    published = plausible(draft.published)
    if published is not None and published > now + AHEAD:
        published = None
    return replace(draft, published=published)


async def _draft(reader: FeedReader, entry: Entry, feed: Feed, outlet: str | None) -> ArticleDraft | None:
    """The article behind an entry: its page where that can be read, else the feed's own words."""
    if entry.url:
        try:
            page = await reader.page(entry.url)
        except (FeedError, UnreadableInput) as error:
            log.info("page not read, the feed's own words are kept", url=entry.url, error=str(error))
        else:
            # A feed of other outlets' articles names them as it likes: then the page says what it is.
            own = _host(page.url or entry.url) == _host(feed.url)
            return ArticleDraft(
                text=page.text,
                title=(entry.title if own else page.title) or page.title or entry.title,
                outlet=(outlet if own else page.outlet) or page.outlet or outlet,
                url=page.url or entry.url,
                published=entry.published or page.published,
                byline=page.byline or entry.byline,
                language=page.language,
            )
    if not entry.text.strip():
        return None
    return ArticleDraft(
        text=entry.text,
        title=entry.title,
        outlet=outlet,
        url=entry.url,
        published=entry.published,
        byline=entry.byline,
        partial=True,
    )


def _host(url: str) -> str:
    """The last two labels of the address's host: `herald.example` for `feeds.herald.example`."""
    return ".".join((urlsplit(url).hostname or "").split(".")[-2:])


def _arrival(published: datetime | None, now: datetime, last_success: datetime | None) -> datetime:
    """Now, for what is new; when it was published, for what is new to us alone.

    That is all that a first reading brings, and later on what was published long before we last looked.
    """
    if published is None:
        return now
    old = last_success is None or published < last_success - OVERLOOKED
    return min(published, now) if old else now


def fingerprint(entry: Entry) -> str:
    """A hash of the entry as published: another one means that the outlet edited it."""
    parts = (
        entry.title or "",
        entry.text,
        entry.url or "",
        entry.updated.isoformat() if entry.updated else "",
    )
    return hashlib.sha256("\x1f".join(parts).encode("utf-8", "surrogatepass")).hexdigest()
