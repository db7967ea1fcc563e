"""Passages: sentences that a story's summary is made of."""

from __future__ import annotations

from dataclasses import dataclass

from news.spans import Span


@dataclass(frozen=True, slots=True)
class Passage:
    """A sentence of a story's summary and the article it stands in; `span` is None only for generated text."""

    text: str
    span: Span | None
    mark: int
