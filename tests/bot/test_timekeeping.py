"""A clock that was ahead and is set right: nothing waits for a time to come, and what came is told, once."""

from __future__ import annotations

from datetime import timedelta

import pytest
import structlog.testing

from bot.answers.stories import digest_on_demand
from bot.cli.rounds import Rounds
from bot.jobs.timekeeping import set_right
from bot.settings import Settings
from bot.wiring import App
from news.channels import Channel, Platform
from news.feeds import Entry, Fetched, Page, Validators
from news.queries import StoryQuery
from tests.fakes import NOON, MemoryMessenger

CHANNEL = Channel(Platform.TERMINAL, "local")
FEED = "https://herald.example/feed"
HARBOUR, MILL, TOLL = "Harbour to close", "Mill burns in Selm", "Toll on the bridge rises"
TEXTS = {
    HARBOUR: "The harbour of Calmere will close in spring, its master said on Thursday.",
    MILL: "A mill burned to the ground in Selm on Thursday night, and nobody was hurt.",
    TOLL: "Drivers will pay twice as much on the old bridge from Monday on.",
}


class Bot:
    """All rounds of a bot that posts once an hour, on a clock that may be set."""

    def __init__(self, store, reader, understanding, clock):
        self._store, self._reader, self._understanding, self.clock = store, reader, understanding, clock
        self._messenger = MemoryMessenger()
        self._entries = ()
        self.restart()

    def restart(self):
        settings = Settings(_env_file=None)
        app = App(settings, self.clock, self._store, self._reader, self._understanding, None)
        self._rounds = Rounds(app, {Platform.TERMINAL: self._messenger})

    def publish(self, title, published):
        url = f"https://herald.example/{published:%Y/%m/%d}/{title.lower().replace(' ', '-')}"
        entry = Entry(key=title, title=title, url=url, published=published)
        self._entries = (*self._entries, entry)
        body = str(len(self._entries))
        self._reader.feeds[FEED] = Fetched("Herald", self._entries, Validators(etag=body), body, FEED)
        self._reader.pages[url] = Page(url=url, text=TEXTS[title], title=title, language="en")

    async def beat(self):
        """What was posted, as words."""
        posted = len(self._messenger.sent)
        await self._rounds.take_in()
        await self._rounds.read()
        await self._rounds.deliver()
        return [repr(message) for _, message, _ in self._messenger.sent[posted:]]


@pytest.fixture
async def bot(store, workspace, reader, understanding, clock):
    async with store.write() as uow:
        await uow.feeds.follow(workspace.id, FEED)
        due = clock.now() + timedelta(hours=1)
        await uow.subscriptions.add(workspace.id, CHANNEL, cron="0 * * * *", timezone="UTC", next_due=due)
        await uow.commit()
    return Bot(store, reader, understanding, clock)


async def stored(store, workspace):
    async with store.read() as uow:
        articles = [
            reading.article
            for story in await uow.stories.find(workspace.id, StoryQuery())
            for reading in story.readings
        ]
        return await uow.subscriptions.of(workspace.id), await uow.feeds.followed(workspace.id), articles


def told(messages):
    return [[title for title in TEXTS if title in message] for message in messages]


@pytest.mark.parametrize("restarted", [False, True], ids=["running", "restarted"])
@pytest.mark.parametrize(
    ("ahead", "meanwhile", "after"),
    [
        (timedelta(hours=2), [HARBOUR], [MILL]),
        (timedelta(days=365), [], [HARBOUR, MILL]),  # by such a clock the first is a year old
    ],
    ids=["two hours", "a year"],
)
async def test_what_came_while_the_clock_was_ahead_and_after_it_is_told_once(
    bot, clock, ahead, meanwhile, after, restarted
):
    clock.at = NOON + ahead
    bot.publish(HARBOUR, NOON - timedelta(minutes=10))
    assert told(await bot.beat()) == [meanwhile]
    clock.forward(minutes=40)
    bot.publish(MILL, NOON + timedelta(minutes=35))
    assert await bot.beat() == []
    clock.at = NOON + timedelta(minutes=41)
    if restarted:
        bot.restart()
    assert await bot.beat() == []
    bot.publish(TOLL, NOON + timedelta(minutes=45))
    posted = []
    for minutes in (60, 90, 120, 180):
        clock.at = NOON + timedelta(minutes=minutes)
        posted += told(await bot.beat())
    assert posted[0] == after
    assert [title for titles in posted for title in titles] == [*after, TOLL]


async def test_a_question_is_answered_while_the_last_digest_was_posted_by_a_clock_that_was_ahead(
    store, workspace, bot, clock
):
    clock.at = NOON + timedelta(hours=2)
    bot.publish(HARBOUR, NOON - timedelta(minutes=10))
    assert told(await bot.beat()) == [[HARBOUR]]
    clock.at = NOON + timedelta(minutes=10)
    bot.publish(MILL, NOON + timedelta(minutes=5))
    await bot.beat()
    clock.forward(minutes=1)
    digest = await digest_on_demand(store, clock, workspace, CHANNEL, StoryQuery())
    assert [story.name for story in digest.stories] == [MILL]


async def test_a_clock_that_is_right_changes_nothing(store, workspace, bot, clock):
    bot.publish(HARBOUR, NOON - timedelta(minutes=10))
    await bot.beat()
    before = await stored(store, workspace)
    assert await set_right(store, clock.now())
    assert await stored(store, workspace) == before


async def test_a_clock_that_is_behind_changes_nothing_either(store, workspace, bot, clock):
    """As that of a machine without a clock of its own, which starts in a time long past."""
    bot.publish(HARBOUR, NOON - timedelta(minutes=10))
    clock.forward(hours=1)
    await bot.beat()
    before = await stored(store, workspace)
    clock.at = NOON - timedelta(days=20_000)
    bot.restart()
    with structlog.testing.capture_logs() as logs:
        assert [await bot.beat(), await bot.beat()] == [[], []]
    assert await stored(store, workspace) == before
    told_of = [line["event"] for line in logs if line["log_level"] == "warning"]
    assert told_of == ["the clock is behind what outlets have published"] * 2  # by intake and by posting
    bot.publish(MILL, NOON + timedelta(minutes=65))
    clock.at = NOON + timedelta(minutes=119)
    await bot.beat()
    clock.forward(minutes=1)
    assert told(await bot.beat()) == [[MILL]]
