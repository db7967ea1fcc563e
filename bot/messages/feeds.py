"""What is said about feeds: the list with their health, and what adding and removing one did."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.messages.message import Form, Line, Link, Message, Moment, Note, Sources, Style, Text, plain
from bot.messages.wording import outlet_of
from news.feeds import Entry, Feed, Fetched


def feeds_message(feeds: Sequence[Feed], timezone: str) -> Message:
    """Each feed's name, how it fares, and its address."""
    if not feeds:
        return Message(
            plain("No feed is followed yet"),
            (Note(plain("Add one: feeds add https://…")),),
            timezone=timezone,
        )
    failing = sum(feed.failing_since is not None for feed in feeds)
    title = f"{len(feeds)} feed{'s' * (len(feeds) != 1)}, {failing or 'none'} failing"
    return Message(plain(title), (Sources(tuple(_line(feed) for feed in feeds)),), timezone=timezone)


def _line(feed: Feed) -> Line:
    name = feed.name if feed.name != feed.url else outlet_of(None, feed.url, "feed")
    head = (Link(name, feed.url), Text("  "))
    if feed.failing_since is not None:
        since = Moment(feed.failing_since, Form.FULL)
        return (*head, Text("failing since "), since, Text(f": {_reason(feed)}"))
    if feed.last_success is None:
        return (*head, Text("not read yet", Style.QUIET))
    return (*head, Text("well, read ", Style.QUIET), Moment(feed.last_success, Form.FULL))


def _reason(feed: Feed) -> str:
    """Why it fails, without its address in front: that stands in the line already."""
    reason = feed.last_error or "no reason was kept"
    address, _, rest = reason.partition(" ")
    named = re.sub(r"//[^/?#]*@", "//", feed.url).startswith(address.removesuffix("…"))
    return f"it {rest}" if named and rest else reason


def feed_added_message(feed: Feed, articles: int, timezone: str) -> Message:
    """That a feed is followed now, and what it brought."""
    brought = f"{articles} article{'s' * (articles != 1)} read"
    return Message(plain(f"Following {feed.name}: {brought}"), timezone=timezone)


def feed_removed_message(url: str, timezone: str) -> Message:
    """That a feed is followed no more."""
    return Message(plain(f"No longer following {url}; what was read from it stays stored"), timezone=timezone)


def fetched_message(source: str, fetched: Fetched) -> Message:
    """What a feed parses to: one line an entry."""
    count = len(fetched.entries)
    title = f"{fetched.title or source}: {count} entr{'y' if count == 1 else 'ies'}"
    return Message(plain(title), (Sources(tuple(_entry_line(entry) for entry in fetched.entries)),))


def _entry_line(entry: Entry) -> tuple[Text | Link | Moment, ...]:
    words = entry.title or entry.text[:80] or entry.key
    head: Text | Link = Link(words, entry.url) if entry.url else Text(words)
    when: Text | Moment = (
        Moment(entry.published, Form.FULL) if entry.published else Text("no time", Style.QUIET)
    )
    return (when, Text("  "), head)
