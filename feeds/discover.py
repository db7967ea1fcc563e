"""The feeds that a web page names as its own, and where a site's feed may be although no page names it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from feeds.addresses import same_site, web_link
from feeds.markup import tree_of

if TYPE_CHECKING:
    from lxml.html import HtmlElement

MOST_LINKS = 30
MOST_LOOKED_AT = 2000

_FEED_TYPE = re.compile(
    r"(?:application|text)/(?:(?:rss|atom|rdf)\+xml|feed\+json|rss|atom)\b", re.IGNORECASE
)
_MAYBE_FEED_TYPE = re.compile(r"(?:application/(?:json|xml)|text/xml)\b", re.IGNORECASE)
_FEED_NAME = re.compile(
    r"(?:^|[/._-])(?:feeds?|rss\d?|atom|rdf)(?:$|[/._-])|\.(?:rss|atom|rdf)$", re.IGNORECASE
)
_FEED_LINK = re.compile(
    r"/(?:feeds?|rss\d?|atom)/?$|(?:feed|rss|atom|index)\d?\.xml$|\.(?:rss|atom|rdf)$|/feed\.json$",
    re.IGNORECASE,
)
_COMMENTS = re.compile(r"comments?(?:$|[/._?&=-])", re.IGNORECASE)
_USUAL = ("/feed", "/rss", "/rss.xml", "/feed.xml", "/atom.xml", "/index.xml", "/feed.json")


def feed_links(html: str, url: str | None = None) -> tuple[str, ...]:
    """Addresses of the page's feeds, each once: in its order those it declares, else links that look like feeds.

    Feeds of comments come last.
    """
    tree = tree_of(html)
    if tree is None:
        return ()
    base = _base(tree, url)
    found = _each_once(_declared(tree, base)) or _each_once(_linked(tree, base, url))
    return tuple(sorted(found, key=lambda link: bool(_COMMENTS.search(urlsplit(link).path))))[:MOST_LINKS]


def usual_addresses(url: str) -> tuple[str, ...]:
    """Where a site's feed mostly is: below the page's own folder first, then on the site."""
    address = web_link(url)
    if address is None:
        return ()
    folder = urlsplit(address).path.rstrip("/")
    places = (
        [f"{folder}{usual}" for usual in _USUAL[:2]]
        if folder and "." not in folder.rpartition("/")[2]
        else []
    )
    return _each_once(urljoin(address, place) for place in (*places, *_USUAL))


def _base(tree: HtmlElement, url: str | None) -> str | None:
    for base in tree.iter("base"):
        if base.get("href"):
            return web_link(base.get("href"), url) or url
    return url


def _declared(tree: HtmlElement, base: str | None) -> Iterator[str | None]:
    for link in islice(tree.iter("link"), MOST_LOOKED_AT):
        rel = link.get("rel", "").lower().split()
        kind, href = link.get("type", "").strip(), link.get("href", "")
        if "feed" in rel or ("alternate" in rel and _is_feed(kind, href)):
            yield web_link(href, base)


def _is_feed(kind: str, href: str) -> bool:
    return bool(_FEED_TYPE.match(kind) or (_MAYBE_FEED_TYPE.match(kind) and _FEED_NAME.search(_path(href))))


def _linked(tree: HtmlElement, base: str | None, url: str | None) -> Iterator[str | None]:
    for link in islice(tree.iter("a"), MOST_LOOKED_AT):
        address = web_link(link.get("href"), base)
        if address and _FEED_LINK.search(_path(address)) and (url is None or same_site(address, url)):
            yield address


def _path(address: str) -> str:
    try:
        return urlsplit(address).path[-200:]
    except ValueError:
        return ""


def _each_once(links: Iterable[str | None]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(link for link in links if link))
