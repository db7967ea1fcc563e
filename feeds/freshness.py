"""How long a server says that its answer holds, and how long it wants to be left alone. Garbage says nothing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

LONGEST = timedelta(days=366)
"""A longer time is a slip of the pen."""

_LONGEST_DATE = 64


def fresh_for(
    cache_control: str | None, *, age: str | None = None, expires: str | None = None, date: str | None = None
) -> timedelta | None:
    """How long an answer with these headers holds from now on; None when it does not or nothing is said.

    `s-maxage` is left out: it is for caches that many people share.
    """
    if not cache_control and not expires:
        return None
    directives = _directives(cache_control or "")
    if not directives.keys().isdisjoint({"no-cache", "no-store"}):
        return None
    if "max-age" in directives:
        lasts = _seconds(directives["max-age"])
    else:
        until, since = _moment(expires), _moment(date)
        lasts = until - since if until and since else None
    return _credible(lasts - (_seconds(age) or timedelta())) if lasts else None


def retry_after(value: str | None, *, date: str | None, now: datetime) -> timedelta | None:
    """How long to wait by a `Retry-After`: seconds, or a moment by the server's own clock where it tells its time."""
    until = _moment(value)
    wait = until - (_moment(date) or now) if until else _seconds(value)
    return _credible(wait) if wait else None


def _directives(header: str) -> dict[str, str]:
    """By name; of one given twice the first."""
    directives: dict[str, str] = {}
    for part in header.split(","):
        name, _, value = part.partition("=")
        directives.setdefault(name.strip().lower(), value.strip().strip('"'))
    return directives


def _seconds(value: str | None) -> timedelta | None:
    if value is None:
        return None
    value = value.strip()
    return timedelta(seconds=int(value)) if value.isascii() and value.isdigit() and len(value) < 12 else None


def _moment(value: str | None) -> datetime | None:
    """A moment in any of HTTP's three notations."""
    if not value or len(value) > _LONGEST_DATE or value.strip().isdigit():
        return None
    try:
        moment = parsedate_to_datetime(value)
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, TypeError, OverflowError, IndexError):
        return None


def _credible(time: timedelta) -> timedelta | None:
    return time if timedelta() < time <= LONGEST else None
