"""Articles are read side by side, and nobody reads on unseen when one of them fails."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from threading import Barrier, Event, current_thread, main_thread

import pytest

from bot.understanding import KEPT, ThreadedUnderstanding
from news.articles import ArticleId
from news.stories import Learnt, Member
from summarizer.stories import Clusterer
from tests.builders import MORNING, a_brief, a_signature, an_article

ARTICLES = [replace(an_article(), id=ArticleId(number)) for number in (1, 2, 3)]


class Reading:
    """A summarizer that notes what it read, and fails for one article."""

    def __init__(self, failing: int | None = None, together: int = 1) -> None:
        self.read: list[int] = []
        self._failing = failing
        self._barrier = Barrier(together)

    def brief(self, article, targets):
        assert current_thread() is not main_thread()
        self._barrier.wait(timeout=60)
        if article.id == self._failing:
            raise ValueError("cannot be read")
        self.read.append(article.id)
        return a_brief(article)

    def sign(self, article):
        return a_signature(article.title)


async def understand(understanding, articles):
    return await understanding.understand(articles, [()] * len(articles))


async def test_every_article_has_its_brief():
    understood = await understand(ThreadedUnderstanding(Reading(), Clusterer), ARTICLES)
    assert [brief.article_id for brief, _ in understood] == [1, 2, 3]


async def test_what_comes_again_is_not_read_again_though_others_came_in_between():
    reading = Reading()
    understanding = ThreadedUnderstanding(reading, Clusterer)
    for article in (*ARTICLES, ARTICLES[0]):
        await understand(understanding, [article])
    assert reading.read == [1, 2, 3]


async def test_what_several_ask_for_at_one_time_is_read_once_though_one_of_them_gives_up():
    class Slow(Reading):
        """Reads an article once it may."""

        def __init__(self):
            super().__init__()
            self.begun, self.may = Event(), Event()

        def brief(self, article, targets):
            self.begun.set()
            assert self.may.wait(60)
            return super().brief(article, targets)

    reading = Slow()
    understanding = ThreadedUnderstanding(reading, Clusterer, threads=4)
    first, *others = [asyncio.create_task(understand(understanding, ARTICLES[:1])) for _ in range(3)]
    await asyncio.to_thread(reading.begun.wait, 60)
    first.cancel()
    with pytest.raises(asyncio.CancelledError):
        await first
    reading.may.set()
    assert [brief.article_id for ((brief, _),) in await asyncio.gather(*others)] == [1, 1]
    await understand(understanding, ARTICLES[:1])
    assert reading.read == [1]


async def test_no_more_is_remembered_than_may_come_again():
    understanding = ThreadedUnderstanding(Reading(), Clusterer)
    for number in range(2 * KEPT):
        await understand(understanding, [replace(an_article(), id=ArticleId(number))])
    assert len(understanding._understood) == KEPT


async def test_two_articles_are_read_at_a_time(monkeypatch):
    monkeypatch.setattr("feeds.workers.cores", lambda: 2)
    reading = Reading(together=2)  # each waits until the other is being read, too
    await understand(ThreadedUnderstanding(reading, Clusterer), ARTICLES[:2])
    assert sorted(reading.read) == [1, 2]


async def test_an_article_that_cannot_be_read_keeps_no_other_waiting():
    reading = Reading(failing=1)
    understood = await understand(ThreadedUnderstanding(reading, Clusterer), ARTICLES)
    assert sorted(reading.read) == [2, 3]
    told = [(brief.article_id, brief.version, [flag.kind for flag in brief.flags]) for brief, _ in understood]
    assert told == [(1, 1, ["reading"]), (2, 1, []), (3, 1, [])]
    index = Clusterer()
    members = [Member(brief.article_id, MORNING, signature) for brief, signature in understood[:1]]
    assert [made.article_id for made in index.assign(members)] == [1]


async def test_where_no_article_can_be_read_the_failure_is_told_once_all_have_ended():
    reading = Reading(failing=1)
    with pytest.raises(ValueError, match="cannot be read"):
        await understand(ThreadedUnderstanding(reading, Clusterer), ARTICLES[:1])


async def test_what_was_not_stored_is_not_trusted():
    understanding = ThreadedUnderstanding(Reading(), Clusterer)

    async def fail_to_store() -> None:
        async with understanding.stories() as index:
            await index.learn((), Learnt(MORNING, MORNING, MORNING))
            raise OSError("disk full")

    with pytest.raises(OSError, match="disk"):
        await fail_to_store()
    async with understanding.stories() as index:
        assert index.learnt is None


async def test_nothing_is_read_once_it_is_closed():
    understanding = ThreadedUnderstanding(Reading(), Clusterer)
    understanding.close()
    with pytest.raises(RuntimeError):
        await understand(understanding, ARTICLES)


async def test_what_a_failed_step_left_behind_is_not_trusted():
    understanding = ThreadedUnderstanding(Reading(), Clusterer)
    async with understanding.stories() as index:
        await index.learn((), Learnt(MORNING, MORNING, MORNING))
        with pytest.raises(AttributeError):
            await index.assign([None])
        assert index.learnt is None
