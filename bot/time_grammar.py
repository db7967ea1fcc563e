"""The times of a schedule as people type them, and the cron line that they are."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Sequence
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
_FILLERS = frozenset({"at", "and", "&", "on", "every", "each", "o'clock"})
_CLOCKS = {"noon": (12, 0), "midnight": (0, 0)}
_CLOCK = re.compile(
    r"([01]?[0-9]|2[0-3])[:.h]([0-5][0-9])|([01]?[0-9]|2[0-3])|([01][0-9]|2[0-3])([0-5][0-9])", re.ASCII
)
_HALF_DAY = re.compile(r"(1[0-2]|0?[1-9])(?:[:.]([0-5][0-9]))?([ap])m", re.ASCII)
_SPACED = re.compile(r"(?<=[0-9]) (?=[ap]m\b)")
_NAMED_RUN = re.compile(r"\b([a-z]{2,9})(?: ?- ?| to | through | thru )([a-z]{2,9})\b", re.ASCII)
_OTHER_RHYTHM = re.compile(r"\b(?:every|each) (?:[0-9]+(?: |$)|other )|(?:^| )[0-9]+ days?\b", re.ASCII)
_FIELD = re.compile(r"[0-9*][0-9*,/-]*(?<!,)", re.ASCII)
_AROUND = " \t\r\n'\"`´‘’“”„"
_RHYTHM = re.compile(
    r"(?:every|each) ?([0-9]{1,4})? ?(h|hours?|hrs?|m|mins?|minutes?)"
    r"(?: (?:from|at|starting|starting (?:at|from)) (\S+))?",
    re.ASCII,
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

    `09:00`, `9am`, `weekdays 09:00`, `mon,wed,fri 18:30`, `09:00, 18:00`, `every 6 hours from 03:00`, or a line of
    five fields. What posts more often than every 15 minutes is refused, and so is what never comes.
    """
    bare = times.strip(_AROUND)  # examples stand in quotation marks, and are copied with them
    typed = _plainer(" ".join(bare.lower().split()))
    cron = canonical(_rhythm(typed) or _line(bare) or _days_and_clocks(typed))
    if shortest_gap(cron) < SHORTEST_GAP:
        raise GrammarError(
            "A schedule posts no more often than every 15 minutes: choose times that are further apart."
        )
    return cron


def zone_named(name: str) -> str:
    """The time zone of that name, or of that city in any case: `kyiv` is Europe/Kyiv. Raises InputError."""
    found = _zones_named(name)
    if len(found) == 1:
        return found[0]
    close = found or difflib.get_close_matches(name, _zones(), n=1)
    advice = f"did you mean {' or '.join(close[:3])}?" if close else "use a name such as Europe/Kyiv."
    raise GrammarError(f"No time zone is called {shown(name)!r}: {advice}")


def _zones_named(name: str) -> list[str]:
    """Those that are called so; more than one where cities share the name."""
    known = _zones()
    if name in known:
        return [name]
    key = "_".join(name.lower().split())
    return [zone for zone in known if key == zone.lower()] or [
        zone for zone in known if key == zone.lower().rpartition("/")[2]
    ]


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


def _plainer(typed: str) -> str:
    """The same with one way of writing what people write in several."""
    typed = (
        typed.replace("a.m.", "am")
        .replace("p.m.", "pm")
        .replace("–", "-")
        .replace("—", "-")
        .replace("’", "'")
    )
    return _NAMED_RUN.sub(r"\1-\2", _SPACED.sub("", typed.removeprefix("to ")))


def _line(times: str) -> str | None:
    """A cron line begins with two fields of numbers and stars."""
    words = times.split()
    return times if len(words) > 1 and all(map(_FIELD.fullmatch, words[:2])) else None


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
    """Days and times of day in either order, but not in turns: each time would be meant for its own days."""
    if _OTHER_RHYTHM.search(typed):
        raise GrammarError(f"No schedule has such a rhythm: use {_EXAMPLES}.")
    days: list[str] = []
    clocks: list[tuple[int, int]] = []
    turns: list[bool] = []
    for word in re.sub("[,;+]", " ", typed).split():
        if word in _FILLERS:
            continue
        clock = _clock_in(word)
        if clock is not None or ":" in word:
            clocks.append(clock or _clock(word))
        elif word not in _EVERY_DAY:
            days.append(_day(word))
        if not turns or turns[-1] is (clock is None):
            turns.append(clock is not None)
    if not clocks:
        raise GrammarError(f"Say at what time: {_EXAMPLES}.")
    if len(turns) > 2:
        raise GrammarError("Days with times of their own do not fit into one schedule: add one for each.")
    return f"{_product(clocks)} * * {','.join(days) or '*'}"


def _product(clocks: Sequence[tuple[int, int]]) -> str:
    """The minutes and hours of these times of day. Raises GrammarError where they stand for others, too."""
    minutes, hours = sorted({minute for _, minute in clocks}), sorted({hour for hour, _ in clocks})
    if len(minutes) * len(hours) != len(set(clocks)):
        raise GrammarError(
            "Times of different hours and minutes do not fit into one schedule: add one for each, "
            "or use the same minute, such as 09:00, 18:00."
        )
    return f"{_listed(minutes)} {_listed(hours)}"


def _listed(values: Iterable[int]) -> str:
    return ",".join(map(str, values))


def _clock(word: str) -> tuple[int, int]:
    found = _clock_in(word)
    if found is None:
        raise GrammarError(f"{shown(word)!r} is no time of day: write it as 09:00.")
    return found


def _clock_in(word: str) -> tuple[int, int] | None:
    """Hour and minute of `9:00`, `9.00`, `9h00`, `0900`, `9`, `9am` or `noon`; None for anything else."""
    if found := _CLOCK.fullmatch(word):
        return int(found[1] or found[3] or found[4]), int(found[2] or found[5] or 0)
    if found := _HALF_DAY.fullmatch(word):
        return int(found[1]) % 12 + 12 * (found[3] == "p"), int(found[2] or 0)
    return _CLOCKS.get(word)


def _day(word: str) -> str:
    """A day or some of them, as a cron line lists them: `mon`, `mon-fri`, `weekends`."""
    if word in _MANY:
        return _MANY[word]
    first, dash, last = word.partition("-")
    start, end = _weekday(first), _weekday(last) if dash else None
    if start is None or (dash and end is None):
        if zones := _zones_named(word):
            raise GrammarError(
                f"{shown(word)!r} is a time zone: give it as one, as in 09:00 timezone {zones[0]}."
            )
        raise GrammarError(f"{shown(word)!r} is no time of a schedule: use {_EXAMPLES}.")
    if end is None:
        return _DAYS[start]
    return ",".join(_DAYS[(start + step) % 7] for step in range((end - start) % 7 + 1))


def _weekday(word: str) -> int | None:
    """Its number, Sunday's being 0: `mo`, `tues`, `wednesday`, `Mondays`."""
    word = word.rstrip(".")
    word = word.removesuffix("s") if word.endswith("days") else word
    return next((n for n, name in enumerate(_NAMES) if len(word) > 1 and name.startswith(word)), None)
