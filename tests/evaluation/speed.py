"""Measures what a reading costs, beside the bare passes of the encoder: `python -m tests.evaluation.speed`.

Times are the processor's, on one core, for 800 words; the ratio is taken in one run and says how much everything else
adds to the encoder. Without `--data` the sample wire is read.
"""

from __future__ import annotations

import argparse
import resource
import sys
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from bot.demo.sample import load_wire
from news.articles import Article
from summarizer.models.tagger import encode
from summarizer.models.windows import Window, pack
from summarizer.models.words import find_words
from summarizer.pipeline import Pipeline
from summarizer.quotations import find_quotations
from summarizer.sentences import find_paragraphs
from summarizer.statements import LEAST
from tests.builders import an_article
from tests.evaluation.attribution import rows

WORDS = 800


def windows_of(text: str) -> list[Window]:
    """What the tagger reads of a text."""
    return list(pack(find_words(text, find_paragraphs(text), find_quotations(text))))


def bare(windows: Sequence[Window]) -> None:
    """The encoder's passes, and nothing else."""
    for window in windows:
        encode(window, LEAST)


def seconds(work: Callable[[], object], times: int) -> float:
    """The least time of several, in seconds of the processor."""
    found = []
    for _ in range(times):
        start = time.process_time()
        work()
        found.append(time.process_time() - start)
    return min(found)


def articles(data: Path | None, most: int) -> list[Article]:
    """The articles to read: of the corpus, or of the sample wire."""
    if data is None:
        versions = [version for _, article in load_wire().articles for version in article.versions]
        return [an_article(version.text, title=version.title) for version in versions][:most]
    found = list(rows(data, "dev").values())[:most]
    return [an_article(row["text"], title=row.get("title")) for row in found]


def main() -> int:
    """Prints the times, their ratio, the throughput and the memory."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, help="the folder that holds dev.jsonl.gz")
    parser.add_argument("--articles", type=int, default=40)
    parser.add_argument("--times", type=int, default=3)
    options = parser.parse_args()
    read, pipeline = articles(options.data, options.articles), Pipeline()
    share = WORDS / sum(len(article.text.split()) for article in read)
    windows = [window for article in read for window in windows_of(article.text)]
    pipeline.brief(read[0])
    whole = seconds(lambda: [pipeline.brief(article) for article in read], options.times) * share
    encoder = seconds(lambda: bare(windows), options.times) * share
    start = time.perf_counter()
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(pipeline.brief, read))
    rate = 1 / ((time.perf_counter() - start) * share)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"whole reading        {whole:.3f} s of CPU for {WORDS} words")
    print(f"bare encoder passes  {encoder:.3f} s")
    print(f"ratio                {whole / encoder:.2f}")
    print(f"two threads          {rate:.1f} articles of {WORDS} words a second")
    print(f"resident at most     {memory:.0f} MB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
