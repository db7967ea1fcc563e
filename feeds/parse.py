"""What a feed's bytes say: its title and its entries, as text and aware times."""

from __future__ import annotations

import calendar
import hashlib
import io
import re
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from feeds.addresses import shown, web_link
from feeds.discover import feed_links
from feeds.encoding import decode, mend
from feeds.markup import text_of, tidy
from news.errors import ParseError
from news.feeds import Entry, Pace
from news.times import EARLIEST, LATEST

LONGEST_KEY = 500
"""Longer ids are replaced by their hash: a key goes into an index."""

_WEB_PAGE = re.compile(
    r"(?:\s|<\?xml[^>]*>|<!--(?:(?!-->).)*-->)*<(?:!doctype\s+html|html|head|body)\b",
    re.IGNORECASE | re.DOTALL,
)
# feedparser looks for mail addresses in authors' names by a pattern that takes quadratic time on endless words.
_WORD = re.compile(r"(?>(?:[\w.+-]++|&#\w{1,8};)+)", re.ASCII)
_LONGEST_WORD = 1000
# It also reads `R&D here` in a feed that is not well-formed as `R&D; here`. CDATA is matched to be passed over.
_STRAY_AMPERSAND = re.compile(
    r"<!\[CDATA\[.*?(?:\]\]>|\Z)|&(?!(?:#\d+|#x[0-9a-f]+|[a-z]\w{0,30});)", re.IGNORECASE | re.DOTALL
)
_XML_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_MAIL_ADDRESS = re.compile(r"[(<]?[^\s()<>@]{1,200}@[^\s()<>]{1,200}[)>]?")
_MARKUP_TYPES = frozenset({"text/html", "application/xhtml+xml"})


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
    if _WEB_PAGE.match(text[:4096]):
        raise ParseError(url, _web_page(text, url))
    try:
        document = _document(text)
        if not document.get("version"):
            raise ParseError(
                url, f"{shown(url)} is neither RSS nor Atom: check that it is the feed's address."
            )
        entries = _unique(_entry(item, url) for item in document.entries)
        return ParsedFeed(title=_line(document.feed, "title"), entries=entries)
    except ParseError:
        raise
    except Exception as error:  # strangers' bytes find every way to fail in a parser; none may end a round
        broken = f"{shown(url)} cannot be parsed as a feed: its publisher has to mend it."
        raise ParseError(url, broken) from error


def _web_page(text: str, url: str) -> str:
    named = feed_links(text, url)
    hint = (
        f"add the feed it names, {shown(named[0])}" if named else "find the address of its RSS or Atom feed"
    )
    return f"{shown(url)} is a web page, not a feed: {hint}."


def _document(text: str) -> Any:  # noqa: ANN401 - feedparser has no types
    import feedparser

    # Handed over as UTF-8 and said to be so, feedparser has no encoding to guess and none to be misled by.
    # It is not told the address: it would resolve ids too, and they must stay the same when a feed moves.
    return feedparser.parse(
        io.BytesIO(_eased(text).encode("utf-8")),
        response_headers={"content-type": "application/xml; charset=utf-8"},
        resolve_relative_uris=False,  # of links in the markup, which is reduced to text anyway
        sanitize_html=False,
    )


def _eased(text: str) -> str:
    """The document without what feedparser stumbles over."""
    text = _XML_DECLARATION.sub("", mend(text), count=1)
    text = _WORD.sub(lambda found: found[0][:_LONGEST_WORD], text)
    return _STRAY_AMPERSAND.sub(lambda found: "&amp;" if found[0] == "&" else found[0], text)


def _unique(entries: Iterable[Entry | None]) -> tuple[Entry, ...]:
    found: dict[str, Entry] = {}
    for entry in entries:
        if entry is not None:
            found.setdefault(entry.key, entry)
    return tuple(found.values())


def _entry(item: Mapping[str, Any], url: str) -> Entry | None:
    """None for an item with neither words nor a link."""
    title = _line(item, "title")
    link = _link(item, url)
    content = max(map(_plain, item.get("content", ())), key=len, default="")
    summary = _plain(item.get("summary_detail") or {})
    if not (title or link or content or summary):
        return None
    words = max(content, summary, key=len)
    updated = _time(item, "updated_parsed")
    return Entry(
        key=_key(item, link, f"{title or ''}\n{words}"),
        title=title,
        url=link,
        summary=summary,
        content=content,
        # Atom asks for the time of the last change only, and RSS 1.0 has but one time.
        published=_time(item, "published_parsed") or updated,
        updated=updated,
        byline=_byline(item),
    )


def _link(item: Mapping[str, Any], url: str) -> str | None:
    link = item.get("link")
    # A guid stands for the link unless it says that it does not; many that say nothing are no addresses.
    if item.get("guidislink") and link == item.get("id"):
        return web_link(link)
    return web_link(link, url)


def _key(item: Mapping[str, Any], link: str | None, words: str) -> str:
    given = mend(str(item.get("id") or "")).strip() or link
    if given and len(given) <= LONGEST_KEY:
        return given
    return hashlib.sha256((given or words).encode("utf-8")).hexdigest()


def _plain(part: Mapping[str, Any]) -> str:
    value = str(part.get("value") or "")
    return text_of(value) if part.get("type") in _MARKUP_TYPES else tidy(value)


def _line(item: Mapping[str, Any], name: str) -> str | None:
    return _plain(item.get(f"{name}_detail") or {}).replace("\n", " ") or None


def _byline(item: Mapping[str, Any]) -> str | None:
    """The writers' names; an address for mail alone is none."""
    authors = item.get("authors", ())
    # Of one writer, feedparser keeps the words as published; what it splits off as an address is not all of it.
    names = [author.get("name") for author in authors] if len(authors) > 1 else [item.get("author")]
    plain = (
        text_of(_MAIL_ADDRESS.sub(" ", str(name or ""))).replace("\n", " ").strip("() ") for name in names
    )
    return ", ".join(dict.fromkeys(name for name in plain if name)) or None


def _time(item: Mapping[str, Any], name: str) -> datetime | None:
    """feedparser's UTC time; one without a zone was taken as UTC. None when there is none or it cannot be true."""
    # `dict.get`: feedparser's own passes the time of publication off as that of a change
    found = dict.get(item, name) if isinstance(item, dict) else None
    if not isinstance(found, time.struct_time) or not EARLIEST <= found.tm_year < LATEST:
        return None
    try:
        return datetime.fromtimestamp(calendar.timegm(found), UTC)
    except (ValueError, OverflowError, OSError):
        return None
