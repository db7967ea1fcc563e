"""How the tests of this room show what was read: words instead of offsets."""

from __future__ import annotations

from news.briefs import Brief
from news.spans import Span
from news.statements import Statement
from summarizer.pipeline import Pipeline
from tests.builders import an_article


def brief_of(text: str, *, title: str | None = None, **changes) -> Brief:
    """The brief of an article with this text."""
    return Pipeline().brief(an_article(text, title=title, **changes))


def words(text: str, spans: tuple[Span, ...]) -> str:
    """The spans' words, ` | ` between pieces."""
    return " | ".join(span.of(text) for span in spans)


def shown(text: str, statement: Statement) -> tuple[str, str, str]:
    """Source, cue, content of a statement in words."""
    return words(text, statement.source), words(text, statement.cue), words(text, statement.content)


def statements_in(text: str, **changes) -> list[tuple[str, str, str]]:
    """Source, cue and content of all statements in the text, which is one body paragraph or more."""
    return [shown(text, s) for s in brief_of(text, **changes).statements]
