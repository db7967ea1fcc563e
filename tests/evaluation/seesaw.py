"""Measures who is for or against whom on SEESAW, unread: `python -m tests.evaluation.seesaw`."""

from __future__ import annotations

import argparse
import gzip
import json
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from summarizer.models.leaning import leaning
from summarizer.stances.valence import attitude
from tests.evaluation.attribution import SHARED

DATA = SHARED / "data" / "stance-seesaw" / "data.jsonl.gz"
PARTS = ("valid", "train")
"""The corpus' own names for the halves of its development part."""
NOBODY, NOT_LISTED = "None", "Not in the list"


@dataclass(frozen=True, slots=True)
class Pair:
    """A sentence in which `source`, None for its writer, is for or against `target`."""

    sentence: str
    source: str | None
    target: str
    positive: bool


@dataclass(frozen=True, slots=True)
class Figures:
    """In per cent; what nothing tells counts as against."""

    f1: float
    pairs: int
    told: float
    """The share of pairs of which the words tell something."""
    right: float
    """The share of those that are right."""


def pairs(part: str, *, sources: bool) -> Iterator[Pair]:
    """The pairs of one part whose target is named, and whose source is or is not."""
    with gzip.open(DATA, "rt", encoding="utf-8") as lines:
        for row in map(json.loads, lines):
            for stance in row["stances"] if row["split"] == part else ():
                source, target = stance["source"], stance["target"]
                if target in (NOBODY, NOT_LISTED) or source == NOT_LISTED or (source != NOBODY) != sources:
                    continue
                yield Pair(row["sentence"], source if sources else None, target, stance["polarity"] == "POS")


def measure(
    read: Iterable[Pair], judge: Callable[[str, Sequence[str], Sequence[str]], float] = attitude
) -> Figures:
    """Macro F1 over for and against, and how much is told."""
    told, right, found = 0, 0, []
    for pair in read:
        value = judge(pair.sentence, [pair.source] if pair.source else [], [pair.target])
        found.append((pair.positive, value > 0))
        told += value != 0
        right += value != 0 and (value > 0) == pair.positive
    scores = [_f1(found, positive) for positive in (True, False)]
    return Figures(
        100 * sum(scores) / 2, len(found), 100 * told / max(1, len(found)), 100 * right / max(1, told)
    )


def by_vector_too(sentence: str, source: Sequence[str], target: Sequence[str]) -> float:
    """The attitude that words and the sentence's vector tell together."""
    return attitude(sentence, source, target, leaning)


def _f1(found: Sequence[tuple[bool, bool]], positive: bool) -> float:
    both = sum(gold == positive == guess for gold, guess in found)
    either = sum(gold == positive for gold, _ in found) + sum(guess == positive for _, guess in found)
    return 2 * both / max(1, either)


def show(name: str, figures: Figures) -> str:
    return (
        f"{name}: macro F1 {figures.f1:.1f} of {figures.pairs} pairs;"
        f" {figures.told:.1f} % told, {figures.right:.1f} % of them rightly"
    )


def main() -> int:
    """Prints one line of figures a part; no sentence is ever shown."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--parts", nargs="+", default=PARTS, help="valid, train; test, where the corpus has it"
    )
    for part in parser.parse_args().parts:
        for sources in (True, False):
            name = f"{part}, {'both named' if sources else 'only the target named'}"
            print(show(f"{name}, words alone", measure(pairs(part, sources=sources))))
            print(show(f"{name}, with vector", measure(pairs(part, sources=sources), by_vector_too)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
