"""Reading by jobs: articles are handed out to the processes that read, and given up where they cannot be read.

What is unread is told by the store; a job is only a hint. A lost one is made anew, and one too many finds nothing to do.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

import structlog

from bot.jobs.brief import read_these
from bot.jobs.keeping import STORE_FAILS, keep
from bot.jobs.room import Room
from bot.jobs.unread import unread_brief
from news.errors import ReadingAway
from news.reading import Failing, Unread, is_hopeless, pause_after

if TYPE_CHECKING:
    from bot.ports import Clock, ReadingJobs, Understanding
    from bot.repositories import Store, UnitOfWork
    from news.articles import Article, ArticleId
    from news.reading import ReadingJob

log = structlog.get_logger(__name__)

PASSING = (*STORE_FAILS, ReadingAway)
"""What is no article's fault: it is read later."""
OFFERED = 500
"""Jobs that wait at one time, of the newest articles: a long backlog fills no queue, and news is in front of it."""
DIED = "Its reader died each time that it read it."


async def offer_unread(store: Store, jobs: ReadingJobs) -> int:
    """Hands out what is unread and has no job yet; how many articles those are. Raises StoreError."""
    async with store.read() as uow:
        waiting = await uow.articles.waiting(OFFERED)
    return await jobs.offer(waiting) if waiting else 0


class JobReader:
    """Reads the articles of jobs, several side by side."""

    def __init__(
        self,
        store: Store,
        understanding: Understanding,
        clock: Clock,
        *,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self._store = store
        self._understanding = understanding
        self._clock = clock
        self._chance = chance
        self._failing = Failing()
        self._room = Room()
        self.done = 0
        """Articles that were read."""

    async def __call__(self, job: ReadingJob) -> timedelta | None:
        """As `news.reading.Read`. Never raises but when it is cancelled."""
        try:
            async with self._store.read() as uow:
                article = await uow.articles.to_read(job.article_id)
            if article is None:
                return None
            async with self._room.enter(alone=job.deaths > 0):
                await self._read(job, article)
        except PASSING as error:
            log.warning("article not read, it is tried again", article=job.article_id, error=str(error))
        except _Failed:
            pass
        except Exception:
            log.exception("article not read, it is tried again", article=job.article_id)
        else:
            return None
        return pause_after(job.attempts + 1, self._chance())

    async def _read(self, job: ReadingJob, article: Article) -> None:
        try:
            await read_these(self._store, self._understanding, self._clock, [article])
        except PASSING:
            raise
        except Exception as error:
            self._failing.fail([article.id])
            hopeless = self._failing.gives_up(job.attempts + 1)
            log.error(
                "article given up" if hopeless else "article cannot be read, it is tried again",
                article=article.id,
                attempt=job.attempts + 1,
                exc_info=error,
            )
            if not hopeless:
                raise _Failed from error
            await give_up(self._store, self._clock, article, reason_of(error))
        else:
            self._failing.recover()
            self.done += 1


class _Failed(Exception):
    """It has been said what failed."""


async def take_back(
    store: Store,
    jobs: ReadingJobs,
    clock: Clock,
    left: Sequence[ReadingJob],
    *,
    chance: Callable[[], float] = random.random,
) -> None:
    """Has done by others what a worker left behind that died; gives up what has killed too many. Raises StoreError.

    A first death is nobody's fault: what was left behind is taken up at once, though alone, for one of them may be.
    """
    for job in left:
        deaths = job.deaths + 1
        if not is_hopeless(deaths):
            log.warning(
                "a reader died, its article is read by another", article=job.article_id, deaths=deaths
            )
            pause = timedelta(0) if deaths == 1 else pause_after(deaths - 1, chance())
            await jobs.put_back(job, pause)
            continue
        async with store.read() as uow:
            article = await uow.articles.to_read(job.article_id)
        if article is not None:
            log.error("article given up: its readers died", article=job.article_id, deaths=deaths)
            await give_up(store, clock, article, DIED)
        await jobs.drop(job)


async def give_up(store: Store, clock: Clock, article: Article, reason: str) -> None:
    """The article counts as read, for digests must not wait for it, and says that it could not be. Raises StoreError.

    Nothing where somebody has read it meanwhile.
    """
    brief, signature = unread_brief(article, reason)

    async def save(uow: UnitOfWork) -> None:
        now = await uow.articles.to_read(article.id)
        if now is None or now.version != article.version:
            return
        await uow.briefs.save(brief)
        await uow.clusters.sign(article.id, signature, now=clock.now())

    await keep(store, save, harmless_twice=True)


async def retry_given_up(
    store: Store,
    clock: Clock,
    understanding: Understanding,
    jobs: ReadingJobs | None,
    chosen: Sequence[ArticleId],
) -> tuple[int, int]:
    """Has them read again, here or, where there are jobs, by whoever reads; how many are read now, and handed out."""
    if jobs is not None:
        async with store.read() as uow:
            found = [one for one in await uow.articles.given_up() if one.article_id in set(chosen)]
        return 0, await jobs.offer([Unread(one.article_id, one.when) for one in found])
    done = 0
    for article_id in chosen:
        async with store.read() as uow:
            article = await uow.articles.to_read(article_id)
        if article is None:
            continue
        try:
            await read_these(store, understanding, clock, [article])
        except PASSING:
            raise
        except Exception as error:
            log.error("article cannot be read", article=article_id, exc_info=error)
            await give_up(store, clock, article, reason_of(error))
        else:
            done += 1
    return done, 0


def reason_of(error: Exception) -> str:
    """Why an article is given up, as a sentence."""
    said = (str(error).strip() or type(error).__name__).splitlines()[0][:200]
    return f"It could not be read ({said.rstrip('.')})."
