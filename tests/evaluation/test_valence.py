"""Who is for or against whom does not fall below what was measured on sentences of our own, less a point."""

from __future__ import annotations

import json

import pytest

from tests.evaluation import attribution, valence
from tests.evaluation.seesaw import by_vector_too, measure


@pytest.mark.parametrize("part", valence.PARTS)
def test_our_own_sentences_stay_above_their_floors(part):
    floors = json.loads(attribution.FLOORS.read_text(encoding="utf-8"))["valence"][part]
    assert measure(valence.pairs(part)).f1 >= floors[0]
    assert measure(valence.pairs(part), by_vector_too).f1 >= floors[1]


def test_no_sentence_is_both_seen_and_unseen():
    sentences = {part: {pair.sentence for pair in valence.pairs(part)} for part in valence.PARTS}
    assert not sentences["unseen"] & (sentences["seen"] | sentences["practice"])
    assert sum(map(len, sentences.values())) >= 300
