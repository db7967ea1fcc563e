"""Figures: whether an article has the numbers of a sentence, by value and scale, and in the same unit."""

from __future__ import annotations

from itertools import pairwise

from summarizer.checks.numbers import Number, Value
from summarizer.checks.words import Reading


class Figures:
    """The numbers of an article."""

    def __init__(self, article: Reading) -> None:
        self._units: dict[Value, set[str | None]] = {}
        for number in article.numbers:
            for value in number.values:
                self._units.setdefault(value, set()).add(number.unit)
        self._pairs = frozenset((one.values[0], other.values[0]) for one, other in pairwise(article.numbers))

    def bear_out(self, sentence: Reading) -> bool:
        """Whether the article has every number of the sentence, those of a score side by side."""
        return all(map(self._has, sentence.numbers)) and all(
            (one.values[0], other.values[0]) in self._pairs
            for one, other in pairwise(sentence.numbers)
            if other.joined
        )

    def _has(self, number: Number) -> bool:
        return any(_fits(unit, number.unit) for value in number.values for unit in self._units.get(value, ()))


def _fits(one: str | None, other: str | None) -> bool:
    """Whether two units may be one; a sum is often written without its currency the second time."""
    return one == other or (None in (one, other) and "percent" not in (one, other))
