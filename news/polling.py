"""When a feed is looked at again: as often as it changes, as seldom as its publisher asks, later after each failure."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from news.feeds import INTERVAL, Feed, FeedUpdate, Fetched, Gone, NotModified, Pace

SHORTEST, LONGEST = timedelta(minutes=10), timedelta(hours=6)
"""Between these the interval of a well feed moves, whatever it does."""
SOONER, LATER = 0.6, 1.25
"""What the interval is multiplied by after a look that brought something, and after one that did not.

The two are in balance where three looks in ten bring something: a feed is asked about three times as often as it
changes. (Multiplicative increase and decrease, as in congestion control.)
"""
SPREAD = 0.2
"""By which share of a wait looks are spread, so that feeds added together are not asked together for ever."""
SOON = timedelta(minutes=1)
"""After it, the rest of a feed is read that brought more than is taken at one reading."""
LONGEST_WAIT = timedelta(days=1)
"""How long a feed waits at most, whatever has failed and whatever it or its server asks for, quiet days aside."""
FURTHEST = LONGEST_WAIT + timedelta(days=7)
"""How far ahead the next look ever lies: quiet days are a week at most."""


def after_success(
    feed: Feed, update: FeedUpdate, now: datetime, *, brought: bool = True, chance: float = 0.5
) -> Feed:
    """The feed's state after it was reached.

    `brought` is whether it had anything new; `chance`, from 0 to 1, places the next look within the spread.
    """
    well = replace(feed, last_success=now, last_error=None, failing_since=None, failures=0)
    match update:
        case Gone():
            return replace(
                well, ended=True, last_error="the server says it has ended (410 Gone)", failing_since=now
            )
        case Fetched():
            well = replace(
                well,
                title=update.title or feed.title,
                validators=update.validators,
                body_hash=update.body_hash,
                url=update.url,
                pace=update.pace,
            )
        case NotModified():
            well = replace(well, validators=update.validators)
    first = feed.last_success is None
    interval = feed.interval if first else _adapted(feed.interval, brought=brought)
    asked = max(update.fresh_for or timedelta(), well.pace.at_least or timedelta())
    wait = min(max(interval * _factor(chance), asked), LONGEST_WAIT)
    return replace(well, interval=interval, next_check=_awake(now + wait, well.pace))


def after_part(feed: Feed, update: Fetched, now: datetime) -> Feed:
    """The feed's state after some of what is new in it was taken: it is well, and is read whole again soon."""
    wait = min(max(SOON, update.fresh_for or timedelta()), LONGEST_WAIT)
    return replace(
        feed,
        title=update.title or feed.title,
        url=update.url,
        last_error=None,
        failing_since=None,
        failures=0,
        next_check=now + wait,
    )


def after_failure(
    feed: Feed, error: str, now: datetime, *, retry_after: timedelta | None = None, chance: float = 0.5
) -> Feed:
    """The feed's state after it could not be read: it waits twice as long each time, up to a day.

    `retry_after` is how long the server asked to be left alone.
    """
    wait = INTERVAL * 2 ** min(feed.failures, 10) * _factor(chance)
    return replace(
        feed,
        last_error=error,
        failing_since=feed.failing_since or now,
        failures=feed.failures + 1,
        next_check=now + min(max(wait, retry_after or timedelta()), LONGEST_WAIT),
    )


def _adapted(interval: timedelta, *, brought: bool) -> timedelta:
    return min(max(interval * (SOONER if brought else LATER), SHORTEST), LONGEST)


def _factor(chance: float) -> float:
    """Spread evenly around 1."""
    return 1 + SPREAD * (chance - 0.5)


def _awake(moment: datetime, pace: Pace) -> datetime:
    """The moment, or the first hour after it in which the feed publishes; a feed that never does is not believed."""
    hour = moment.replace(minute=0, second=0, microsecond=0)
    for ahead in range(24 * 7):
        then = hour + timedelta(hours=ahead)
        if then.hour not in pace.quiet_hours and then.weekday() not in pace.quiet_days:
            return max(moment, then)
    return moment
