"""The extractive summary: a few of the article's own sentences, by place and by how much of the article they share."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from news.briefs import SummarySentence
from summarizer.frames import Frame
from summarizer.lexicon import listed, words

ENGINE = "extract 1"
_WORD = re.compile(r"[^\W_]+(?:[’'-][^\W_]+)*")
_DANGLING = listed(
    "he she it they this that these those his her its their but and or so yet however meanwhile also still instead"
    " then there such both nevertheless moreover furthermore therefore thus later earlier others another here"
)
_CONSIDERED = 400
"""Sentences looked at; news comes first."""
_LEAD, _FADES = 0.8, 0.2
"""What the first place is worth beside a likeness of 1, and how fast that fades."""
_LONG, _SHORT = 60, 6
"""Words of a sentence that is too much, or too little, to stand in a summary."""


def summarize(text: str, frames: Sequence[Frame], *, title: str | None = None) -> tuple[SummarySentence, ...]:
    """Up to three sentences, verbatim, in reading order; fewer for a short text."""
    candidates = [frame for frame in frames[:_CONSIDERED] if _stands_alone(text, frame)]
    if not candidates:
        return ()
    bags = [_bag(frame.span.of(text)) for frame in candidates]
    weights = _weights(bags)
    vectors = [_vector(bag, weights) for bag in bags]
    together = Counter[str]()
    for bag in bags:
        together.update(bag)
    whole = _vector(together, weights)
    headline = _vector(_bag(title or ""), weights)
    scores = [
        _score(text, frame, vector, whole, headline, place)
        for place, (frame, vector) in enumerate(zip(candidates, vectors, strict=True))
    ]
    chosen = _choose(scores, vectors, most=1 if len(candidates) < 3 else 2 if len(candidates) < 6 else 3)
    return tuple(SummarySentence(candidates[i].span.of(text), candidates[i].span) for i in sorted(chosen))


def _stands_alone(text: str, frame: Frame) -> bool:
    """Whether it is a whole sentence: not one piece of a longer quotation, and more than a quotation."""
    if frame.bare or not any(t.word for t in frame.tokens):
        return False
    quotations = [t.quotation for t in frame.tokens if t.quotation]
    if any(len(q.pieces) > 1 or not q.closed for q in quotations):
        return False
    length = len(_WORD.findall(frame.span.of(text)[:2_000]))
    return _SHORT <= length <= _LONG


def _bag(text: str) -> Counter[str]:
    common = words("function_words")
    found = (w.lower() for w in _WORD.findall(text))
    return Counter(w for w in found if len(w) > 2 and w not in common)


def _weights(bags: Sequence[Counter[str]]) -> dict[str, float]:
    df = Counter(word for bag in bags for word in bag)
    return {word: math.log(1 + len(bags) / count) for word, count in df.items()}


@dataclass(frozen=True, slots=True)
class _Vector:
    """Words with what each is worth, and the vector's length."""

    worth: Mapping[str, float]
    length: float


def _vector(bag: Counter[str], weights: Mapping[str, float]) -> _Vector:
    worth = {word: (1 + math.log(count)) * weights.get(word, 1.0) for word, count in bag.items()}
    return _Vector(worth, math.sqrt(sum(value**2 for value in worth.values())) or 1.0)


def _cosine(one: _Vector, other: _Vector) -> float:
    shared = one.worth.keys() & other.worth.keys()
    return sum(one.worth[w] * other.worth[w] for w in shared) / (one.length * other.length)


def _score(text: str, frame: Frame, vector: _Vector, whole: _Vector, headline: _Vector, place: int) -> float:
    score = _cosine(vector, whole) + 0.3 * _cosine(vector, headline) + _LEAD / (1 + _FADES * place)
    if place and _dangles(frame):
        score *= 0.6
    if frame.span.of(text)[-1:] == "?":
        score *= 0.5
    return score


def _dangles(frame: Frame) -> bool:
    """Whether its first words, or the source of what it quotes, point back to a sentence before."""
    first = next((t for t in frame.tokens if t.word or t.quotation), None)
    if first is None:
        return False
    if first.quotation:
        return any(t.lower in ("he", "she", "they") for t in frame.tokens)
    return first.lower in _DANGLING


def _choose(scores: Sequence[float], vectors: Sequence[_Vector], *, most: int) -> list[int]:
    """The best, each weighed against what the ones before it have said already."""
    chosen: list[int] = []
    while len(chosen) < most:
        rest = [i for i in range(len(scores)) if i not in chosen]
        best = max(rest, key=lambda i: (scores[i] - _repeats(i, chosen, vectors), -i))
        if chosen and _repeats(best, chosen, vectors) > 0.4:
            break
        chosen.append(best)
    return chosen


def _repeats(i: int, chosen: Sequence[int], vectors: Sequence[_Vector]) -> float:
    return 0.5 * max((_cosine(vectors[i], vectors[j]) for j in chosen), default=0.0)
