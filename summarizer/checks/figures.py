"""Figures: whether an article has the numbers of a sentence, by value and scale, and in the same unit."""

from __future__ import annotations

from summarizer.checks.numbers import Number, Value
from summarizer.checks.words import Reading


class Figures:
    """The numbers of an article."""

    def __init__(self, article: Reading) -> None:
        self._numbers = article.numbers
        self._by_value: dict[Value, list[int]] = {}
        for at, number in enumerate(self._numbers):
            for value in number.values:
                self._by_value.setdefault(value, []).append(at)

    def bear_out(self, sentence: Reading) -> bool:
        """Whether the article has every number of the sentence, those of a score side by side."""
        numbers = sentence.numbers
        return all(self._has(number, numbers[at - 1] if at else None) for at, number in enumerate(numbers))

    def _has(self, number: Number, before: Number | None) -> bool:
        same = [i for value in number.values for i in self._by_value.get(value, ())]
        same = [i for i in same if _fits(self._numbers[i].unit, number.unit)]
        if number.joined and before is not None:
            return any(i and not set(before.values).isdisjoint(self._numbers[i - 1].values) for i in same)
        return bool(same)


def _fits(one: str | None, other: str | None) -> bool:
    """Whether two units may be one; a sum is often written without its currency the second time."""
    return one == other or (None in (one, other) and "percent" not in (one, other))
