"""The feeds that a web page names as its own."""

from __future__ import annotations

import re

from feeds.addresses import web_link
from feeds.markup import tree_of

_FEED_TYPE = re.compile(r"^application/(?:rss|atom|rdf)\+xml", re.IGNORECASE)


def feed_links(html: str, url: str | None = None) -> tuple[str, ...]:
    """Addresses of the feeds that the page links to in its head, in its order, each once."""
    tree = tree_of(html)
    if tree is None:
        return ()
    links = (
        web_link(link.get("href"), url)
        for link in tree.iter("link")
        if "alternate" in link.get("rel", "").lower().split()
        and _FEED_TYPE.match(link.get("type", "").strip())
    )
    return tuple(dict.fromkeys(link for link in links if link))
