"""Collecting: due feeds are fetched, and what is new or edited in them is stored as articles."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, MutableMapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

import structlog

from bot.courtesy import Pause, at_once
from bot.jobs import stopwatch
from bot.jobs.drafting import (
    Publisher,
    apart,
    arrival,
    credible,
    draft_of_entry,
    draft_of_page,
    fingerprint,
    without_stamp,
)
from bot.jobs.keeping import STORE_FAILS
from bot.jobs.ledger import Ledger, Reading
from bot.ports import UNCOUNTED, Clock, FeedReader, Meter
from bot.repositories import Store
from news.arrivals import Arrival
from news.errors import AttacheError, FeedError, FetchError, StoreError, UnreadableInput
from news.feeds import Entry, Feed, FeedUpdate, Fetched, Page, Validators
from news.links import entry_identity, host_of
from news.polling import after_failure, after_part, after_success

log = structlog.get_logger(__name__)

MOST_FEEDS = 500
"""Feeds of one round; those that are due longest come first, and hosts take turns."""
LONGEST = timedelta(seconds=30)
"""For so long feeds are begun in one round; others stay due, so that a host that hangs holds up nobody else's next look."""
AT_ONCE = 32
"""Feeds read at one time. How many requests go to one host is the reader's business."""
AT_ONCE_A_HOST = 2
PAGES_AT_ONCE = 4
"""Pages of one feed fetched at one time."""
AT_MOST = 100
"""Entries taken from a feed at one reading; the others are taken when it is read again, which is soon."""
PATIENCE = timedelta(seconds=60)
"""How long the pages of one reading may take; entries whose pages were not had by then are left likewise."""
TRIES = 3
"""How often a page that cannot be had for now is asked for, before the feed's own words are left at that."""

Chance = Callable[[], float]
Shelf = MutableMapping[Feed, Reading]
"""What was read and could not be stored, by the feeds as they were then; it lasts from round to round."""


@dataclass(frozen=True, slots=True)
class Collected:
    """What one round brought."""

    feeds: int = 0
    """Those that were looked at."""
    failed: int = 0
    articles: int = 0
    left: int = 0
    """Feeds that stay due, since the round had lasted long enough."""


async def collect(
    store: Store,
    reader: FeedReader,
    clock: Clock,
    *,
    chance: Chance = random.random,
    shelf: Shelf | None = None,
    meter: Meter = UNCOUNTED,
    pause: Pause = at_once,
    seconds: Callable[[], float] = stopwatch.seconds,
) -> Collected:
    """Reads feeds that are due. A feed that fails records its failure; the others go on.

    `chance`, from 0 to 1, spreads when feeds are looked at again; each feed waits for the `pause`. Raises StoreError when
    the store fails: then no further feed is asked, and what was read lies on the `shelf`, whence the next round stores it
    before it asks any.
    """
    async with store.read() as uow:
        due = await uow.feeds.due(clock.now(), MOST_FEEDS)
    intake = Intake(store, reader, clock, chance=chance, shelf=shelf, meter=meter)
    articles, read = await intake.clear_shelf(due)
    due = tuple(feed for feed in due if feed not in read)
    failures: list[StoreError] = []
    counts: list[int | None] = []
    gate = asyncio.Semaphore(AT_ONCE)
    # Feeds of one host wait for each other here: at the gate they would hold up those of all others.
    hosts = {host_of(feed.url): asyncio.Semaphore(AT_ONCE_A_HOST) for feed in due}
    end = seconds() + LONGEST.total_seconds()

    async def one(feed: Feed) -> None:
        async with hosts[host_of(feed.url)], gate:
            await pause()
            if not failures and seconds() < end:
                counts.append(await _read(intake, feed, failures))

    async with asyncio.TaskGroup() as group:
        for feed in due:
            group.create_task(one(feed))
    if failures:
        raise failures[0]
    return Collected(
        feeds=len(counts) + len(read),
        failed=counts.count(None),
        articles=articles + sum(count or 0 for count in counts),
        left=len(due) - len(counts),
    )


async def _read(intake: Intake, feed: Feed, failures: list[StoreError]) -> int | None:
    """As `Intake.read`; never raises, for one feed must not end the round for the others."""
    try:
        with structlog.contextvars.bound_contextvars(feed=feed.id):
            return await intake.read(feed)
    except STORE_FAILS as error:
        failures.append(error)
    except StoreError as error:
        log.error("feed not stored, it stays due", feed=feed.id, error=str(error))
    except Exception:
        log.exception("feed broke the intake, it stays due", feed=feed.id)
    return None


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
        shelf: Shelf | None = None,
        meter: Meter = UNCOUNTED,
    ) -> None:
        self._store = store
        self._reader = reader
        self._clock = clock
        self._chance = chance
        self._patience = patience
        self._ledger = Ledger(store, clock)
        self._shelf: Shelf = {} if shelf is None else shelf
        self._meter = meter

    async def clear_shelf(self, due: Sequence[Feed]) -> tuple[int, frozenset[Feed]]:
        """Stores what lies there: how many articles, and of which feeds. Raises StoreError.

        What is of a feed that is not as it was, somebody else has read meanwhile, or nobody wants it any more.
        """
        still = frozenset(due)
        for feed in [feed for feed in self._shelf if feed not in still]:
            del self._shelf[feed]
        shelf = dict(self._shelf)
        writing = (self._write(feed, reading) for feed, reading in shelf.items())
        for feed, outcome in zip(shelf, await asyncio.gather(*writing, return_exceptions=True), strict=True):
            if isinstance(outcome, STORE_FAILS):
                raise outcome
            if outcome is not None:
                log.error("feed not stored, it stays due", feed=feed.id, error=str(outcome))
                shelf.pop(feed)
        return sum(len(reading.arrivals) for reading in shelf.values()), frozenset(shelf)

    async def read(self, feed: Feed) -> int | None:
        """How many articles came new or edited; None when the feed failed. Raises StoreError."""
        try:
            return await self.adopt(feed, await self._reader.fetch(feed))
        except FeedError as error:
            log.warning("feed failed", feed=feed.id, url=feed.url, error=str(error))
            wait = error.retry_after if isinstance(error, FetchError) else None
            await self._fail(feed, str(error), wait)
        except STORE_FAILS:
            raise  # it stays due: that is no fault of the feed's
        except Exception as error:
            # It is told as any other failure: a feed that is asked again and again, and never told of, is dead in silence.
            log.exception("feed broke the intake", feed=feed.id, url=feed.url)
            known = isinstance(error, AttacheError)
            await self._fail(
                feed, str(error) if known else "It breaks what should read it: report that as a bug."
            )
        return None

    async def adopt(self, feed: Feed, update: FeedUpdate) -> int:
        """Stores what a feed that was fetched holds; how many articles came new or edited.

        They are stored together with the feed's state, so that after a crash before that it is read again.
        """
        if not isinstance(update, Fetched):
            state = after_success(feed, update, self._clock.now(), brought=False, chance=self._chance())
            await self._write(feed, Reading(state))
            return 0
        publisher = Publisher((feed.url, update.source or update.url), feed.outlet or update.title)
        wanted = await self._wanted(feed, update)
        drafted = await self._drafted(feed, publisher, wanted[:AT_MOST])
        arrivals = apart([arrival for arrival in drafted.values() if arrival is not None])
        now = self._clock.now()
        if any(one.new and one.entry.key not in drafted for one in wanted):
            state = after_part(feed, update, now)
        else:
            if any(0 < arrival.tries < TRIES for arrival in arrivals):
                # Next time it is read though it may not have changed: for the pages that could not be had.
                update = replace(update, validators=Validators(), body_hash="")
            brought = any(one.edited for one in wanted)
            state = after_success(feed, update, now, brought=brought, chance=self._chance())
        await self._write(feed, Reading(state, arrivals))
        return len(arrivals)

    async def _fail(self, feed: Feed, reason: str, wait: timedelta | None = None) -> None:
        now, chance = self._clock.now(), self._chance()
        state = after_failure(feed, reason, now, retry_after=wait, chance=chance)
        await self._write(feed, Reading(state))

    async def _write(self, feed: Feed, reading: Reading) -> None:
        """Stores what a look at the feed brought; what the store does not take lies on the shelf."""
        self._shelf[feed] = reading
        try:
            await self._ledger.write(reading)
            self._meter.stored(len(reading.arrivals))
        except STORE_FAILS:
            raise
        except BaseException:
            del self._shelf[feed]
            raise
        del self._shelf[feed]

    async def _wanted(self, feed: Feed, update: Fetched) -> list[_Wanted]:
        """The entries that are new, then those that were edited, then those whose pages are asked for again."""
        async with self._store.read() as uow:
            known = await uow.articles.known_entries(feed.id, update.entries)
        wanted = []
        for entry in without_stamp(update.entries):
            one = known.get(entry.key)
            if one is not None and one.past:
                continue
            mark = fingerprint(entry)
            if one is None or one.fingerprint != mark:
                wanted.append(_Wanted(entry, one.key if one else entry.key, mark, new=one is None))
            elif 0 < one.tries < TRIES:
                wanted.append(_Wanted(entry, one.key, mark, edited=False, tries=one.tries))
        return sorted(wanted, key=lambda one: (not one.new, not one.edited))

    async def _drafted(
        self, feed: Feed, publisher: Publisher, wanted: Sequence[_Wanted]
    ) -> dict[str, Arrival | None]:
        """What they lead to, as far as their pages were had in time; None for one that leads to nothing."""
        gate = asyncio.Semaphore(PAGES_AT_ONCE)

        async def one(entry: _Wanted) -> Arrival | None:
            async with gate:
                return await self._draft(feed, publisher, entry)

        if not wanted:
            return {}
        tasks = {each.entry.key: asyncio.create_task(one(each)) for each in wanted}
        try:
            await asyncio.wait(tasks.values(), timeout=self._patience.total_seconds())
        finally:
            late = [task for task in tasks.values() if task.cancel()]
            await asyncio.gather(*late, return_exceptions=True)
        return {key: task.result() for key, task in tasks.items() if not task.cancelled()}

    async def _draft(self, feed: Feed, publisher: Publisher, wanted: _Wanted) -> Arrival | None:
        """What an entry leads to: its page where it is needed and can be read, else the feed's own words."""
        entry, tries = wanted.entry, 0
        said = draft = draft_of_entry(entry, publisher)
        if entry.url and (draft is None or draft.partial):
            page = await self._page(entry.url)
            if isinstance(page, Page):
                draft = draft_of_page(entry, page, publisher)
                # What a page shows of an article that is paid for may be less than its own feed says.
                if draft.partial and said and said.vouched and len(said.text) > len(draft.text):
                    draft = said
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
            instead=None if said is None or said is draft else credible(said, now),
        )

    async def _page(self, url: str) -> Page | Exception:
        """The page, or why it cannot be had: a page costs one entry its text, and no more."""
        try:
            return await self._reader.page(url)
        except (FeedError, UnreadableInput) as error:
            log.debug("page not read, the feed's own words are kept", url=url, error=str(error))
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
    new: bool = False
    edited: bool = True
    """Whether it is new or was edited; else only its page is asked for again."""
    tries: int = 0
