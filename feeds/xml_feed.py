"""RSS, RDF, Atom and CDF documents: what feedparser finds in them as titles, words, links and times."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from html import unescape
from typing import Any

from feeds.addresses import web_link
from feeds.encoding import mend
from feeds.keys import Published, cleaned
from feeds.markup import text_of, tidy
from feeds.mending import entities_of, mended, root_of
from feeds.pace import pace_of
from feeds.times import read_time
from news.feeds import Pace

LONGEST_FIELD = 200_000
"""Characters of one entry's text that are read."""
LONGEST_LINE = 2_000

_MAIL_ADDRESS = re.compile(r"[(<]?(?<![^\s()<>@])[^\s()<>@]{1,100}@[^\s()<>]{1,200}[)>]?")
_MARKUP_TYPES = frozenset({"text/html", "application/xhtml+xml", "html", "xhtml"})
_TEXT_TYPES = frozenset({"", "text", "text/plain", "plain"})
_SPELLED = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z]\w{1,31});", re.ASCII)
_LIMIT = 65_536


def read_xml(text: str, url: str) -> tuple[str | None, list[Published], Pace] | None:
    """Title, entries and pace of the feed in `text`; None when it is none. Raises NotWellFormed for a hopeless one."""
    from feeds.elements import NotWellFormed, read_elements

    text = mend(text).replace("\f", " ")  # which XML forbids
    start = root_of(text)
    if start is None:
        return None
    entities = entities_of(text[:start][-_LIMIT:])
    document = text[start:]
    try:
        found = read_elements(document)
    except NotWellFormed:
        document = mended(document, entities)
        found = read_elements(document)
    feed = found.feed
    if not found.version and not found.entries and not feed.get("title"):
        return None  # such as RDF of another kind; a channel of CDF has no version
    reader = _Reader(found.version, _base(feed, url, found.version), _feed_byline(feed, found.version))
    return reader.line(feed, "title"), [reader.entry(item) for item in found.entries], pace_of(feed, document)


def _base(feed: Mapping[str, Any], url: str, version: str) -> str | None:
    """What relative links start from: where the feed came from, else where it says that it is, or its site."""
    links = [link for link in feed.get("links") or () if isinstance(link, dict)]
    own = [link.get("href") for link in links if link.get("rel") == "self"]
    site = [feed.get("link"), *(link.get("href") for link in links if link.get("rel") == "alternate")]
    order = [url, *own, *site] if version.startswith("atom") else [url, *site, *own]
    return next((found for each in order if (found := web_link(each))), None)


def _feed_byline(feed: Mapping[str, Any], version: str) -> str | None:
    """An Atom feed's author wrote its entries; an RSS channel's editor did not."""
    return _byline(feed) if version.startswith("atom") else None


class _Reader:
    """Reads the entries of one document."""

    def __init__(self, version: str, base: str | None, byline: str | None) -> None:
        self._atom = version.startswith("atom")
        self._base = base
        self._feed_byline = byline

    def entry(self, item: Mapping[str, Any]) -> Published:
        title = self.line(item, "title") or _spelled(item.get("media_title") or item.get("itunes_title"))
        contents = [plain for part in item.get("content") or () if (plain := self._plain(part))]
        summary = self._plain(item.get("summary_detail") or {})
        if not summary and not contents:
            summary = self._last_resort(item)
        updated = _time(item, "updated")
        return Published(
            guid=cleaned(item.get("id")),
            title=title,
            url=self._link(item),
            summary=summary,
            content=max(contents, key=len, default=""),
            # Atom asks for the time of the last change only, and RSS 1.0 has but one time.
            published=_time(item, "published") or updated or _time(item, "created"),
            updated=updated,
            byline=_byline(item) or self._feed_byline,
        )

    def line(self, item: Mapping[str, Any], name: str) -> str | None:
        """A text that is one line, without markup."""
        detail = item.get(f"{name}_detail") or {}
        value = str(detail.get("value") or "")
        if len(value) > LONGEST_LINE:
            value = value[:LONGEST_LINE]
        if detail.get("type") in _MARKUP_TYPES:
            return text_of(value).replace("\n", " ") or None
        return tidy(value).replace("\n", " ") or None if self._atom else _spelled(value)

    def _plain(self, part: Mapping[str, Any]) -> str:
        value = str(part.get("value") or "")[:LONGEST_FIELD]
        kind = str(part.get("type") or "")
        if kind in _MARKUP_TYPES:
            return text_of(value)
        return tidy(value) if kind.startswith("text/") or kind in _TEXT_TYPES else ""

    def _last_resort(self, item: Mapping[str, Any]) -> str:
        for name in ("itunes_summary", "googleplay_description", "media_description", "itunes_subtitle"):
            if value := item.get(name):
                return text_of(str(value)[:LONGEST_FIELD])
        return ""

    def _link(self, item: Mapping[str, Any]) -> str | None:
        link = item.get("link")
        # A guid stands for the link unless it says that it does not; many that say nothing are no addresses.
        if original := web_link(item.get("feedburner_origlink")):
            return original
        stands_for_it = item.get("guidislink") and link == item.get("id")
        base = None if stands_for_it or str(link or "").startswith(("http://", "https://")) else self._base
        return web_link(link, base) or self._other_link(item)

    def _other_link(self, item: Mapping[str, Any]) -> str | None:
        """Where no link is the usual one: one of another type, or that content which is elsewhere has."""
        links = [link for link in item.get("links") or () if isinstance(link, dict)]
        for link in links:
            if link.get("rel") == "alternate" and (found := web_link(link.get("href"), self._base)):
                return found
        for part in item.get("content") or ():
            if found := web_link(part.get("src"), part.get("base") or self._base):
                return found
        return next((web_link(x.get("href"), self._base) for x in links if x.get("rel") == "related"), None)


def _spelled(value: object) -> str | None:
    """A line of RSS: plain text, in which many write characters as they would in HTML."""
    text = str(value or "")[:LONGEST_LINE]
    if "&" in text:
        text = _SPELLED.sub(lambda found: unescape(found[0]), text)
    return tidy(text).replace("\n", " ") or None


def _byline(item: Mapping[str, Any]) -> str | None:
    """The writers' names; an address for mail alone is none."""
    authors = [author for author in item.get("authors") or () if isinstance(author, dict)]
    # Of one writer, feedparser keeps the words as published; what it splits off as an address is not all of it.
    names = [author.get("name") for author in authors] if len(authors) > 1 else [item.get("author")]
    found = dict.fromkeys(name for name in map(_name, names) if name)
    return ", ".join(found) or _name(item.get("itunes_author") or item.get("googleplay_author"))


def _name(name: object) -> str | None:
    text = str(name or "")[:LONGEST_LINE]
    if "@" in text:
        text = _MAIL_ADDRESS.sub(" ", text)
    return text_of(text).replace("\n", " ").strip("() ") or None


def _time(item: Mapping[str, Any], name: str) -> datetime | None:
    """The time in UTC; one without a zone was taken as UTC. None when there is none, or when it cannot be true."""
    from feeds.elements import read_odd_time

    text = str(item.get(name) or "").strip()
    return (read_time(text) or read_odd_time(text)) if text else None
