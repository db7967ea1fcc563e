"""Reading by jobs, on a real PostgreSQL: what is handed out, read once, tried again, taken over and given up."""

from __future__ import annotations

import asyncio
import threading
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from datetime import timedelta

import pytest
from procrastinate import exceptions, manager

from bot.jobs import keeping
from bot.jobs.brief import cluster
from bot.jobs.reading import DIED, OFFERED, JobReader, give_up, offer_unread, retry_given_up, take_back
from bot.understanding import ThreadedUnderstanding
from news.channels import Platform
from news.errors import ReadingAway, StoreAway
from news.reading import ATTEMPTS, ILL, LONGEST_PAUSE, PAUSE, Unread, pause_after
from storage.engine import open_store
from storage.jobs import reading as queues
from storage.jobs.reading import open_reading_queue
from summarizer.stories import Clusterer
from tests.backends import current_database
from tests.builders import a_brief, a_draft, a_signature
from tests.fakes import NOON, FailingStore, SetClock

NOW = timedelta(0)


class Reading:
    """Reads nothing into an article; some cannot be read, and each is counted."""

    def __init__(self):
        self.bad, self.read = set(), []
        self.gate = None
        self.away = False

    def brief(self, article, targets):
        if self.away:
            raise ReadingAway("No process could be started.")
        self.read.append(article.id)
        if self.gate is not None:
            self.gate.wait(20)
        if article.key in self.bad:
            raise RuntimeError("the model tripped over it.")
        return a_brief(article)

    def sign(self, article):
        return a_signature(article.title)

    def positions(self, article, statements, targets):
        return ()


@pytest.fixture
async def url(tmp_path):
    async with current_database("postgresql", tmp_path) as url:
        yield url


@pytest.fixture
async def store(url):
    async with open_store(url) as store:
        yield store


@pytest.fixture
async def jobs(url):
    async with open_reading_queue(url) as jobs:
        yield jobs


@pytest.fixture
def clock():
    return SetClock()


@pytest.fixture
def reading():
    return Reading()


@pytest.fixture
def understanding(reading):
    made = ThreadedUnderstanding(reading, Clusterer, threads=2)
    yield made
    made.close()


@pytest.fixture
def reader(store, understanding, clock):
    return JobReader(store, understanding, clock, chance=lambda: 1.0)


async def bring(store, *keys, now=NOON):
    async with store.write() as uow:
        workspace = await uow.workspaces.obtain(Platform.TERMINAL, "local")
        made = [await uow.articles.import_(workspace.id, key, a_draft(title=key), now=now) for key in keys]
        await uow.commit()
    return made


async def unread(store):
    async with store.read() as uow:
        return await uow.articles.waiting(1000)


async def given_up(store):
    async with store.read() as uow:
        return [(one.key, one.reason) for one in await uow.articles.given_up()]


@asynccontextmanager
async def working(jobs, read, at_once=2):
    task = asyncio.create_task(jobs.work(read, at_once=at_once))
    try:
        yield task
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError, StoreAway):
            await task


async def until(holds, within=60):
    async with asyncio.timeout(within):
        while not await holds():  # noqa: ASYNC110  # the database tells of it by no event
            await asyncio.sleep(0.02)


async def is_empty(jobs):
    return not await jobs._jobs()


async def test_what_is_unread_is_read_once_and_leaves_no_job(store, jobs, reader, reading):
    await bring(store, *"abcde")
    assert await offer_unread(store, jobs) == 5
    assert await offer_unread(store, jobs) == 0  # each has a job
    async with working(jobs, reader):
        await until(lambda: is_empty(jobs))
    assert await unread(store) == ()
    assert len(reading.read) == len(set(reading.read)) == 5
    assert reader.done == 5


async def test_the_newest_is_read_first(store, jobs, reader, reading):
    old, new = await bring(store, "old", "new")
    await jobs.offer([Unread(old.id, NOON - timedelta(days=1)), Unread(new.id, NOON)])
    async with working(jobs, reader, at_once=1):
        await until(lambda: is_empty(jobs))
    assert reading.read == [new.id, old.id]


async def test_several_that_offer_at_once_make_one_job_of_each(url, store):
    await bring(store, *map(str, range(30)))
    async with AsyncExitStack() as stack:
        several = [await stack.enter_async_context(open_reading_queue(url)) for _ in range(4)]
        made = await asyncio.gather(*(offer_unread(store, jobs) for jobs in several))
        assert sum(made) == 30
        assert len(await several[0]._jobs()) == 30


async def test_a_long_backlog_does_not_fill_the_queue(store, jobs, monkeypatch):
    monkeypatch.setattr("bot.jobs.reading.OFFERED", 3)
    await bring(store, *"abcdef")
    assert await offer_unread(store, jobs) == 3
    assert OFFERED > 100


async def test_two_workers_share_what_there_is(url, store, jobs, clock, reading, understanding):
    await bring(store, *map(str, range(40)))
    await offer_unread(store, jobs)
    readers = [JobReader(store, understanding, clock) for _ in range(2)]
    async with open_reading_queue(url) as others, working(jobs, readers[0]), working(others, readers[1]):
        await until(lambda: is_empty(jobs))
    assert len(reading.read) == len(set(reading.read)) == 40
    assert min(one.done for one in readers) > 0


async def test_a_job_of_what_was_read_meanwhile_or_is_gone_does_nothing(store, jobs, reader, reading, clock):
    (article,) = await bring(store, "a")
    await jobs.offer([Unread(article.id, NOON), Unread(type(article.id)(1), NOON)])
    async with store.write() as uow:
        await uow.briefs.save(a_brief(article))
        await uow.commit()
    async with working(jobs, reader):
        await until(lambda: is_empty(jobs))
    assert reading.read == []


async def test_what_cannot_be_read_is_tried_again_later_and_given_up_in_the_end(store, jobs, reader, reading):
    article, good = await bring(store, "bad", "good")
    reading.bad.add("bad")
    for attempt in range(ATTEMPTS - 1):
        job = queues.ReadingJob(1, article.id, attempt)
        assert await reader(job) == pause_after(attempt + 1, 1.0)
    assert await given_up(store) == []
    assert await reader(queues.ReadingJob(1, article.id, ATTEMPTS - 1)) is None
    assert await given_up(store) == [("bad", "It could not be read (the model tripped over it).")]
    assert [one.article_id for one in await unread(store)] == [good.id]  # digests do not wait for the other


async def test_a_failed_try_is_made_anew_by_the_queue(store, jobs, reader, reading, monkeypatch):
    monkeypatch.setattr("news.reading.PAUSE", timedelta(milliseconds=1))
    monkeypatch.setattr(queues, "POLL", 0.05)
    await bring(store, "bad")
    reading.bad.add("bad")
    await offer_unread(store, jobs)
    async with working(jobs, reader):
        await until(lambda: is_empty(jobs))
    assert len(reading.read) == ATTEMPTS
    assert [key for key, _ in await given_up(store)] == ["bad"]


async def test_where_everything_fails_nothing_is_given_up(store, reader, reading):
    articles = await bring(store, *"abcd")
    reading.bad.update("abcd")
    for article in articles[: ILL - 1]:  # each fails, and others do not yet
        await reader(queues.ReadingJob(1, article.id, 0))
    assert await reader(queues.ReadingJob(1, articles[-1].id, 50)) == pause_after(51, 1.0)
    assert await given_up(store) == []
    reading.bad.discard("a")
    assert await reader(queues.ReadingJob(1, articles[0].id, 50)) is None  # it reads, so it is well
    assert await reader(queues.ReadingJob(1, articles[-1].id, 50)) is None
    assert [key for key, _ in await given_up(store)] == ["d"]


async def test_a_store_that_is_away_is_no_articles_fault(store, understanding, clock, monkeypatch):
    monkeypatch.setattr(keeping, "PATIENCE", 0)
    (article,) = await bring(store, "a")
    failing = FailingStore(store, StoreAway("The database is away."))
    reader = JobReader(failing, understanding, clock, chance=lambda: 1.0)
    job = queues.ReadingJob(1, article.id, 50)
    assert await reader(job) == pause_after(51, 1.0)
    assert (await given_up(store), [one.article_id for one in await unread(store)]) == ([], [article.id])
    assert await reader(job) is None
    assert await unread(store) == ()


async def test_where_nothing_can_be_read_no_article_is_at_fault(store, reader, reading):
    articles = await bring(store, *"abc")
    reading.away = True
    for article in articles:
        assert await reader(queues.ReadingJob(1, article.id, 50)) == pause_after(51, 1.0)
    assert await given_up(store) == []
    reading.away, reading.bad = False, {"a"}
    assert await reader(queues.ReadingJob(1, articles[0].id, 50)) is None  # alone at fault, so it is given up
    assert [key for key, _ in await given_up(store)] == ["a"]


async def test_what_a_dead_worker_left_behind_is_read_by_another(
    url, store, jobs, reader, reading, clock, monkeypatch
):
    monkeypatch.setattr(queues, "SILENT", 0.5)
    monkeypatch.setattr(queues, "BEAT", 60)  # as good as dead
    reading.gate = threading.Event()
    await bring(store, "a")
    await offer_unread(store, jobs)
    async with AsyncExitStack() as stack:
        dead = await stack.enter_async_context(open_reading_queue(url))
        with monkeypatch.context() as patch:
            patch.setattr(queues, "ALONE", "nowhere")  # else it might take what it left behind, being alive
            silent = await stack.enter_async_context(working(dead, reader))

            async def begun():
                return bool(reading.read)

            await until(begun)
        await asyncio.to_thread(reading.gate.wait, 0.7)
        (left,) = await jobs.left_behind()
        assert left.deaths == 0
        await take_back(store, jobs, clock, [left])
        monkeypatch.setattr(queues, "BEAT", 0.1)
        elsewhere = ThreadedUnderstanding(reading, Clusterer, threads=2)
        stack.callback(elsewhere.close)
        second = JobReader(store, elsewhere, clock)

        async def again():
            return len(reading.read) == 2

        async with working(jobs, second):
            await until(again)
            reading.gate.set()  # both end now, and both keep what they read
            await until(lambda: is_empty(jobs))
        await bring(store, "b")
        await offer_unread(store, jobs)
        with pytest.raises(StoreAway, match="silent for so long"):  # it wants the new one
            await silent
        async with working(jobs, second):
            await until(lambda: is_empty(jobs))
    assert await unread(store) == ()
    async with store.read() as uow:
        assert len(await uow.clusters.unclustered()) == 2


async def test_an_article_that_kills_its_readers_is_given_up_and_keeps_nobody_waiting(
    store, jobs, clock, reader
):
    (article,) = await bring(store, "a")
    await offer_unread(store, jobs)
    (job,) = await jobs._jobs()
    await take_back(store, jobs, clock, [queues.ReadingJob(job.id, article.id, 0, ATTEMPTS - 1)])
    assert await given_up(store) == [("a", DIED)]
    assert await is_empty(jobs)
    assert await offer_unread(store, jobs) == 0
    assert await cluster(store, reader._understanding, clock) == 1


async def test_what_another_has_taken_back_already_is_left(store, jobs):
    gone = queues.ReadingJob(12345, (await bring(store, "a"))[0].id, 0)
    await jobs.put_back(gone, NOW)
    await jobs.drop(gone)


async def test_what_was_given_up_is_handed_out_again(store, jobs, reader, reading, clock, understanding):
    a, b = await bring(store, "a", "b")
    for article in (a, b):
        await give_up(store, clock, article, DIED)
    assert await retry_given_up(store, clock, understanding, jobs, [a.id]) == (0, 1)
    async with working(jobs, reader):
        await until(lambda: is_empty(jobs))
    assert (reading.read, await given_up(store)) == ([a.id], [("b", DIED)])


async def test_without_jobs_it_is_read_on_the_spot(store, reading, clock, understanding):
    a, b = await bring(store, "a", "b")
    for article in (a, b):
        await give_up(store, clock, article, DIED)
    reading.bad.add("b")
    assert await retry_given_up(store, clock, understanding, None, [a.id, b.id]) == (1, 0)
    assert await given_up(store) == [("b", "It could not be read (the model tripped over it).")]


async def test_a_job_that_was_done_while_the_store_was_away_is_taken_back(
    store, jobs, reader, reading, monkeypatch
):
    monkeypatch.setattr(queues, "ENDED", timedelta(0))
    await bring(store, "a")
    await offer_unread(store, jobs)
    lost = asyncio.Event()

    async def finish(*_, **__):
        lost.set()

    with monkeypatch.context() as patch:
        patch.setattr(jobs._manager, "finish_job", finish)
        async with working(jobs, reader):
            await asyncio.wait_for(lost.wait(), 20)

            async def known():
                return await jobs.forgotten() if jobs._done else ()

            (job,) = await known()
            assert await known() == (job,)  # it may not be dropped at once: the store may be away again
            await jobs.drop(job)
            assert await is_empty(jobs)
            assert await jobs.forgotten() == ()
            assert not jobs._done
    assert len(reading.read) == 1


async def test_reading_begins_anew_after_it_broke_off(url, store, jobs, reader, reading, monkeypatch):
    monkeypatch.setattr(queues, "POLL", 0.05)
    async with working(jobs, reader) as first:
        await until(lambda: registered(jobs, 2))
        await jobs._app.connector.execute_query_async(
            "DELETE FROM procrastinate_workers"
        )  # as one silent for long
        await bring(store, "a")
        await offer_unread(store, jobs)
        with pytest.raises(StoreAway):
            await first
    async with working(jobs, reader):
        await until(lambda: is_empty(jobs))
    assert len(reading.read) == 1


async def registered(jobs, number):
    found = await jobs._app.connector.execute_query_all_async("SELECT id FROM procrastinate_workers")
    return len(found) == number


async def test_a_sign_of_life_that_got_lost_is_followed_by_the_next(jobs, reader, monkeypatch):
    monkeypatch.setattr(queues, "BEAT", 0.01)
    beats = []

    async def broken(self, worker_id):
        beats.append(worker_id)
        if len(beats) < 3:
            raise exceptions.ConnectorException
        enough.set()

    enough = asyncio.Event()
    monkeypatch.setattr(manager.JobManager, "update_heartbeat", broken)
    async with working(jobs, reader):
        await asyncio.wait_for(enough.wait(), 20)


async def test_notices_of_jobs_are_waited_for_again(jobs, reader, monkeypatch):
    monkeypatch.setattr(queues, "POLL", 0.01)
    tries = []

    async def broken(self, **_):
        tries.append(1)
        if len(tries) == 2:
            raise exceptions.ConnectorException
        if len(tries) > 6:  # of both queues
            enough.set()

    enough = asyncio.Event()
    monkeypatch.setattr(manager.JobManager, "listen_for_jobs", broken)
    async with working(jobs, reader):
        await asyncio.wait_for(enough.wait(), 20)


async def test_a_try_that_the_store_knows_of_is_not_taken_from_who_makes_the_next(
    url, store, jobs, monkeypatch
):
    monkeypatch.setattr(queues, "POLL", 0.05)
    monkeypatch.setattr(queues, "ENDED", timedelta(0))
    await bring(store, "a")
    await offer_unread(store, jobs)
    again, end = asyncio.Event(), asyncio.Event()

    async def fails(job):
        return timedelta(0)

    async def slow(job):
        again.set()
        await end.wait()

    async def tried():
        return bool(jobs._done)

    async with working(jobs, fails, at_once=1):
        await until(tried)
    async with open_reading_queue(url) as others, working(others, slow):
        await asyncio.wait_for(again.wait(), 20)
        assert await jobs.forgotten() == ()
        assert [job.status for job in await jobs._jobs()] == ["doing"]
        end.set()
        await until(lambda: is_empty(jobs))


async def test_what_was_read_meanwhile_is_not_given_up(store, clock):
    (article,) = await bring(store, "a")
    async with store.write() as uow:
        await uow.briefs.save(a_brief(article))
        await uow.commit()
    await give_up(store, clock, article, DIED)
    assert await given_up(store) == []


async def test_who_may_have_killed_a_worker_is_read_alone(store, reader, reading):
    a, b, c = await bring(store, *"abc")
    reading.gate = threading.Event()
    tasks = [asyncio.create_task(reader(queues.ReadingJob(1, a.id, 0)))]

    async def begun(number):
        return len(reading.read) == number

    await until(lambda: begun(1))
    tasks.append(asyncio.create_task(reader(queues.ReadingJob(2, b.id, 0, 1))))
    tasks.append(asyncio.create_task(reader(queues.ReadingJob(3, c.id, 0))))
    await asyncio.to_thread(reading.gate.wait, 0.3)
    assert reading.read == [a.id]  # the second waits for the first, and the third for the second
    reading.gate.set()
    assert await asyncio.gather(*tasks) == [None, None, None]
    assert reading.read == [a.id, b.id, c.id]


async def test_what_is_taken_back_counts_the_deaths_and_is_done_alone(store, jobs):
    (article,) = await bring(store, "a")
    await offer_unread(store, jobs)
    for deaths in range(3):
        (job,) = await jobs._jobs()
        assert (job.queue == queues.ALONE, job.task_kwargs["deaths"]) == (deaths > 0, deaths)
        await jobs.put_back(queues.ReadingJob(job.id, article.id, 0, deaths), NOW)
        assert await offer_unread(store, jobs) == 0


def test_pauses_grow_and_differ():
    assert pause_after(1, 0.0) == PAUSE
    assert pause_after(2, 0.0) == 2 * PAUSE
    assert pause_after(2, 1.0) == PAUSE
    assert pause_after(99, 0.0) == LONGEST_PAUSE
