"""Stories: clusters of articles on one event."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import NewType

from news.articles import Article, ArticleId
from news.briefs import Brief

StoryId = NewType("StoryId", int)


@dataclass(frozen=True, slots=True)
class Reading:
    """An article with its brief."""

    article: Article
    brief: Brief


@dataclass(frozen=True, slots=True)
class Counts:
    """How much a story has."""

    articles: int
    outlets: int
    """Articles without an outlet count as one more each."""
    copies: int = 0
    """Of the articles, those that have another one's words."""


@dataclass(frozen=True, slots=True)
class Outline:
    """What tells whether a story is chosen for a digest, before its articles are read."""

    id: StoryId
    articles: tuple[ArticleId, ...]
    """Those of the time that was asked for, the ones to be looked at first; not always all."""
    counts: Counts
    """Of all of that time."""
    statements: int
    """In the articles named here."""
    newest: datetime
    """When the last of these articles arrived or was edited."""


@dataclass(frozen=True, slots=True)
class Story:
    """One event as one workspace sees it."""

    id: StoryId
    readings: tuple[Reading, ...]
    """Oldest first; at least one."""
    called: str | None = None
    """What it was called when the workspace was first told of it."""
    counts: Counts | None = None
    """Of all that it has in the time that was asked for, where `readings` may be fewer."""

    @property
    def name(self) -> str:
        """What it was called first, else the headline of its first article."""
        if self.called is not None:
            return self.called
        for reading in self.readings:
            if reading.article.title:
                return reading.article.title
        first = self.readings[0]
        if first.brief.summary:
            return first.brief.summary[0].text
        # Whole: a cut could take away a negation or who it is that says so.
        return next((line.strip() for line in first.article.text.splitlines() if line.strip()), "")

    @property
    def newest(self) -> datetime:
        """When its last article arrived or was edited."""
        return max(r.article.revised or r.article.seen or r.article.arrived for r in self.readings)

    @property
    def outlets(self) -> int:
        """How many outlets carry it; articles without an outlet count as one more each."""
        named = {r.article.outlet for r in self.readings if r.article.outlet}
        return len(named) + sum(1 for r in self.readings if not r.article.outlet)


@dataclass(frozen=True, slots=True)
class Signature:
    """What an article is compared with others by. Only who made it reads it; all else keeps it."""

    terms: bytes
    vector: bytes
    shingles: bytes
    """Empty for a text that is too short to be told from a copy of another."""


@dataclass(frozen=True, slots=True)
class Member:
    """An article as clustering sees it."""

    article_id: ArticleId
    when: datetime
    signature: Signature
    story_id: StoryId | None = None
    """None while it is in no story yet."""
    copy_of: ArticleId | None = None
    """The article whose words these are, when they are another one's."""
    told: bool = False
    """Whether its story was posted: then it stays in it."""


@dataclass(frozen=True, slots=True)
class Assignment:
    """That an article belongs to a story.

    `story_id` names one that exists; without it the article joins `with_article`'s story, which is a new
    one when `with_article` is the article itself.
    """

    article_id: ArticleId
    story_id: StoryId | None = None
    with_article: ArticleId | None = None
    copy_of: ArticleId | None = None
    moves: bool = False
    """Whether it leaves a story that was posted nowhere; else one that is in a story stays there."""


@dataclass(frozen=True, slots=True)
class Learnt:
    """What clustering has been told: the articles of this time, as the store had them when it was `seen`."""

    since: datetime
    until: datetime
    seen: datetime
