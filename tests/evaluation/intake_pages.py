"""How many pages a CPU second are extracted, beside the bare library on the same pages in the same run.

`python -m tests.evaluation.intake_pages` prints one JSON line. The pages are invented, of the size and make of real ones.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable, Sequence

from feeds.extract import extract
from feeds.workers import Workers
from tests.evaluation.made_up_pages import ADDRESS, page


def bare(html: str) -> object:
    import trafilatura

    return trafilatura.bare_extraction(html, with_metadata=True)


def cpu(work: Callable[[str], object], pages: Sequence[str]) -> float:
    began = time.process_time()
    for html in pages:
        work(html)
    return time.process_time() - began


async def in_workers(pages: Sequence[str], count: int) -> float:
    """Wall seconds for all pages through so many workers, started before."""
    workers = Workers(count=count)
    try:
        await asyncio.gather(*(workers.run(extract, pages[0], ADDRESS) for _ in range(count * 4)))
        began = time.perf_counter()
        await asyncio.gather(*(workers.run(extract, html, ADDRESS) for html in pages))
        return time.perf_counter() - began
    finally:
        await workers.aclose()


def measure(number: int = 60, rounds: int = 3) -> dict[str, float]:
    pages = [page(at) for at in range(number)]
    for html in pages[:4]:  # what is loaded once
        bare(html), extract(html, ADDRESS)
    ours, theirs = [], []
    for _ in range(rounds):  # in turn, so that what else the machine does falls on both
        theirs.append(cpu(bare, pages))
        ours.append(cpu(lambda html: extract(html, ADDRESS), pages))
    began = time.perf_counter()
    cpu(lambda html: extract(html, ADDRESS), pages)
    alone = time.perf_counter() - began
    one = asyncio.run(in_workers(pages, 1))
    return {
        "pages": number,
        "mean_kb": round(sum(map(len, pages)) / number / 1024, 1),
        "pages_per_cpu_second": round(number / min(ours), 1),
        "bare_pages_per_cpu_second": round(number / min(theirs), 1),
        "pace_against_bare": round(min(theirs) / min(ours), 2),
        "ms_a_page_alone": round(alone / number * 1000, 2),
        "ms_a_page_through_one_worker": round(one / number * 1000, 2),
        "pages_per_second_all_workers": round(number / asyncio.run(in_workers(pages, Workers()._count)), 1),
    }


if __name__ == "__main__":
    print(json.dumps(measure()))
