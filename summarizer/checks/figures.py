"""Figures: whether an article has the numbers of a sentence, by value and scale, and of the same things."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from summarizer.checks.numbers import Number, Value, find_numbers
from summarizer.checks.words import Edge, Reading, Word, is_function, stem

_NEAR = 6
"""Words around a number among which the article names what it counts."""


class Figures:
    """The numbers of an article."""

    def __init__(self, article: Reading) -> None:
        self._units: dict[Value, set[str | None]] = {}
        for number in article.numbers:
            for value in number.values:
                self._units.setdefault(value, set()).add(number.unit)
        self._pairs = frozenset((one.values[0], other.values[0]) for one, other in pairwise(article.numbers))
        self._stems = frozenset(stem(word.text) for word in article.words)
        self._beside: dict[str, set[str]] = {}
        for at, word in enumerate(article.words):
            if word.is_number:
                near = article.words[max(0, at - _NEAR) : at + _NEAR + 1]
                self._beside.setdefault(word.text, set()).update(stem(other.text) for other in near)

    def bear_out(self, sentence: Reading) -> bool:
        """Whether the article has every number of the sentence, those of a score side by side, and of one thing."""
        return (
            all(map(self._has, sentence.numbers))
            and all(
                (one.values[0], other.values[0]) in self._pairs
                for one, other in pairwise(sentence.numbers)
                if other.joined
            )
            and all(self._counts(number, thing) for number, thing in _counted(sentence.words))
        )

    def _has(self, number: Number) -> bool:
        return any(_fits(unit, number.unit) for value in number.values for unit in self._units.get(value, ()))

    def _counts(self, number: str, thing: str) -> bool:
        """Whether the article has the thing beside the number; what it calls otherwise everywhere is let pass."""
        return thing not in self._stems or thing in self._beside.get(number, (thing,))


def _fits(one: str | None, other: str | None) -> bool:
    """Whether two units may be one; a sum is often written without its currency the second time."""
    return one == other or (None in (one, other) and "percent" not in (one, other))


def _counted(words: Sequence[Word]) -> Iterator[tuple[str, str]]:
    """Numbers with the word after each, where that is what they count: `31 ships`, not `a 31-year-old`."""
    for word, following in pairwise(words):
        if not word.is_number or following.is_number or following.edge != Edge.NONE:
            continue
        if is_function(following.text) or following.raw[0].isupper() or stem(following.text) == "year":
            continue
        if all(number.unit is None for number in find_numbers(word.raw)):
            yield word.text, stem(following.text)
