"""Scores the stances of our own cases: `python -m tests.evaluation.stance_cases seen --errors`.

Of the unseen half only figures are printed.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import yaml

from news.actors import name_key
from news.articles import Article, ArticleId
from news.stances import Position, Stance
from news.targets import Target

CASES = Path(__file__).parent / "stances"
_EMPTY = frozenset(["the", "a", "an", "of", "for", "in", "s"])


@dataclass(frozen=True, slots=True)
class Counts:
    """What was found of one position: rightly, wrongly, and what was missed."""

    right: int = 0
    wrong: int = 0
    missed: int = 0

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall; a missed one counts as wrong."""
        return 2 * self.right / max(1, 2 * self.right + self.wrong + self.missed)


@dataclass(frozen=True, slots=True)
class Score:
    """The figures of one half, in per cent."""

    precision: float
    recall: float
    macro_f1: float
    given: int


def cases_of(half: str) -> tuple[list[dict[str, Any]], tuple[Target, ...]]:
    """The cases of a half, and its targets."""
    lines = (CASES / half / "cases.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines], targets_of(CASES / half)


def targets_of(folder: Path) -> tuple[Target, ...]:
    """The targets of a folder."""
    rows = yaml.safe_load((folder / "targets.yaml").read_text(encoding="utf-8"))
    return tuple(
        Target(row["name"], row["description"], tuple(row.get("for") or ()), tuple(row.get("against") or ()))
        for row in rows
    )


def article_of(case: dict[str, Any]) -> Article:
    """The passage as an article."""
    return Article(ArticleId(1), case["id"], case["text"], datetime(2026, 1, 1, tzinfo=UTC))


def is_same(names: Sequence[str], actor: str) -> bool:
    """Whether the actor goes by one of the names: the words of one are among those of the other."""
    own = set(name_key(actor).split()) - _EMPTY
    others = [set(name_key(name).split()) - _EMPTY for name in names]
    return bool(own) and any(other and (own <= other or other <= own) for other in others)


def judge(case: dict[str, Any], found: Iterable[Stance]) -> Iterator[tuple[str, Position, str, str]]:
    """Each stance, given or wanted, with what became of it: `right`, `wrong`, `missed` or `also`."""
    given = {(stance.actor, stance.target, stance.position) for stance in found}
    met: set[tuple[str, str, Position]] = set()
    for gold in case["stances"]:
        hits = {
            g
            for g in given
            if (g[1], g[2]) == (gold["target"], gold["position"]) and is_same(gold["actor"], g[0])
        }
        met |= hits
        yield ("right" if hits else "missed"), Position(gold["position"]), gold["actor"][0], gold["target"]
    for actor, target, position in sorted(given - met):
        allowed = any(
            (target, position) == (a["target"], a["position"]) and is_same(a["actor"], actor)
            for a in case["also"]
        )
        yield ("also" if allowed else "wrong"), position, actor, target


def score(judged: Iterable[tuple[str, Position, str, str]]) -> Score:
    """The figures of all that was judged."""
    counted = Counter((verdict, position) for verdict, position, *_ in judged)
    each = [Counts(*(counted[verdict, p] for verdict in ("right", "wrong", "missed"))) for p in Position]
    right, wrong, missed = (sum(getattr(c, name) for c in each) for name in ("right", "wrong", "missed"))
    also = sum(counted["also", p] for p in Position)
    return Score(
        precision=round(100 * (right + also) / max(1, right + also + wrong), 1),
        recall=round(100 * right / max(1, right + missed), 1),
        macro_f1=round(100 * sum(c.f1 for c in each) / len(each), 1),
        given=right + wrong + also,
    )


def read(half: str) -> list[tuple[dict[str, Any], tuple[Stance, ...]]]:
    """Each case of a half with the stances that are found in it."""
    from summarizer.pipeline import Pipeline

    cases, targets = cases_of(half)
    pipeline = Pipeline()
    return [(case, pipeline.brief(article_of(case), targets).stances) for case in cases]


def main() -> None:
    """Prints the figures of a half."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("half")
    parser.add_argument(
        "--errors", action="store_true", help="Show what went wrong; never of the unseen half."
    )
    options = parser.parse_args()
    judged = []
    for case, found in read(options.half):
        own = list(judge(case, found))
        judged.extend(own)
        bad = [one for one in own if one[0] in ("wrong", "missed")]
        if options.errors and options.half != "unseen" and bad:
            print(case["id"], case["kind"], case["text"])
            for verdict, position, actor, target in bad:
                print(f"    {verdict}: {actor} {position} {target}")
    print(score(judged))


if __name__ == "__main__":
    main()
