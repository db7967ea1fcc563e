"""Readings and stories with defaults, for composing."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from news.articles import ArticleId
from news.briefs import SummarySentence
from news.digests import Window
from news.spans import Span
from news.statements import Statement
from news.stories import Reading, Story, StoryId
from tests.builders import MORNING, a_brief, an_article

DAY = Window(MORNING - timedelta(hours=12), MORNING + timedelta(hours=12))


def a_reading(
    number: int = 1, *statements: Statement, text: str | None = None, minutes: float = 0, **changes: object
) -> Reading:
    """An article of `Outlet 1`, `Outlet 2` …; its brief's summary is its first line."""
    text = text or f"Sentence number {number} of its own words. Another one follows."
    at = MORNING + timedelta(minutes=minutes)
    article = an_article(
        text, id=ArticleId(number), key=str(number), arrived=at, published=at, outlet=f"Outlet {number}"
    )
    article = replace(article, **changes)
    return Reading(article, a_brief(article, *statements))


def lines(
    number: int, *sentences: str, minutes: float = 0, said: tuple[Statement, ...] = (), **changes: object
) -> Reading:
    """An article of these lines, each of which is a sentence of its summary."""
    reading = a_reading(number, *said, text="\n".join(sentences), minutes=minutes, **changes)
    summary, at = [], 0
    for sentence in sentences:
        summary.append(SummarySentence(sentence, Span(at, at + len(sentence))))
        at += len(sentence) + 1
    return replace(reading, brief=replace(reading.brief, summary=tuple(summary)))


def a_story(*readings: Reading, number: int = 1, **changes: object) -> Story:
    """A story of the articles."""
    return replace(Story(StoryId(number), readings), **changes)
