"""Edits: what an article says that an earlier version of it did not."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from news.actors import fold
from news.articles import ArticleId
from news.condensing import unheard
from news.digests import Earlier
from news.spans import Span
from news.statements import Statement
from news.stories import Reading, Story, StoryId

_WORDS = re.compile(r"\w+")
_ENDS = re.compile(r"(?<=[.!?…。！？])\s+|\n+")
_SENTENCES = 400
"""Sentences of the earlier version that are looked at."""


def edited(stories: Iterable[Story], told: Mapping[StoryId, Sequence[Earlier]]) -> dict[ArticleId, int]:
    """Articles that the channel was told of and that were edited since, with the version that it was told of."""
    found: dict[ArticleId, int] = {}
    for story in stories:
        versions: dict[ArticleId, int] = {}
        for source in (source for earlier in told.get(story.id, ()) for source in earlier.story.sources):
            versions[source.article_id] = max(source.version, versions.get(source.article_id, 0))
        for article in (reading.article for reading in story.readings):
            if versions.get(article.id, article.version) < article.version:
                found[article.id] = versions[article.id]
    return found


def additions(reading: Reading, before: str) -> Reading:
    """The reading without the sentences and statements that stood in an earlier version of the text."""
    brief = reading.brief
    stood = _folded(before)
    sentences = [s for s in brief.summary if _folded(s.text) not in stood]
    summary = unheard(sentences, _ENDS.split(before, maxsplit=_SENTENCES)[:_SENTENCES]) if sentences else ()
    statements = tuple(s for s in brief.statements if not _stood(s, reading.article.text, stood))
    return replace(reading, brief=replace(brief, summary=summary, statements=statements))


def _stood(statement: Statement, text: str, stood: str) -> bool:
    """Whether its words, the reporting ones too, stood there."""
    spans: tuple[Span, ...] = (*statement.content, *statement.cue)
    return all(_folded(span.of(text)) in stood for span in spans)


def _folded(text: str) -> str:
    """The words as they are compared, a space before and after each."""
    return f" {' '.join(_WORDS.findall(fold(text)))} "
