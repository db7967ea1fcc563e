"""Measures the check of written sentences: `python -m tests.evaluation.faithfulness --data DIR`."""

from __future__ import annotations

import argparse
import gzip
import json
import math
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from statistics import fmean

from summarizer.checks import Checked, Checker
from summarizer.sentences import find_sentences
from tests.evaluation.attribution import SHARED

DATA = SHARED / "data"
SETS = ("qags-cnn", "qags-xsum", "summeval")


@dataclass(frozen=True, slots=True)
class Judged:
    """A summary's sentences as we check them, and whether people found it true to its article."""

    checks: tuple[Checked, ...]
    faithful: bool


def area(ranked: Iterable[tuple[float, bool]]) -> float:
    """The area under the ROC curve: how often a true one scores above a false one, ties half."""
    below = won = wrong = right = 0.0
    for _, tied in groupby(sorted(ranked), key=lambda item: item[0]):
        labels = [label for _, label in tied]
        true = sum(labels)
        won += true * (below + (len(labels) - true) / 2)
        below += len(labels) - true
        right, wrong = right + true, wrong + len(labels) - true
    return won / (right * wrong) if right and wrong else math.nan


def all_right(checks: Sequence[Checked]) -> float:
    """The score of a summary: that every sentence is borne out, each for itself."""
    return math.prod(check.score for check in checks)


def judged(data: Path, name: str) -> Iterator[Judged]:
    """The summaries of one set, checked."""
    if name == "summeval":
        for row in _rows(data / "summ-summeval"):
            checker = Checker(row["article"])
            for system in row["systems"].values():
                sentences = [span.of(system["summary"]) for span in find_sentences(system["summary"])]
                faithful = system["scores"]["consistency"] == 5
                yield Judged(tuple(map(checker.check, sentences)), faithful)
        return
    origin = {"qags-cnn": "cnndm", "qags-xsum": "xsum"}[name]
    for row in _rows(data / "faith-qags"):
        if row["origin"] == origin:
            checker = Checker(row["article"])
            checks = tuple(checker.check(held["sentence"]) for held in row["sentences"])
            yield Judged(checks, row["label"] == 1)


def measure(data: Path, name: str, score: Callable[[Sequence[Checked]], float] = all_right) -> float:
    """The area under the curve of one set."""
    return area((score(summary.checks), summary.faithful) for summary in judged(data, name))


def rank_accuracy(data: Path) -> float:
    """How often the right one of two sentences scores higher, ties half."""
    won = []
    for row in _rows(data / "faith-rank19"):
        checker = Checker(row["source"])
        right, wrong = (checker.check(row[key]).score for key in ("correct", "incorrect"))
        won.append((right > wrong) + (right == wrong) / 2)
    return fmean(won)


def passing(data: Path, name: str) -> tuple[float, float]:
    """The shares of faithful and of other summaries of which every sentence passes."""
    shares: dict[bool, list[bool]] = {True: [], False: []}
    for summary in judged(data, name):
        shares[summary.faithful].append(all(check.passes for check in summary.checks))
    return fmean(shares[True]), fmean(shares[False])


def _rows(folder: Path) -> Iterator[dict]:
    with gzip.open(folder / "data.jsonl.gz", "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def main() -> int:
    """Prints the areas, the rank accuracy and how many summaries pass."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=DATA, help="the folder that holds faith-qags and others")
    options = parser.parse_args()
    for name in SETS:
        true, false = passing(options.data, name)
        auc = 100 * measure(options.data, name)
        print(f"{name:10} AUC {auc:5.1f}  pass: faithful {100 * true:5.1f} %, others {100 * false:5.1f} %")
    print(f"{'rank19':10} accuracy {100 * rank_accuracy(options.data):5.1f} %")
    return 0


if __name__ == "__main__":
    sys.exit(main())
