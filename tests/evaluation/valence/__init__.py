"""Sentences of our own in which one actor is for or against another; half of them were never looked at."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from tests.evaluation.seesaw import Pair

FOLDER = Path(__file__).parent
PARTS = ("seen", "practice", "unseen")


def pairs(part: str) -> Iterator[Pair]:
    """The pairs of one part, a JSON object a line."""
    for row in map(json.loads, (FOLDER / f"{part}.jsonl").read_text(encoding="utf-8").splitlines()):
        yield Pair(row["sentence"], row["source"], row["target"], row["polarity"] == "POS")
