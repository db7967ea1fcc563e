"""Understanding articles: the summarizer and the clusterer beside the event loop, which goes on answering."""

from __future__ import annotations

import asyncio
from collections import Counter, OrderedDict
from collections.abc import AsyncIterator, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack, asynccontextmanager
from contextvars import copy_context
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from bot.summarizing import MOST, ReadingEnded, apart, make_summarizer
from news.errors import ReadingAway
from news.reading import ILL

if TYPE_CHECKING:
    from bot.operations.watching import Unwatched
    from bot.ports import Clusterer, Summarizer
    from bot.settings import Settings
    from news.articles import Article, ArticleId
    from news.briefs import Brief
    from news.stances import Stance
    from news.statements import Statement
    from news.stories import Assignment, Learnt, Member, Signature
    from news.targets import Target

T = TypeVar("T")
ENDS = 3
"""So often an article may end what reads it, twice each time, before it counts as unreadable where no other is read."""
KEPT = 50
"""So many articles that were read lately are remembered, should they come again since they could not be stored."""
_Asked = tuple["Article", tuple["Target", ...]]


class ThreadedStories:
    """A clusterer in a thread, and what it has been told. After a failure it begins anew."""

    def __init__(self, make: Callable[[], Clusterer]) -> None:
        self._make = make
        self._clusterer = make()
        self.learnt: Learnt | None = None

    async def reset(self) -> None:
        """Forgets everything."""
        self._clusterer, self.learnt = self._make(), None

    async def learn(self, members: Sequence[Member], learnt: Learnt) -> None:
        """As `Clusterer.learn`; `learnt` is what is known from then on."""
        await self._run(lambda: self._clusterer.learn(members))
        self.learnt = learnt

    async def forget(self, before: datetime) -> None:
        """As `Clusterer.forget`."""
        await self._run(lambda: self._clusterer.forget(before))
        if self.learnt is not None:
            self.learnt = replace(self.learnt, since=before)

    async def assign(self, new: Sequence[Member]) -> tuple[Assignment, ...]:
        """As `Clusterer.assign`."""
        return await self._run(lambda: self._clusterer.assign(new))

    async def _run(self, step: Callable[[], T]) -> T:
        """The step in a thread; when it fails or is given up, what it left behind is not trusted."""
        try:
            return await asyncio.to_thread(step)
        except BaseException:
            await self.reset()
            raise


class ThreadedUnderstanding:
    """Runs the summarizer and the clusterer in threads, so that the event loop goes on answering.

    As many articles are read side by side as there are cores, unless `threads` says how many: most of the time goes by
    in the model, which lets other threads run.
    """

    def __init__(
        self, summarizer: Summarizer, clusterer: Callable[[], Clusterer], *, threads: int | None = None
    ) -> None:
        from feeds.workers import cores

        self._summarizer = summarizer
        self._stories = ThreadedStories(clusterer)
        self._turn = asyncio.Lock()
        self.at_once = threads or cores()
        """How many articles are read side by side."""
        self._readers = ThreadPoolExecutor(self.at_once, thread_name_prefix="reader")
        self._ended: Counter[ArticleId] = Counter()
        """How often each article ended what read it, since one was read well."""
        self._understood: OrderedDict[_Asked, tuple[Brief, Signature]] = OrderedDict()
        self._under_way: dict[_Asked, asyncio.Future[tuple[Brief, Signature]]] = {}

    async def understand(
        self, articles: Sequence[Article], targets: Sequence[Sequence[Target]]
    ) -> Sequence[tuple[Brief, Signature]]:
        """The brief and the signature of each, in order; `targets` are those of each.

        An article that fails while others do not has a brief that says so, for it must not keep all others waiting.
        Where none can be read the first failure is raised. What was asked for lately, and comes again since it
        could not be stored, is not read again: that costs time, and money where a larger model writes. Who asks for what
        is being read waits for that.
        """
        asked = [(article, tuple(some)) for article, some in zip(articles, targets, strict=True)]
        made = await asyncio.gather(*(self._understand(*one) for one in asked), return_exceptions=True)
        for of, one in zip(asked, made, strict=True):
            if not isinstance(one, BaseException):
                self._understood[of] = one
                self._understood.move_to_end(of)
        while len(self._understood) > max(KEPT, len(asked)):
            self._understood.popitem(last=False)
        self._count_ends(articles, made)
        failures = {
            a.id: one for a, one in zip(articles, made, strict=True) if isinstance(one, BaseException)
        }
        for article_id, failure in failures.items():  # once all have ended: nobody reads on unseen
            none_read = len(failures) == len(made) and not self._is_to_blame(article_id)
            if none_read or _is_no_articles_fault(failure):
                raise failure
        return [
            _unread(article, one) if isinstance(one, BaseException) else one
            for article, one in zip(articles, made, strict=True)
        ]

    async def brief(self, article: Article, targets: Sequence[Target]) -> Brief:
        """As `Summarizer.brief`."""
        return await self._read(lambda: self._summarizer.brief(article, targets))

    async def positions(
        self, article: Article, statements: Sequence[Statement], targets: Sequence[Target]
    ) -> tuple[Stance, ...]:
        """As `Summarizer.positions`."""
        return await self._read(lambda: self._summarizer.positions(article, statements, targets))

    async def fault(self, target: Target, others: Sequence[Target]) -> str | None:
        """As `Summarizer.fault`."""
        return await self._read(lambda: self._summarizer.fault(target, others))

    @asynccontextmanager
    async def stories(self) -> AsyncIterator[ThreadedStories]:
        """The stories of a few days, for one at a time; where that one fails, what they hold may not be stored."""
        async with self._turn:
            try:
                yield self._stories
            except BaseException:
                await self._stories.reset()
                raise

    def close(self) -> None:
        """Begins to read no further article; what is being read is not waited for."""
        self._readers.shutdown(wait=False, cancel_futures=True)

    def _count_ends(self, articles: Sequence[Article], made: Sequence[object]) -> None:
        if any(not isinstance(one, BaseException) for one in made):
            self._ended.clear()
        self._ended.update(
            a.id for a, one in zip(articles, made, strict=True) if isinstance(one, ReadingEnded)
        )

    def _is_to_blame(self, article_id: ArticleId) -> bool:
        """Whether it ends what reads it each time, while not everything does."""
        return self._ended[article_id] >= ENDS and len(self._ended) < ILL

    async def _understand(self, article: Article, targets: tuple[Target, ...]) -> tuple[Brief, Signature]:
        asked = article, targets
        if asked in self._understood:
            return self._understood[asked]
        if asked not in self._under_way:
            import structlog

            read = self._summarizer
            with structlog.contextvars.bound_contextvars(article=article.id):
                reading = self._begin(lambda: (read.brief(article, targets), read.sign(article)))
            self._under_way[asked] = reading
            reading.add_done_callback(partial(self._end, asked))
        # Whoever gives up waiting does not end it for others.
        return await asyncio.shield(self._under_way[asked])

    def _end(self, asked: _Asked, reading: asyncio.Future[tuple[Brief, Signature]]) -> None:
        del self._under_way[asked]
        if not reading.cancelled() and reading.exception() is None:
            self._understood[asked] = reading.result()

    async def _read(self, step: Callable[[], T]) -> T:
        return await self._begin(step)

    def _begin(self, step: Callable[[], T]) -> asyncio.Future[T]:
        """The step in a thread, where log lines bear the same ids."""
        step = partial(copy_context().run, step)
        return asyncio.get_running_loop().run_in_executor(self._readers, step)


def _is_no_articles_fault(failure: BaseException) -> bool:
    return isinstance(failure, ReadingAway) or not isinstance(failure, Exception)


def _unread(article: Article, error: BaseException) -> tuple[Brief, Signature]:
    """What stands for an article that nobody can read."""
    import structlog

    from bot.jobs.unread import unread_brief

    structlog.get_logger("attache").error("An article cannot be read.", article=article.id, exc_info=error)
    return unread_brief(article, "The article could not be read: the log says why.")


def make_understanding(settings: Settings, watch: Unwatched | None = None) -> ThreadedUnderstanding:
    """The summarizer and the clusterer in this process; their libraries and models are loaded with the first article."""
    return _understanding(make_summarizer(settings), watch, settings.reading_at_once)


@asynccontextmanager
async def open_understanding(
    settings: Settings, watch: Unwatched, *, elsewhere: bool
) -> AsyncIterator[ThreadedUnderstanding]:
    """Likewise, with the summarizer in processes of its own where it is to be `elsewhere`; closed at the end."""
    async with AsyncExitStack() as stack:
        if elsewhere:
            from feeds.workers import cores

            # A larger model of this machine is large: two of them would be in each other's way.
            most = 1 if settings.summary_model else min(cores(), MOST)
            count = settings.reading_at_once or most
            summarizer = await stack.enter_async_context(apart(settings, count))
            understanding = _understanding(summarizer, watch, count)
        else:
            understanding = make_understanding(settings, watch)
        stack.callback(understanding.close)
        yield understanding


def _understanding(
    summarizer: Summarizer, watch: Unwatched | None, at_once: int | None
) -> ThreadedUnderstanding:
    from summarizer.stories import Clusterer

    watched = watch.summarizer(summarizer) if watch else summarizer
    return ThreadedUnderstanding(watched, Clusterer, threads=at_once)
