"""Whether a sentence that a model wrote is borne out by the article: its numbers, names, quotations and trigrams."""

from __future__ import annotations

import re
from dataclasses import dataclass

_WORD = re.compile(r"\w+(?:[.,]\d+)*")
_MARK = re.compile(r"[“”\"«»„]")
_LEAST = 0.3
"""The share of a sentence's word trigrams that must stand in the article."""


@dataclass(frozen=True, slots=True)
class Checked:
    """What the check of one sentence found."""

    passes: bool
    score: float
    faults: tuple[str, ...]


class Checker:
    """Holds sentences against one article."""

    def __init__(self, text: str, *, title: str | None = None) -> None:
        words = _WORD.findall(f"{title or ''}\n{text}")
        self._text = text
        self._words = {word.lower() for word in words}
        self._trigrams = set(_trigrams(words))

    def check(self, sentence: str) -> Checked:
        """Passes only without any fault."""
        words = _WORD.findall(sentence)
        faults = []
        if any(w[0].isdigit() and w.lower() not in self._words for w in words):
            faults.append("number")
        if any(not w.islower() and w.lower() not in self._words for w in words):
            faults.append("name")
        if any(part not in self._text for part in _MARK.split(sentence)[1:-1]):
            faults.append("quotation")
        own = _trigrams(words)
        score = sum(t in self._trigrams for t in own) / len(own) if own else 0.0
        if score < _LEAST:
            faults.append("overlap")
        return Checked(not faults, score, tuple(faults))


def _trigrams(words: list[str]) -> list[tuple[str, ...]]:
    lower = [word.lower() for word in words]
    return list(zip(lower, lower[1:], lower[2:], strict=False))
