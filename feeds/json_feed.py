"""JSON Feed documents, versions 1 and 1.1; what is of another type than it should be is as if it were not there."""

from __future__ import annotations

import json
from typing import Any

from feeds.addresses import web_link
from feeds.encoding import mend
from feeds.keys import Published, cleaned
from feeds.markup import text_of, tidy
from feeds.times import read_time
from feeds.xml_feed import LONGEST_FIELD, LONGEST_LINE

MOST_ENTRIES = 2000

_Object = dict[str, Any]


def looks_like_json(text: str) -> bool:
    """Whether a document begins as a JSON object does."""
    return text.lstrip("\ufeff \t\r\n\0")[:1] == "{"


def read_json_feed(text: str, url: str) -> tuple[str | None, list[Published]] | None:
    """Title and entries; None when the document is no JSON Feed."""
    try:
        document = json.loads(text.strip("\ufeff \t\r\n\0"), strict=False)
    except (ValueError, RecursionError):
        return None
    if not isinstance(document, dict):
        return None
    version, items = document.get("version"), document.get("items")
    declared = isinstance(version, str) and "jsonfeed.org" in version
    if not declared and not (isinstance(items, list) and "title" in document):
        return None
    items = items if isinstance(items, list) else []
    base = (
        web_link(url) or web_link(_text(document, "feed_url")) or web_link(_text(document, "home_page_url"))
    )
    byline = _byline(document)
    entries = [_entry(item, base, byline) for item in items[:MOST_ENTRIES] if isinstance(item, dict)]
    return _line(document, "title"), entries


def _entry(item: _Object, base: str | None, byline: str | None) -> Published:
    content = text_of(_text(item, "content_html")[:LONGEST_FIELD]) or tidy(
        _text(item, "content_text")[:LONGEST_FIELD]
    )
    guid = cleaned(_id(item.get("id")))
    updated = read_time(_text(item, "date_modified"))
    return Published(
        guid=guid,
        title=_line(item, "title"),
        url=web_link(_text(item, "url"), base)
        or web_link(_text(item, "external_url"), base)
        or web_link(guid),
        summary=tidy(_text(item, "summary")[:LONGEST_FIELD]),
        content=content,
        published=read_time(_text(item, "date_published")) or updated,
        updated=updated,
        byline=_byline(item) or byline,
    )


def _id(value: object) -> str | None:
    """Numbers are written as they stand; a whole one that was written as `7.0` is 7."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _text(holder: _Object, name: str) -> str:
    value = holder.get(name)
    return mend(value) if isinstance(value, str) else ""


def _line(holder: _Object, name: str) -> str | None:
    return tidy(_text(holder, name)[:LONGEST_LINE]).replace("\n", " ") or None


def _byline(holder: _Object) -> str | None:
    authors = holder.get("authors") or holder.get("author")
    named = authors if isinstance(authors, list) else [authors]
    names = (
        _line(a, "name") if isinstance(a, dict) else tidy(a) if isinstance(a, str) else None
        for a in named[:20]
    )
    return ", ".join(dict.fromkeys(name for name in names if name)) or None
