"""Whether one actor of a sentence is for or against another, told from its words alone."""

from __future__ import annotations

import math
from collections.abc import Sequence

from summarizer.stances.mentions import SOURCE, TARGET, find_mentions
from summarizer.stances.polar import Valence, find_cues, valence_of, words_of
from summarizer.stances.relations import Relations, relate

__all__ = ["Valence", "attitude", "features", "valence_of"]

_MOST_WORDS = 300
"""Words of a sentence that are read."""
_LONGEST = 4_000
_WEIGHTS = (1.0, 0.4, 0.5, 1.0, 0.4, 0.3, 0.15, 0.1)
_BIAS = 0.0


def attitude(sentence: str, source: Sequence[str], target: Sequence[str]) -> float:
    """From -1, surely against, to 1, surely for: how `source` stands towards `target`; 0 where nothing tells."""
    found = features(sentence, source, target)
    if not any(found):
        return 0.0
    return math.tanh(_BIAS + sum(w * f for w, f in zip(_WEIGHTS, found, strict=True)))


def features(sentence: str, source: Sequence[str], target: Sequence[str]) -> tuple[float, ...]:
    tokens = words_of(sentence[:_LONGEST])[:_MOST_WORDS]
    lower = [token.lower() for token in tokens]
    mentions = find_mentions(tokens, source, target)
    cues = [c for c in find_cues(lower) if not any(m.start <= c.start < m.end and m.weight == 1.0 and tokens[c.start][0].isupper() for m in mentions)]
    relations = relate(lower, mentions, cues)
    others = {actor for pair in relations.acts for actor in pair} - {SOURCE, TARGET}
    acts, said = relations.acts, relations.said
    get = lambda a, b: acts.get((a, b), 0.0)  # noqa
    path = sum(get(SOURCE, x) * (get(x, TARGET) + get(TARGET, x)) for x in others)
    s = [m.start for m in mentions if m.actor == SOURCE and m.weight == 1]
    t = [m.start for m in mentions if m.actor == TARGET and m.weight == 1]
    between = 0.0
    if s and t:
        lo, hi = min(((min(a, b), max(a, b)) for a in s for b in t), key=lambda p: p[1] - p[0])
        between = sum((-.7 if c.denied else 1) * (c.valence.toward or c.valence.of) for c in cues if lo < c.start < hi)
    sq = lambda x: max(-2.0, min(2.0, x))  # noqa
    return (
        sq(get(SOURCE, TARGET)),
        sq(get(TARGET, SOURCE)),
        sq(path),
        sq(said.get((SOURCE, TARGET), 0.0)),
        sq(said.get((None, TARGET), 0.0)),
        sq(between),
        sq(sum(relations.tone.values()) / 2),
        sq(relations.tone.get(SOURCE, 0.0) / 2),
    )
