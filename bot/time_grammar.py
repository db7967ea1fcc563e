"""The times of a schedule as people type them, and the cron line that they are."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from datetime import timedelta
from functools import lru_cache
from zoneinfo import available_timezones

from bot.jobs.slots import canonical, shortest_gap
from bot.words import shown
from news.errors import GrammarError

SHORTEST_GAP = timedelta(minutes=15)
"""No schedule posts more often."""
_DAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
_NAMES = ("sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday")
_MANY = {"weekdays": "mon-fri", "weekday": "mon-fri", "weekends": "sat,sun", "weekend": "sat,sun"}
_EVERY_DAY = frozenset({"daily", "day", "days"})
_FILLERS = frozenset({"at", "and", "&", "on", "every", "each"})
_CLOCK = re.compile(r"([01]?[0-9]|2[0-3]):([0-5][0-9])", re.ASCII)
_RHYTHM = re.compile(
    r"(?:every|each) ?([0-9]{1,4})? ?(h|hours?|hrs?|m|mins?|minutes?)(?: (?:from|at) (\S+))?", re.ASCII
)
_USUAL = (
    "UTC", "Europe/London", "Europe/Paris", "Europe/Berlin", "Europe/Warsaw", "Europe/Kyiv", "Europe/Istanbul",
    "Asia/Jerusalem", "Asia/Dubai", "Asia/Kolkata", "Asia/Shanghai", "Asia/Tokyo", "Australia/Sydney",
    "Africa/Cairo", "Africa/Nairobi", "America/Sao_Paulo", "America/New_York", "America/Chicago",
    "America/Los_Angeles",
)  # fmt: skip
_HOURS = (1, 2, 3, 4, 6, 8, 12, 24)
_MINUTES = (15, 20, 30, 60)
_EXAMPLES = "09:00, weekdays 09:00, mon,wed 18:30, every 6 hours, or a cron line such as '0 9 * * mon-fri'"


def cron_of(times: str) -> str:
    """The cron line that the times are, the same for times that mean the same. Raises InputError.

    `09:00`, `weekdays 09:00`, `mon,wed,fri 18:30`, `09:00, 18:00`, `every 6 hours from 03:00`, or a line of five
    fields. What posts more often than every 15 minutes is refused, and so is what never comes.
    """
    typed = " ".join(times.lower().split())
    cron = canonical(_rhythm(typed) or _line(times, typed) or _days_and_clocks(typed))
    if shortest_gap(cron) < SHORTEST_GAP:
        raise GrammarError(
            "A schedule posts no more often than every 15 minutes: choose times that are further apart."
        )
    return cron


def zone_named(name: str) -> str:
    """The time zone of that name, or of that city in any case: `kyiv` is Europe/Kyiv. Raises InputError."""
    known = _zones()
    if name in known:
        return name
    key = "_".join(name.lower().split())
    found = [zone for zone in known if key == zone.lower()] or [
        zone for zone in known if key == zone.lower().rpartition("/")[2]
    ]
    if len(found) == 1:
        return found[0]
    close = found or difflib.get_close_matches(name, known, n=1)
    advice = f"did you mean {' or '.join(close[:3])}?" if close else "use a name such as Europe/Kyiv."
    raise GrammarError(f"No time zone is called {shown(name)!r}: {advice}")


def zones_like(part: str, limit: int) -> tuple[str, ...]:
    """Time zones whose names hold the words, those of which a part begins with them first; of nothing, usual ones."""
    key = "_".join(part.casefold().split())
    if not key:
        return tuple(zone for zone in _USUAL if zone in _zones())[:limit]
    found = [zone for zone in _zones() if key in zone.casefold() and not zone.startswith("Etc/")]
    return tuple(sorted(found, key=lambda zone: (not _begins(zone, key), zone))[:limit])


def _begins(zone: str, key: str) -> bool:
    return any(piece.startswith(key) for piece in (zone.casefold(), *zone.casefold().split("/")))


@lru_cache(maxsize=1)
def _zones() -> tuple[str, ...]:
    return tuple(sorted(available_timezones() - {"localtime"}))  # that one is the machine's, whichever it is


def _line(times: str, typed: str) -> str | None:
    """A cron line begins with a number or a star, and holds no colon."""
    return times if typed and typed[0] in "0123456789*" and ":" not in typed and " " in typed else None


def _rhythm(typed: str) -> str | None:
    """`every 6 hours from 03:00`: the same times each day, so that a day must hold a whole number of them."""
    if typed == "hourly":
        return "0 * * * *"
    found = _RHYTHM.fullmatch(typed)
    if found is None:
        return None
    count, unit, start = int(found[1] or 1), found[2], found[3]
    hour, minute = _clock(start) if start else (0, 0)
    if unit.startswith("m"):
        if count < SHORTEST_GAP.total_seconds() // 60 or start:
            raise GrammarError("Every 15, 20, 30 or 60 minutes can be posted, or at times such as 09:00.")
        if count not in _MINUTES:
            raise GrammarError(f"An hour holds no whole number of {count} minutes: use 15, 20, 30 or 60.")
        return f"{','.join(map(str, range(0, 60, count)))} * * * *"
    if count not in _HOURS:
        raise GrammarError(
            f"A day holds no whole number of {count} hours: use 1, 2, 3, 4, 6, 8, 12 or 24, or times such as 09:00."
        )
    hours = sorted((hour + step) % 24 for step in range(0, 24, count))
    return f"{minute} {','.join(map(str, hours))} * * *"


def _days_and_clocks(typed: str) -> str:
    days: list[str] = []
    clocks: list[tuple[int, int]] = []
    every_day = False
    for word in typed.replace(",", " ").split():
        if ":" in word:
            clocks.append(_clock(word))
        elif word in _EVERY_DAY:
            every_day = True
        elif word not in _FILLERS:
            days.append(_day(word))
    if not clocks:
        raise GrammarError(f"Say at what time: {_EXAMPLES}.")
    minutes, hours = sorted({minute for _, minute in clocks}), sorted({hour for hour, _ in clocks})
    if len(minutes) * len(hours) != len(set(clocks)):
        raise GrammarError(
            "Times of different hours and minutes do not fit into one schedule: add one for each, "
            "or use the same minute, such as 09:00, 18:00."
        )
    weekdays = "*" if every_day or not days else ",".join(days)
    return f"{_listed(minutes)} {_listed(hours)} * * {weekdays}"


def _listed(values: Iterable[int]) -> str:
    return ",".join(map(str, values))


def _clock(word: str) -> tuple[int, int]:
    found = _CLOCK.fullmatch(word)
    if found is None:
        raise GrammarError(f"{shown(word)!r} is no time of day: write it as 09:00.")
    return int(found[1]), int(found[2])


def _day(word: str) -> str:
    """A day or some of them, as a cron line lists them: `mon`, `mon-fri`, `weekends`."""
    if word in _MANY:
        return _MANY[word]
    first, dash, last = word.partition("-")
    start, end = _weekday(first), _weekday(last) if dash else None
    if start is None or (dash and end is None):
        raise GrammarError(f"{shown(word)!r} is no time of a schedule: use {_EXAMPLES}.")
    if end is None:
        return _DAYS[start]
    return ",".join(_DAYS[(start + step) % 7] for step in range((end - start) % 7 + 1))


def _weekday(word: str) -> int | None:
    """Its number, Sunday's being 0: `mon`, `tues`, `wednesday`, `Mondays`."""
    word = word.removesuffix("s") if word.endswith("days") else word
    return next((n for n, name in enumerate(_NAMES) if len(word) > 2 and name.startswith(word)), None)
