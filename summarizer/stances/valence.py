"""Whether one actor of a sentence is for or against another, told from its words alone."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from summarizer.models import leaning as leanings
from summarizer.stances.mentions import FIRST, SOURCE, TARGET, Mention, find_mentions
from summarizer.stances.polar import Cue, Valence, find_cues, valence_of, words_of
from summarizer.stances.relations import Relations, relate

__all__ = ["Leaning", "Valence", "attitude", "features", "valence_of"]

NAMES = {SOURCE: leanings.SOURCE, TARGET: leanings.TARGET}
_LONGEST = 4_000
"""Characters of a sentence that are read."""
_MOST_WORDS = 300
_MOST = 2.0
"""What one feature tells at most."""
WEIGHTS = (0.86, 0.58, 0.46, 0.77, 0.53, 0.17, 0.99, -0.16)
"""What the features weigh, and a constant: a logistic regression over sentences of our own, both classes alike."""
LEANING_WEIGHTS = (0.84, 0.54, 0.56, 0.8, 0.5, 0.17, 0.77, 0.29, 0.03)
"""The same where it is also told which way the sentence leans."""

Leaning = Callable[[str], float]
"""Tells which way a sentence leans in which the two bear the names of `summarizer/models/leaning.py`."""


def attitude(
    sentence: str, source: Sequence[str], target: Sequence[str], leaning: Leaning | None = None
) -> float:
    """How `source`, known by some names, stands towards `target`: from -1, surely against, to 1, surely for.

    Without names for the source it is the writer's own attitude. 0 where the words tell nothing. With `leaning`
    the sentence's vector has a say, too, and something is always told.
    """
    found = features(sentence, source, target, leaning)
    if not any(found):
        return 0.0
    weights = LEANING_WEIGHTS if leaning else WEIGHTS
    return math.tanh(sum(w * f for w, f in zip(weights, (*found, 1.0), strict=True)) / 2)


def features(
    sentence: str, source: Sequence[str], target: Sequence[str], leaning: Leaning | None = None
) -> tuple[float, ...]:
    """What the regression knows, each from -2 to 2, but for the last.

    What the source does to the target, and the target to the source; what both do to others; what the source says of
    the target, and what the writer says; what others do to who is not named; all that the sentence's words tell,
    whomever they are about; and which way it leans.
    """
    tokens = words_of(sentence[:_LONGEST])[:_MOST_WORDS]
    lower = [token.lower() for token in tokens]
    mentions = find_mentions(tokens, source, target)
    cues = [cue for cue in find_cues(lower) if not _in_a_name(tokens, mentions, cue)]
    relations = relate(lower, mentions, cues)
    found = _of_a_source(relations) if source else _of_the_writer(relations)
    told = tuple(max(-_MOST, min(_MOST, value)) for value in (*found, relations.tone / 2))
    return (*told, leaning(_renamed(tokens, mentions))) if leaning else told


def _renamed(tokens: Sequence[str], mentions: Sequence[Mention]) -> str:
    """The sentence with the names in it that `leaning` knows."""
    text = list(tokens)
    for mention in mentions:
        if not mention.guessed and mention.actor in NAMES and tokens[mention.start].lower() not in FIRST:
            text[mention.start : mention.end] = [
                NAMES[mention.actor],
                *[""] * (mention.end - mention.start - 1),
            ]
    return " ".join(token for token in text if token)


def _of_a_source(relations: Relations) -> tuple[float, ...]:
    acts, said = relations.acts, relations.said
    others = {actor for pair in (*acts, *said) for actor in pair if actor} - {SOURCE, TARGET}
    shared = sum(
        acts.get((SOURCE, other), 0.0) * (acts.get((other, TARGET), 0.0) + acts.get((TARGET, other), 0.0))
        for other in others
    )
    elsewhere = 0.0
    if TARGET not in relations.named:
        elsewhere += sum(acts.get((SOURCE, other), 0.0) + said.get((SOURCE, other), 0.0) for other in others)
    if SOURCE not in relations.named:
        elsewhere += sum(acts.get((other, TARGET), 0.0) + said.get((other, TARGET), 0.0) for other in others)
    return (
        acts.get((SOURCE, TARGET), 0.0),
        acts.get((TARGET, SOURCE), 0.0),
        shared,
        said.get((SOURCE, TARGET), 0.0),
        said.get((None, TARGET), 0.0),
        elsewhere,
    )


def _of_the_writer(relations: Relations) -> tuple[float, ...]:
    """The same of a sentence's writer, with whom what others do and say to the target counts half."""
    done = sum(worth for (_, patient), worth in relations.acts.items() if patient == TARGET)
    others = sum(
        worth for (speaker, about), worth in relations.said.items() if speaker is not None and about == TARGET
    )
    return 0.5 * done, 0.0, 0.0, relations.said.get((None, TARGET), 0.0), others, 0.0


def _in_a_name(tokens: Sequence[str], mentions: Sequence[Mention], cue: Cue) -> bool:
    """Whether what looks like a cue is part of a name, as in `Liberty League`."""
    return tokens[cue.start][0].isupper() and any(
        mention.start <= cue.start < mention.end and not mention.guessed for mention in mentions
    )
