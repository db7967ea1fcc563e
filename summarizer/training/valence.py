"""Fits what tells who is for or against whom: `python -m summarizer.training.valence --data DIR`.

The direction of `summarizer/models/encoder/leaning.npy`, of sentences composed from our own words, and the weights in
`summarizer/stances/valence.py`, printed: logistic regressions by Newton's method, in which both classes weigh alike, so
that the sign is evidence and no guess at how often people are against each other.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from summarizer.models.encoder import embed
from summarizer.models.leaning import DIRECTION, leaning
from summarizer.stances.valence import features
from summarizer.training.composing import compose, contrasts, hidden

SETS = ("seen", "practice")
SCALE, HELD, WEIGHTS_HELD = 3.0, 3.0, 1.0
"""What vectors are multiplied by, and how much their weights, and those of the features, are held towards nothing."""
SHARES = {(False, False): 0.4, (False, True): 0.3, (True, False): 0.1, (True, True): 0.2}
"""How much a sentence counts with its source, its target, both or none of them hidden."""


def fit(
    features: Sequence[Sequence[float]] | np.ndarray,
    targets: Sequence[bool],
    counts: Sequence[float],
    held: float,
) -> np.ndarray:
    """The weights, the last one a constant, under which the targets are likeliest, held towards nothing."""
    x, y, count = np.c_[np.array(features), np.ones(len(targets))], np.array(targets, float), np.array(counts)
    count = count * np.where(y > 0, (count * (1 - y)).sum() / (count * y).sum(), 1.0)
    weights, hold = np.zeros(x.shape[1]), np.eye(x.shape[1]) * held
    hold[-1, -1] = 0.01
    for _ in range(40):
        likely = 1 / (1 + np.exp(-x @ weights))
        curve = (x.T * (count * likely * (1 - likely))) @ x + hold
        weights += np.linalg.solve(curve, x.T @ (count * (y - likely)) - hold @ weights)
    return weights


def direction() -> np.ndarray:
    """Half the regression's direction over composed sentences, half the mean contrast, each of the same spread."""
    composed = list(compose())
    vectors = np.array([embed(sentence) for sentence, _ in composed])
    learnt = fit(vectors * SCALE, [good for _, good in composed], [1.0] * len(composed), HELD)
    learnt[:-1] *= SCALE
    contrast = np.mean([embed(good) - embed(bad) for good, bad in contrasts()], axis=0)
    one, other = vectors @ learnt[:-1] + learnt[-1], vectors @ contrast
    return np.r_[learnt[:-1] / one.std() + contrast / other.std(), learnt[-1] / one.std()].astype(np.float32)


def examples(data: Path) -> Iterator[tuple[str, list[str], list[str], bool, float]]:
    """Sentences of our own with names, some hidden, what is right, and how much each counts."""
    for name in SETS:
        for row in map(json.loads, (data / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()):
            sentence, source, target = row["sentence"], row["source"], row["target"]
            positive = row["polarity"] == "POS"
            if source is None:
                yield sentence, [], [target], positive, 0.5
                continue
            draw = hashlib.sha256((sentence + target).encode()).digest()[1]
            for (hide_source, hide_target), share in SHARES.items():
                text = hidden(sentence, target, draw) if hide_target else sentence
                text = hidden(text, source, draw // 3 + 1) if hide_source else text
                yield text, [source], [target], positive, share


def main() -> int:
    """Writes the direction and prints the weights, without it and with it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--data", type=Path, required=True, help="the folder of practice.jsonl and seen.jsonl"
    )
    data = parser.parse_args().data
    np.save(DIRECTION, direction(), allow_pickle=False)
    read = list(examples(data))
    for name, lean in (("WEIGHTS", None), ("LEANING_WEIGHTS", leaning)):
        found = [features(sentence, source, target, lean) for sentence, source, target, _, _ in read]
        weights = fit(found, [row[3] for row in read], [row[4] for row in read], WEIGHTS_HELD)
        print(name, "=", tuple(round(float(weight), 2) for weight in weights))
    return 0


if __name__ == "__main__":
    sys.exit(main())
