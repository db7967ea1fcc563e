"""What is fuzzed: each target takes bytes and raises nothing but the errors that are told to people."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

from feeds.extract import extract
from feeds.opml import read_opml
from feeds.parse import parse
from news.errors import AttacheError
from tests.fuzzing.documents import FEEDS, LISTS, PAGES

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


def lists(data: bytes) -> None:
    """A list of feeds."""
    with suppress(AttacheError):
        read_opml(data)


TARGETS: dict[str, tuple[Target, tuple[bytes, ...]]] = {
    "feeds": (feeds, FEEDS),
    "pages": (pages, PAGES),
    "lists": (lists, LISTS),
}
"""By name: the function and the well-formed documents that its inputs are made from. One line adds a target."""
