"""Numbers in a text: digits and words, with what they count money, time or shares in, and what hedges them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from news.figures import Bound
from news.spans import Span

_UNIT_WORDS = """
    zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen
    eighteen nineteen
    """
_UNITS = {word: float(value) for value, word in enumerate(_UNIT_WORDS.split())}
_TEN_WORDS = "twenty thirty forty fifty sixty seventy eighty ninety"
_TENS = {word: 10.0 * value for value, word in enumerate(_TEN_WORDS.split(), 2)}
_SCALES = {"hundred": 1e2, "thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12, "dozen": 12.0}
_SHORT_SCALES = {
    "k": 1e3,
    "m": 1e6,
    "mn": 1e6,
    "mln": 1e6,
    "b": 1e9,
    "bn": 1e9,
    "bln": 1e9,
    "tn": 1e12,
    "trn": 1e12,
    "trln": 1e12,
}
_CURRENCIES = {
    "$": "usd", "us$": "usd", "c$": "cad", "a$": "aud", "nz$": "nzd", "hk$": "hkd", "€": "eur", "£": "gbp", "¥": "jpy",
    "₹": "inr", "₽": "rub", "₴": "uah", "usd": "usd", "eur": "eur", "gbp": "gbp", "dollar": "usd", "dollars": "usd",
    "euro": "eur", "euros": "eur", "pound": "gbp", "pounds": "gbp", "ruble": "rub", "rubles": "rub", "rouble": "rub",
    "roubles": "rub", "hryvnia": "uah", "hryvnias": "uah", "yuan": "cny", "yen": "jpy", "rupees": "inr",
    "peso": "mxn", "pesos": "mxn", "franc": "chf", "francs": "chf", "crowns": "crowns", "cents": "cents",
}  # fmt: skip
CURRENCIES = frozenset(_CURRENCIES.values()) - {"crowns", "cents"}
TIMES = ("second", "minute", "hour", "day", "week", "month", "year", "decade")
_MONTH_WORDS = """
    january jan, february feb, march mar, april apr, may, june jun, july jul, august aug, september sept sep,
    october oct, november nov, december dec
    """
_MONTHS = {name: number for number, names in enumerate(_MONTH_WORDS.split(","), 1) for name in names.split()}
_DATE = re.compile(
    r"(?<![\w.-])(?:(?P<day>[0-3]?[0-9])(?:st|nd|rd|th)?(?: of)? )?(?P<month>"
    + "|".join(name.title() for name in sorted(_MONTHS, key=len, reverse=True))
    + r")\b\.?(?: (?P<later>[0-3]?[0-9])(?:st|nd|rd|th)?\b)?(?:,? (?P<year>(?:19|20)[0-9]{2})\b)?"
)

# `(?a:…)`: in either case, yet no letter outside ASCII counts as one inside: `ſix`, `mıllion` are no such words.
_WORD = f"(?a:{'|'.join([*_UNITS, *_TENS])})"
_SCALE = f"(?a:{'|'.join(_SCALES)})"
_DIGITS = r"[0-9]{1,3}(?:,[0-9]{3}){1,4}(?:\.[0-9]{1,3})?|[0-9]{1,13}(?:\.[0-9]{1,6})?"
_NUMBER = re.compile(
    rf"""
    (?P<sign>(?:(?:US|[CA]|NZ|HK)?\$|[€£¥₹₽₴])\s?)?
    (?:
      (?<![\w.,/:’'])(?<![\w][-–])(?<!\#)
      (?P<digits>{_DIGITS})(?![0-9]|[.,/:][0-9])
    | (?<![\w’'-])
      (?P<words>(?:half\ an?|an?(?=\ (?:{_SCALE})\b)|{_WORD})
        (?:(?:[ -]|\ and\ )(?:{_WORD}|{_SCALE})\b){{0,8}})(?![\w’'])
    )
    (?:[\s-](?P<scale>{_SCALE})\b|\s?(?P<short>(?a:trln|trn|bln|mln|bn|mn|tn|[mbk]))\b)?
    """,
    re.VERBOSE | re.IGNORECASE,
)
_AFTER_MONEY = r"(?:(?:U\.?S\.?|American|Canadian|Australian)[ -])?"
_UNIT = re.compile(
    rf"[\s-]?(?:(?P<percent>%|per\ ?cent\b(?!age)|percentage[\s-]points?\b)"
    rf"|{_AFTER_MONEY}(?P<money>(?a:{'|'.join(sorted((c for c in _CURRENCIES if c.isalpha()), key=len, reverse=True))}))\b"
    rf"|(?P<time>(?a:{'|'.join(TIMES)}))s?\b)",
    re.VERBOSE | re.IGNORECASE,
)
_HEDGES = {
    Bound.AT_LEAST: "at least|no fewer than|no less than|not less than|a minimum of",
    Bound.MORE: "more than|over|well over|just over|upwards? of|in excess of|above|north of|greater than|exceeding",
    Bound.AT_MOST: "up to|as many as|as much as|at most|no more than|not more than|a maximum of",
    Bound.LESS: "fewer than|less than|under|just under|below",
    Bound.ABOUT: "about|around|roughly|approximately|some|nearly|almost|close to|an estimated|estimated|approaching"
    "|virtually|perhaps|maybe|probably|circa|an average of|an additional|another|a further|a record|a total of"
    "|only|just",
}
_PLAIN = re.compile(r"(?:an additional|another|a further|a record|a total of|only|just)$", re.IGNORECASE)
"""Words before a number that leave it exact."""
_HEDGE = re.compile(
    r"(?<![\w-])(?:" + "|".join(f"(?P<{bound}>{words})" for bound, words in _HEDGES.items()) + r")\s+$",
    re.IGNORECASE,
)
_ROUGH = re.compile(r"^(?:an?|half)\b|dozen", re.IGNORECASE)
"""`half a million`, `two dozen`."""
_HEDGE_REACH = 24
_LATER = re.compile(r"\s?\+|[\s-]plus\b|\sor (?P<or>more|so|fewer|less)\b", re.IGNORECASE)
_RANGE = re.compile(r"\s?(?:[-–]|to|and|or)\s?(?=[$€£¥]?[0-9a-z])", re.IGNORECASE)
_BETWEEN = re.compile(r"\b(?:between|from)\s+$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Number:
    """A number as the text gives it."""

    span: Span
    """With its currency, scale and unit, and what hedges it: `more than $40 million`."""
    core: Span
    """The number alone, with its currency, scale and unit."""
    value: float
    unit: str = ""
    """A currency's code, `%`, `points`, a length of time such as `day`; empty for a bare number."""
    bound: Bound = Bound.EXACT
    until: float | None = None
    """The upper end of a range."""
    digits: bool = True
    """Whether it is written in digits."""


def find_numbers(text: str, start: int = 0, end: int | None = None) -> Iterator[Number]:
    """The numbers of a text, or a part of it, in reading order; ordinals, times of day and dates among them."""
    end = len(text) if end is None else end
    at = start
    while (found := _NUMBER.search(text, at, end)) is not None:
        number, at = _number(text, found, start, end)
        if number is not None:
            yield number


def find_dates(text: str, start: int = 0, end: int | None = None) -> Iterator[Number]:
    """Days of a month; the value is 20241105, or 1105 where no year is named."""
    for found in _DATE.finditer(text, start, len(text) if end is None else end):
        day = int(found["day"] or found["later"] or 0)
        if 1 <= day <= 31 and not (found["day"] and found["later"]):
            year = int(found["year"] or 0)
            span = Span(found.start(), found.end())
            value = float(10_000 * year + 100 * _MONTHS[found["month"].lower()] + day)
            yield Number(span, span, value, "date")


def value_of(words: str) -> float | None:
    """What the words of a number say, hedges and units left aside; None when they are none."""
    number = next(find_numbers(words), None)
    return None if number is None else number.value


def _number(text: str, found: re.Match[str], start: int, end: int) -> tuple[Number | None, int]:
    value = _value(found)
    stop = _end(text, found)
    if value is None:
        return None, max(found.end(), found.start() + 1)
    unit, stop = _unit(text, found, stop, end)
    until = None
    second = _second(text, found, stop, end)
    if second is not None:
        other, (other_unit, other_stop), exact = second
        if not (unit and other_unit) or unit == other_unit:
            value = value * exact if exact and value < other else value
            if value < other:
                unit, stop, until = other_unit or unit, other_stop, other
    core = Span(found.start(), stop)
    bound, first, stop = _bound(text, core, start, end)
    if until is not None:
        bound = Bound.RANGE
    digits = found["digits"] is not None
    if bound is Bound.EXACT and not digits and _ROUGH.search(found.group()):
        bound = Bound.ABOUT
    return Number(Span(first, stop), core, value, unit, bound, until, digits), max(stop, core.end)


def _value(found: re.Match[str]) -> float | None:
    scale = _SCALES.get((found["scale"] or "").lower(), 1.0)
    if found["digits"]:
        short = found["short"] or ""
        # `5m` may be metres: only after a currency, or as `5bn`, it is a scale.
        if short and (found["sign"] or len(short) > 1):
            scale = _SHORT_SCALES[short.lower()]
        return round(float(found["digits"].replace(",", "")) * scale, 6)
    value = _in_words(found["words"])
    return None if value is None else value * scale


def _in_words(words: str) -> float | None:
    """`two hundred and fifty thousand`."""
    total = part = 0.0
    last = ""
    for word in re.split(r"[ -]+", words.lower()):
        if word in ("a", "an", "half"):
            part = 0.5 if "half" in (word, last) else 1.0
        elif word in _TENS:
            part += _TENS[word]
        elif word in _UNITS:
            if last in _UNITS:
                return None  # `two three` is no number
            part += _UNITS[word]
        elif word in _SCALES:
            scale = _SCALES[word]
            part = (part or 1.0) * scale
            if scale >= 1e3:
                total, part = total + part, 0.0
        last = word
    return total + part


def _end(text: str, found: re.Match[str]) -> int:
    short = found["short"]
    if short and not (found["digits"] and (found["sign"] or len(short) > 1)):
        return found.end("digits") if found["digits"] else found.end("words")
    return found.end()


def _unit(text: str, found: re.Match[str], stop: int, end: int) -> tuple[str, int]:
    sign = (found["sign"] or "").strip().lower()
    if sign:
        return _CURRENCIES[sign], stop
    unit = _UNIT.match(text, stop, min(end, stop + 40))
    if unit is None:
        return "", stop
    if unit["percent"]:
        return ("points" if unit["percent"].lower().startswith("percentage") else "%"), unit.end()
    if unit["money"]:
        return _CURRENCIES[unit["money"].lower()], unit.end()
    return unit["time"].lower(), unit.end()


def _second(
    text: str, found: re.Match[str], stop: int, end: int
) -> tuple[float, tuple[str, int], float | None] | None:
    """The upper end of a range, with its unit and end, and the scale that counts for both: `$5-10 million`."""
    between = _RANGE.match(text, stop, min(end, stop + 6))
    if between is None:
        return None
    link = between.group().strip().lower()
    if link in ("and", "or") and not (
        link == "and" and _BETWEEN.search(text, max(0, found.start() - 10), found.start())
    ):
        return None
    if link == "to" and re.search(
        r"\bfrom\s+$", text[max(0, found.start() - 8) : found.start()], re.IGNORECASE
    ):
        return None  # a change, not a range
    other = _SECOND.match(text, between.end(), min(end, between.end() + 60))
    if other is None:
        return None
    value = _value(other)
    if value is None:
        return None
    scaled = other["scale"] and not found["scale"] and not found["short"]
    scale = _SCALES[other["scale"].lower()] if scaled else None
    return value, _unit(text, other, _end(text, other), end), scale


_SECOND = re.compile(_NUMBER.pattern.replace(r"(?<![\w][-–])", ""), re.VERBOSE | re.IGNORECASE)


def _bound(text: str, core: Span, start: int, end: int) -> tuple[Bound, int, int]:
    """How the number is hedged, and the span with the hedge."""
    before = text[max(start, core.start - _HEDGE_REACH) : core.start]
    # Before most numbers stands no word: that is seen at a glance.
    hedge = _HEDGE.search(before) if before[-1:].isspace() and before[-2:-1].isalpha() else None
    bound, first, stop = Bound.EXACT, core.start, core.end
    if hedge is not None:
        first = core.start - len(before) + hedge.start()
        plain = _PLAIN.search(hedge.group().strip())
        bound = Bound.EXACT if plain else Bound(hedge.lastgroup or Bound.ABOUT)
    later = _LATER.match(text, core.end, min(end, core.end + 9))
    if later is not None:
        stop = later.end()
        word = (later["or"] or "more").lower()
        bound = Bound.ABOUT if word == "so" else Bound.AT_LEAST if word == "more" else Bound.AT_MOST
    return bound, first, stop
