"""What a feed's bytes say: its title and its entries, as text and aware times."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from feeds.addresses import shown
from feeds.discover import feed_links, usual_addresses
from feeds.encoding import decode
from feeds.json_feed import looks_like_json, read_json_feed
from feeds.keys import LONGEST_KEY, with_keys
from feeds.mending import root_of
from feeds.xml_feed import read_xml
from news.errors import ParseError
from news.feeds import Entry, Pace

__all__ = ["LONGEST_KEY", "ParsedFeed", "parse"]

_WEB_PAGE = re.compile(
    r"(?:\s|<\?xml[^>]*>|<!--(?:(?!-->).)*-->)*<(?:!doctype\s+html|html|head|body)\b",
    re.IGNORECASE | re.DOTALL,
)
_PAGE_ROOT = re.compile(r"<(?:html|head|body)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class ParsedFeed:
    """A feed document's own name and its entries, in its order, each key once."""

    title: str | None
    entries: tuple[Entry, ...]
    pace: Pace = field(default_factory=Pace)


def parse(body: bytes, *, url: str, content_type: str | None = None) -> ParsedFeed:
    """The feed in `body`, which came from `url`. Raises ParseError when it is none, whatever the bytes are."""
    if not body.strip():
        raise ParseError(url, f"{shown(url)} is empty: check that it is the feed's address.")
    text = decode(body, content_type)
    if _WEB_PAGE.match(text[:4096]) and not _is_feed_all_the_same(text[:4096]):
        raise _web_page(text, url)
    try:
        found = _json(text, url) if looks_like_json(text) else _xml(text, url)
    except Exception as error:  # strangers' bytes find every way to fail in a parser; none may end a round
        broken = f"{shown(url)} cannot be parsed as a feed: its publisher has to mend it."
        raise ParseError(url, broken) from error
    if found is None:
        raise ParseError(
            url, f"{shown(url)} is neither RSS nor Atom nor JSON Feed: check that it is the feed's address."
        )
    return found


def _xml(text: str, url: str) -> ParsedFeed | None:
    found = read_xml(text, url)
    if found is None:
        return None
    title, entries, pace = found
    return ParsedFeed(title, with_keys(entries), pace)


def _json(text: str, url: str) -> ParsedFeed | None:
    found = read_json_feed(text, url)
    if found is None:
        return None
    title, entries = found
    return ParsedFeed(title, with_keys(entries))


def _is_feed_all_the_same(text: str) -> bool:
    """Whether only the DOCTYPE is that of a web page."""
    root, page = root_of(text), _PAGE_ROOT.search(text)
    return root is not None and (page is None or root < page.start())


def _web_page(text: str, url: str) -> ParseError:
    named = feed_links(text, url)
    hint = (
        f"add the feed it names, {shown(named[0])}" if named else "find the address of its RSS or Atom feed"
    )
    return ParseError(
        url, f"{shown(url)} is a web page, not a feed: {hint}.", feeds=named or usual_addresses(url)
    )
