"""Time across a picture: where a moment stands, which ones are named below, and how dates are written."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from bot.messages.wording import local

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
MOST_TICKS = 7
SHORTEST = timedelta(hours=3)
_EARLIEST, _LATEST = datetime(1000, 1, 1, tzinfo=UTC), datetime(9000, 1, 1, tzinfo=UTC)
_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)
_CLOCK = timedelta(days=2)
"""Up to this span the time of day matters."""
_STEPS = tuple(hours * _HOUR for hours in (1, 2, 3, 6, 12)) + tuple(days * _DAY for days in (1, 2, 7, 14))
_MONTHS = (1, 2, 3, 6, 12, 24, 60, 120, 240, 600, 1200, 2400, 6000, 12000, 24000)
_MONDAY = datetime(1, 1, 1)  # noqa: DTZ001 a day on the clocks of any zone


@dataclass(frozen=True, slots=True)
class Timeline:
    """A stretch of time laid across a picture."""

    first: datetime
    """The first moment that is told of."""
    start: datetime
    """Where the picture begins, a little before that."""
    end: datetime
    left: float
    right: float
    timezone: str

    def at(self, moment: datetime) -> float:
        """Where the moment stands; one outside, at the edge."""
        share = (moment - self.start) / (self.end - self.start)
        return round(self.left + min(max(share, 0.0), 1.0) * (self.right - self.left), 1)

    def ticks(self) -> tuple[tuple[float, str], ...]:
        """At most seven moments that are named, evenly far apart on the calendar."""
        start, end = (local(moment, self.timezone) for moment in (self.start, self.end))
        zone = start.tzinfo
        calendars = _calendars(start.replace(tzinfo=None), end.replace(tzinfo=None))
        named = next(each for each in calendars if len(each) <= MOST_TICKS)
        return tuple((self.at(moment.replace(tzinfo=zone)), name) for moment, name in named)

    def date(self, moment: datetime) -> str:
        """`3 Dec`; with the year where the stretch has several, with the time where it has few days."""
        here, first, end = (local(one, self.timezone) for one in (moment, self.first, self.end))
        if self.end - self.start > _CLOCK:
            return day(here, year=first.year != end.year)
        clock = f"{here:%H:%M}"
        return clock if here.date() == end.date() else f"{day(here)} {clock}"

    def range(self) -> str:
        """`2 Oct – 5 Dec 2024`, `2–5 Dec 2024`."""
        first, last = (local(moment, self.timezone) for moment in (self.first, self.end))
        if first.date() == last.date():
            return day(last, year=True)
        if (first.year, first.month) == (last.year, last.month):
            return f"{first.day}–{day(last, year=True)}"
        return f"{day(first, year=first.year != last.year)} – {day(last, year=True)}"


def timeline(first: datetime, end: datetime, left: float, right: float, timezone: str) -> Timeline:
    """From one moment to another, a little longer at the left; an hour or none at all becomes some hours."""
    first, end = within(first), within(end)
    start = min(first - (end - first) / 50, end - SHORTEST)
    return Timeline(first, start, end, left, right, timezone)


def within(moment: datetime) -> datetime:
    """The moment, or the edge of the calendar that we count with."""
    return min(max(moment, _EARLIEST), _LATEST)


def day(moment: datetime, *, year: bool = False) -> str:
    """`3 Dec` or `3 Dec 2024`, in English wherever we run."""
    short = f"{moment.day} {MONTHS[moment.month - 1]}"
    return f"{short} {moment.year}" if year else short


def _calendars(start: datetime, end: datetime) -> Iterator[list[tuple[datetime, str]]]:
    """The moments between the two with their names at each step, from hours to ages; only where they may be few."""
    for step in _STEPS:
        if (end - start) / step <= MOST_TICKS + 1:
            yield [(moment, _hour_or_day(moment)) for moment in _even(start, end, step)]
    for months in _MONTHS:
        if (end - start) / (28 * _DAY * months) <= MOST_TICKS + 3:
            yield [(moment, _month_or_year(moment)) for moment in _firsts(start, end, months)]


def _even(start: datetime, end: datetime, step: timedelta) -> list[datetime]:
    first = _MONDAY + -(-(start - _MONDAY) // step) * step
    return [first + number * step for number in range((end - first) // step + 1)]


def _firsts(start: datetime, end: datetime, months: int) -> list[datetime]:
    """The first days of every so many months, counted from January or from the year 0."""
    first = -(-(start.year * 12 + start.month - 1) // months) * months
    numbers = range(first, end.year * 12 + end.month, months)
    moments = [datetime(number // 12, number % 12 + 1, 1) for number in numbers]  # noqa: DTZ001
    return [moment for moment in moments if start <= moment <= end]


def _hour_or_day(moment: datetime) -> str:
    return f"{moment:%H:%M}" if moment.hour else day(moment)


def _month_or_year(moment: datetime) -> str:
    return str(moment.year) if moment.month == 1 else MONTHS[moment.month - 1]
