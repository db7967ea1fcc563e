"""What queries return."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from news.articles import Article, ArticleId
from news.queries import StatementQuery
from news.sentences import begins_sentence, sentence_around
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
    version: int = 1
    """The version of the article that the words stand in and the spans point into."""
    gone: datetime | None = None
    """When a version of the article was first seen in which the words do not stand any more; None while they do."""


@dataclass(frozen=True, slots=True)
class Telling:
    """A quote with the sentence, or the sentences, of its article around it."""

    quote: Quote
    sentence: Span
    sentence_words: str
    begins: bool
    """Whether the content begins a sentence of the article, or one of its own behind a quotation mark."""


@dataclass(frozen=True, slots=True)
class Occasion:
    """One thing that was said once, with every article that carries it."""

    told: Telling
    """The fullest wording, of those that still stand in their articles where any does."""
    tellings: tuple[Telling, ...]
    """One an article, and one more where an edit took other words of it away; newest first; `told` is among them."""
    own: bool | None = None
    """Whether the actor who was asked for speaks, not another in that name; None where nobody was asked for."""


@dataclass(frozen=True, slots=True)
class QuotePage:
    """Some of all occasions that match, by their newest articles."""

    query: StatementQuery
    occasions: tuple[Occasion, ...]
    total: int
    """How many occasions match; where not all were looked through, how many there are at least."""
    complete: bool = True
    """Whether all that match were looked through."""
    like: tuple[str, ...] = ()
    """Names that may be meant, where nobody of the name that was asked for is known."""

    @property
    def quotes(self) -> tuple[Quote, ...]:
        """The fullest wording of each."""
        return tuple(occasion.told.quote for occasion in self.occasions)

    @property
    def more(self) -> bool:
        """Whether there is a next page."""
        return not self.complete or self.query.offset + len(self.occasions) < self.total


def quote_of(statement: Statement, article: Article, *, gone: datetime | None = None) -> Quote:
    """The statement with its article's words and source, the article being in the version that has the words."""
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
        version=article.version,
        gone=gone,
    )


def telling_of(statement: Statement, article: Article, *, gone: datetime | None = None) -> Telling:
    """The statement with its article's words, the sentence around them and the source."""
    quote = quote_of(statement, article, gone=gone)
    sentence = sentence_around(article.text, (*statement.content, *statement.cue, *statement.source))
    start = min(span.start for span in statement.content)
    begins = begins_sentence(article.text, sentence, start)
    return Telling(quote, sentence, sentence.of(article.text), begins)
