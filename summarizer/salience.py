"""How likely a word of an article, or two words in a row, are to stand in a summary of it.

That is told from how many sentences have them, and from where they first stand: a logistic regression over summaries that
people wrote (`summarizer/training/salience.py`).
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from news.words import UNSPACED, stem
from summarizer.lexicon import listed, words

WORD = (-1.21, -0.17, -0.48, 4.76, -0.75, 0.26)
"""What the features of `word_features` weigh."""
PAIR = (-0.49, 1.02, -0.51, 0.06, -0.77, 0.29, -0.44)
"""What the features of `pair_features` weigh."""
TITLE = 0.8
"""What standing in the title weighs: fitted alone, since the corpora with written summaries have no titles."""
_WORD = re.compile(rf"{UNSPACED}|[^\W_]+")
_COMMON = listed(
    "he she it they i we you him them us me my said say says saying told s t re ve ll d also who whom what its"
)

Item = str | tuple[str, str]
"""A word's stem, or those of two words in a row."""


@dataclass(frozen=True, slots=True)
class Seen:
    """Where an article has a word or a pair."""

    sentences: int
    """How many sentences have it."""
    first: int
    """The first one, counted from 0."""
    second: bool
    """Whether the second sentence has it."""
    name: bool = False
    """Whether it stands with a capital inside a sentence."""


def stems(sentence: str) -> list[str]:
    """The sentence's words as they are compared."""
    return [stem(word.lower()) for word in _WORD.findall(sentence)]


def items(stemmed: Sequence[str]) -> frozenset[Item]:
    """The words of a sentence and its pairs of words."""
    return frozenset((*stemmed, *pairwise(stemmed)))


def is_common(word: str) -> bool:
    """Whether the word tells nothing of what a text is about."""
    return word in _common()


def survey(sentences: Sequence[str]) -> dict[Item, Seen]:
    """Where all words and pairs of an article's sentences stand."""
    count: dict[Item, int] = {}
    first: dict[Item, int] = {}
    names: set[str] = set()
    second: frozenset[Item] = frozenset()
    for number, sentence in enumerate(sentences):
        found = _WORD.findall(sentence)
        stemmed = [stem(word.lower()) for word in found]
        names.update(s for word, s in zip(found[1:], stemmed[1:], strict=True) if word[0].isupper())
        held = items(stemmed)
        if number == 1:
            second = held
        for item in held:
            count[item] = count.get(item, 0) + 1
            first.setdefault(item, number)
    return {item: Seen(count[item], first[item], item in second, item in names) for item in count}


def likelihoods(
    wanted: frozenset[Item], seen: Mapping[Item, Seen], sentences: int, *, title: str | None = None
) -> dict[Item, float]:
    """How likely each of the wanted words and pairs is to stand in a summary of so many sentences."""
    titled = {word for word in stems(title or "") if not is_common(word)}
    single = {item for item in wanted if isinstance(item, str)} | {
        word for item in wanted if not isinstance(item, str) for word in item
    }
    likely: dict[Item, float] = {
        word: _logistic(_weighed(WORD, word_features(word, seen[word], sentences)) + TITLE * (word in titled))
        for word in single
    }
    for item in wanted:
        if not isinstance(item, str):
            one, other = item
            likely[item] = _logistic(
                _weighed(PAIR, pair_features(item, seen[item], (likely[one], likely[other])))
            )
    return likely


def word_features(word: str, seen: Seen, sentences: int) -> tuple[float, ...]:
    """What the regression knows of a word."""
    often = math.log(seen.sentences)
    return (
        1.0,
        float(is_common(word)),
        often,
        often / math.log(1 + sentences),
        math.log(1 + seen.first),
        float(seen.name),
    )


def pair_features(pair: tuple[str, str], seen: Seen, likely: tuple[float, float]) -> tuple[float, ...]:
    """What the regression knows of two words in a row, of which each is so likely alone."""
    return (
        1.0,
        math.log(seen.sentences),
        float(seen.first == 0),
        float(seen.second),
        math.log(1 + seen.first),
        math.log(likely[0]) + math.log(likely[1]),
        float(is_common(pair[0])) + float(is_common(pair[1])),
    )


def _weighed(weights: Sequence[float], features: Sequence[float]) -> float:
    return sum(w * f for w, f in zip(weights, features, strict=True))


def _logistic(value: float) -> float:
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, value))))


@cache
def _common() -> frozenset[str]:
    return frozenset(stem(word) for word in words("function_words") | _COMMON)
