"""Values with defaults, so that a test names only what it is about."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from news.articles import Article, ArticleDraft, ArticleId
from news.briefs import Brief, SummarySentence
from news.spans import Span
from news.statements import Kind, Speaker, Statement
from news.stories import Signature

MORNING = datetime(2024, 12, 4, 9, 0, tzinfo=UTC)
TEXT = 'The mayor spoke on Tuesday. "The bridge will close," said Dana Miller of the council.'


def a_draft(text: str = TEXT, **changes) -> ArticleDraft:
    """A draft of the Herald's, published in the morning."""
    draft = ArticleDraft(text=text, title="Bridge to close", outlet="The Herald", published=MORNING)
    return replace(draft, **changes)


def an_article(text: str = TEXT, **changes) -> Article:
    """A stored article of the Herald's."""
    article = Article(
        id=ArticleId(1),
        key="1",
        text=text,
        arrived=MORNING,
        title="Bridge to close",
        outlet="The Herald",
        published=MORNING,
    )
    return replace(article, **changes)


def a_signature(name: str | None = "") -> Signature:
    """What nothing else is like; only its terms tell which one it is."""
    return Signature(terms=(name or "").encode(), vector=bytes(384), shingles=b"")


def a_span(text: str, words: str) -> Span:
    """Where the words stand in the text."""
    start = text.index(words)
    return Span(start, start + len(words))


def a_speaker(name: str = "Dana Miller", affiliation: str | None = None, **changes) -> Speaker:
    """Someone under the fullest name."""
    return replace(Speaker(name, mention=name, affiliation=affiliation), **changes)


def a_statement(
    text: str = TEXT,
    words: str = '"The bridge will close,"',
    *,
    speaker: str | Speaker | None = "Dana Miller",
    **changes,
) -> Statement:
    """A direct statement whose content are the given words of the text."""
    who = a_speaker(speaker) if isinstance(speaker, str) else speaker
    statement = Statement(content=(a_span(text, words),), kind=Kind.DIRECT, speaker=who)
    return replace(statement, **changes)


def a_brief(article: Article, *statements: Statement, **changes) -> Brief:
    """A brief of the article's version; its summary is the first line."""
    first = article.text.splitlines()[0] if article.text else ""
    brief = Brief(
        article_id=article.id,
        version=article.version,
        length=len(article.text),
        language="en",
        summary=(SummarySentence(first, Span(0, len(first))),),
        statements=statements,
        engines={"summary": "lead 1", "statements": "tagger 1"},
    )
    return replace(brief, **changes)
