"""Lists of feeds as feed readers exchange them: OPML in and out, with folders."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any
from xml.sax.saxutils import quoteattr

from feeds.addresses import web_link
from feeds.encoding import decode, mend
from feeds.markup import tidy
from feeds.mending import affordable, entities_of, references_mended
from news.errors import ParseError
from news.feeds import Follow, Listed

MOST_FEEDS = 5000
MOST_BYTES = 4 * 2**20
DEEPEST = 20
"""Folders within folders that are kept; a list in which elements stand `TOO_DEEP` within each other is refused."""
TOO_DEEP = 500
LONGEST_NAME = 200

_ROOT = re.compile(
    r"<(?:[\w.-]{1,40}:)?(?:opml|rdf|moduleprefs|gadgettabml|body|outline)(?=[\s>/])",
    re.IGNORECASE | re.ASCII,
)
_OUTLINE = re.compile(r"<(/?)outline\b((?:[^<>\"']++|\"[^\"<]*+\"|'[^'<]*+')*+)>", re.IGNORECASE)
# listparser looks through all categories for each one; folders say where a feed stands.
_CATEGORY = re.compile(r"(?<![\w:.-])category\s*+=\s*+(?:\"[^\"]*\"|'[^']*')", re.IGNORECASE)


def read_opml(body: bytes, source: str = "The list") -> tuple[Listed, ...]:
    """The feeds in a list, each once, those whose addresses are none as they are written. Raises ParseError when there is none in it; `source` says in errors which."""
    if len(body) > MOST_BYTES:
        raise ParseError(source, f"{source} is larger than {MOST_BYTES >> 20} MiB: split it.")
    text = mend(decode(body))
    root = _ROOT.search(text)
    if root is None:
        raise ParseError(source, f"{source} is no OPML: export the list from your feed reader as OPML.")
    # What a DOCTYPE declares is put in here, and the rest of it kept from the parser: no entity may grow or lead elsewhere.
    document = text[root.start() :]
    if _depth(document) > TOO_DEEP:
        raise ParseError(source, f"{source} nests its folders too deep: export the list anew.")
    document = _CATEGORY.sub("", document)
    document = references_mended(document, affordable(entities_of(text[: root.start()]), document))
    try:
        found = tuple(_listed(document))
    except Exception as error:  # as with feeds: strangers' bytes fail in every way
        raise ParseError(source, f"{source} cannot be parsed as OPML: export the list anew.") from error
    if len(found) > MOST_FEEDS:
        raise ParseError(source, f"{source} names more than {MOST_FEEDS:,} feeds: split it.")
    if not found:
        raise ParseError(source, f"{source} names no feed: each needs an `outline` with an `xmlUrl`.")
    return found


def _depth(document: str) -> int:
    """How deep outlines stand within each other, those that are never closed too."""
    depth = deepest = 0
    for outline in _OUTLINE.finditer(document):
        depth = max(depth - 1, 0) if outline[1] else depth + (not outline[2].endswith("/"))
        deepest = max(deepest, depth)
    return deepest


def _listed(document: str) -> Iterator[Listed]:
    import listparser

    seen: set[str] = set()
    # In ASCII, there is no encoding to guess and none to be misled by.
    for feed in listparser.parse(document.encode("ascii", "xmlcharrefreplace"))["feeds"]:
        written = _without_scheme(str(feed.get("url") or ""))
        url = web_link(written) or _name(written)
        if not url or url in seen:
            continue
        seen.add(url)
        yield Listed(url=url, title=_name(feed.get("title")) or None, folder=_folder(feed))


def _without_scheme(url: str) -> str:
    """`feed:` stands before or for `http:`."""
    rest = url.strip().removeprefix("feed:")
    return f"http:{rest}" if rest.startswith("//") else rest


def _folder(feed: Any) -> str:  # noqa: ANN401 - listparser has no types of its own
    """Where the feed stands in the list, the last time that it does."""
    places = feed.get("categories") or ()
    names = (_name(name).replace("/", "∕") for name in (places[-1] if places else ())[:DEEPEST])
    return "/".join(name for name in names if name)


def _name(name: object) -> str:
    return tidy(str(name or "")).replace("\n", " ")[:LONGEST_NAME].strip()


def write_opml(follows: Iterable[Follow], title: str) -> bytes:
    """OPML 2.0, a folder within a folder an outline within an outline."""
    folders: dict[tuple[str, str], Any] = {}
    for follow in follows:
        inside = folders
        for name in follow.folder.split("/") if follow.folder else ():
            inside = inside.setdefault(("folder", name), {})
        inside["feed", follow.feed.url] = follow
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<opml version="2.0">',
        f"  <head><title>{quoteattr(mend(title))[1:-1]}</title></head>",
        "  <body>",
        *_outlines(folders, "    "),
        "  </body>",
        "</opml>",
    ]
    return "\n".join(lines).encode("utf-8") + b"\n"


def _outlines(inside: dict[Any, Any], indent: str) -> Iterator[str]:
    for (kind, name), value in inside.items():
        if kind == "folder":
            yield f"{indent}<outline text={_quoted(name)}>"
            yield from _outlines(value, indent + "  ")
            yield f"{indent}</outline>"
        else:
            shown = _quoted(value.feed.name)
            yield f'{indent}<outline type="rss" text={shown} title={shown} xmlUrl={_quoted(value.feed.url)}/>'


def _quoted(value: str) -> str:
    return quoteattr(mend(value).replace("\n", " "))
