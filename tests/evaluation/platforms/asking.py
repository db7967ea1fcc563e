"""What is asked while it is measured how long answers take: of the store of `tests.evaluation.store`, at a scale of 0.02."""

from __future__ import annotations

import argparse
import shutil
import tempfile
from pathlib import Path

import numpy as np

from storage.engine import open_store
from tests.evaluation.news_archive import Archive

ARTICLES = 20_000
ARCHIVE = Path(tempfile.gettempdir()) / "attache-store-0.02.db"


async def copy_archive(archive: Path, url: str) -> None:
    """The filled store, at that address."""
    shutil.copyfile(archive, url.removeprefix("sqlite:///"))
    async with open_store(url):
        pass


def questions_of(count: int) -> list[dict[str, str]]:
    """Actors, and words that they are asked about, as often as they are in the news."""
    names = Archive(ARTICLES)
    rng = np.random.default_rng(7)
    actors, words = names.names.draw(rng, count), names.words.draw(rng, count)
    return [{"actor": actor, "about": word} for actor, word in zip(actors, words, strict=True)]


def add_options(parser: argparse.ArgumentParser) -> None:
    """How much is asked, and of which store."""
    parser.add_argument("--questions", type=int, default=1000)
    parser.add_argument("--archive", type=Path, default=ARCHIVE)
