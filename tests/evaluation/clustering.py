"""Measures the stories by B-cubed: `python -m tests.evaluation.clustering --data DIR`."""

from __future__ import annotations

import argparse
import gzip
import json
import random
import sys
from collections import defaultdict
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from news.articles import ArticleId
from news.stories import Member
from summarizer.signatures import sign
from summarizer.stories import Clusterer
from tests.evaluation.attribution import SHARED

DATA = SHARED / "data"
SETS = ("allsides", "ecbplus", "triplets")


def b_cubed(found: Mapping[int, int], gold: Mapping[int, str]) -> tuple[float, float, float]:
    """Precision, recall and F1."""
    clusters: dict[int, set[int]] = defaultdict(set)
    stories: dict[str, set[int]] = defaultdict(set)
    for item, story in gold.items():
        clusters[found[item]].add(item)
        stories[story].add(item)
    shared = [(clusters[found[i]], stories[gold[i]]) for i in gold]
    precision = sum(len(c & s) / len(c) for c, s in shared) / len(gold)
    recall = sum(len(c & s) / len(s) for c, s in shared) / len(gold)
    return precision, recall, 2 * precision * recall / (precision + recall)


def measure(
    data: Path, name: str, clusterer: Clusterer, *, dated: bool = False
) -> tuple[float, float, float]:
    """The articles of one set, one after the other in an order that tells nothing, without dates if not `dated`."""
    with gzip.open(data / f"cluster-{name}" / "data.jsonl.gz", "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    random.Random(1).shuffle(rows)
    members = [
        Member(
            ArticleId(number),
            when=datetime.fromisoformat(row["date"] if dated else "2024-01-01").replace(tzinfo=UTC),
            signature=sign(row.get("title"), row["text"]),
        )
        for number, row in enumerate(rows)
    ]
    found = {a.article_id: int(a.with_article or 0) for a in clusterer.assign(members)}
    return b_cubed(found, {number: row["story"] for number, row in enumerate(rows)})


def main() -> int:
    """Prints precision, recall and F1 of each set."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--data", type=Path, default=DATA, help="the folder that holds cluster-allsides and others"
    )
    options = parser.parse_args()
    figures = {name: measure(options.data, name, Clusterer()) for name in SETS}
    figures["dated"] = measure(options.data, "allsides", Clusterer(), dated=True)
    for name, (precision, recall, f1) in figures.items():
        print(f"{name:10} P {100 * precision:5.1f}  R {100 * recall:5.1f}  F1 {100 * f1:5.1f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
