"""Digests: what a channel receives. Composed once (`news.composing`), stored, then rendered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from news.answers import Quote
from news.articles import ArticleId
from news.ledger import Evidence
from news.passages import Passage
from news.spans import Span
from news.stances import Position
from news.stories import StoryId


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
    copy_of: int | None = None
    """The mark of the article whose words these are."""
    whole: bool = False
    """Whether it was the whole article, not only the feed's own excerpt; False also where nobody noted it."""
    revised: datetime | None = None
    """When this version was first seen, if it is not the first."""


@dataclass(frozen=True, slots=True)
class Said:
    """A statement and all the articles of the story that carry it."""

    quote: Quote
    marks: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """A statement that the channel was told, and that an edit took out of its article."""

    mark: int
    """The article's."""
    article_id: ArticleId
    quote: Quote
    """As it was told."""
    when: datetime
    """When the version without it was first seen."""


@dataclass(frozen=True, slots=True)
class Retitled:
    """An article whose headline is another one than the channel was told."""

    mark: int
    before: str
    now: str


class Matter(StrEnum):
    """What outlets differ about."""

    FIGURE = "figure"
    SPEAKER = "speaker"
    """Who said the words."""


@dataclass(frozen=True, slots=True)
class DifferenceSide:
    """What some of the articles have, each in its own words."""

    words: str
    """The first one's: the figure, or the speaker's name."""
    marks: tuple[int, ...]
    evidence: str
    """The first one's sentence, or what it quotes."""
    spans: tuple[Span, ...]
    """Where the evidence stands in the first one."""


@dataclass(frozen=True, slots=True)
class Difference:
    """Something that the articles of a story tell differently, side by side, never merged."""

    matter: Matter
    what: str
    """What the figure is of, or the words that were said: verbatim from one of the articles."""
    sides: tuple[DifferenceSide, ...]
    """At least two."""


@dataclass(frozen=True, slots=True)
class Caution:
    """What a reader of the article should know."""

    mark: int
    detail: str
    spans: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Shift:
    """A position that an actor took: a new one, or another one than before."""

    actor: str
    target: str
    position: Position
    since: datetime
    shown: Evidence
    """The newest words that show it."""
    marks: tuple[int, ...] = ()
    """The story's articles that have it; none where it stands apart from the stories."""
    before: Position | None = None
    until: datetime | None = None
    """Up to when the one before is known to have held."""


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
    """Copies stand last; where there are more articles than these, they are counted only."""
    copies: int = 0
    """Of the articles, those that only have another one's words."""
    since: datetime | None = None
    """Where the channel knows the story already: up to when it was told of it. Then all here is new."""
    differences: tuple[Difference, ...] = ()
    cautions: tuple[Caution, ...] = ()
    withdrawn: tuple[Withdrawn, ...] = ()
    """What was told here before and is in its article no longer."""
    retitled: tuple[Retitled, ...] = ()
    positions: tuple[Shift, ...] = ()
    """Positions that its articles of the window show for the first time."""


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
    unread: int = 0
    """Feeds that were not looked at yet."""


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
    unchanged: int = 0
    """Stories with articles in the window that say nothing beyond what the channel was told."""
    notices: tuple[str, ...] = ()
    """What went wrong with the articles' summaries, each once."""
    health: FeedHealth = FeedHealth()
    narrowed: str = ""
    """Which stories alone were wanted, in words: `about ceasefire by Peskov in Daily Herald`."""
    positions: tuple[Shift, ...] = ()
    """Positions that changed and that none of the stories tells of."""


@dataclass(frozen=True, slots=True)
class Taste:
    """How much a digest tells."""

    stories: int = 8
    sentences: int = 3
    quotes: int = 4
    sources: int = 8
    """Articles of one story that are looked at and named."""
