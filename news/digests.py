"""Digests: what a channel receives, and how it is composed from stories. Composed once, stored, then rendered."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from news.actors import fold, name_key
from news.answers import Quote, quote_of
from news.articles import ArticleId
from news.spans import Span
from news.statements import Kind, Mode
from news.stories import Reading, Story, StoryId


@dataclass(frozen=True, slots=True)
class Window:
    """From `since` up to, not including, `until`."""

    since: datetime
    until: datetime

    def __contains__(self, moment: datetime) -> bool:
        return self.since <= moment < self.until


@dataclass(frozen=True, slots=True)
class Source:
    """An article behind a story, and the number it is cited by."""

    mark: int
    article_id: ArticleId
    article_key: str
    version: int
    headline: str | None
    outlet: str | None
    url: str | None
    when: datetime


@dataclass(frozen=True, slots=True)
class Passage:
    """A sentence of a story's summary and the article it stands in; `span` is None only for generated text."""

    text: str
    span: Span | None
    mark: int


@dataclass(frozen=True, slots=True)
class Said:
    """A statement and all the articles of the story that carry it."""

    quote: Quote
    marks: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class DigestStory:
    """One story as a digest tells it."""

    story_id: StoryId
    name: str
    outlets: int
    articles: int
    summary: tuple[Passage, ...]
    said: tuple[Said, ...]
    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class FeedHealth:
    """How the feeds behind a digest fared."""

    followed: int = 0
    failing: tuple[tuple[str, datetime], ...] = ()
    """Name, and since when."""


@dataclass(frozen=True, slots=True)
class Digest:
    """All that a channel is told about a window."""

    title: str
    window: Window
    timezone: str
    stories: tuple[DigestStory, ...]
    articles: int
    outlets: int
    left_out: int = 0
    """Stories of the window beyond the digest's length."""
    health: FeedHealth = FeedHealth()


@dataclass(frozen=True, slots=True)
class Taste:
    """How much a digest tells."""

    stories: int = 8
    sentences: int = 3
    quotes: int = 4


def compose(
    stories: Iterable[Story],
    window: Window,
    *,
    title: str = "Digest",
    timezone: str = "UTC",
    health: FeedHealth | None = None,
    taste: Taste | None = None,
) -> Digest:
    """The digest of the stories that have news in the window; those that most outlets carry come first."""
    taste = taste or Taste()
    current = []
    for story in stories:
        fresh = tuple(r for r in story.readings if _in(r, window))
        if fresh:
            current.append(Story(story.id, fresh))
    current.sort(key=lambda s: (s.outlets, len(s.readings), s.newest, s.id), reverse=True)
    told = tuple(_tell(story, taste) for story in current[: taste.stories])
    return Digest(
        title=title,
        window=window,
        timezone=timezone,
        stories=told,
        articles=sum(s.articles for s in told),
        outlets=len({source.outlet for s in told for source in s.sources if source.outlet}),
        left_out=max(0, len(current) - taste.stories),
        health=health or FeedHealth(),
    )


def _in(reading: Reading, window: Window) -> bool:
    article = reading.article
    return article.arrived in window or (article.revised is not None and article.revised in window)


def _tell(story: Story, taste: Taste) -> DigestStory:
    """The story by its articles of the window, under the headline of the one that says most of the others."""
    lead = _lead(story.readings)
    ordered = (lead, *sorted((r for r in story.readings if r is not lead), key=_newest_first))
    marks = {r.article.id: number for number, r in enumerate(ordered, start=1)}
    return DigestStory(
        story_id=story.id,
        name=Story(story.id, (lead,)).name,
        outlets=story.outlets,
        articles=len(story.readings),
        summary=_summary(ordered, marks, taste.sentences),
        said=_said(ordered, marks, taste.quotes),
        sources=tuple(_source(r, marks[r.article.id]) for r in ordered),
    )


def _lead(readings: Sequence[Reading]) -> Reading:
    """The reading whose headline and summary share most with the others'; the newest of equals."""
    gists = [_gist(reading) for reading in readings]

    def shared(at: int) -> tuple[int, float, float, int]:
        others = (gist for place, gist in enumerate(gists) if place != at)
        common = sum(len(gists[at] & gist) / max(1, len(gists[at] | gist)) for gist in others)
        article = readings[at].article
        return len(readings[at].brief.summary) > 0, round(common, 6), article.when.timestamp(), article.id

    return readings[max(range(len(readings)), key=shared)]


def _gist(reading: Reading) -> set[str]:
    return _words(" ".join((reading.article.title or "", *(s.text for s in reading.brief.summary))))


def _newest_first(reading: Reading) -> tuple[float, int]:
    return -reading.article.when.timestamp(), reading.article.id


def _source(reading: Reading, mark: int) -> Source:
    article = reading.article
    return Source(
        mark=mark,
        article_id=article.id,
        article_key=article.key,
        version=article.version,
        headline=article.title,
        outlet=article.outlet,
        url=article.url,
        when=article.when,
    )


def _summary(readings: Sequence[Reading], marks: dict[ArticleId, int], most: int) -> tuple[Passage, ...]:
    """The lead's first sentences, and one of another article that says something else."""
    lead, *others = readings
    room = most - 1 if others else most
    told = [Passage(s.text, s.span, marks[lead.article.id]) for s in lead.brief.summary[:room]]
    for reading in others:
        for sentence in reading.brief.summary:
            if len(told) < most and all(_alike(sentence.text, passage.text) < 0.35 for passage in told):
                told.append(Passage(sentence.text, sentence.span, marks[reading.article.id]))
    return tuple(told)


def _said(readings: Sequence[Reading], marks: dict[ArticleId, int], most: int) -> tuple[Said, ...]:
    """The statements worth showing: named speakers and their very words first, nobody twice in a row of equals."""
    told: list[Said] = []
    for reading in readings:
        for statement in reading.brief.statements:
            quote = quote_of(statement, reading.article)
            if quote.speaker is None or quote.mode is not Mode.SPEECH:
                continue
            mark = marks[reading.article.id]
            for at, earlier in enumerate(told):
                if _same(earlier.quote, quote):
                    if mark not in earlier.marks:
                        told[at] = Said(earlier.quote, (*earlier.marks, mark))
                    break
            else:
                told.append(Said(quote, (mark,)))
    return tuple(sorted(told, key=lambda s: _weight(s, told))[:most])


def _weight(said: Said, told: Sequence[Said]) -> tuple[int, bool, int, int]:
    """Sorts: each speaker's best first, then second bests; carried by more outlets, direct before reported."""
    speaker = _who(said.quote)
    mine = sorted((s for s in told if _who(s.quote) == speaker), key=_rank)
    nameless = said.quote.speaker is not None and said.quote.speaker.anonymous
    return mine.index(said), nameless, -len(said.marks), int(said.quote.kind is not Kind.DIRECT)


def _rank(said: Said) -> tuple[int, int, bool]:
    order = {Kind.DIRECT: 0, Kind.MIXED: 1, Kind.INDIRECT: 2}
    return -len(said.marks), order[said.quote.kind], len(said.quote.words) < 25


def _who(quote: Quote) -> str:
    return name_key(quote.speaker.name) if quote.speaker else ""


def _same(one: Quote, other: Quote) -> bool:
    return _who(one) == _who(other) and _alike(one.words, other.words) >= 0.6


def _alike(one: str, other: str) -> float:
    """Shared words over the words of the shorter one, 0 to 1."""
    a, b = _words(one), _words(other)
    return len(a & b) / max(1, min(len(a), len(b)))


def _words(text: str) -> set[str]:
    return {w for w in re.findall(r"\w+", fold(text)) if len(w) > 2}
