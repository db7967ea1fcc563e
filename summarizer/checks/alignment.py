"""What it costs to cut a sentence out of an article: the cheapest way of laying its words on the article's."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from summarizer.checks.words import PRONOUNS, Edge, Word, is_function, stem

_ABSENT, _ABSENT_FUNCTION, _ABSENT_NUMBER = 1.0, 0.7, 2.0
"""A word that the article lacks; one that only joins others counts for nearly as much, for it may turn `by` into `for`."""
_INFLECTED = 0.3
_SKIP = 0.6
"""Words left out inside one sentence."""
_NEAR, _JUMP = 1.0, 1.1
"""A leap into a neighbouring sentence or backwards, and one anywhere."""
_CLEAN = 0.5
"""The share of a break that is left where a comma or the like stands at its edge."""
_FOR_A_PRONOUN = 0.5
"""Forgiven where the article has a pronoun before the fragment: its name may stand there instead."""
_STANDS_FOR = 4
"""Absent words in a row that may stand in the place of as many others."""
_MOST_PLACES = 200
"""Places of one word that are looked at."""
_MOST_WORDS = 150
"""Words of a sentence that are laid; what is longer is no sentence of a summary."""


@dataclass(slots=True)
class _State:
    """The cheapest way so far that ends at a place of the article."""

    cost: float
    absent: int = 0
    """Words since that the article lacks."""


@dataclass(slots=True)
class _Ways:
    """The ways so far that end in one sentence of the article, by place."""

    places: list[int] = field(default_factory=list)
    leaving: list[float] = field(default_factory=list)
    """Up to each place, the cheapest cost with half a skip."""
    best: float = math.inf


class Alignment:
    """Lays sentences on an article's words."""

    def __init__(self, words: Sequence[Word]) -> None:
        self._words = words
        self._edges = [word.edge for word in words] + [Edge.SENTENCE]
        self._exact: dict[str, list[int]] = {}
        self._stems: dict[str, list[int]] = {}
        for place, word in enumerate(words):
            _note(self._exact, word.text, place)
            _note(self._stems, stem(word.text), place)

    def cost(self, sentence: Sequence[str]) -> float:
        """0 for what stands in one piece; about 1 for each word, break or leap that does not."""
        laid, rest = sentence[:_MOST_WORDS], sentence[_MOST_WORDS:]
        states: Mapping[int, _State] = {-1: _State(0.0)}
        for word in laid:
            states = self._step(word, states)
        return min(state.cost for state in states.values()) + sum(map(_absent, rest))

    def _step(self, word: str, states: Mapping[int, _State]) -> Mapping[int, _State]:
        absent = _absent(word)
        laid = {place: _State(state.cost + absent, state.absent + 1) for place, state in states.items()}
        ways, leap = self._ways(states), self._leap(states)
        for place, inflected in self._candidates(word, states):
            cost = inflected + self._arrive(place, states, ways, leap)
            if place not in laid or cost < laid[place].cost:
                laid[place] = _State(cost)
        bound = min(state.cost for state in laid.values()) + _JUMP + 1.0
        return {place: state for place, state in laid.items() if state.cost <= bound}

    def _candidates(self, word: str, states: Mapping[int, _State]) -> Iterator[tuple[int, float]]:
        """The places of the word, those right after a way first, and what another form costs."""
        places = dict.fromkeys(self._stems.get(stem(word), ()), _INFLECTED)
        places.update((place, 0.0) for place in self._exact.get(word, ()))
        for place in states:
            after = place + 1
            if after < len(self._words) and self._words[after].text == word:
                places[after] = 0.0
        return iter(places.items())

    def _ways(self, states: Mapping[int, _State]) -> dict[int, _Ways]:
        ways: dict[int, _Ways] = {}
        for place in sorted(place for place in states if place >= 0):
            cost = states[place].cost
            held = ways.setdefault(self._words[place].sentence, _Ways())
            leaving = cost + _SKIP / 2 * self._breaks(place + 1)
            held.places.append(place)
            held.leaving.append(min(leaving, held.leaving[-1]) if held.leaving else leaving)
            held.best = min(held.best, cost)
        return ways

    def _breaks(self, place: int) -> float:
        return _CLEAN if self._edges[place] else 1.0

    def _leap(self, states: Mapping[int, _State]) -> float:
        return min(
            state.cost + _JUMP / 2 * (self._breaks(place + 1) if place >= 0 else 1.0)
            for place, state in states.items()
        )

    def _arrive(
        self, place: int, states: Mapping[int, _State], ways: Mapping[int, _Ways], leap: float
    ) -> float:
        """The cheapest way to a place."""
        cost = leap + _JUMP / 2 * self._breaks(place)
        if place and self._words[place - 1].text in PRONOUNS:
            cost -= _FOR_A_PRONOUN
        if -1 in states:
            cost = min(cost, states[-1].cost)
        sentence = self._words[place].sentence
        for beside in (sentence - 1, sentence, sentence + 1):
            if beside in ways:
                cost = min(cost, ways[beside].best + _NEAR)
        if sentence in ways:
            before = bisect_left(ways[sentence].places, place)
            if before:
                cost = min(cost, ways[sentence].leaving[before - 1] + _SKIP / 2 * self._breaks(place))
        for distance in range(1, _STANDS_FOR + 2):
            state = states.get(place - distance) if place >= distance else None
            if state is not None and state.absent >= distance - 1:
                cost = min(cost, state.cost)
        return cost


def _note(index: dict[str, list[int]], word: str, place: int) -> None:
    places = index.setdefault(word, [])
    if len(places) < _MOST_PLACES:
        places.append(place)


def _absent(word: str) -> float:
    if word[0].isdigit():
        return _ABSENT_NUMBER
    return _ABSENT_FUNCTION if is_function(word) else _ABSENT
