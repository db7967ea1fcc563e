"""Reading: what waits to be read, how often it is tried, and when it is given up."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from news.articles import ArticleId

ATTEMPTS = 5
"""How often an article is tried before it is given up: because it could not be read, or its reader died meanwhile."""
ILL = 3
"""So many articles that fail one after the other are no fault of theirs: then none of them is given up."""
PAUSE, LONGEST_PAUSE = timedelta(seconds=10), timedelta(minutes=10)
"""Before the second try; it doubles with each."""
UNREAD = "reading"
"""The kind of a brief's flag that says that the article could not be read."""


@dataclass(frozen=True, slots=True)
class Unread:
    """An article that waits to be read."""

    article_id: ArticleId
    when: datetime


@dataclass(frozen=True, slots=True)
class ReadingJob:
    """One article, handed out to whoever reads it."""

    number: int
    article_id: ArticleId
    attempts: int
    """How often it was tried before, and could not be read."""
    deaths: int = 0
    """How often its reader died; one that may have killed it is read alone."""


class Failing:
    """The articles that failed since one was read well: whether an article is at fault is told by how many they are."""

    def __init__(self) -> None:
        self.articles: set[ArticleId] = set()

    @property
    def is_ill(self) -> bool:
        """Whether so many fail that the fault is not theirs."""
        return len(self.articles) >= ILL

    def fail(self, articles: Iterable[ArticleId]) -> None:
        """These could not be read."""
        self.articles.update(articles)

    def recover(self) -> None:
        """One was read well."""
        self.articles.clear()

    def gives_up(self, attempts: int) -> bool:
        """Whether an article that just failed is given up after so many attempts."""
        return is_hopeless(attempts) and not self.is_ill


Read = Callable[[ReadingJob], Awaitable[timedelta | None]]
"""Reads a job's article: None when it is done with, else after how long it is to be tried again."""


@dataclass(frozen=True, slots=True)
class GivenUp:
    """An article that could not be read."""

    article_id: ArticleId
    key: str
    """The id that people see."""
    title: str | None
    outlet: str | None
    when: datetime
    reason: str
    """A sentence."""


def pause_after(attempts: int, chance: float) -> timedelta:
    """How long one waits after so many attempts; `chance`, from 0 to 1, takes up to a half of it away, so that what was
    tried together, and may have failed for another's sake, is not tried together again."""
    pause: timedelta = min(PAUSE * 2 ** min(max(attempts - 1, 0), 10), LONGEST_PAUSE)
    return pause * (1 - chance / 2)


def is_hopeless(attempts: int) -> bool:
    """Whether it is given up after so many attempts."""
    return attempts >= ATTEMPTS
