"""What comes out as disagreement and as a headline not borne out, for reading through: no gold says which are right.

`python -m tests.evaluation.disagreeing figures cluster-triplets 1` prints them for one half of a set's stories, picked
by a hash of the story's name: rules are refined on half 0 and reported on half 1. `headlines` and `fnc` go likewise.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import Any

from news.figures import Account, disagreements
from news.spans import words_of
from summarizer.figures import find_figures
from tests.evaluation.attribution import SHARED
from tests.summarizer.reading import brief_of

Rows = list[dict[str, Any]]


def stories(name: str, half: int) -> Iterator[tuple[str, Rows]]:
    """The half's stories with their articles."""
    grouped: dict[str, Rows] = defaultdict(list)
    for row in _rows(name, "data"):
        if "articles" in row:
            grouped[row["id"]] = row["articles"]
        else:
            grouped[row["story"]].append(row)
    yield from ((story, rows) for story, rows in grouped.items() if _half(story) == half)


def print_figures(name: str, half: int) -> None:
    """Each disagreement with the sentences behind it."""
    for story, rows in stories(name, half):
        texts = [row["text"] for row in rows]
        for one in disagreements([Account(mark, find_figures(text)) for mark, text in enumerate(texts)]):
            print(f"{story}: {words_of(texts[one.mark], one.what)}")
            for mark, figure in (told for side in one.sides for told in side.told):
                print(f"  [{mark}] {figure.span.of(texts[mark])} | {figure.clause.of(texts[mark])}")


def print_headlines(name: str, half: int) -> None:
    """Each headline that is flagged."""
    for _, rows in stories(name, half):
        for row in rows:
            for detail in _flagged(row["title"], row["text"]):
                print(f"{row.get('id')} | {row['title']} | {detail}")


def print_fnc(half: int) -> None:
    """Of how many pairs of each stance the headline is flagged."""
    bodies = {row["body_id"]: row["body"] for row in _rows("headline-fnc1", "bodies")}
    pairs = [row for row in _rows("headline-fnc1", "pairs") if _half(str(row["body_id"])) == half]
    total = Counter(row["stance"] for row in pairs)
    flagged = Counter(row["stance"] for row in pairs if _flagged(row["headline"], bodies[row["body_id"]]))
    for stance, number in total.items():
        print(f"{stance}: {flagged[stance]} of {number}, {flagged[stance] / number:.1%}")


def _flagged(title: str, text: str) -> list[str]:
    return [flag.detail for flag in brief_of(text, title=title).flags if flag.kind == "headline"]


def _half(story: str) -> int:
    return int(hashlib.sha1(story.encode(), usedforsecurity=False).hexdigest(), 16) % 2


def _rows(name: str, part: str) -> Rows:
    with gzip.open(SHARED / "data" / name / f"{part}.jsonl.gz", "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["figures", name, half]:
            print_figures(name, int(half))
        case ["headlines", name, half]:
            print_headlines(name, int(half))
        case ["fnc", half]:
            print_fnc(int(half))
        case _:
            sys.exit(__doc__)
