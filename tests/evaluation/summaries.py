"""Measures the summaries by ROUGE: `python -m tests.evaluation.summaries --data DIR`.

F1 with stemming, of the extract and of the article's first three sentences, as many as a summary has at most; where an
article has several references, the mean over them. For a story of several outlets the editors' roundup is the reference.
"""

from __future__ import annotations

import argparse
import gzip
import json
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from statistics import fmean
from typing import Any

from rouge_score.rouge_scorer import RougeScorer

from news.articles import Article, ArticleId
from news.condensing import condense
from news.stories import Reading
from summarizer.pipeline import Pipeline
from summarizer.sentences import find_sentences
from tests.builders import an_article
from tests.evaluation.attribution import SHARED

DATA = SHARED / "data"
SETS = ("realsumm", "summeval", "writers", "bbc")
STORIES = "mds-neus"
MOST = 3
"""Sentences of a summary."""
_SCORER = RougeScorer(["rouge1", "rouge2"], use_stemmer=True)
Figures = dict[str, tuple[float, float]]
"""What was scored to its ROUGE-1 and ROUGE-2, in percent."""


def rouge(summary: str, references: Sequence[str]) -> tuple[float, float]:
    """ROUGE-1 and ROUGE-2, F1, in percent."""
    scores = [_SCORER.score(reference, summary) for reference in references]
    return tuple(100 * fmean(s[kind].fmeasure for s in scores) for kind in ("rouge1", "rouge2"))  # type: ignore[return-value]


def measure(data: Path, name: str, most: int | None = None) -> Figures:
    """The extract as `attache read` gives it, beside the first sentences, on so many articles of a set."""
    pipeline = Pipeline()

    def systems(row: dict[str, Any]) -> dict[str, str]:
        article = an_article(row["article"], title=row.get("title"))
        return {"extract": extract(pipeline, article), "lead-3": lead(article.text, MOST)}

    return _mean(_rows(data / f"summ-{name}", most), systems, lambda row: row["references"])


def measure_stories(data: Path, most: int | None = None) -> Figures:
    """What is condensed from three outlets' articles, beside the first one's first sentences."""
    pipeline = Pipeline()

    def systems(row: dict[str, Any]) -> dict[str, str]:
        articles = [
            an_article(a["text"], id=ArticleId(number), title=a["title"], outlet=f"Outlet {number}")
            for number, a in enumerate(row["articles"], start=1)
        ]
        readings = [Reading(article, pipeline.brief(article)) for article in articles]
        told = condense(readings, {article.id: article.id for article in articles}, MOST)
        first = articles[0].text
        return {
            "condensed": " ".join(passage.text for passage in told),
            "lead-2": lead(first, 2),
            "lead-3": lead(first, 3),
        }

    return _mean(_rows(data / STORIES, most), systems, lambda row: [row["reference"]])


def extract(pipeline: Pipeline, article: Article) -> str:
    """The summary in one string."""
    return " ".join(sentence.text for sentence in pipeline.brief(article).summary)


def lead(text: str, most: int) -> str:
    """The text's first sentences."""
    return " ".join(span.of(text) for span in find_sentences(text)[:most])


def _rows(folder: Path, most: int | None) -> Iterator[dict[str, Any]]:
    with gzip.open(folder / "data.jsonl.gz", "rt", encoding="utf-8") as lines:
        for number, line in enumerate(lines):
            if most is not None and number >= most:
                return
            yield json.loads(line)


def _mean(
    rows: Iterator[dict[str, Any]],
    systems: Callable[[dict[str, Any]], dict[str, str]],
    references: Callable[[dict[str, Any]], Sequence[str]],
) -> Figures:
    scores: dict[str, list[tuple[float, float]]] = {}
    for row in rows:
        for name, summary in systems(row).items():
            scores.setdefault(name, []).append(rouge(summary, references(row)))
    return {name: (fmean(s[0] for s in held), fmean(s[1] for s in held)) for name, held in scores.items()}


def main() -> int:
    """Prints ROUGE-1 and ROUGE-2 of each set."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--data", type=Path, default=DATA, help="the folder that holds summ-realsumm and others"
    )
    parser.add_argument("--most", type=int, help="articles of each set")
    options = parser.parse_args()
    for name in (*SETS, STORIES):
        figures = (
            measure_stories(options.data, options.most)
            if name == STORIES
            else measure(options.data, name, options.most)
        )
        for system, (one, two) in figures.items():
            print(f"{name:10} {system:10} ROUGE-1 {one:5.1f}  ROUGE-2 {two:5.1f}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
