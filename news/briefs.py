"""Briefs: our reading of one article."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from news.articles import ArticleId
from news.figures import Figure
from news.spans import Span
from news.stances import Stance
from news.statements import Statement


@dataclass(frozen=True, slots=True)
class SummarySentence:
    """One sentence of a summary; `span` is None only for generated text."""

    text: str
    span: Span | None


@dataclass(frozen=True, slots=True)
class Flag:
    """Something a reader should know about the article: a machine-readable kind, and a sentence."""

    kind: str
    detail: str
    spans: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Brief:
    """What we understood of one version of one article."""

    article_id: ArticleId
    version: int
    length: int
    """Of the text, in characters."""
    language: str | None = None
    summary: tuple[SummarySentence, ...] = ()
    statements: tuple[Statement, ...] = ()
    withheld: tuple[Statement, ...] = ()
    """Statements that are not stored and stand in no answer to people; each says why."""
    stances: tuple[Stance, ...] = ()
    flags: tuple[Flag, ...] = ()
    figures: tuple[Figure, ...] = ()
    engines: Mapping[str, str] = field(default_factory=dict)
    """Which part was made by what: part to name and version."""
