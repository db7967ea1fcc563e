"""Collecting: due feeds are fetched, and what is new or edited in them is stored as articles."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

import structlog

from bot.jobs.drafting import arrival, credible, draft_of_entry, draft_of_page, fingerprint
from bot.jobs.ledger import Ledger, Reading
from bot.ports import Clock, FeedReader
from bot.repositories import Store
from news.arrivals import Arrival
from news.errors import FeedError, FetchError, StoreError, UnreadableInput
from news.feeds import Entry, Feed, FeedUpdate, Fetched, Page, Validators
from news.links import entry_identity
from news.polling import after_failure, after_part, after_success

log = structlog.get_logger(__name__)

MOST_FEEDS = 500
"""Feeds of one round; those that are due longest come first."""
AT_ONCE = 32
"""Feeds read at one time. How many requests go to one host is the reader's business."""
PAGES_AT_ONCE = 4
"""Pages of one feed fetched at one time."""
AT_MOST = 100
"""Entries taken from a feed at one reading; the others are taken when it is read again, which is soon."""
PATIENCE = timedelta(seconds=60)
"""How long the pages of one reading may take; entries whose pages were not had by then are left likewise."""
TRIES = 3
"""How often a page that cannot be had for now is asked for, before the feed's own words are left at that."""

Chance = Callable[[], float]


@dataclass(frozen=True, slots=True)
class Collected:
    """What one round brought."""

    feeds: int = 0
    failed: int = 0
    articles: int = 0


async def collect(
    store: Store, reader: FeedReader, clock: Clock, *, chance: Chance = random.random
) -> Collected:
    """Reads every feed that is due. A feed that fails records its failure; the others go on.

    `chance`, from 0 to 1, spreads when feeds are looked at again.
    """
    async with store.read() as uow:
        due = await uow.feeds.due(clock.now(), MOST_FEEDS)
    intake = Intake(store, reader, clock, chance=chance)
    gate = asyncio.Semaphore(AT_ONCE)

    async def one(feed: Feed) -> int | None:
        async with gate:
            try:
                return await intake.read(feed)
            except StoreError as error:
                log.error("feed not stored, it stays due", feed=feed.id, error=str(error))
            except Exception:  # one feed must not end the round for the others
                log.exception("feed broke the intake, it stays due", feed=feed.id)
            return None

    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(one(feed)) for feed in due]
    counts = [task.result() for task in tasks]
    return Collected(feeds=len(due), failed=counts.count(None), articles=sum(count or 0 for count in counts))


class Intake:
    """Reads feeds and stores what they bring; several may be read at one time."""

    def __init__(
        self,
        store: Store,
        reader: FeedReader,
        clock: Clock,
        *,
        chance: Chance = random.random,
        patience: timedelta = PATIENCE,
    ) -> None:
        self._store = store
        self._reader = reader
        self._clock = clock
        self._chance = chance
        self._patience = patience
        self._ledger = Ledger(store, clock)

    async def read(self, feed: Feed) -> int | None:
        """How many articles came new or edited; None when the feed failed. Raises StoreError."""
        try:
            update = await self._reader.fetch(feed)
        except FeedError as error:
            log.warning("feed failed", feed=feed.id, url=feed.url, error=str(error))
            wait = error.retry_after if isinstance(error, FetchError) else None
            now, chance = self._clock.now(), self._chance()
            failed = after_failure(feed, str(error), now, retry_after=wait, chance=chance)
            await self._ledger.write(Reading(failed))
            return None
        return await self.adopt(feed, update)

    async def adopt(self, feed: Feed, update: FeedUpdate) -> int:
        """Stores what a feed that was fetched holds; how many articles came new or edited.

        They are stored together with the feed's state, so that after a crash before that it is read again.
        """
        if not isinstance(update, Fetched):
            state = after_success(feed, update, self._clock.now(), brought=False, chance=self._chance())
            await self._ledger.write(Reading(state))
            return 0
        wanted = await self._wanted(feed, update)
        drafted = await self._drafted(feed, update, wanted[:AT_MOST])
        arrivals = tuple(arrival for arrival in drafted if arrival is not None)
        now = self._clock.now()
        if len(drafted) < len(wanted):
            state = after_part(feed, update, now)
        else:
            if any(0 < arrival.tries < TRIES for arrival in arrivals):
                # Next time it is read though it may not have changed: for the pages that could not be had.
                update = replace(update, validators=Validators(), body_hash="")
            brought = any(one.edited for one in wanted)
            state = after_success(feed, update, now, brought=brought, chance=self._chance())
        await self._ledger.write(Reading(state, arrivals))
        return len(arrivals)

    async def _wanted(self, feed: Feed, update: Fetched) -> list[_Wanted]:
        """The entries that are new or edited, and those whose pages are asked for again."""
        async with self._store.read() as uow:
            known = await uow.articles.known_entries(feed.id, update.entries)
        wanted = []
        for entry in update.entries:
            one = known.get(entry.key)
            mark = fingerprint(entry)
            edited = one is None or one.fingerprint != mark
            if one is None or edited:
                wanted.append(_Wanted(entry, one.key if one else entry.key, mark))
            elif 0 < one.tries < TRIES:
                wanted.append(_Wanted(entry, one.key, mark, edited=False, tries=one.tries))
        return wanted

    async def _drafted(self, feed: Feed, update: Fetched, wanted: Sequence[_Wanted]) -> list[Arrival | None]:
        """What they lead to, as far as their pages were had in time; None for one that leads to nothing."""
        gate = asyncio.Semaphore(PAGES_AT_ONCE)

        async def one(entry: _Wanted) -> Arrival | None:
            async with gate:
                return await self._draft(feed, feed.outlet or update.title, entry)

        if not wanted:
            return []
        tasks = [asyncio.create_task(one(entry)) for entry in wanted]
        try:
            await asyncio.wait(tasks, timeout=self._patience.total_seconds())
        finally:
            late = [task for task in tasks if task.cancel()]
            await asyncio.gather(*late, return_exceptions=True)
        return [task.result() for task in tasks if not task.cancelled()]

    async def _draft(self, feed: Feed, outlet: str | None, wanted: _Wanted) -> Arrival | None:
        """What an entry leads to: its page where it is needed and can be read, else the feed's own words."""
        entry, tries = wanted.entry, 0
        draft = draft_of_entry(entry, feed, outlet)
        if entry.url and (draft is None or draft.partial):
            page = await self._page(entry.url)
            if isinstance(page, Page):
                read = draft_of_page(entry, page, feed, outlet)
                # What a page shows of an article that is paid for may be less than the feed says.
                draft = draft if draft and read.partial and len(draft.text) > len(read.text) else read
            elif isinstance(page, FetchError) and page.passing:
                # A site that asks us to wait is waited for; one that fails is tried again so often and no more.
                tries = max(wanted.tries, 1) if page.retry_after else wanted.tries + 1
        if draft is None:
            return None
        now = self._clock.now()
        draft = credible(draft, now)
        return Arrival(
            wanted.key,
            draft,
            fingerprint=wanted.fingerprint,
            arrived=arrival(draft.published, now, feed.last_success),
            address=entry_identity(entry.url),
            tries=tries,
        )

    async def _page(self, url: str) -> Page | Exception:
        """The page, or why it cannot be had: a page costs one entry its text, and no more."""
        try:
            return await self._reader.page(url)
        except (FeedError, UnreadableInput) as error:
            log.info("page not read, the feed's own words are kept", url=url, error=str(error))
            return error
        except Exception as error:
            log.exception("page broke the intake, the feed's own words are kept", url=url)
            return error


@dataclass(frozen=True, slots=True)
class _Wanted:
    """An entry that is to be read."""

    entry: Entry
    key: str
    """What it is stored under."""
    fingerprint: str
    edited: bool = True
    """Whether it is new or was edited; else only its page is asked for again."""
    tries: int = 0
