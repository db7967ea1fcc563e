"""A story's summary from what several outlets write: what they share first, then what one of them adds."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import islice

from news.actors import fold
from news.articles import ArticleId
from news.briefs import SummarySentence
from news.passages import Passage
from news.stories import Reading
from news.words import UNSPACED, stem

_READINGS = 24
"""Articles of one story that are looked at, the first ones."""
_SENTENCES = 5
"""Sentences of one article."""
_CHARACTERS = 1_000
"""Of a sentence, for comparing."""
_WANTED = 12
"""Content words that a sentence may have before its length counts much against it."""
_FEWEST = 4
"""Content words that a sentence must add."""
_SAME, _SIMILAR, _SAME_FACTS = 0.5, 0.3, 0.6
"""Shares of the shorter sentence: of its content words, and of its names and figures, that make two say the same."""
_PLACE, _OUTLET = 0.8, 1.25
"""What each later place in its article takes from a sentence, and what an outlet not heard yet adds."""
_WORD = re.compile(rf"{UNSPACED}|\d+(?:[.,]\d+)*|[^\W\d_]+")
"""A word or a figure; one character where a script has no spaces between words."""
_COMMON_WORDS = (
    "a an the this that these those and or but nor so as if than then when while where which who whom "
    "whose what how why of in on at by for from with to into onto over under after before since until "
    "about against between among through during without within up down out off near is are was were be "
    "been being am has have had do does did will would can could may might must shall should not no he "
    "she it they we you i his her its their our your my him them us me said says say told also more "
    "most very just new one two first last year years day days week monday tuesday wednesday thursday "
    "friday saturday sunday s t mr mrs ms"
)
_COMMON = frozenset(_COMMON_WORDS.split())
_NUMBERS = frozenset(
    [
        "two",
        "three",
        "four",
        "five",
        "six",
        "seven",
        "eight",
        "nine",
        "ten",
        "eleven",
        "twelve",
        "thirteen",
        "fourteen",
        "fifteen",
        "sixteen",
        "seventeen",
        "eighteen",
        "nineteen",
        "twenty",
        "thirty",
        "forty",
        "fifty",
        "sixty",
        "seventy",
        "eighty",
        "ninety",
        "hundred",
        "thousand",
        "million",
        "billion",
        "trillion",
        "dozen",
        "hundreds",
        "thousands",
        "millions",
        "billions",
        "dozens",
        "half",
    ]
)
_DENIAL = re.compile(
    r"\b(?:not|no|never|nor|neither|none|nobody|nothing|without|cannot)\b|n['’]t\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class _Sentence:
    """A sentence of an article's summary, ready to be compared."""

    passage: Passage
    outlet: str
    place: int
    words: frozenset[str]
    facts: frozenset[str]
    """Names and figures."""
    figures: frozenset[str] = frozenset()
    """In digits or in words."""
    denies: bool = False
    """Whether a word in it may turn its sense around."""


def condense(
    readings: Sequence[Reading], marks: Mapping[ArticleId, int], most: int, *, told: Sequence[str] = ()
) -> tuple[Passage, ...]:
    """At most so many sentences of the articles' summaries, none of which says what another or `told` says.

    `readings` begin with the article that leads the story: it speaks first, and where another outlet adds something it
    is heard, too. `told` are sentences that the channel has seen. Empty where nothing new is said.
    """
    sentences = list(_sentences(readings, marks, known=bool(told)))
    worth = _worth(readings[:_READINGS], sentences)
    heard = [_heard(text) for text in told]
    open_ = [s for s in sentences if not _is_told(s, heard)]
    chosen: list[_Sentence] = []
    while open_ and len(chosen) < most:
        best = _next(open_, chosen, worth, last=len(chosen) == most - 1)
        chosen.append(best)
        known = frozenset[str]().union(*(s.words for s in chosen))
        open_ = [s for s in open_ if s is not best and _adds(s, best, known)]
    order = {id(sentence): place for place, sentence in enumerate(sentences)}
    return tuple(s.passage for s in sorted(chosen, key=lambda s: order[id(s)]))


def unheard(sentences: Sequence[SummarySentence], told: Sequence[str]) -> tuple[SummarySentence, ...]:
    """Those that say something which no sentence of `told` says."""
    heard = [_heard(text) for text in told]
    return tuple(s for s in sentences if not _is_told(_heard(s.text), heard))


def turns(word: str) -> bool:
    """Whether a folded word is a figure or a denial, so that a sentence with another one in its place says otherwise."""
    if any(character.isdigit() for character in word) or word in _NUMBERS:
        return True
    return word in ("one", "t") or _DENIAL.fullmatch(word) is not None  # the `t` of `don’t`


def _heard(text: str) -> _Sentence:
    return _Sentence(Passage(text, None, 0), "", 0, *_compared(text), _figures(text), _denies(text))


def _sentences(
    readings: Sequence[Reading], marks: Mapping[ArticleId, int], *, known: bool
) -> Iterator[_Sentence]:
    """The sentences in order; what tells them from those that were told only where any was `known`."""
    for reading in readings[:_READINGS]:
        article = reading.article
        for place, sentence in enumerate(islice(reading.brief.summary, _SENTENCES)):
            passage = Passage(sentence.text, sentence.span, marks[article.id])
            held = _Sentence(passage, _outlet(reading), place, *_compared(sentence.text))
            yield (
                replace(held, figures=_figures(sentence.text), denies=_denies(sentence.text))
                if known
                else held
            )


def _outlet(reading: Reading) -> str:
    """The outlet; an article without one stands for itself."""
    return reading.article.outlet or f"\0{reading.article.id}"


def _worth(readings: Iterable[Reading], sentences: Iterable[_Sentence]) -> dict[str, float]:
    """Content word to the share of the outlets that have it in a title or a summary."""
    by_outlet: dict[str, set[str]] = {}
    for reading in readings:
        by_outlet.setdefault(_outlet(reading), set()).update(_compared(reading.article.title or "")[0])
    for sentence in sentences:
        by_outlet[sentence.outlet].update(sentence.words)
    count: dict[str, int] = {}
    for words in by_outlet.values():
        for word in words:
            count[word] = count.get(word, 0) + 1
    return {word: found / len(by_outlet) for word, found in count.items()}


def _next(
    open_: Sequence[_Sentence], chosen: Sequence[_Sentence], worth: Mapping[str, float], *, last: bool
) -> _Sentence:
    """The lead's first sentence, then that which adds most; in the last place one of another outlet."""
    if not chosen:
        return open_[0]
    outlets = {sentence.outlet for sentence in chosen}
    pool = list(open_)
    if last and len(outlets) == 1:
        pool = [s for s in open_ if s.outlet not in outlets] or pool
    known = frozenset[str]().union(*(s.words for s in chosen))

    def value(sentence: _Sentence) -> float:
        new = sum(sorted(worth[word] for word in sentence.words - known))
        fresh = _OUTLET if sentence.outlet not in outlets else 1.0
        return round(new / (len(sentence.words) + _WANTED) * _PLACE**sentence.place * fresh, 9)

    return max(pool, key=value)


def _adds(sentence: _Sentence, last: _Sentence, known: frozenset[str]) -> bool:
    """Whether it says something that those chosen do not, of which `last` is the last and `known` are all words.

    The others it was held against when they were chosen.
    """
    return len(sentence.words - known) >= _FEWEST and not _says_same(sentence, last)


def _is_told(sentence: _Sentence, heard: Sequence[_Sentence]) -> bool:
    """Whether those that were told say the same; another figure, or a `not`, is news in the same words."""
    same = [other for other in heard if other.denies == sentence.denies and _says_same(sentence, other)]
    return bool(same) and not sentence.figures.difference(*(other.figures for other in same))


def _says_same(one: _Sentence, other: _Sentence) -> bool:
    """Whether the shorter of two sentences hardly has a word, or few words and no name or figure, of its own."""
    if one.passage.text == other.passage.text:
        return True
    words = _shared(one.words, other.words)
    return words >= _SAME or (
        words >= _SIMILAR
        and len(one.facts & other.facts) > 1
        and _shared(one.facts, other.facts) >= _SAME_FACTS
    )


def _figures(text: str) -> frozenset[str]:
    found = (match.group().lower() for match in _WORD.finditer(text[:_CHARACTERS]))
    return frozenset(word for word in found if word[0].isdigit() or word in _NUMBERS)


def _denies(text: str) -> bool:
    return _DENIAL.search(text[:_CHARACTERS]) is not None


def _shared(one: frozenset[str], other: frozenset[str]) -> float:
    return len(one & other) / max(1, min(len(one), len(other)))


@lru_cache(maxsize=1_000)  # a story is told to many channels
def _compared(text: str) -> tuple[frozenset[str], frozenset[str]]:
    """The content words, and those of them that are names or figures."""
    found = [(match.group(), match.start()) for match in _WORD.finditer(text[:_CHARACTERS])]
    words, facts = set[str](), set[str]()
    for word, start in found:
        stemmed = _content(word)
        if not stemmed:
            continue
        words.add(stemmed)
        if word[0].isdigit() or (word[0].isupper() and start > 0):
            facts.add(stemmed)
    return frozenset(words), frozenset(facts)


@lru_cache(maxsize=10_000)
def _content(word: str) -> str:
    """The word as it is compared; empty for one that carries no meaning."""
    stemmed = stem(fold(word))
    return "" if stemmed in _COMMON or word.lower() in _COMMON else stemmed
