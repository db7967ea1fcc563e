"""Reading in turn, on a real store: what cannot be read pauses, keeps nothing waiting, and is given up in the end."""

from __future__ import annotations

import pytest
import structlog

from bot.jobs import keeping
from bot.jobs.brief import catch_up
from bot.jobs.in_turn import TurnReader
from bot.understanding import ThreadedUnderstanding
from news.errors import ReadingAway, StoreAway
from news.queries import StoryQuery
from news.reading import ATTEMPTS, ILL, LONGEST_PAUSE, pause_after
from summarizer.stories import Clusterer
from tests.builders import a_brief, a_draft, a_signature
from tests.fakes import NOON, FailingStore


class Reading:
    """Reads nothing into an article; some cannot be read, and each try is noted."""

    def __init__(self):
        self.bad, self.read = set(), []
        self.away = False

    def brief(self, article, targets):
        if self.away:
            raise ReadingAway("No process could be started.")
        self.read.append(article.key)
        if article.key in self.bad:
            raise RuntimeError("the model tripped over it.")
        return a_brief(article)

    def sign(self, article):
        return a_signature(article.title)


class Watch:
    """Seconds that go by when the test says so."""

    def __init__(self):
        self.at = 1000.0

    def __call__(self):
        return self.at


@pytest.fixture
def reading():
    return Reading()


@pytest.fixture
def understanding(reading):
    made = ThreadedUnderstanding(reading, Clusterer, threads=1)
    yield made
    made.close()


@pytest.fixture
def watch():
    return Watch()


@pytest.fixture
def reader(store, understanding, clock, watch):
    return TurnReader(store, understanding, clock, chance=lambda: 1.0, seconds=watch)


async def bring(store, workspace, *keys):
    async with store.write() as uow:
        for key in keys:
            await uow.articles.import_(workspace.id, key, a_draft(title=key), now=NOON)
        await uow.commit()


async def unread(store):
    async with store.read() as uow:
        return sorted(article.key for article in await uow.articles.unread())


async def given_up(store):
    async with store.read() as uow:
        return [(one.key, one.reason) for one in await uow.articles.given_up()]


async def in_stories(store, workspace):
    async with store.read() as uow:
        found = await uow.stories.find(workspace.id, StoryQuery())
    return sorted(reading.article.key for story in found for reading in story.readings)


async def test_what_cannot_be_read_pauses_longer_each_time_and_is_given_up_in_the_end(
    store, workspace, reader, reading, watch
):
    await bring(store, workspace, "bad")
    reading.bad.add("bad")
    with structlog.testing.capture_logs() as lines:
        for attempt in range(1, ATTEMPTS + 1):
            assert await given_up(store) == []
            assert await reader() == 0
            assert await reader() == 0  # it pauses
            assert len(reading.read) == attempt
            watch.at += pause_after(attempt, 1.0).total_seconds()
    assert await given_up(store) == [("bad", "It could not be read (the model tripped over it).")]
    assert await unread(store) == []
    assert [bool(line["exc_info"]) for line in lines] == [True, *[False] * (ATTEMPTS - 2), True]


async def test_what_comes_while_it_pauses_is_read_and_put_into_a_story(
    store, workspace, reader, reading, understanding, clock
):
    await bring(store, workspace, "bad")
    reading.bad.add("bad")
    assert await catch_up(store, understanding, clock, read=reader) == 0
    await bring(store, workspace, "good")
    assert await catch_up(store, understanding, clock, read=reader) == 1
    assert (reading.read, await unread(store)) == (["bad", "good"], ["bad"])
    assert await in_stories(store, workspace) == ["good"]


async def test_it_is_counted_on_though_others_are_read_meanwhile(store, workspace, reader, reading, watch):
    reading.bad.add("bad")
    await bring(store, workspace, "bad")
    for attempt in range(1, ATTEMPTS + 1):
        assert await reader() == 0
        await bring(store, workspace, f"good {attempt}")
        assert await reader() == 1
        watch.at += pause_after(attempt, 1.0).total_seconds()
    assert [key for key, _ in await given_up(store)] == ["bad"]


async def test_where_everything_fails_all_wait_and_nothing_is_given_up(
    store, workspace, reader, reading, watch
):
    keys = [str(number) for number in range(ILL)]
    await bring(store, workspace, *keys)
    reading.bad.update(keys)
    for attempt in range(1, 2 * ATTEMPTS):
        assert await reader() == 0
        assert len(reading.read) == attempt * ILL
        watch.at += pause_after(attempt, 1.0).total_seconds()
    assert await reader() == 0
    reading.bad.clear()
    await bring(store, workspace, "new")
    assert await reader() == 0  # most likely that could not be read either
    watch.at += LONGEST_PAUSE.total_seconds()
    assert await reader() == ILL + 1
    assert await given_up(store) == []


async def test_what_is_no_articles_fault_does_not_count(
    store, workspace, reader, reading, understanding, clock, watch, monkeypatch
):
    monkeypatch.setattr(keeping, "PATIENCE", 0)
    await bring(store, workspace, "a")
    reading.away = True
    for _ in range(2 * ATTEMPTS):
        with pytest.raises(ReadingAway):
            await reader()
    reading.away = False
    failing = TurnReader(FailingStore(store, StoreAway("The database is away.")), understanding, clock)
    with pytest.raises(StoreAway):
        await failing()
    assert await failing() == 1
    assert await given_up(store) == []


async def test_where_nothing_can_be_read_what_was_read_before_is_put_into_stories(
    store, workspace, reader, reading, understanding, clock
):
    await bring(store, workspace, "a")
    assert await reader() == 1
    await bring(store, workspace, "b")
    reading.away = True
    with pytest.raises(ReadingAway):
        await catch_up(store, understanding, clock, read=reader)
    assert await in_stories(store, workspace) == ["a"]
