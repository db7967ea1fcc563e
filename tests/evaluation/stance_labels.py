"""Scores the stances of real news that we labelled and kept aside: `python -m tests.evaluation.stance_labels --errors`.

The passages are those of PolNeAR's `train` whose articles never trained the position reader.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from typing import Any

from news.stances import Stance
from news.targets import Target
from summarizer.training.positions.passages import LABELLED, is_kept_aside, texts_of
from tests.evaluation.attribution import SHARED
from tests.evaluation.stance_cases import article_of, judge, score, targets_of

POLNEAR = SHARED / "data" / "polnear" / "train.jsonl.gz"


def kept_aside() -> Iterator[tuple[dict[str, Any], tuple[Target, ...]]]:
    """Each case with its text, and its targets."""
    texts = texts_of(POLNEAR)
    for folder in sorted(path for path in LABELLED.iterdir() if path.is_dir()):
        targets = targets_of(folder)
        for line in (folder / "labels.jsonl").read_text(encoding="utf-8").splitlines():
            case = json.loads(line)
            if is_kept_aside(case["doc"]):
                text = texts[case["doc"]][case["start"] : case["end"]]
                yield case | {"text": text, "id": f"{folder.name} {case['id']}"}, targets


def read() -> list[tuple[dict[str, Any], tuple[Stance, ...]]]:
    """Each case with the stances that are found in it."""
    from summarizer.pipeline import Pipeline

    pipeline = Pipeline()
    return [(case, pipeline.brief(article_of(case), targets).stances) for case, targets in kept_aside()]


def main() -> None:
    """Prints the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--errors", action="store_true", help="Show what went wrong.")
    options = parser.parse_args()
    judged = []
    for case, found in read():
        own = list(judge(case, found))
        judged.extend(own)
        bad = [one for one in own if one[0] in ("wrong", "missed")]
        if options.errors and bad:
            print(case["id"], case["text"])
            for verdict, position, actor, target in bad:
                print(f"    {verdict}: {actor} {position} {target}")
    print(score(judged))


if __name__ == "__main__":
    main()
