"""Slots: the moments at which a cron line is due, in a time zone, right on the days when clocks change.

A time of day that the clocks skip is due at the first moment after, one that comes twice only the first time. What is
due every hour is due every hour that goes by, whatever the clocks say.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from itertools import pairwise
from zoneinfo import ZoneInfo

from cronsim import CronSim, CronSimError

from news.errors import InputError

COUNTED = 1000
"""Slots that are counted one by one; there may have been more."""
LONGEST_LINE = 100
_ANY_DAY = datetime(2024, 1, 1, tzinfo=UTC)
_WEEKDAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
_RUN = 3
"""So many values in a row are written as a range."""


def next_slot(cron: str, timezone: str, after: datetime) -> datetime:
    """The first moment later than `after` at which the line is due, in UTC. Raises InputError."""
    return next(_slots(cron, timezone, after))


def missed(cron: str, timezone: str, since: datetime, now: datetime) -> tuple[datetime | None, int]:
    """The latest slot later than `since` and no later than `now`, and how many there are, at most `COUNTED`.

    Raises InputError, as `next_slot`.
    """
    latest, count = None, 0
    for slot in _slots(cron, timezone, since):
        if slot > now:
            return latest, count
        latest, count = slot, count + 1
        if count == COUNTED:
            return _latest(cron, timezone, slot, now), count
    return latest, count


def canonical(cron: str) -> str:
    """The line in the one way in which we write it: two that mean the same become the same. Raises InputError."""
    return _canonical(" ".join(cron[: LONGEST_LINE + 1].lower().split()))


def shortest_gap(cron: str) -> timedelta:
    """The least time between two slots on a day without a change of clocks. Raises InputError."""
    line = _read(canonical(cron))
    minutes, hours = sorted(line.minutes), line.hours
    gaps = [later - earlier for earlier, later in pairwise(minutes)]
    if any((hour + 1) % 24 in hours for hour in hours):
        gaps.append(60 - minutes[-1] + minutes[0])
    return timedelta(minutes=min(gaps, default=60))


def zone_of(timezone: str) -> ZoneInfo:
    """The time zone of that name. Raises InputError."""
    try:
        return ZoneInfo(timezone)
    except (KeyError, ValueError, OSError):
        shown = timezone if len(timezone) <= 40 else timezone[:39] + "…"
        raise InputError(f"No time zone is called {shown!r}: use a name such as Europe/Kyiv.") from None


def _slots(cron: str, timezone: str, after: datetime) -> Iterator[datetime]:
    """All moments later than `after` at which the line is due, in UTC."""
    zone, last = zone_of(timezone), after
    line = canonical(cron)
    minute, hour, days = line.split(" ", 2)
    alone = hour == "*" and minute.isdecimal() and _shifts_by_minutes(zone, after)
    if alone:  # the library would leap from hour to hour, and over a shift of half an hour too far
        line = f"{minute},{(int(minute) + 1) % 60} * {days}"
    try:
        for moment in CronSim(line, after.astimezone(zone)):
            slot = moment.astimezone(UTC)
            # Of an hour that comes twice, the library names the first also in the second.
            if slot > last and (not alone or moment.minute == int(minute)):
                last = slot
                yield slot
    except CronSimError:
        raise _never(cron) from None
    raise _never(cron)


def _shifts_by_minutes(zone: ZoneInfo, after: datetime) -> bool:
    """Whether clocks there change by less than an hour."""
    quarters = (after + timedelta(days=days) for days in (0, 91, 182, 273))
    offsets = [moment.astimezone(zone).utcoffset() or timedelta() for moment in quarters]
    return any((offset - offsets[0]) % timedelta(hours=1) for offset in offsets)


def _latest(cron: str, timezone: str, slot: datetime, now: datetime) -> datetime:
    """The last slot no later than `now`, where `slot` is one: looked for by halves, for there may be millions."""
    end = now
    while (following := next_slot(cron, timezone, slot)) <= now:
        slot = following
        middle = slot + (end - slot) / 2
        later = next_slot(cron, timezone, middle)
        if later <= now:
            slot = later
        else:
            end = middle
    return slot


@lru_cache(maxsize=4096)
def _canonical(cron: str) -> str:
    fields = cron.split()
    if len(cron) > LONGEST_LINE or len(fields) != 5:
        raise _unreadable(cron)
    line = _read(cron)
    days, weekdays = _listed(line.days, range(1, 32)), _listed_days(line.weekdays)
    if "*" not in (days, weekdays) and line.day_and:
        days, weekdays = fields[2], fields[4]  # `*/2` and Mondays: no list can say that both must hold
    elif "*" in (days, weekdays) and not line.day_and:
        days = weekdays = "*"  # every day, or a Monday
    minutes, hours = _listed(line.minutes, range(60)), _listed(line.hours, range(24))
    return f"{minutes} {hours} {days} {_listed(line.months, range(1, 13))} {weekdays}"


def _read(cron: str) -> CronSim:
    try:
        return CronSim(cron, _ANY_DAY)
    except CronSimError:
        raise _never(cron) if _comes_without_its_month(cron) else _unreadable(cron) from None


def _comes_without_its_month(cron: str) -> bool:
    """Whether each field can be read: then it is the day that its months do not have."""
    minutes, hours, days, months, weekdays = cron.split()
    try:
        CronSim(f"{minutes} {hours} {days} * {weekdays}", _ANY_DAY)
        CronSim(f"{minutes} {hours} * {months} {weekdays}", _ANY_DAY)
    except CronSimError:
        return False
    return True


def _unreadable(cron: str) -> InputError:
    shown = cron if len(cron) <= 40 else cron[:39] + "…"
    return InputError(
        f"{shown!r} is no schedule: give a time such as 09:00, or a cron line such as '0 9 * * mon-fri'."
    )


def _never(cron: str) -> InputError:
    return InputError(f"{cron!r} never comes: choose a day that its months have.")


def _listed(values: Collection[int], whole: range) -> str:
    if set(whole) <= set(values):
        return "*"
    special = {CronSim.LAST: "L", CronSim.LAST_WEEKDAY: "LW"}
    named = [name for value, name in special.items() if value in values]
    return ",".join([*_ranges(sorted(v for v in values if v not in special), str), *named])


def _listed_days(values: Collection[int | tuple[int, int]]) -> str:
    """Days of the week by name, from Monday on; Sunday is 0 and 7."""
    every = {value % 7 for value in values if isinstance(value, int)}
    if len(every) == 7:
        return "*"
    plain = _ranges(sorted(every - {0}), lambda day: _WEEKDAYS[day])
    plain += ["sun"] if 0 in every else []
    counted = sorted({(value[0] % 7, value[1]) for value in values if isinstance(value, tuple)})
    return ",".join([*plain, *(f"{day}L" if nth == CronSim.LAST else f"{day}#{nth}" for day, nth in counted)])


def _ranges(values: list[int], name: Callable[[int], str]) -> list[str]:
    """`1-5` for a run of values, each by itself otherwise."""
    runs: list[list[int]] = []
    for value in values:
        if runs and runs[-1][-1] == value - 1:
            runs[-1].append(value)
        else:
            runs.append([value])
    return [
        part
        for run in runs
        for part in ([f"{name(run[0])}-{name(run[-1])}"] if len(run) >= _RUN else map(name, run))
    ]
