"""How spans and times stand in JSON."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from news.spans import Span

Json = dict[str, Any]


def span_json(span: Span | None) -> list[int] | None:
    """Its ends, half-open."""
    return None if span is None else [span.start, span.end]


def spans_json(spans: Iterable[Span]) -> list[list[int]]:
    """Likewise, of each."""
    return [[span.start, span.end] for span in spans]


def time_json(moment: datetime | None) -> str | None:
    """As ISO 8601."""
    return None if moment is None else moment.isoformat()
