"""Times are aware UTC inside; this is the one place that makes them so."""

from __future__ import annotations

from datetime import UTC, datetime


def as_utc(moment: datetime) -> datetime:
    """The same instant in UTC; ValueError for a naive time, which has no instant."""
    if moment.tzinfo is None or moment.utcoffset() is None:
        raise ValueError(f"a time without a zone: {moment.isoformat()}")
    return moment.astimezone(UTC)


def parse_time(text: str) -> datetime:
    """An ISO 8601 date or time as UTC; one without a zone is taken as UTC. ValueError when it is none."""
    moment = datetime.fromisoformat(text.strip())
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else as_utc(moment)
