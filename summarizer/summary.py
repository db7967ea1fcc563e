"""The extractive summary: a few of the article's own sentences, by place and by how much of the article they share."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence

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
    whole = Counter[str]()
    for bag in bags:
        whole.update(bag)
    headline = _bag(title or "")
    scores = [
        _score(text, frame, bag, whole, headline, weights, place)
        for place, (frame, bag) in enumerate(zip(candidates, bags, strict=True))
    ]
    chosen = _choose(
        scores, bags, weights, most=1 if len(candidates) < 3 else 2 if len(candidates) < 6 else 3
    )
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


def _cosine(one: Counter[str], other: Counter[str], weights: dict[str, float]) -> float:
    shared = one.keys() & other.keys()
    if not shared:
        return 0.0
    dot = sum((1 + math.log(one[w])) * (1 + math.log(other[w])) * weights.get(w, 1.0) ** 2 for w in shared)
    return dot / (_norm(one, weights) * _norm(other, weights))


def _norm(bag: Counter[str], weights: dict[str, float]) -> float:
    return math.sqrt(sum(((1 + math.log(n)) * weights.get(w, 1.0)) ** 2 for w, n in bag.items())) or 1.0


def _score(
    text: str,
    frame: Frame,
    bag: Counter[str],
    whole: Counter[str],
    headline: Counter[str],
    weights: dict[str, float],
    place: int,
) -> float:
    score = (
        _cosine(bag, whole, weights) + 0.3 * _cosine(bag, headline, weights) + _LEAD / (1 + _FADES * place)
    )
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


def _choose(
    scores: Sequence[float], bags: Sequence[Counter[str]], weights: dict[str, float], *, most: int
) -> list[int]:
    """The best, each weighed against what the ones before it have said already."""
    chosen: list[int] = []
    while len(chosen) < most:
        rest = [i for i in range(len(scores)) if i not in chosen]
        best = max(rest, key=lambda i: (scores[i] - _repeats(i, chosen, bags, weights), -i))
        if chosen and _repeats(best, chosen, bags, weights) > 0.4:
            break
        chosen.append(best)
    return chosen


def _repeats(i: int, chosen: Sequence[int], bags: Sequence[Counter[str]], weights: dict[str, float]) -> float:
    return 0.5 * max((_cosine(bags[i], bags[j], weights) for j in chosen), default=0.0)
