"""Slots: the moments at which a cron line is due, in a time zone, right on the days when clocks change."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from cronsim import CronSim, CronSimError

from news.errors import InputError


def next_slot(cron: str, timezone: str, after: datetime) -> datetime:
    """The first moment later than `after` at which the line is due, in UTC. Raises InputError."""
    try:
        zone = ZoneInfo(timezone)
    except (KeyError, ValueError, OSError):
        raise InputError(f"No time zone is called {timezone!r}: use a name such as Europe/Kyiv.") from None
    try:
        moment = next(CronSim(cron, after.astimezone(zone)))
    except (CronSimError, StopIteration):
        raise InputError(
            f"{cron!r} is no schedule: give a time such as 09:00, or a cron line such as '0 9 * * mon-fri'."
        ) from None
    return moment.astimezone(UTC)


def cron_of(times: str) -> str:
    """A daily time (`09:00`) as a cron line; a cron line stays as it is. Raises InputError."""
    times = times.strip()
    if ":" not in times:
        return times
    match = re.fullmatch(r"([01]?[0-9]|2[0-3]):([0-5][0-9])", times, re.ASCII)
    if match is None:
        raise InputError(f"{times!r} is no time of day: write it as 09:00.")
    hour, minute = match.groups()
    return f"{int(minute)} {int(hour)} * * *"
