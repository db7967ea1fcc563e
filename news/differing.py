"""Differing: what the articles of a story tell differently, in their own words and side by side."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from news.answers import quote_of
from news.articles import Article, ArticleId
from news.digests import Difference, DifferenceSide, Matter
from news.disagreements import Credited, disputed_quotes, is_compared
from news.figures import Account, disagreements
from news.names import NameChange
from news.spans import words_of
from news.stories import Reading

_CONSIDERED = 100
"""Statements of one article that are looked at."""


def differences_of(
    readings: Sequence[Reading], marks: Mapping[ArticleId, int], changes: Sequence[NameChange] = ()
) -> tuple[Difference, ...]:
    """Figures for one thing that are not the same, then words that are credited to different speakers."""
    if len(readings) < 2:
        return ()
    articles = {marks[reading.article.id]: reading.article for reading in readings}
    return (*_figures(readings, marks, articles), *_speakers(readings, marks, changes))


def _figures(
    readings: Sequence[Reading], marks: Mapping[ArticleId, int], articles: Mapping[int, Article]
) -> Iterator[Difference]:
    accounts = [Account(marks[r.article.id], r.brief.figures) for r in readings]
    for found in disagreements(accounts):
        sides = []
        for side in found.sides:
            mark, figure = side.told[0]
            text = articles[mark].text
            sides.append(
                DifferenceSide(figure.span.of(text), side.marks, figure.clause.of(text), (figure.clause,))
            )
        what = words_of(articles[found.mark].text, found.what)
        yield Difference(Matter.FIGURE, what, tuple(sides))


def _speakers(
    readings: Sequence[Reading], marks: Mapping[ArticleId, int], changes: Sequence[NameChange]
) -> Iterator[Difference]:
    told = [
        Credited(marks[reading.article.id], quote_of(statement, reading.article))
        for reading in readings
        for statement in reading.brief.statements[:_CONSIDERED]
        if is_compared(statement)
    ]
    for found in disputed_quotes(told, changes):
        sides = tuple(
            DifferenceSide(side.name, side.marks, side.told[0].quote.words, side.told[0].quote.content)
            for side in found.sides
        )
        yield Difference(Matter.SPEAKER, found.words, sides)
