"""Which figures an article gives: numbers that measure something, no years, ages, scores or numbers in names."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import islice

from news.figures import Figure, FigureKind
from news.spans import Span
from summarizer.clauses import Word, words_in
from summarizer.lexicon import listed, words
from summarizer.measured import read_figure
from summarizer.numbers import CURRENCIES, TIMES, Number, find_dates, find_numbers
from summarizer.sentences import find_sentences

MOST = 300
"""Figures of one article that are kept; no article has more that anybody would compare."""
_MOST_READ = 3_000
"""Numbers that are looked at."""
_LONGEST = 2_000
"""Characters of a sentence: what is longer is none, and shown in part it might lose who says so."""
_WORD = re.compile(r"[a-z]+(?:[’'-][a-z]+)*")
_MEASURES = listed(
    "times ways o'clock am pm a.m p.m a.m. p.m. degrees feet foot miles mile kilometers kilometres km meters metres"
    " inches inch mph kmh point points percentage years-old st nd rd th"
)
"""After these a number tells a time, a place or a size rather than how many."""
_DIGITS = listed("one two three four five six seven eight nine ten 1 2 3 4 5 6 7 8 9 10 100 1,000 hundred")
_POLLED = listed(
    "poll polls polling polled survey surveyed surveys respondents voters approval favorability favourability margin"
    " rating ratings vote votes voted delegates pollsters turnout lead leads leading"
)
"""Shares of those who were asked: each poll has its own."""
_COMPARED = listed("from compared versus vs previously formerly against than")
"""Right before a figure that another one is only compared with."""
_ON = listed("on by until since before after from for of")
"""Before a date that tells when something is; alone it may be the page's own."""
_FIRST = listed("start starts starting started begin begins beginning")
"""`starts at $40` is the least of several prices."""
_FURTHER = re.compile(r"another|a further|an additional", re.IGNORECASE)
"""Before what is added to a number that was told before."""
_WITHIN = listed("after within in over past last next every for")
"""Before a time that only says when something is."""


def find_figures(text: str, sentences: Sequence[Span] | None = None) -> tuple[Figure, ...]:
    """The figures of an English text in reading order, at most the first `MOST`."""
    common = frozenset(_WORD.findall(text))
    places = find_sentences(text) if sentences is None else sentences
    read = (figure for place in places for figure in _in_sentence(text, place, common))
    return tuple(islice((figure for figure in islice(read, _MOST_READ) if figure is not None), MOST))


def _in_sentence(text: str, sentence: Span, common: frozenset[str]) -> Iterator[Figure | None]:
    """What each number of the sentence is; None for one that measures nothing."""
    if len(sentence) > _LONGEST:
        return
    dates = list(find_dates(text, sentence.start, sentence.end))
    numbers = [
        number
        for number in find_numbers(text, sentence.start, sentence.end)
        if not any(number.core.overlaps(date.core) for date in dates)
    ]
    if not numbers and not dates:
        return
    tokens = words_in(text, sentence)
    starts = [token.start for token in tokens]
    for number in sorted([*numbers, *dates], key=lambda n: n.span):
        first, after = bisect_left(starts, number.span.start), bisect_left(starts, number.span.end)
        kind = _kind(number)
        if kind is None or not _measures(text, number, tokens, first, after):
            yield None
        else:
            yield read_figure(text, sentence, tokens, number, kind, (first, after), common)


def _kind(number: Number) -> FigureKind | None:
    if number.unit in CURRENCIES:
        return FigureKind.MONEY
    if number.unit in TIMES:
        return FigureKind.DURATION
    return {"": FigureKind.COUNT, "%": FigureKind.PERCENT, "date": FigureKind.DATE}.get(number.unit)


def _measures(text: str, number: Number, tokens: Sequence[Word], first: int, after: int) -> bool:
    """Whether the number says how much or how many."""
    core = number.core
    if number.unit == "date":
        return first > 0 and tokens[first - 1].lower in _ON
    if text[core.end : core.end + 1].isalnum() or text[core.end : core.end + 1] in tuple("/’'°_"):
        return False
    before = tokens[first - 1] if first else None
    following = tokens[after] if after < len(tokens) else None
    if before is not None and (before.lower in _COMPARED or _is_first(tokens, first)):
        return False
    if following is not None and (following.lower in _MEASURES or _is_share(tokens, first, after)):
        return False
    if _FURTHER.match(number.span.of(text)):
        return False
    if number.unit in TIMES and before is not None and before.lower in _WITHIN:
        return False
    if number.unit == "year" and _is_age(text, number, following):
        return False
    if number.unit == "%" and any(token.lower in _POLLED for token in tokens):
        return False
    return bool(number.unit) or _counts(text, number, tokens, first, following)


def _counts(text: str, number: Number, tokens: Sequence[Word], first: int, following: Word | None) -> bool:
    """Whether a number without a unit counts things: not `Article 5`, `2014`, `Nov. 12`, `3-2`, `18-member`."""
    core = number.core
    if number.value <= 1 or text[core.end : core.end + 1] in tuple("-–"):
        return False
    if core.start and text[core.start - 1] in "-–/#+.@&":
        return False
    before = tokens[first - 1] if first else None
    if before is not None and before.capital and _is_numbered(before, number, first):
        return False
    if following is not None and following.capital and following.lower in words("times"):
        return False
    is_year = number.digits and 1900 <= number.value <= 2099 and number.value.is_integer()
    return not (is_year and "," not in core.of(text))


def _is_numbered(before: Word, number: Number, first: int) -> bool:
    """Whether the number belongs to the name before it: `Title 42`, `March 12`."""
    if before.lower in words("times"):
        return number.value <= 31
    plain = before.lower in words("function_words") or before.lower.endswith("ly")
    return not plain and first > 1


def _is_age(text: str, number: Number, following: Word | None) -> bool:
    if following is not None and following.lower in ("old", "older", "ago", "younger"):
        return True
    return text[number.core.end : number.core.end + 4] == "-old"


def _is_first(tokens: Sequence[Word], first: int) -> bool:
    return first > 1 and tokens[first - 1].lower == "at" and tokens[first - 2].lower in _FIRST


def _is_share(tokens: Sequence[Word], first: int, after: int) -> bool:
    """Whether the number is half of `six in ten`."""
    if tokens[after].lower in ("in", "out") and any(
        t.lower in _DIGITS for t in tokens[after + 1 : after + 3]
    ):
        return True
    return first > 1 and tokens[first - 1].lower in ("in", "of") and tokens[first - 2].lower in _DIGITS
