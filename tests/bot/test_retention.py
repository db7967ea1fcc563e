"""Retention and intake together: what was dropped for its age, a feed that still carries it does not bring back."""

from __future__ import annotations

from contextlib import asynccontextmanager
from datetime import timedelta

import pytest
import structlog.testing

from bot.jobs.brief import catch_up
from bot.jobs.collect import collect
from bot.jobs.retention import Retention
from news.errors import StoreBusy
from news.feeds import Entry, Fetched, Page, Validators
from news.queries import StatementQuery
from news.retention import Keep, Retained

FEED = "https://herald.example/feed"
URL = "https://herald.example/2024/12/05/port-to-close-in-spring"
TEXT = "It rained in Calmere. “The port will close,” said Edda Marlow, who runs it. Gulls cried over the harbour."
KEPT, DROPPED = Keep(timedelta(days=30)), Keep(timedelta(days=30), statements=False)


def a_fetch(published, *, title="Port to close", key="1", url=URL, body="1"):
    entry = Entry(key=key, title=title, url=url, summary="A teaser.", published=published)
    return Fetched("The Herald", (entry,), Validators(etag=body), body, FEED)


def half():
    return 0.5


async def said(store, workspace):
    async with store.read() as uow:
        page = await uow.briefs.statements(workspace.id, StatementQuery(actor="Marlow"))
    return [
        (telling.quote.words, telling.sentence_words) for one in page.occasions for telling in one.tellings
    ]


@pytest.fixture
def seconds(clock):
    """A stopwatch beside a clock that nobody sets."""
    return lambda: clock.at.timestamp()


@pytest.fixture
async def published(store, workspace, reader, understanding, clock):
    """A feed with one article, which was read; and when."""
    async with store.write() as uow:
        await uow.feeds.follow(workspace.id, FEED)
        await uow.commit()
    reader.feeds[FEED] = a_fetch(clock.at)
    reader.pages[URL] = Page(url=URL, text=TEXT, title="Port to close", language="en")
    await collect(store, reader, clock, chance=half)
    await catch_up(store, understanding, clock)
    reader.paged.clear()
    return clock.at


@pytest.mark.parametrize(
    ("keep", "done"),
    [(KEPT, Retained(reduced=1)), (DROPPED, Retained(dropped=1, statements=1))],
    ids=["statements kept", "statements dropped"],
)
@pytest.mark.parametrize("change", [{}, {"title": "Port stays open"}, {"key": "new guid"}], ids=str)
async def test_an_old_entry_is_not_read_again(
    store, workspace, reader, understanding, clock, seconds, published, keep, done, change
):
    before = await said(store, workspace)
    assert before == [("“The port will close,”", "“The port will close,” said Edda Marlow, who runs it.")]
    retention = Retention(store, understanding, clock, keep, seconds=seconds)
    clock.forward(days=31)
    assert await retention() == done
    left = before if keep.statements else []
    assert await said(store, workspace) == left
    reader.feeds[FEED] = a_fetch(published, body="2", **change)
    found = await collect(store, reader, clock, chance=half)
    await catch_up(store, understanding, clock)
    comes_back = not keep.statements and "key" in change
    assert (found.failed, found.articles, len(reader.paged)) == (0, comes_back, comes_back)
    # Under another guid it is another entry, as old as it was: it goes again the next day.
    clock.forward(days=1)
    assert await retention() == (done if comes_back else Retained())
    assert await said(store, workspace) == left


async def test_what_comes_late_is_put_into_a_story_though_its_likes_are_gone(
    store, workspace, reader, understanding, clock, seconds, published
):
    retention = Retention(store, understanding, clock, DROPPED, seconds=seconds)
    clock.forward(days=31)
    await retention()
    late = "https://herald.example/2024/12/05/port-to-close-after-all"
    reader.feeds[FEED] = a_fetch(published, key="2", url=late, body="2")
    reader.pages[late] = Page(url=late, text=TEXT, title="Port to close", language="en")
    await collect(store, reader, clock, chance=half)
    assert await catch_up(store, understanding, clock) == 1
    assert len(await said(store, workspace)) == 1


async def test_it_is_done_once_a_day_and_again_after_a_failure(
    store, understanding, clock, seconds, published
):
    failing = FailingOnce(store)
    retention = Retention(failing, understanding, clock, KEPT, seconds=seconds)
    clock.forward(days=31)
    with pytest.raises(StoreBusy):
        await retention()
    assert await retention() == Retained(reduced=1)
    calls = failing.calls
    clock.forward(hours=23)
    assert await retention() == Retained()
    assert failing.calls == calls
    clock.forward(hours=1)
    assert await retention() == Retained()
    assert failing.calls > calls


class Machine:
    """Whose clock may be set; whose stopwatch may not."""

    def __init__(self, clock):
        self._clock = clock
        self._gone = timedelta()

    def seconds(self):
        return self._gone.total_seconds()

    def work(self, **span):
        self._gone += timedelta(**span)
        self._clock.forward(**span)


async def test_a_clock_that_is_wrong_when_we_start_takes_nothing_away(
    store, workspace, understanding, clock, published
):
    machine = Machine(clock)
    clock.forward(days=2 * 365)
    retention = Retention(store, understanding, clock, DROPPED, seconds=machine.seconds)
    assert await retention() == Retained()
    machine.work(minutes=50)
    assert await retention() == Retained()
    clock.forward(days=-2 * 365)
    for _ in range(50):
        machine.work(hours=1)
        assert await retention() == Retained()
    assert len(await said(store, workspace)) == 1


async def test_a_clock_that_is_far_ahead_of_the_newest_article_must_go_like_that_for_a_day(
    store, workspace, reader, understanding, clock, published
):
    machine = Machine(clock)
    clock.forward(days=2 * 365)
    retention = Retention(store, understanding, clock, DROPPED, seconds=machine.seconds)
    reader.feeds[FEED] = a_fetch(clock.at, key="2", url=f"{URL}-2", body="2")
    await collect(store, reader, clock, chance=half)  # arrives by a clock that may be wrong: it tells nothing
    with structlog.testing.capture_logs() as logs:
        for _ in range(23):
            machine.work(hours=1)
            assert await retention() == Retained()
    (line,) = [line for line in logs if line["log_level"] == "warning"]
    assert line["newest"] == published.isoformat()
    machine.work(hours=1)
    assert await retention() == Retained(dropped=1, statements=1)


async def test_a_clock_that_is_set_while_we_run_is_looked_at_as_at_the_start(
    store, workspace, understanding, clock, published
):
    machine = Machine(clock)
    retention = Retention(store, understanding, clock, DROPPED, seconds=machine.seconds)
    machine.work(hours=30)
    clock.forward(days=2 * 365)
    assert await retention() == Retained()
    machine.work(hours=23)
    assert await retention() == Retained()
    machine.work(hours=1)
    assert await retention() == Retained(dropped=1, statements=1)


async def test_a_single_round_waits_for_nothing_unless_the_clock_is_far_ahead(
    store, workspace, understanding, clock, published
):
    clock.forward(days=29)
    keep = Keep(timedelta(days=28), statements=False)
    assert await Retention(store, understanding, clock, keep)(at_once=True) == Retained(
        dropped=1, statements=1
    )


async def test_a_single_round_takes_nothing_away_where_the_clock_is_far_ahead(
    store, workspace, understanding, clock, published
):
    clock.forward(days=31)
    assert await Retention(store, understanding, clock, DROPPED)(at_once=True) == Retained()


class FailingOnce:
    """A store that cannot be written to at first."""

    def __init__(self, store):
        self._store = store
        self.calls = 0

    def read(self):
        self.calls += 1
        return self._store.read()

    @asynccontextmanager
    async def write(self):
        self.calls += 1
        if self.calls < 10:
            self.calls = 10
            raise StoreBusy("Somebody else is writing: try again.")
        async with self._store.write() as uow:
            yield uow
