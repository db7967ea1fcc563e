"""Measures the statements on PolNeAR: `python -m tests.evaluation.attribution --data DIR`."""

from __future__ import annotations

import argparse
import gzip
import json
import sys
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from news.articles import Article, ArticleId
from news.spans import Span
from summarizer.pipeline import Pipeline
from summarizer.training.scorer import load_scorer

SHARED = Path(__file__).resolve().parents[2].parent / "shared"
DATA = SHARED / "data" / "polnear"
FLOORS = Path(__file__).with_name("floors.json")


def rows(data: Path, part: str) -> dict[str, dict[str, Any]]:
    """The articles of a part of the corpus, by id."""
    with gzip.open(data / f"{part}.jsonl.gz", "rt", encoding="utf-8") as lines:
        return {row["id"]: row for row in map(json.loads, lines)}


def predict(gold: Iterable[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """What the pipeline finds in each article, as the scoring script wants it."""
    pipeline, now = Pipeline(), datetime(2025, 1, 1, tzinfo=UTC)
    found = {}
    for row in gold:
        brief = pipeline.brief(
            Article(id=ArticleId(1), key=row["id"], text=row["text"], arrived=now, title=row.get("title"))
        )
        attributions = [
            {
                "source": _pairs(s.source),
                "cue": _pairs(s.cue),
                "content": _pairs(s.content),
                "confidence": s.confidence,
            }
            for s in (*brief.statements, *brief.withheld)
        ]
        found[row["id"]] = {"id": row["id"], "attributions": attributions}
    return found


def _pairs(spans: Iterable[Span]) -> list[list[int]]:
    return [[span.start, span.end] for span in spans]


def measure(data: Path = DATA, part: str = "dev") -> dict[str, Any]:
    """All figures of the scoring script."""
    gold = rows(data, part)
    result: dict[str, Any] = load_scorer(data).score(gold, predict(gold.values()))
    return result


def main() -> int:
    """Prints the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=DATA, help="the folder that holds dev.jsonl.gz")
    parser.add_argument("--part", default="dev", choices=("train", "dev"))
    options = parser.parse_args()
    load_scorer(options.data).show(measure(options.data, options.part))
    return 0


if __name__ == "__main__":
    sys.exit(main())
