"""What queries return."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from news.articles import Article, ArticleId
from news.queries import StatementQuery
from news.spans import Span, words_of
from news.statements import Kind, Mode, Speaker, Statement


@dataclass(frozen=True, slots=True)
class Quote:
    """A statement with the words and the source that stand behind it: what `/whosaid` shows."""

    words: str
    """The content verbatim, quotation marks as in the article; ` … ` where the article has words between."""
    cue: str
    """The reporting words, verbatim; empty when there are none."""
    speaker: Speaker | None
    kind: Kind
    mode: Mode
    venue: str | None
    confidence: float
    article_id: ArticleId
    article_key: str
    headline: str | None
    outlet: str | None
    url: str | None
    when: datetime
    """When the article was published, else when it arrived."""
    content: tuple[Span, ...]
    cue_spans: tuple[Span, ...] = ()
    source_spans: tuple[Span, ...] = ()
    dated: bool = True
    """Whether `when` is the article's own time; if not, nobody knows when it was published."""


@dataclass(frozen=True, slots=True)
class QuotePage:
    """Some quotes of all that match, newest first."""

    query: StatementQuery
    quotes: tuple[Quote, ...]
    total: int

    @property
    def more(self) -> bool:
        """Whether there is a next page."""
        return self.query.offset + len(self.quotes) < self.total


def quote_of(statement: Statement, article: Article) -> Quote:
    """The statement with its article's words and source."""
    return Quote(
        words=words_of(article.text, statement.content),
        cue=words_of(article.text, statement.cue),
        speaker=statement.speaker,
        kind=statement.kind,
        mode=statement.mode,
        venue=words_of(article.text, statement.venue) or None,
        confidence=statement.confidence,
        article_id=article.id,
        article_key=article.key,
        headline=article.title,
        outlet=article.outlet,
        url=article.url,
        when=article.when,
        content=statement.content,
        cue_spans=statement.cue,
        source_spans=statement.source,
        dated=article.published is not None,
    )
