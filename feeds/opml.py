"""Lists of feeds as feed readers exchange them: OPML in and out, with folders."""

from __future__ import annotations

from collections.abc import Iterable
from xml.sax.saxutils import quoteattr

from news.errors import ParseError
from news.feeds import Follow, Listed


def read_opml(body: bytes, source: str = "The list") -> tuple[Listed, ...]:
    """The feeds in a list. Raises ParseError when there is none in it; `source` says in errors which."""
    import listparser

    try:
        feeds = listparser.parse(body)["feeds"]
    except Exception as error:
        raise ParseError(source, f"{source} cannot be parsed as OPML: export the list anew.") from error
    if not feeds:
        raise ParseError(source, f"{source} names no feed: export the list from your feed reader as OPML.")
    return tuple(
        Listed(
            feed["url"], feed["title"] or None, "/".join(feed["categories"][-1] if feed["categories"] else ())
        )
        for feed in feeds
    )


def write_opml(follows: Iterable[Follow], title: str) -> bytes:
    """OPML 2.0, each folder an outline."""
    folders: dict[str, list[str]] = {}
    for follow in follows:
        name = quoteattr(follow.feed.name)
        line = f'<outline type="rss" text={name} title={name} xmlUrl={quoteattr(follow.feed.url)}/>'
        folders.setdefault(follow.folder, []).append(line)
    body = "\n".join(
        "\n".join(lines)
        if not folder
        else f"<outline text={quoteattr(folder)}>\n" + "\n".join(lines) + "\n</outline>"
        for folder, lines in folders.items()
    )
    head = f'<opml version="2.0">\n<head><title>{quoteattr(title)[1:-1]}</title></head>\n<body>'
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{head}\n{body}\n</body>\n</opml>\n'.encode()
