"""The store goes away in the middle of what the bot does by itself: nothing is lost, nothing is done twice."""

from __future__ import annotations

from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from bot.jobs import collect as collecting
from bot.jobs import keeping
from bot.jobs.brief import catch_up
from bot.jobs.collect import collect
from bot.jobs.notices import plan_notices
from bot.jobs.posting import ABANDONED
from bot.understanding import ThreadedUnderstanding
from news.channels import Channel, DeliveryState, Platform
from news.errors import DeliveryUnknown, FetchError, StoreAway
from news.feeds import Entry, Fetched, Page, Validators
from storage.engine import open_store
from summarizer.stories import Clusterer
from tests.builders import a_brief, a_signature
from tests.fakes import NOON, MemoryMessenger, MemoryReader
from tests.posting import plan_due, send_notices, send_open

FEED, OTHER = "https://herald.example/feed", "https://wire.example/feed"
PAGE = "https://herald.example/1"
CHANNEL = Channel(Platform.TERMINAL, "local")


class Disk:
    """The folder that the store's file lies in, which can be taken away."""

    def __init__(self, path: Path) -> None:
        self._files = [Path(f"{path}{end}") for end in ("", "-wal", "-shm")]

    def take(self) -> None:
        for file in self._files:
            file.rename(file.with_suffix(file.suffix + ".away"))

    def bring(self) -> None:
        for file in self._files:
            file.with_suffix(file.suffix + ".away").rename(file)


@pytest.fixture
def disk(store, tmp_path):
    return Disk(tmp_path / "test.db")


@pytest.fixture(autouse=True)
def hasty(monkeypatch):
    """A unit of work is tried once."""
    monkeypatch.setattr(keeping, "PATIENCE", 0)


@asynccontextmanager
async def fails(disk):
    """In the body, the store goes away; then it comes back."""
    with pytest.raises(StoreAway):
        yield
    disk.bring()


# Intake


@pytest.fixture
async def followed(store, workspace):
    async with store.write() as uow:
        feeds = [await uow.feeds.follow(workspace.id, url) for url in (FEED, OTHER)]
        await uow.commit()
    return feeds


class LosingReader(MemoryReader):
    """While a page is read, something happens, once."""

    then = None

    async def page(self, url):
        if self.then:
            then, self.then = self.then, None
            await then()
        return await super().page(url)


@pytest.fixture
def reader():
    reader = LosingReader()
    entry = Entry(key="1", title="Bridge to close", url=PAGE, published=NOON)
    reader.feeds = {url: Fetched("Herald", (entry,), Validators(), "1", url) for url in (FEED, OTHER)}
    reader.pages[PAGE] = Page(url=PAGE, text="The bridge will close on Monday, the mayor said.")
    return reader


def losing(disk, reader):
    async def lose():
        disk.take()

    reader.then = lose


async def texts(store):
    async with store.read() as uow:
        return [article.text for article in await uow.articles.unread()]


async def test_what_was_read_and_not_stored_is_stored_without_asking_again(
    store, clock, reader, disk, followed, monkeypatch
):
    monkeypatch.setattr(collecting, "AT_ONCE", 1)
    losing(disk, reader)
    shelf = {}
    async with fails(disk):
        await collect(store, reader, clock, shelf=shelf)
    assert reader.fetched == [FEED]  # and nobody else was asked in vain
    done = await collect(store, reader, clock, shelf=shelf)
    assert (done.feeds, done.failed, done.articles) == (2, 0, 2)
    assert (reader.fetched, shelf) == ([FEED, OTHER], {})
    assert await texts(store) == [reader.pages[PAGE].text]
    assert (await collect(store, reader, clock, shelf=shelf)).feeds == 0


async def test_while_the_store_takes_nothing_no_feed_is_asked(
    store, clock, reader, disk, followed, monkeypatch
):
    monkeypatch.setattr(collecting, "AT_ONCE", 1)
    shelf = {}
    losing(disk, reader)
    async with fails(disk):
        await collect(store, reader, clock, shelf=shelf)

    class Full:
        """Can be read, and not be written."""

        read = store.read

        @asynccontextmanager
        async def write(self):
            raise StoreAway("The disk is full: make room.")
            yield

    for _ in range(3):
        with pytest.raises(StoreAway, match="full"):
            await collect(Full(), reader, clock, shelf=shelf)
    assert reader.fetched == [FEED]
    await collect(store, reader, clock, shelf=shelf)
    assert reader.fetched == [FEED, OTHER]


async def test_after_a_restart_what_was_not_stored_is_read_again(store, clock, reader, disk, followed):
    losing(disk, reader)
    async with fails(disk):
        await collect(store, reader, clock)
    done = await collect(store, reader, clock)
    assert (done.feeds, done.failed) == (2, 0)
    assert await texts(store) == [reader.pages[PAGE].text]


async def test_what_somebody_else_has_read_meanwhile_is_not_undone(
    store, clock, reader, disk, followed, tmp_path
):
    shelf = {}
    losing(disk, reader)
    async with fails(disk):
        await collect(store, reader, clock, shelf=shelf)
    reader.pages[PAGE] = replace(reader.pages[PAGE], text="The bridge will close on Tuesday.")
    async with open_store(f"sqlite:///{tmp_path / 'test.db'}") as others:
        await collect(others, reader, clock)
    assert (await collect(store, reader, clock, shelf=shelf)).feeds == 0
    assert shelf == {}
    assert await texts(store) == ["The bridge will close on Tuesday."]


async def test_a_store_that_fails_is_no_failure_of_the_feed(store, workspace, clock, reader, disk, followed):
    losing(disk, reader)
    async with fails(disk):
        await collect(store, reader, clock)
    async with store.read() as uow:
        feeds = await uow.feeds.followed(workspace.id)
    assert [(feed.last_error, feed.failures, feed.next_check) for feed in feeds] == [(None, 0, None)] * 2


# Reading


class Counting:
    """A summarizer that counts what it reads; while it does, something happens, once."""

    def __init__(self, then=None):
        self.read = 0
        self.then = then

    def brief(self, article, targets):
        self.read += 1
        if self.then:
            then, self.then = self.then, None
            then()
        return a_brief(article)

    def sign(self, article):
        return a_signature(article.title or "")


async def test_what_was_understood_and_not_stored_is_not_understood_again(
    store, clock, reader, disk, followed
):
    await collect(store, reader, clock)
    counting = Counting(disk.take)
    understanding = ThreadedUnderstanding(counting, Clusterer)
    async with fails(disk):
        await catch_up(store, understanding, clock)
    assert await catch_up(store, understanding, clock) == 1
    assert counting.read == 1
    assert await texts(store) == []


async def test_an_article_that_changed_meanwhile_is_understood_anew(store, clock, reader, disk, followed):
    await collect(store, reader, clock)
    counting = Counting(disk.take)
    understanding = ThreadedUnderstanding(counting, Clusterer)
    async with fails(disk):
        await catch_up(store, understanding, clock)
    entry = Entry(key="1", title="Bridge to close on Tuesday", url=PAGE, published=NOON)
    reader.feeds[FEED] = Fetched("Herald", (entry,), Validators(), "2", FEED)
    clock.forward(hours=7)
    await collect(store, reader, clock)
    assert await catch_up(store, understanding, clock) == 1
    assert counting.read == 2


# Posting


@pytest.fixture
async def subscription(store, workspace, clock):
    async with store.write() as uow:
        made = await uow.subscriptions.add(
            workspace.id, CHANNEL, cron="0 14 * * *", timezone="Europe/Kyiv", next_due=clock.now()
        )
        await uow.commit()
    return made


class LosingMessenger(MemoryMessenger):
    """Before or after a message is sent, something happens, once."""

    before = after = None

    async def send(self, channel, message, *, key):
        if self.before:
            then, self.before = self.before, None
            then()
        receipt = await super().send(channel, message, key=key)
        if self.after:
            then, self.after = self.after, None
            then()
        return receipt


@pytest.fixture
def messenger():
    return LosingMessenger()


async def beat(store, clock, messenger):
    await plan_due(store, clock, [Platform.TERMINAL])
    return await send_open(store, clock, {Platform.TERMINAL: messenger})


async def states(store):
    async with store.read() as uow:
        return [delivery.state for delivery in await uow.deliveries.open([Platform.TERMINAL])]


async def test_a_digest_that_could_not_be_planned_is_planned_with_the_next_beat(
    store, clock, messenger, disk, subscription
):
    disk.take()
    async with fails(disk):
        await beat(store, clock, messenger)
    assert (await beat(store, clock, messenger)).sent == 1
    assert (await beat(store, clock, messenger)).sent == 0
    assert len(messenger.sent) == 1


async def test_a_digest_that_was_posted_and_could_not_be_noted_is_found_and_not_posted_again(
    store, clock, messenger, disk, subscription
):
    messenger.after = disk.take
    async with fails(disk):
        await beat(store, clock, messenger)
    assert await states(store) == [DeliveryState.SENDING]
    assert (await beat(store, clock, messenger)).sent == 0
    clock.forward(seconds=ABANDONED.total_seconds())
    assert (await beat(store, clock, messenger)).sent == 1
    assert len(messenger.sent) == 1


async def test_where_the_platform_cannot_tell_it_ends_as_unknown(store, clock, messenger, disk, subscription):
    messenger.after, messenger.blind = disk.take, DeliveryUnknown("cannot tell")
    async with fails(disk):
        await beat(store, clock, messenger)
    clock.forward(seconds=ABANDONED.total_seconds())
    assert (await beat(store, clock, messenger)).failed == 1
    assert (len(messenger.sent), await states(store)) == (1, [])


async def test_a_store_that_goes_away_ends_the_round_and_loses_no_other_digest(
    store, workspace, clock, messenger, disk, subscription
):
    async with store.write() as uow:
        await uow.subscriptions.add(
            workspace.id, CHANNEL, cron="1 14 * * *", timezone="UTC", next_due=clock.now()
        )
        await uow.commit()
    messenger.after = disk.take
    async with fails(disk):
        await beat(store, clock, messenger)
    assert len(messenger.sent) == 1
    assert (await beat(store, clock, messenger)).sent == 1  # the other one
    clock.forward(seconds=ABANDONED.total_seconds())
    assert (await beat(store, clock, messenger)).sent == 1  # found
    assert len(messenger.sent) == 2


async def test_a_notice_that_was_posted_and_could_not_be_noted_is_found_and_not_posted_again(
    store, clock, messenger, reader, disk, followed
):
    reader.feeds = {url: FetchError(url, f"{url} answered 500: try later.") for url in (FEED, OTHER)}
    for _ in range(8):
        await collect(store, reader, clock)
        clock.forward(hours=7)
    assert await plan_notices(store, clock) == 2
    messenger.after = disk.take
    async with fails(disk):
        await send_notices(store, clock, {Platform.TERMINAL: messenger})
    assert (await send_notices(store, clock, {Platform.TERMINAL: messenger})).sent == 0
    clock.forward(seconds=ABANDONED.total_seconds())
    assert (await send_notices(store, clock, {Platform.TERMINAL: messenger})).sent == 1
    assert len(messenger.sent) == 1
