"""Readers and workers as real processes on one PostgreSQL: killed half-way, what they read is read by others, once."""

from __future__ import annotations

import asyncio
from collections import Counter
from contextlib import AsyncExitStack

import pytest

from bot.understanding import ENDS
from news.channels import Platform
from news.reading import ATTEMPTS
from storage.engine import open_store
from tests.backends import current_database
from tests.builders import a_draft
from tests.end_to_end.processes import running
from tests.fakes import NOON

FRAGILE = "tests.end_to_end.fragile"


@pytest.fixture
async def url(tmp_path):
    async with current_database("postgresql", tmp_path) as url:
        yield url


@pytest.fixture
async def store(url):
    async with open_store(url) as store:
        yield store


@pytest.fixture
def worker(url, tmp_path):
    def worker(role="worker", threads=1):
        return running(
            *(url, "--role", role),
            module=FRAGILE,
            ATTACHE_READING_AT_ONCE=str(threads),
            ATTACHE_FRAGILE_LOG=str(tmp_path / "log"),
            ATTACHE_FRAGILE_GATE=str(tmp_path / "gate"),
        )

    return worker


@pytest.fixture
def begun(tmp_path):
    """How often each article was begun to be read."""

    def begun():
        log = tmp_path / "log"
        return Counter(log.read_text(encoding="utf-8").split()) if log.exists() else Counter()

    return begun


async def bring(store, *titles):
    async with store.write() as uow:
        workspace = await uow.workspaces.obtain(Platform.TERMINAL, "local")
        for title in titles:
            await uow.articles.import_(workspace.id, title, a_draft(title=title), now=NOON)
        await uow.commit()


async def until(holds, what, within=60.0):
    try:
        async with asyncio.timeout(within):
            while not await holds():  # noqa: ASYNC110  # other processes do it
                await asyncio.sleep(0.05)
    except TimeoutError:
        raise AssertionError(f"not in time: {what}") from None


def all_read(store):
    async def all_read():
        async with store.read() as uow:
            return not await uow.articles.waiting(1) and not await uow.clusters.unclustered()

    return all_read


async def given_up(store):
    async with store.read() as uow:
        return [one.key for one in await uow.articles.given_up()]


async def test_workers_that_one_reader_hands_articles_out_to_read_each_once(store, worker, begun):
    await bring(store, *(f"a{number}" for number in range(12)))
    async with worker("reader") as reader, worker() as first, worker() as second:
        await until(all_read(store), "all are read and in stories")
        for one in (reader, first, second):
            assert not one.said("Traceback")
    assert [one.process.returncode for one in (reader, first, second)] == [0, 0, 0]
    assert (len(begun()), set(begun().values())) == (12, {1})


async def test_asked_to_work_once_only_a_worker_reads_what_there_is(store, url, attache):
    await bring(store, "one", "two")

    async def once(role):
        done = await attache.aside("run", "--once", "--role", role, ATTACHE_DATABASE_URL=url)
        assert done.returncode == 0, done.stderr
        async with store.read() as uow:
            return len(await uow.articles.waiting(5))

    assert [await once(role) for role in ("reader", "bot", "worker")] == [2, 2, 0]
    assert await all_read(store)()


async def test_what_a_killed_worker_was_reading_is_read_by_another(store, worker, begun, tmp_path):
    await bring(store, "wait")

    async def reading():
        return begun()["wait"] == 1

    async with worker() as first, worker("bot"):
        await until(reading, "it is being read")
        await first.kill()
        (tmp_path / "gate").touch()
        async with worker() as second:
            await until(all_read(store), "it is read by another")
            await second.says("a reader died, its article is read by another")
    assert begun()["wait"] == 2
    assert await given_up(store) == []


async def test_an_article_that_kills_its_readers_is_given_up_and_put_back_by_hand(
    store, worker, url, begun, attache
):
    await bring(store, "kill", "well")
    async with AsyncExitStack() as stack:
        while not await given_up(store):
            one = await stack.enter_async_context(worker())
            ended = asyncio.create_task(one.process.wait())

            async def over(ended=ended):
                return ended.done() or bool(await given_up(store))

            await until(over, "it kills this one, too, or is given up")
        assert begun()["kill"] == ATTEMPTS
        await until(all_read(store), "the other one is read all the same")
    assert await given_up(store) == ["kill"]
    on = {"ATTACHE_DATABASE_URL": url}
    assert "1 article could not be read" in (await attache.aside("doctor", **on)).stdout
    assert "kill" in (await attache.aside("articles", "unread", **on)).stdout
    assert "1 handed out" in (await attache.aside("articles", "retry", "kill", **on)).stdout
    async with running(url, "--role", "worker"):  # one that it does not kill

        async def mended():
            return not await given_up(store)

        await until(mended, "it is read at last")


async def test_an_article_that_ends_what_reads_it_is_given_up_and_ends_no_worker(store, worker, begun):
    await bring(store, "crash", "well")
    async with worker() as one:

        async def is_given_up():
            return bool(await given_up(store))

        await until(is_given_up, "it is given up")
        await until(all_read(store), "the other one is read all the same")
        assert one.process.returncode is None
    async with store.read() as uow:
        assert [(each.key, each.reason) for each in await uow.articles.given_up()] == [
            ("crash", "The article could not be read: the log says why.")
        ]
    assert begun() == {"crash": 2 * ENDS, "well": 1}


async def test_everything_in_one_process_works_beside_a_worker(store, worker, begun):
    await bring(store, *(f"a{number}" for number in range(6)))
    async with worker("all") as whole, worker() as more:
        await until(all_read(store), "all are read and in stories")
        assert not whole.said("Traceback")
        assert not more.said("Traceback")
    assert set(begun().values()) == {1}
