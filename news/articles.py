"""Articles: the text we understand, and where it comes from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import NewType

from news.times import as_utc

ArticleId = NewType("ArticleId", int)


@dataclass(frozen=True, slots=True)
class ArticleDraft:
    """An article as it came in, before the store gave it an identity."""

    text: str
    """Plain text; all spans point into it. Paragraphs are separated by newlines."""
    title: str | None = None
    outlet: str | None = None
    url: str | None = None
    """The canonical link, when the page names one."""
    published: datetime | None = None
    byline: str | None = None
    language: str | None = None
    """An ISO 639-1 code as the page declares it."""
    partial: bool = False
    """Whether only a part could be had: the feed's own excerpt, or what a page shows to those who do not pay."""
    modified: datetime | None = None
    """When the outlet says that it last changed the article."""
    vouched: bool = True
    """Whether the words are known to be of the address: read from the page there, or from a feed of the same site."""

    def __post_init__(self) -> None:
        for name in ("published", "modified"):
            moment = getattr(self, name)
            if moment is not None:
                object.__setattr__(self, name, as_utc(moment))


@dataclass(frozen=True, slots=True)
class Article:
    """One article in its newest version."""

    id: ArticleId
    key: str
    """The id people and files see: the one an import brought along, else the store's own."""
    text: str
    arrived: datetime
    """When it counts as news: when it was first seen, or when it was published if it came with a backfill.

    What came with a backfill and names no time is news of no window: it arrived long ago.
    """
    title: str | None = None
    outlet: str | None = None
    url: str | None = None
    published: datetime | None = None
    byline: str | None = None
    language: str | None = None
    partial: bool = False
    version: int = 1
    """Grows by one each time the outlet edits title or text."""
    copy_of: ArticleId | None = None
    """The article whose words these are, where another had them first."""
    revised: datetime | None = None
    """When the newest version was first seen, if the outlet edited the article."""
    seen: datetime | None = None
    """When an article that names no time of publication was first seen."""

    @property
    def when(self) -> datetime:
        """The time shown beside the article: when it was published, else when it was first seen."""
        return self.published or self.seen or self.arrived
