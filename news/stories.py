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
class Story:
    """One event as one workspace sees it."""

    id: StoryId
    readings: tuple[Reading, ...]
    """Oldest first; at least one."""

    @property
    def name(self) -> str:
        """The headline of its first article: it stays when more arrive."""
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
        return max(r.article.revised or r.article.arrived for r in self.readings)

    @property
    def outlets(self) -> int:
        """How many outlets carry it; articles without an outlet count as one more each."""
        named = {r.article.outlet for r in self.readings if r.article.outlet}
        return len(named) + sum(1 for r in self.readings if not r.article.outlet)


@dataclass(frozen=True, slots=True)
class Member:
    """An article as clustering sees it."""

    article_id: ArticleId
    story_id: StoryId | None
    """None while it is in no story yet."""
    when: datetime
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Assignment:
    """That an article belongs to a story.

    `story_id` names one that exists; without it the article joins `with_article`'s story, which is a new
    one when `with_article` is the article itself.
    """

    article_id: ArticleId
    story_id: StoryId | None = None
    with_article: ArticleId | None = None
