"""How sure the figures on PolNeAR are, and how far confidence can be trusted: `python -m tests.evaluation.intervals`.

Intervals are the middle 95 in 100 of what comes of drawing as many articles again, with replacement (the bootstrap of
Efron 1979). Confidence is held against the share of statements that are a pair hit.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator, Sequence
from itertools import pairwise
from types import ModuleType
from typing import Any

from summarizer.training.scorer import load_scorer
from tests.evaluation.attribution import DATA, predict, rows

DRAWS = 1_000
EDGES = (0.0, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 1.01)
FIGURES = {
    **{f"pair hit, {kind}": ("pair", "hit", kind) for kind in ("all", "direct", "mixed", "indirect")},
    "all three exact": ("linked", "exact", "all"),
    **{f"exact {role}": ("spans", "exact", role) for role in ("source", "cue", "content")},
    "direct speaker F1": ("speaker", "f1", "direct"),
}
Counts = tuple[float, float, float, float]


def counts_of(result: dict[str, Any]) -> dict[str, Counts]:
    """What is right of the predicted and of the gold, and their numbers, of one article."""
    found: dict[str, Counts] = {}
    for name, (group, how, kind) in FIGURES.items():
        row = result[group][how][kind]
        right = round(row["p"] * row["pred"]), round(row["r"] * row["gold"])
        found[name] = (*right, row["pred"], row["gold"])
    accuracy = result["speaker"]["accuracy"].get("direct", {"accuracy": 0.0, "found": 0})
    right = round(accuracy["accuracy"] * accuracy["found"])
    found["direct speaker accuracy"] = (right, right, accuracy["found"], accuracy["found"])
    return found


def f1(held: Sequence[Counts]) -> float:
    """The F1 of several articles together."""
    right_p, right_g, predicted, gold = (sum(column) for column in zip(*held, strict=True))
    precision, recall = right_p / predicted if predicted else 0, right_g / gold if gold else 0
    return 2 * precision * recall / (precision + recall) if precision + recall else 0


def interval(held: Sequence[Counts], chance: random.Random) -> tuple[float, float]:
    """Where 95 of 100 draws of as many articles lie."""
    drawn = sorted(f1(chance.choices(held, k=len(held))) for _ in range(DRAWS))
    return drawn[int(0.025 * DRAWS)], drawn[int(0.975 * DRAWS)]


def judged(scorer: ModuleType, gold: dict[str, Any], found: dict[str, Any]) -> Iterator[tuple[float, bool]]:
    """The confidence of each statement, and whether it is a pair hit."""
    for key, row in gold.items():
        doc = scorer.Doc(row["text"])
        golden = [scorer.Att(doc, a) for a in row["attributions"]]
        made = [scorer.Att(doc, a) for a in found[key]["attributions"]]
        partner = dict(scorer.align(made, golden))
        for number, (one, raw) in enumerate(zip(made, found[key]["attributions"], strict=True)):
            other = golden[partner[number]] if number in partner else None
            yield raw["confidence"], other is not None and _hits(one, other)


def _hits(one: Any, other: Any) -> bool:
    dice = 2 * len(one.content_t & other.content_t) / (len(one.content_t) + len(other.content_t))
    return dice >= 0.5 and (bool(one.source_t & other.source_t) or not (one.source or other.source))


def main() -> int:
    """Prints each figure with its interval, then confidence against what is right."""
    scorer, gold = load_scorer(DATA), rows(DATA, "dev")
    found = predict(gold.values())
    each = [counts_of(scorer.score({key: gold[key]}, {key: found[key]})) for key in gold]
    chance = random.Random(13)
    for name in (*FIGURES, "direct speaker accuracy"):
        held = [one[name] for one in each]
        low, high = interval(held, chance)
        print(f"{name:24} {100 * f1(held):5.1f}  ({100 * low:.1f} to {100 * high:.1f})")
    pairs = list(judged(scorer, gold, found))
    for low, high in pairwise(EDGES):
        part = [right for confidence, right in pairs if low <= confidence < high]
        if part:
            share = 100 * sum(part) / len(part)
            print(f"confidence {low:.2f} to {min(high, 1):.2f}  {share:5.1f} % right of {len(part)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
