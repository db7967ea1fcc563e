"""The times of a schedule in words: what its cron line says."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import product

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MOST_CLOCKS = 6
"""More times a day than these are better read in the line itself."""
_ORDINALS = {1: "st", 2: "nd", 3: "rd", 21: "st", 22: "nd", 23: "rd", 31: "st"}
_PART = re.compile(r"([0-9]{1,2})(?:-([0-9]{1,2}))?", re.ASCII)


def in_words(cron: str) -> str:
    """`every day at 09:00`, `weekdays at 09:00`, `every 6 hours from 03:00`; the line itself where words would not
    be plainer."""
    fields = cron.split()
    if len(fields) != 5 or fields[3] != "*":
        return cron
    minutes, hours = _numbers(fields[0], 60), _numbers(fields[1], 24)
    days = _days(fields[2], fields[4])
    if not minutes or not hours or days is None:
        return cron
    rhythm = _rhythm(minutes, hours)
    if rhythm is not None:
        return rhythm if days == "every day" else f"{rhythm}, {days}"
    clocks = [f"{hour:02}:{minute:02}" for hour, minute in product(hours, minutes)]
    return f"{days} at {_listed(clocks)}" if len(clocks) <= _MOST_CLOCKS else cron


def _rhythm(minutes: Sequence[int], hours: Sequence[int]) -> str | None:
    """What comes back after the same time all day long."""
    if len(hours) == 24:
        step = 60 // len(minutes)
        if list(minutes) == list(range(0, 60, step)):
            return "every hour" if step == 60 else f"every {step} minutes"
        return f"every hour at {_listed([f':{minute:02}' for minute in minutes])}"
    step = 24 // len(hours)
    if len(minutes) > 1 or len(hours) < 3 or list(hours) != list(range(hours[0], 24, step)):
        return None
    start = f" from {hours[0]:02}:{minutes[0]:02}" if hours[0] or minutes[0] else ""
    return f"every {step} hours{start}"


def _days(days: str, weekdays: str) -> str | None:
    if days == "*":
        return _weekdays(weekdays)
    if weekdays != "*":
        return None
    numbers = _numbers(days.removesuffix(",L").removesuffix("L"), 32) if days != "L" else ()
    if numbers is None or 0 in numbers:
        return None
    named = [f"{number}{_ORDINALS.get(number, 'th')}" for number in numbers]
    named += ["last day"] if days.endswith("L") else []
    return f"the {_listed(named)} of each month"


def _weekdays(field: str) -> str | None:
    if field == "*":
        return "every day"
    found = [day for part in field.split(",") for day in _run(part)]
    if not found or None in found:
        return None
    numbers = sorted({day for day in found if day is not None})
    match numbers:
        case [0, 1, 2, 3, 4]:
            return "weekdays"
        case [5, 6]:
            return "weekends"
        case [one]:
            return f"every {_NAMES[one]}"
    return _listed([_NAMES[number][:3] for number in numbers])


def _run(part: str) -> Sequence[int | None]:
    """The days of `mon-fri` or `mon`, Monday being 0; None for what is neither."""
    first, dash, last = part.partition("-")
    if first not in _DAYS or (dash and last not in _DAYS):
        return (None,)
    start, end = _DAYS.index(first), _DAYS.index(last or first)
    return range(start, end + 1)


def _numbers(field: str, end: int) -> Sequence[int] | None:
    """What `*`, or a list of numbers and ranges, stands for; None for anything else."""
    if field == "*":
        return range(end)
    found = [_PART.fullmatch(part) for part in field.split(",")]
    numbers: set[int] = set()
    for each in found:
        if each is None:
            return None
        numbers.update(range(int(each[1]), int(each[2] or each[1]) + 1))
    return sorted(numbers) if max(numbers, default=end) < end else None


def _listed(parts: Sequence[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"
