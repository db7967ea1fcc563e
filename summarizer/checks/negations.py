"""Negations: whether what the article denies is denied, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import Enum, auto

from summarizer.checks.words import Edge, Reading, Word, is_function, stem
from summarizer.lexicon import listed

_NOT = listed("not never no nobody none nothing neither nor without cannot")
_REFUSING = listed(
    "refuse refuses refused refusing deny denies denied denying reject rejects rejected rejecting decline declines declined"
    " declining fail fails failed failing prevent prevents prevented avoid avoids avoided unlikely unable hardly barely"
)
"""What says no without a `not`: the sentence may say it so, and the article otherwise."""
_NO_DENIAL = listed("only just merely")
_REACH = 3
"""Words after a negation of which the first is denied; the others may be."""


class Negations:
    """What an article denies."""

    def __init__(self, article: Reading) -> None:
        sides = _sides(article.words)
        self._denied = sides[_Side.DENIED] - sides[_Side.OPEN] - sides[_Side.PLAIN]
        self._plain = sides[_Side.PLAIN] - sides[_Side.OPEN] - sides[_Side.DENIED]

    def bear_out(self, sentence: Reading) -> bool:
        """Whether no word is denied that the article never denies, nor one left standing that it always denies."""
        sides = _sides(sentence.words)
        if not self._plain.isdisjoint(sides[_Side.DENIED]):
            return False
        if any(word.text in _REFUSING for word in sentence.words):
            return True
        return self._denied.isdisjoint(sides[_Side.PLAIN])


class _Side(Enum):
    """How a word stands towards a negation."""

    PLAIN = auto()
    OPEN = auto()
    DENIED = auto()


def _sides(words: Sequence[Word]) -> dict[_Side, frozenset[str]]:
    """The stems of the words that stand on each side."""
    found: dict[_Side, set[str]] = {side: set() for side in _Side}
    for word, side in _placed(words):
        found[side].add(stem(word.text))
    return {side: frozenset(stems) for side, stems in found.items()}


def _placed(words: Sequence[Word]) -> Iterator[tuple[Word, _Side]]:
    left, refused = 0, False
    for at, word in enumerate(words):
        if word.edge != Edge.NONE:
            left = 0
        if word.text in _NOT or word.text in _REFUSING:
            following = words[at + 1].text if at + 1 < len(words) else ""
            left = 0 if following in _NO_DENIAL else _REACH
            refused = word.text in _REFUSING
        elif is_function(word.text):
            continue
        elif left and word.text.endswith("ly"):
            yield word, _Side.OPEN
        else:
            yield word, _Side.PLAIN if not left else _Side.OPEN if refused or left < _REACH else _Side.DENIED
            left = max(0, left - 1)
