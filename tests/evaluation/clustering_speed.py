"""Measures how long one new article takes among many: `python -m tests.evaluation.clustering_speed [--articles N]`.

The articles are made up: common words as frequent as in prose, a few that only articles of one event have, and vectors
that lie near those of the event.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import numpy as np

from news.articles import ArticleId
from news.stories import Member, Signature, StoryId
from summarizer.neighbours import WINDOW
from summarizer.stories import Clusterer

_START = datetime(2024, 12, 1, tzinfo=UTC)
_VOCABULARY, _COMMON, _OWN = 60_000, 180, 30
_PER_EVENT = 4


def made_up(count: int, *, seed: int = 1) -> Iterator[tuple[int, Signature]]:
    """Events and signatures of articles, in an order that tells nothing."""
    events = count // _PER_EVENT
    order = np.random.default_rng(seed).permutation(events * _PER_EVENT) // _PER_EVENT
    odds = np.cumsum(1 / np.arange(10, _VOCABULARY + 10))
    odds /= odds[-1]
    for at, event in enumerate(order.tolist()):
        own = np.random.default_rng([seed, event])
        rng = np.random.default_rng([seed, event, at])
        names = own.integers(_VOCABULARY, 4 * _VOCABULARY, _OWN)
        kept = names[rng.random(_OWN) < 0.7]
        common = np.searchsorted(odds, rng.random(_COMMON), side="right")
        terms = np.unique(np.concatenate((common, kept))).astype(np.uint32)
        counts = np.where(terms >= _VOCABULARY, 4, 1).astype(np.uint8)
        vector = own.normal(size=384) + rng.normal(size=384) * 0.6
        signed = Signature(
            terms=terms.tobytes() + counts.tobytes(),
            vector=np.round(vector * 30).clip(-127, 127).astype(np.int8).tobytes(),
            shingles=rng.integers(0, 1 << 32, 64, dtype=np.uint32).tobytes(),
        )
        yield event, signed


def measure(articles: int, asked: int) -> tuple[np.ndarray, np.ndarray, float]:
    """Seconds by the clock and of the processor that each of the asked articles took, and the share that found
    their event's story."""
    clusterer = Clusterer()
    step = WINDOW / articles
    members = [
        (event, Member(ArticleId(at), _START + at * step, signature))
        for at, (event, signature) in enumerate(made_up(articles + asked))
    ]
    clusterer.learn(
        Member(m.article_id, m.when, m.signature, story_id=StoryId(event + 1))
        for event, m in members[:articles]
    )
    known = {event for event, _ in members[:articles]}
    seconds, spent, right, could = [], [], 0, 0
    for event, member in members[articles:]:
        begun, before = time.perf_counter(), time.process_time()
        made = {a.article_id: a.story_id for a in clusterer.assign([member])}
        seconds.append(time.perf_counter() - begun)
        spent.append(time.process_time() - before)
        if event in known:
            could += 1
            right += made[member.article_id] == StoryId(event + 1)
    return np.array(seconds), np.array(spent), right / max(1, could)


def main() -> int:
    """Prints percentiles in milliseconds."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=100_000)
    parser.add_argument("--asked", type=int, default=300)
    options = parser.parse_args()
    seconds, spent, right = measure(options.articles, options.asked)
    print(
        f"{options.articles:,} articles of {WINDOW / timedelta(hours=1):.0f} hours, {options.asked} new ones"
    )
    for name, each in (("by the clock", seconds), ("of the processor", spent)):
        later = np.percentile(1000 * each[1:], [50, 95, 99])
        print(
            f"one new article, {name}: first {1000 * each[0]:.0f} ms, "
            f"then p50 {later[0]:.1f}, p95 {later[1]:.1f}, p99 {later[2]:.1f} ms"
        )
    print(f"{100 * right:.1f} % joined their event's story")
    return 0


if __name__ == "__main__":
    sys.exit(main())
