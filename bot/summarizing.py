"""The summarizer that the settings ask for, in this process, or apart: look-ups do not wait for what is being read.

Apart, an article that hangs, swells or crashes what reads it costs its own process and nothing else; the models are in
none of the memory that answers questions.
"""

from __future__ import annotations

import asyncio
import os
import traceback
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from functools import partial
from typing import TYPE_CHECKING, ParamSpec, TypeVar

import structlog

from bot.apart import Elsewhere
from feeds.workers import BREAKS, CLOSED, Unfinished, Workers, settle
from news.errors import AttacheError, ReadingAway

if TYPE_CHECKING:
    from bot.ports import Summarizer
    from bot.settings import Settings
    from news.articles import Article
    from news.briefs import Brief
    from news.stances import Stance
    from news.statements import Statement
    from news.stories import Signature
    from news.targets import Target
    from summarizer.models.writing import Writer

P = ParamSpec("P")
T = TypeVar("T")

DEADLINE = 300.0
"""Seconds that reading an article may take beside what a larger model may."""
MOST = 4
"""Processes, where no setting says how many: each holds the models."""
LOADING = 1800.0
"""Seconds more that the first article may take where a larger model is loaded for it, or downloaded."""
MOST_TASKS = 20_000
"""Briefs and signatures, half of each: then a fresh process loads its models anew."""
_KINDNESS = 5
"""By so much more than other workers these let others come first: an article may wait, and who asks does not. Twice as much
would leave them a thirtieth of a core that somebody else keeps busy, and the first article waits for models to load."""
MEMORY = 2**40
"""Bytes: no limit, for models are loaded with the first article."""


def make_summarizer(settings: Settings) -> Summarizer:
    """What reads articles; its libraries and models are loaded with the first one."""
    from summarizer.pipeline import Pipeline

    return Pipeline(make_writer(settings), tell=_warn)


def make_writer(settings: Settings) -> Writer | None:
    """The larger model that the settings name, not loaded and not asked yet; None where they name none."""
    if settings.summary_model is not None:
        from summarizer.models.local import LocalWriter

        return LocalWriter(settings.summary_model, timeout=settings.summary_timeout)
    if settings.summary_server is not None and settings.summary_server_model is not None:
        from summarizer.models.remote import ServerWriter

        key = settings.summary_server_key
        return ServerWriter(
            settings.summary_server,
            settings.summary_server_model,
            key=key.get_secret_value() if key is not None else None,
            timeout=settings.summary_timeout,
        )
    return None


def _warn(sentence: str) -> None:
    structlog.get_logger("attache").warning(sentence)


class SummarizerApart:
    """A summarizer whose work is done in other processes. Its methods wait for them, and are for threads."""

    def __init__(self, workers: Workers, loop: asyncio.AbstractEventLoop) -> None:
        self._workers = workers
        self._loop = loop

    def brief(self, article: Article, targets: Sequence[Target]) -> Brief:
        """As `Summarizer.brief`."""
        return self._do(_brief, article, tuple(targets))

    def sign(self, article: Article) -> Signature:
        """As `Summarizer.sign`."""
        return self._do(_sign, article)

    def positions(
        self, article: Article, statements: Sequence[Statement], targets: Sequence[Target]
    ) -> tuple[Stance, ...]:
        """As `Summarizer.positions`."""
        return self._do(_positions, article, tuple(statements), tuple(targets))

    def fault(self, target: Target, others: Sequence[Target]) -> str | None:
        """As `Summarizer.fault`."""
        return self._do(_fault, target, tuple(others))

    def _do(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return self._once(function, *args, **kwargs)
        except Unfinished as error:
            if str(error) != BREAKS:
                raise _told(error) from error
            # Whoever ended it may have meant another: it is tried once more.
            structlog.get_logger("attache").warning("A process that reads has ended.", error=str(error))
        try:
            return self._once(function, *args, **kwargs)
        except Unfinished as error:
            raise _told(error) from error

    def _once(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        work = self._workers.run(function, *args, **kwargs)
        try:
            waiting = asyncio.run_coroutine_threadsafe(work, self._loop)
        except RuntimeError:  # the loop has ended
            work.close()
            raise asyncio.CancelledError from None
        try:
            return waiting.result()
        except _Failed as error:
            raise RuntimeError(str(error)) from Elsewhere(error.trace)


class ReadingEnded(Exception):
    """An article ended what read it, twice, or took too long. `str()` is a sentence."""


class _Failed(AttacheError):
    """Reading failed, in a process that goes on."""

    def __init__(self, error: Exception) -> None:
        super().__init__(str(error).strip() or type(error).__name__)
        self.trace = "".join(traceback.format_exception(error))


def _told(error: Unfinished) -> BaseException:
    if not error.passing:
        return ReadingEnded(f"It {error}.")
    # No fault of the article's: it stays as it is, and is read later.
    return asyncio.CancelledError() if str(error) == CLOSED else ReadingAway(f"An article {error}.")


@asynccontextmanager
async def apart(settings: Settings, count: int) -> AsyncIterator[Summarizer]:
    """A summarizer in so many processes, which begin with the first article and end with the body."""
    workers = Workers(
        count=count,
        deadline=DEADLINE + settings.summary_timeout + (LOADING if settings.summary_model else 0),
        memory=MEMORY,
        most_tasks=MOST_TASKS,
        settle=partial(_settle, settings),
    )
    try:
        yield SummarizerApart(workers, asyncio.get_running_loop())
    finally:
        await workers.aclose()


_summarizer: Summarizer


def _settle(settings: Settings) -> None:
    """In a new process: what it reads with; models are loaded with the first article."""
    from bot.logs import set_up_logs
    from bot.settings import secrets_of

    global _summarizer
    settle()
    os.nice(_KINDNESS)
    set_up_logs(settings.log_level, settings.log_format, secrets_of(settings))
    _summarizer = make_summarizer(settings)


def _brief(article: Article, targets: Sequence[Target]) -> Brief:
    with _about(article):
        return _summarizer.brief(article, targets)


def _sign(article: Article) -> Signature:
    with _about(article):
        return _summarizer.sign(article)


def _positions(
    article: Article, statements: Sequence[Statement], targets: Sequence[Target]
) -> tuple[Stance, ...]:
    with _about(article):
        return _summarizer.positions(article, statements, targets)


def _fault(target: Target, others: Sequence[Target]) -> str | None:
    with _about():
        return _summarizer.fault(target, others)


@contextmanager
def _about(article: Article | None = None) -> Iterator[None]:
    """What is logged bears the article's id, and what fails is told whole."""
    ids = {"article": article.id} if article else {}
    try:
        with structlog.contextvars.bound_contextvars(**ids):
            yield
    except AttacheError:
        raise
    except Exception as error:
        raise _Failed(error) from error
