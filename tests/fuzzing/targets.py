"""What is fuzzed: each target takes bytes and raises nothing but the errors that are told to people."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

from feeds.extract import extract
from feeds.parse import parse
from news.errors import AttacheError
from tests.fuzzing.documents import FEEDS, PAGES

ADDRESS = "https://herald.example/world/item"
Target = Callable[[bytes], None]


def feeds(data: bytes) -> None:
    """A feed in whatever format."""
    with suppress(AttacheError):
        parse(data, url=ADDRESS)


def pages(data: bytes) -> None:
    """A web page's article."""
    with suppress(AttacheError):
        extract(data, ADDRESS)


TARGETS: dict[str, tuple[Target, tuple[bytes, ...]]] = {
    "feeds": (feeds, FEEDS),
    "pages": (pages, PAGES),
}
"""By name: the function and the well-formed documents that its inputs are made from. One line adds a target."""
