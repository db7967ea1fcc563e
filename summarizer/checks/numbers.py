"""Numbers in all their writings: digits, words, scales, percentages, sums of money."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from summarizer.lexicon import listed

_TO_NINETEEN = (
    "zero|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen"
    "|eighteen|nineteen|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth|thirteenth"
    "|fourteenth|fifteenth|sixteenth|seventeenth|eighteenth|nineteenth"
)
_TENS = (
    "twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety"
    "|twentieth|thirtieth|fortieth|fiftieth|sixtieth|seventieth|eightieth|ninetieth"
)
# `(?a:…)`: in either case, yet no letter outside ASCII counts as one inside: `ſix`, `mıllion` are no such words.
_SMALL_WORDS = rf"(?a:(?:{_TENS})(?:[ -](?:{_TO_NINETEEN}))?|{_TO_NINETEEN})\b"
_SCALE_WORDS = r"(?a:hundred|thousand|million|billion|trillion|dozen|hundredth|thousandth|millionth)\b"
_NUMBER = re.compile(
    r"(?P<before>[$£€¥₹] ?)?(?P<digits>\d+(?:[.,:]\d+)*)(?:(?:st|nd|rd|th)\b)?"
    r"(?:[ -]?(?P<scale>(?a:hundred|thousand|million|billion|trillion|dozen|mln|bln|mn|bn|tn|k|m|b))\b)?"
    rf"|\b(?P<words>(?:a|{_SMALL_WORDS})(?:[ -]{_SCALE_WORDS})+(?:(?: and |[ -]){_SMALL_WORDS}(?:[ -]{_SCALE_WORDS})*)*"
    rf"|{_SMALL_WORDS})",
    re.IGNORECASE,
)
_SMALL = {
    word: value
    for value, word in [
        *enumerate(_TO_NINETEEN.split("|")[:20]),
        *enumerate(_TO_NINETEEN.split("|")[20:], start=2),
        *((10 * n, word) for n, word in enumerate(_TENS.split("|")[:8], start=2)),
        *((10 * n, word) for n, word in enumerate(_TENS.split("|")[8:], start=2)),
    ]
}
_SCALES = {
    "dozen": 12,
    "hundred": 100,
    "hundredth": 100,
    "k": 10**3,
    "thousand": 10**3,
    "thousandth": 10**3,
    "m": 10**6,
    "mn": 10**6,
    "mln": 10**6,
    "million": 10**6,
    "millionth": 10**6,
    "b": 10**9,
    "bn": 10**9,
    "bln": 10**9,
    "billion": 10**9,
    "tn": 10**12,
    "trillion": 10**12,
}
_DOUBTFUL = frozenset("kmb")
"""Scales that may be something else: `100m` may be metres."""
_PERCENT = re.compile(r"[ -]?(?:%|per ?cent\b|pc\b|percentage points?\b)", re.IGNORECASE)
_MONEY = re.compile(
    r"[ -]?(?:(?:US|U\.S\.|[A-Z][a-z]+) )?(dollars?|pounds?|euros?|yen|yuan|rupees?|roubles?|rubles?)\b",
    re.IGNORECASE,
)
_CURRENCIES = {"$": "dollar", "£": "pound", "€": "euro", "¥": "yen", "₹": "rupee"}
_THROUGH = re.compile(r"\s*(?:-|to|and|or)\s*", re.IGNORECASE)
_GROUPED = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?")
_PERHAPS_NONE = listed("one second")
"""Words that need not be numbers: `one of them`, `a second later`."""
_EXACT = 40
"""Digits up to which a number is one; longer ones are compared as they are written."""

Value = Decimal | str


@dataclass(frozen=True, slots=True)
class Number:
    """A number in a text."""

    start: int
    end: int
    values: tuple[Value, ...]
    """What it may mean: `5m` is five, and five million."""
    unit: str | None = None
    """`percent`, a currency, or None."""
    joined: bool = False
    """Whether a hyphen joins it to the number before: `3-1`."""


def find_numbers(text: str) -> tuple[Number, ...]:
    """The numbers of a normalised text, in reading order."""
    found = [number for match in _NUMBER.finditer(text) if (number := _number(text, match)) is not None]
    return tuple(_alike(text, found))


def _number(text: str, match: re.Match[str]) -> Number | None:
    if match["words"]:
        value = _in_words(match["words"])
        if value is None:
            return None
        values: tuple[Value, ...] = (value,)
    else:
        values = _in_digits(match["digits"], match["scale"])
    unit, end = _unit(text, match)
    return Number(match.start(), end, values, unit, _is_joined(text, match.start()))


def _in_digits(digits: str, scale: str | None) -> tuple[Value, ...]:
    value = _value(digits)
    if scale is None or isinstance(value, str):
        return (value,)
    scaled = (value * _SCALES[scale.lower()]).normalize()
    return (scaled, value) if scale.lower() in _DOUBTFUL else (scaled,)


def _value(digits: str) -> Value:
    """`1,500.5`, `10:30` and `10.30`; what is none of these, such as a date in dots, as it stands."""
    if len(digits) > _EXACT:
        return digits
    if _GROUPED.fullmatch(digits):
        return Decimal(digits.replace(",", "")).normalize()
    plain = digits.replace(":", ".").replace(",", ".")
    return Decimal(plain).normalize() if plain.count(".") < 2 else digits


def _in_words(written: str) -> Decimal | None:
    """`two hundred and five`; None for what need not be a number."""
    parts = [part for part in re.split(r"[ -]", written.lower()) if part not in ("", "and")]
    if len(parts) == 1 and parts[0] in _PERHAPS_NONE:
        return None
    whole, part = 0, 0
    for word in parts:
        if word in _SCALES:
            part *= _SCALES[word]
            if _SCALES[word] >= 1_000:
                whole, part = whole + part, 0
        else:
            part += _SMALL.get(word, 1)
    return Decimal(min(whole + part, 10**_EXACT)).normalize()


def _unit(text: str, match: re.Match[str]) -> tuple[str | None, int]:
    """What a number is of, and where that ends."""
    percent = _PERCENT.match(text, match.end())
    if percent:
        return "percent", percent.end()
    money = _MONEY.match(text, match.end())
    if money:
        return money.group(1).lower().removesuffix("s").replace("rouble", "ruble"), money.end()
    return (_CURRENCIES[match["before"].strip()] if match["before"] else None), match.end()


def _is_joined(text: str, start: int) -> bool:
    return text[start - 1 : start] == "-" and text[max(0, start - 2) : start - 1].isdigit()


def _alike(text: str, numbers: Sequence[Number]) -> Iterator[Number]:
    """Gives both ends of a span of numbers one unit and one scale: `$10-15 million`, `20 to 30 percent`."""
    for at, number in enumerate(numbers):
        values, unit = list(number.values), number.unit
        if at + 1 < len(numbers):
            following = numbers[at + 1]
            if following.start - number.end < 6 and _THROUGH.fullmatch(text, number.end, following.start):
                unit = unit or following.unit
                values.extend(_scaled(number, text[following.start : following.end]))
        if at and unit is None:
            before = numbers[at - 1]
            if number.start - before.end < 6 and _THROUGH.fullmatch(text, before.end, number.start):
                unit = before.unit
        yield replace(number, values=tuple(values), unit=unit)


def _scaled(number: Number, following: str) -> Iterator[Value]:
    parts = re.split(r"[ -]|(?<=\d)(?=[a-zA-Z])", following.lower())
    scale = next((_SCALES[part] for part in reversed(parts) if part in _SCALES), None)
    value = number.values[0]
    if scale is not None and isinstance(value, Decimal) and value < 1_000:
        yield (value * scale).normalize()
