"""How often a feed asks to be looked at."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from news.feeds import Pace

LONGEST = timedelta(days=7)
"""Who asks for a longer pause has made a mistake."""

_PERIODS = {
    "hourly": timedelta(hours=1), "daily": timedelta(days=1), "weekly": timedelta(weeks=1),
    "monthly": timedelta(days=30), "yearly": timedelta(days=365),
}  # fmt: skip
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_HOUR = re.compile(r"<hour>\s{0,20}(\d{1,2})\s{0,20}</hour>", re.IGNORECASE | re.ASCII)
_DAY = re.compile(r"<day>\s{0,20}([a-z]{6,9})\s{0,20}</day>", re.IGNORECASE | re.ASCII)
_LONGEST_LIST = 4000


def pace_of(feed: Mapping[str, Any], text: str) -> Pace:
    """What the channel says; what is no sense is left out.

    feedparser keeps of `skipHours` and `skipDays` the last one only, so those are looked for in the document.
    """
    hours = frozenset(int(hour) % 24 for hour in _HOUR.findall(_inside(text, "skipHours")) if int(hour) <= 24)
    days = frozenset(
        _DAYS.index(day.lower()) for day in _DAY.findall(_inside(text, "skipDays")) if day.lower() in _DAYS
    )
    return Pace(
        at_least=_ttl(feed.get("ttl"))
        or _period(feed.get("sy_updateperiod"), feed.get("sy_updatefrequency")),
        quiet_hours=hours if len(hours) < 24 else frozenset(),
        quiet_days=days if len(days) < 7 else frozenset(),
    )


def _inside(text: str, element: str) -> str:
    start = next((at for name in (element, element.lower()) if (at := text.find(f"<{name}>")) >= 0), -1)
    if start < 0:
        return ""
    end = text.find("</", text.find(f"</{element[:5]}", start)) if f"</{element[:5]}" in text else -1
    return text[start : min(end if end >= 0 else len(text), start + _LONGEST_LIST)]


def _ttl(minutes: object) -> timedelta | None:
    number = _number(minutes)
    return _sensible(timedelta(minutes=number)) if number else None


def _period(period: object, frequency: object) -> timedelta | None:
    length = _PERIODS.get(str(period or "").strip().lower())
    return None if length is None else _sensible(length / (_number(frequency) or 1))


def _sensible(length: timedelta) -> timedelta | None:
    return length if timedelta(minutes=1) <= length <= LONGEST else None


def _number(value: object) -> int | None:
    """A whole number above zero."""
    text = str(value or "").strip()
    return int(text) or None if text.isascii() and text.isdigit() and len(text) <= 6 else None
