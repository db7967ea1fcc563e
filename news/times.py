"""Times are aware UTC inside; this is the one place that makes them so."""

from __future__ import annotations

from datetime import UTC, datetime

EARLIEST, LATEST = 1970, 2100
"""Years; what claims to be from outside them is a slip, and arithmetic with it may overflow."""


def plausible(moment: datetime | None) -> datetime | None:
    """The moment, unless its year is outside the bounds."""
    return moment if moment is not None and EARLIEST <= moment.year < LATEST else None


def as_utc(moment: datetime) -> datetime:
    """The same instant in UTC; ValueError for a naive time, which has no instant."""
    if moment.tzinfo is None or moment.utcoffset() is None:
        raise ValueError(f"a time without a zone: {moment.isoformat()}")
    return moment.astimezone(UTC)


def parse_time(text: str) -> datetime:
    """An ISO 8601 date or time as UTC; one without a zone is taken as UTC.

    ValueError when it is none, or when its year is implausible.
    """
    moment = datetime.fromisoformat(text.strip())
    if plausible(moment) is None:
        raise ValueError(f"a year outside {EARLIEST} to {LATEST}: {text}")
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else as_utc(moment)
