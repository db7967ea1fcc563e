"""Digests: what a channel receives, and how it is composed from stories. Composed once, stored, then rendered."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from news.actors import fold, name_key
from news.answers import Quote, quote_of
from news.articles import ArticleId
from news.passages import Passage
from news.statements import Kind, Mode
from news.stories import Reading, Story, StoryId

_CONSIDERED = 100
"""Statements of one article that are looked at for a digest."""
_ALL_WORDS = re.compile(r"\w+")


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
    dated: bool = True
    """Whether `when` is the article's own time."""


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
class Earlier:
    """What a channel was told of a story before."""

    until: datetime
    """Up to when."""
    story: DigestStory


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
        outlets=_outlets(told),
        left_out=max(0, len(current) - taste.stories),
        health=health or FeedHealth(),
    )


def _outlets(stories: Iterable[DigestStory]) -> int:
    """How many outlets stand behind the stories; articles without an outlet count as one more each."""
    sources = {(source.article_id, source.outlet) for story in stories for source in story.sources}
    return len({outlet for _, outlet in sources if outlet}) + sum(1 for _, outlet in sources if not outlet)


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
        dated=article.published is not None,
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
    """The statements worth showing: everyone's best before anyone's second, names before the nameless."""
    by_speaker: dict[str, list[_Telling]] = {}
    for reading in readings:
        for statement in reading.brief.statements[:_CONSIDERED]:
            quote = quote_of(statement, reading.article)
            if quote.speaker is not None and quote.mode is Mode.SPEECH:
                told = by_speaker.setdefault(name_key(quote.speaker.name), [])
                _tell_once(told, quote, marks[reading.article.id])
    ranked = []
    for speaker, told in by_speaker.items():
        told.sort(key=_rank)
        for place, telling in enumerate(told[:most]):
            quote = telling.quote
            nameless = not speaker or quote.speaker is None or quote.speaker.anonymous
            outlets = -len(telling.marks)
            ranked.append((place, nameless, outlets, quote.kind is not Kind.DIRECT, telling))
    ranked.sort(key=lambda entry: entry[:4])
    return tuple(Said(entry[4].quote, tuple(entry[4].marks)) for entry in ranked[:most])


@dataclass(slots=True)
class _Telling:
    """A quote while the articles that carry it are gathered."""

    quote: Quote
    words: str
    marks: list[int]


def _tell_once(told: list[_Telling], quote: Quote, mark: int) -> None:
    """Adds the quote, or its mark to the same words.

    Only equal words are one statement: a word more may be a negation, a condition or another figure. Of two
    that contain each other the longer one stands, with the marks of those that hold all of it.
    """
    said = _spoken(quote)
    for at, earlier in enumerate(told):
        if said == earlier.words:
            if mark not in earlier.marks:
                earlier.marks.append(mark)
            return
        if said in earlier.words:
            return
        if earlier.words in said:
            told[at] = _Telling(quote, said, [mark])
            return
    told.append(_Telling(quote, said, [mark]))


def _spoken(quote: Quote) -> str:
    """The words for comparing; reporting words too where they may deny or doubt what was said."""
    cue = "" if quote.kind is Kind.DIRECT else f"{' '.join(_ALL_WORDS.findall(fold(quote.cue)))} | "
    return f" {cue}{' '.join(_ALL_WORDS.findall(fold(quote.words)))} "


def _rank(telling: _Telling) -> tuple[int, int, bool]:
    order = {Kind.DIRECT: 0, Kind.MIXED: 1, Kind.INDIRECT: 2}
    return -len(telling.marks), order[telling.quote.kind], len(telling.quote.words) < 25


def _alike(one: str, other: str) -> float:
    """Shared words over the words of the shorter one, 0 to 1."""
    a, b = _words(one), _words(other)
    return len(a & b) / max(1, min(len(a), len(b)))


def _words(text: str) -> set[str]:
    return {w for w in re.findall(r"\w+", fold(text)) if len(w) > 2}
