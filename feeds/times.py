"""The times that feeds write, in all the ways that their publishers take for a date."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from news.times import plausible

LONGEST = 80
"""Longer texts are no dates."""

_ISO = re.compile(
    r"(\d{4})(?:[-./年]?\s?(\d{1,2})(?:[-./月]?\s?(\d{1,2})日?)?)?"
    r"(?:[T\s,]{1,3}(\d{1,2}):?(\d{2})(?::?(\d{2})(?:[.,]\d{1,9})?)?)?"
    r"\s{0,3}((?:[A-Za-z]{1,5}\d?)?\s?(?:[+-]\d{1,2}(?::?\d{2})?Z?)?(?:\s?\(.{0,30}\))?|\s?[A-Z]\w{1,20}/[A-Z]\w{1,20})",
    re.ASCII,
)
_DAY_FIRST = re.compile(
    r"\b(\d{1,2})(?:st|nd|rd|th|º|\.)?[\s\-/,]{1,3}(?:de\s|d')?([^\W\d_]{3,12})\.?[\s\-/,]{1,3}(?:de\s)?'?(\d{4}|\d{2})\b"
)
_MONTH_FIRST = re.compile(
    r"\b([^\W\d_]{3,12})\.?[\s\-/]{1,3}(\d{1,2})(?:st|nd|rd|th)?,?\s{1,3}"
    r"(?:\d{1,2}:\d\d[:\d]{0,6}\s{1,3}(?:[A-Z]{2,5}\s)?)?(\d{4})\b"
)
_NUMBERS = re.compile(r"(?<![\d/.])(\d{1,2})([/.])(\d{1,2})\2(\d{4}|\d{2})(?![\d/.])", re.ASCII)
_CLOCK = re.compile(
    r"\b(\d{1,2})[:h.](\d{1,2})(?:[:.](\d{1,2})(?:[.,]\d{1,9})?)?\s{0,2}([ap])?\.?m?\b",
    re.IGNORECASE | re.ASCII,
)
_LAST_YEAR = re.compile(r"\s\d{4}$")
_EPOCH = range(10**9, 19 * 10**8)
"""Seconds since 1970 that are no date written in digits."""
_OFFSET = re.compile(r"(?:^|[\sA-Z:\d])([+-])(\d{1,2}):?(\d{2})?Z?\s*(?:\(.{0,40}\))?$", re.ASCII)
_ZONE = re.compile(r"\b([A-Z]{1,5})\b(?:\s*\(.{0,40}\))?\s*$")
_PLACE = re.compile(r"\b([A-Z][A-Za-z_]{1,20}/[A-Z][A-Za-z_]{1,20})$")
_ZONES = {
    "Z": 0, "UT": 0, "UTC": 0, "GMT": 0, "WET": 0, "WEST": 1, "BST": 1, "IST": 5.5, "CET": 1, "CEST": 2, "MET": 1, "MEST": 2,
    "MEZ": 1, "MESZ": 2, "EET": 2, "EEST": 3, "MSK": 3, "SAST": 2, "EAT": 3, "WAT": 1, "JST": 9, "KST": 9, "HKT": 8, "SGT": 8,
    "AWST": 8, "ACST": 9.5, "AEST": 10, "AEDT": 11, "NZST": 12, "NZDT": 13, "AST": -4, "ADT": -3, "EST": -5, "EDT": -4, "ET": -5,
    "CST": -6, "CDT": -5, "CT": -6, "MST": -7, "MDT": -6, "MT": -7, "PST": -8, "PDT": -7, "PT": -8, "AKST": -9, "AKDT": -8,
    "HST": -10, "NST": -3.5, "NDT": -2.5, "BRT": -3, "ART": -3,
}  # fmt: skip
"""Hours from UTC; a name that two places use stands for the one that feeds mean by it."""
_MONTHS = (
    "jan january ene enero janv janvier januar jänner gen gennaio janeiro januari tammikuu янв января",
    "feb february febrero fév févr février februar febbraio fev fevereiro februari helmikuu фев февраля",
    "mar march marzo mars mär märz mrz março maart mrt maaliskuu мар марта",
    "apr april abr abril avr avril aprile huhtikuu апр апреля",
    "may mayo mai mag maggio maio mei maj toukokuu мая май",
    "jun june junio juin juni giu giugno junho kesäkuu июн июня",
    "jul july julio juil juillet juli lug luglio julho heinäkuu июл июля",
    "aug august ago agosto aoû août augustus augusti elokuu авг августа",
    "sep sept september septiembre septembre set settembre setembro syyskuu сен сентября",
    "oct october octubre octobre okt oktober ott ottobre out outubro lokakuu окт октября",
    "nov november noviembre novembre novembro marraskuu ноя ноября",
    "dec december dic diciembre déc décembre dez dezember dicembre dezembro des desember joulukuu дек декабря",
)
"""Names of the months in English, Spanish, French, German, Italian, Portuguese, Dutch, the north and Russian."""


def read_time(text: str | None) -> datetime | None:
    """The time in UTC; one without a zone is taken as UTC. None when there is none, or one that cannot be true."""
    text = (text or "").strip()
    if not text or len(text) > LONGEST:
        return None
    try:
        found = _epoch(text) or _iso(text) or _written(text) or _in_numbers(text)
        return plausible(found.astimezone(UTC)) if found else None
    except (ValueError, OverflowError):
        return None


def _epoch(text: str) -> datetime | None:
    """Seconds or thousandths since 1970."""
    if not text.isdigit() or len(text) not in {10, 13}:
        return None
    seconds = int(text[:10])
    return datetime.fromtimestamp(seconds, UTC) if seconds in _EPOCH else None


def _iso(text: str) -> datetime | None:
    found = _ISO.fullmatch(text)
    if not found:
        return None
    year, month, day, hour, minute, second = (int(each) if each else None for each in found.groups()[:6])
    moment = datetime(year or 0, month or 1, day or 1, tzinfo=UTC)
    return _at(moment, hour, minute, second, found[7] or "")


def _written(text: str) -> datetime | None:
    """A date with the month's name."""
    for pattern, day, month in ((_DAY_FIRST, 1, 2), (_MONTH_FIRST, 2, 1)):
        for found in pattern.finditer(text):
            number = _month(found[month])
            if number is None:
                continue
            moment = datetime(_year(found[3]), number, int(found[day]), tzinfo=UTC)
            return _with_clock(moment, _CLOCK.search(text, found.end()) or _CLOCK.search(text), text)
    return None


def _in_numbers(text: str) -> datetime | None:
    """A date in which day and month cannot be mistaken: one is over twelve, or there are dots between them."""
    found = _NUMBERS.search(text)
    if not found:
        return None
    first, second = int(found[1]), int(found[3])
    if found[2] == "/" and first <= 12 and second <= 12 and first != second:
        return None
    day, month = (first, second) if found[2] == "." or first > 12 else (second, first)
    moment = datetime(_year(found[4]), month, day, tzinfo=UTC)
    return _with_clock(moment, _CLOCK.search(text, found.end()), text)


def _year(digits: str) -> int:
    return int(digits) if len(digits) == 4 else int(digits) + (1900 if int(digits) >= 70 else 2000)


def _with_clock(day: datetime, clock: re.Match[str] | None, text: str) -> datetime:
    if not clock:
        return day
    hour = int(clock[1])
    if clock[4]:
        hour = hour % 12 + (12 if clock[4] in "pP" else 0)
    zone = _LAST_YEAR.sub("", text[clock.end() :])
    return _at(day, hour, int(clock[2]), int(clock[3] or 0), zone)


def _month(name: str) -> int | None:
    lower = name.lower()
    return next((n for n, names in enumerate(_MONTHS, 1) if lower in names.split()), None)


def _at(day: datetime, hour: int | None, minute: int | None, second: int | None, zone: str) -> datetime:
    """The hour 24 is the next day's first, and a leap second the next minute's."""
    hour, minute, second = hour or 0, minute or 0, second or 0
    if hour > 24 or minute > 59 or second > 60 or (hour == 24 and (minute or second)):
        raise ValueError("no time of day")
    return (day + timedelta(hours=hour, minutes=minute, seconds=second)).replace(tzinfo=_zone(zone.strip()))


def _zone(text: str) -> tzinfo:
    if place := _PLACE.search(text):
        return _zone_of(place[1])
    if offset := _OFFSET.search(text):
        minutes = int(offset[2]) * 60 + int(offset[3] or 0)
        if minutes > 14 * 60:
            raise ValueError("no zone")
        return timezone(timedelta(minutes=minutes if offset[1] == "+" else -minutes))
    name = _ZONE.search(text.upper())
    hours = _ZONES.get(name[1], 0) if name else 0
    return timezone(timedelta(hours=hours))


def _zone_of(place: str) -> tzinfo:
    """The zone of `Europe/Brussels`; an unknown one is taken as UTC."""
    try:
        return ZoneInfo(place)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return UTC
