"""Fits the weights of `summarizer/salience.py`: `python -m summarizer.training.salience --data DIR`.

A logistic regression by Newton's method on the articles of the development parts of summ-summeval (the first reference,
which is the outlet's own) and summ-writers (the share of the writers who have the word).
"""

from __future__ import annotations

import argparse
import gzip
import json
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np

from summarizer.frames import find_frames
from summarizer.layout import find_headings
from summarizer.quotations import find_quotations
from summarizer.salience import Item, Seen, items, likelihoods, pair_features, stems, survey, word_features
from summarizer.sentences import find_paragraphs
from summarizer.trimming import trim

SETS = {"summ-summeval": 1, "summ-writers": None}
"""Name, and how many of its references count."""
Article = tuple[dict[Item, Seen], int, list[frozenset[Item]]]
"""Where its words stand, its sentences, and what its summaries hold."""


def articles(data: Path) -> Iterable[Article]:
    """The articles to learn from."""
    for name, most in SETS.items():
        with gzip.open(data / name / "data.jsonl.gz", "rt", encoding="utf-8") as lines:
            for row in map(json.loads, lines):
                sentences = _sentences(row["article"])
                yield (
                    survey(sentences),
                    len(sentences),
                    [items(stems(reference)) for reference in row["references"][:most]],
                )


def _sentences(text: str) -> list[str]:
    paragraphs, quotations = find_paragraphs(text), find_quotations(text)
    frames = find_frames(text, paragraphs, quotations, skip=find_headings(text, paragraphs))
    return [trim(text, frame.span).of(text) for frame in frames]


def fit(features: Sequence[Sequence[float]], targets: Sequence[float]) -> np.ndarray:
    """The weights under which the targets are likeliest, held a little towards nothing."""
    x, y = np.array(features), np.array(targets)
    weights = np.zeros(x.shape[1])
    for _ in range(30):
        likely = 1 / (1 + np.exp(-x @ weights))
        slope = x.T @ (y - likely) - weights
        curve = (x * (likely * (1 - likely))[:, None]).T @ x + np.eye(len(weights))
        weights += np.linalg.solve(curve, slope)
    return weights


def main() -> int:
    """Prints the weights of words, then, with those in `summarizer/salience.py`, the weights of pairs."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="the folder that holds summ-summeval")
    read = list(articles(parser.parse_args().data))
    features, targets = {True: [], False: []}, {True: [], False: []}  # type: ignore[var-annotated]
    for seen, sentences, summaries in read:
        likely = likelihoods(frozenset(seen), seen, sentences)
        for item, where in seen.items():
            single = isinstance(item, str)
            features[single].append(
                word_features(item, where, sentences)
                if isinstance(item, str)
                else pair_features(item, where, (likely[item[0]], likely[item[1]]))
            )
            targets[single].append(sum(item in summary for summary in summaries) / len(summaries))
    for name, single in (("WORD", True), ("PAIR", False)):
        print(name, "=", tuple(round(float(w), 2) for w in fit(features[single], targets[single])))
    return 0


if __name__ == "__main__":
    sys.exit(main())
