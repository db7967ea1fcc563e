"""Reading in turn: where nobody shares the store, one process reads what is unread, and gives up what cannot be read."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, NamedTuple

import structlog

from bot.jobs import stopwatch
from bot.jobs.brief import BATCH, LOT, read_these
from bot.jobs.reading import PASSING, give_up, reason_of
from news.reading import Failing, pause_after

if TYPE_CHECKING:
    from bot.ports import Clock, Understanding
    from bot.repositories import Store
    from news.articles import Article, ArticleId

log = structlog.get_logger(__name__)


class TurnReader:
    """Reads what is unread, the newest first. What cannot be read is tried as often as a job, and after the same pauses."""

    def __init__(
        self,
        store: Store,
        understanding: Understanding,
        clock: Clock,
        *,
        chance: Callable[[], float] = random.random,
        seconds: Callable[[], float] = stopwatch.seconds,
    ) -> None:
        self._store = store
        self._understanding = understanding
        self._clock = clock
        self._chance = chance
        self._seconds = seconds
        self._tried: dict[ArticleId, _Tried] = {}
        self._failing = Failing()

    async def __call__(self) -> int:
        """How many were read; about a lot at most. Raises what is no article's fault."""
        done = 0
        while done < LOT and (articles := await self._next()):
            try:
                done += await read_these(self._store, self._understanding, self._clock, articles)
            except PASSING:
                raise
            except Exception as error:  # noqa: BLE001 - told by what counts it
                await self._fail(articles, error)
            else:
                self._failing.recover()
                for article in articles:
                    self._tried.pop(article.id, None)
        return done

    async def _next(self) -> Sequence[Article]:
        """The next to read, without those that pause; none where so many fail that the fault is not theirs."""
        now = self._seconds()
        pauses = [self._tried[one].again for one in self._failing.articles if one in self._tried]
        if self._failing.is_ill and now < min(pauses, default=now):
            return ()
        async with self._store.read() as uow:
            unread = await uow.articles.unread(BATCH + len(self._tried))
        return [a for a in unread if a.id not in self._tried or self._tried[a.id].again <= now][:BATCH]

    async def _fail(self, articles: Sequence[Article], error: Exception) -> None:
        """None of these could be read."""
        trace = None if self._failing.articles else error
        self._failing.fail(article.id for article in articles)
        for article in articles:
            attempts = self._tried[article.id].attempts + 1 if article.id in self._tried else 1
            if self._failing.gives_up(attempts):
                log.error("article given up", article=article.id, attempt=attempts, exc_info=error)
                await give_up(self._store, self._clock, article, reason_of(error))
                del self._tried[article.id]
                continue
            pause = pause_after(attempts, self._chance())
            self._tried[article.id] = _Tried(attempts, self._seconds() + pause.total_seconds())
            log.error(
                "article cannot be read, it is tried again",
                article=article.id,
                attempt=attempts,
                error=str(error),
                exc_info=trace,
            )
            trace = None


class _Tried(NamedTuple):
    """An article that could not be read."""

    attempts: int
    again: float
    """When it may be tried again."""
