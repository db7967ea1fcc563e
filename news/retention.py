"""Retention: for how long what was read and posted is kept, and what becomes of it then."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from news.aging import moved, reduce
from news.articles import ArticleId
from news.spans import Span
from news.statements import Statement

LEAST = timedelta(days=7)
"""Nothing is dropped sooner: stories reach over three days, and a digest over as long as somebody was away."""

Spans = tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Keep:
    """For how long, and what stays."""

    span: timedelta
    """By `Article.when` of an article, and by when a digest was composed."""
    statements: bool = True
    """Whether statements stay for ever, with the sentences that they stand in."""


@dataclass(frozen=True, slots=True)
class Old:
    """An article that is older than what is kept."""

    article_id: ArticleId
    when: datetime
    spoken: bool
    """Whether anything that it says of anybody is stored."""


@dataclass(frozen=True, slots=True)
class Version:
    """A version of an old article in which statements stand, with all that points into its text."""

    article_id: ArticleId
    version: int
    text: str
    statements: tuple[tuple[int, Statement], ...]
    """Those that are gone from later versions included; each with its id."""
    evidence: tuple[tuple[int, Spans], ...] = ()
    """Of the article's stances, each with its id."""


@dataclass(frozen=True, slots=True)
class Retained:
    """What was taken away, or would be."""

    dropped: int = 0
    """Articles."""
    reduced: int = 0
    """Articles of which statements stay."""
    statements: int = 0
    """Those that went with their articles."""
    digests: int = 0
    notices: int = 0

    def __add__(self, other: Retained) -> Retained:
        return Retained(
            self.dropped + other.dropped,
            self.reduced + other.reduced,
            self.statements + other.statements,
            self.digests + other.digests,
            self.notices + other.notices,
        )

    @property
    def nothing(self) -> bool:
        """Whether nothing was."""
        return self == Retained()


def shorten(version: Version) -> Version:
    """The version with the sentences around its statements alone, to which everything points from then on."""
    statements = [statement for _, statement in version.statements]
    reduced = reduce(version.text, statements, [spans for _, spans in version.evidence])
    if reduced.text == version.text:
        return version
    return Version(
        version.article_id,
        version.version,
        reduced.text,
        tuple((number, moved(statement, reduced)) for number, statement in version.statements),
        tuple((number, tuple(map(reduced.move, spans))) for number, spans in version.evidence),
    )
