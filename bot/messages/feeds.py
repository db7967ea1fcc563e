"""What is said about feeds: the list with their health, and what adding and removing one did."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from bot.messages.message import (
    NOTICES_OFF,
    Attachment,
    Form,
    Hint,
    Line,
    Link,
    Message,
    Moment,
    Note,
    Sources,
    Style,
    Text,
    advice,
    plain,
)
from bot.messages.wording import counted, outlet_of
from news.feeds import Entry, Feed, Fetched, Follow, Imported

LIST_NAME = "feeds.opml"
"""What a list of feeds is called where it comes as a file."""
_NEAR = timedelta(hours=12)
"""Within this a clock time alone tells which day is meant."""


def feeds_message(follows: Sequence[Follow], now: datetime, timezone: str) -> Message:
    """How each feed fares: those that fail first, then folder by folder, in the order in which they were added."""
    if not follows:
        return Message(
            plain("No feed is followed yet"),
            (advice("Add one: ", Hint("feeds add https://…", "/feeds add address: https://…")),),
            timezone=timezone,
        )
    ended = sum(follow.feed.ended for follow in follows)
    failing = sum(follow.feed.failing_since is not None for follow in follows) - ended
    unread = sum(each.feed.last_success is None and each.feed.failing_since is None for each in follows)
    title = f"{counted(len(follows), 'feed')}, {failing or 'none'} failing" + (
        f", {ended} ended" * bool(ended) + f", {unread} not read yet" * bool(unread)
    )
    return Message(plain(title), (Sources(tuple(_listing(follows, now))),), timezone=timezone)


def _listing(follows: Sequence[Follow], now: datetime) -> Iterable[Line]:
    """A line each; a folder's name stands above its feeds, except those that fail."""
    troubled = [follow for follow in follows if follow.feed.failing_since is not None]
    for follow in sorted(troubled, key=lambda follow: follow.feed.ended):
        yield _line(follow.feed, now, follow.folder)
    folders: dict[str, list[Feed]] = {"": []}
    for follow in follows:
        if follow.feed.failing_since is None:
            folders.setdefault(follow.folder, []).append(follow.feed)
    parted = bool(troubled)
    for folder, feeds in folders.items():
        if parted and feeds:
            yield ()
        if folder:
            yield (Text(folder, Style.STRONG),)
        parted = parted or bool(feeds)
        yield from (_line(feed, now) for feed in feeds)


def _line(feed: Feed, now: datetime, folder: str = "") -> Line:
    place = f" (in {folder})" if folder else ""
    head = (Link(called(feed.name, feed.url), without_password(feed.url)), Text(f"{place}  "))
    if feed.ended:
        ended = (
            (Text("ended "), Moment(feed.failing_since, Form.FULL))
            if feed.failing_since
            else (Text("ended"),)
        )
        return (
            *head,
            *ended,
            Text(", its server says (410 Gone): look for its new address, and remove this one"),
        )
    if feed.failing_since is not None:
        since = Moment(feed.failing_since, Form.FULL)
        why = Text(f": {reason_of(feed.last_error, feed.url)} ")
        last = (Text("; last read "), Moment(feed.last_success, Form.FULL)) if feed.last_success else ()
        return (*head, Text("failing since "), since, why, *_next(feed, now, "Next try "), *last)
    if feed.last_success is None:
        return (*head, Text("not read yet; ", Style.QUIET), *_next(feed, now, "first try "))
    read = (Text("well, read ", Style.QUIET), Moment(feed.last_success, Form.FULL))
    every = Text(f", every {_lasting(feed.interval)}", Style.QUIET)
    return (*head, *read, Text("; ", Style.QUIET), *_next(feed, now, "next "), every)


def _next(feed: Feed, now: datetime, what: str) -> Line:
    """When it is looked at again, as far ahead as a clock time can tell without its day."""
    if feed.next_check is None or feed.next_check <= now:
        return (Text(f"{what}with the next round", Style.QUIET),)
    form = Form.TIME if feed.next_check - now < _NEAR else Form.FULL
    return (Text(what, Style.QUIET), Moment(feed.next_check, form))


def _lasting(span: timedelta) -> str:
    """`30 minutes`, `2 hours`; rounded, for nobody waits with a watch."""
    minutes = max(round(span.total_seconds() / 60), 1)
    return counted(minutes, "minute") if minutes < 100 else counted(round(minutes / 60), "hour")


def without_password(url: str) -> str:
    """The address as it may be shown."""
    return re.sub(r"//[^/?#]*@", "//", url)


def called(name: str, url: str) -> str:
    """The feed's name; the host for one that has none but its address."""
    return name if name != url else outlet_of(None, url, "feed")


def reason_of(reason: str | None, url: str) -> str:
    """Why a feed fails, as a sentence without its address in front: that stands in the line already."""
    reason = (reason or "").strip() or "no reason was kept"
    address, _, rest = reason.partition(" ")
    named = without_password(url).startswith(address.removesuffix("…"))
    sentence = f"it {rest}" if named and rest else reason
    return sentence if sentence.endswith((".", "!", "?")) else f"{sentence}."


def feed_added_message(
    feed: Feed, articles: int, timezone: str, *, found_on: str | None = None, tells_here: bool = False
) -> Message:
    """That a feed is followed now, and what it brought.

    `found_on` is the page that names it, where another address than its own was given; `tells_here` is whether
    the channel was just made the one that is told when a feed fails.
    """
    found = f" (found on {found_on})" if found_on else ""
    notes = [
        advice(
            "Nothing old is posted: digests tell what is new; ", Hint("whosaid"), " finds all that was read."
        )
    ]
    return Message(
        plain(f"Following {without_password(feed.name)}{found}: {counted(articles, 'article')} read"),
        (*notes, *_told_here(tells_here)),
        timezone=timezone,
    )


def _told_here(tells_here: bool) -> Iterable[Note]:
    if tells_here:
        yield advice("This channel is told when a feed fails; ", NOTICES_OFF, " ends that.")


def feed_removed_message(feed: Feed, timezone: str) -> Message:
    """That a feed is followed no more."""
    url = without_password(feed.url)
    name = url if feed.name == feed.url else f"{feed.name} ({url})"
    return Message(
        plain(f"No longer following {name}; what was read from it stays stored"), timezone=timezone
    )


def imported_message(imported: Imported, timezone: str, *, tells_here: bool = False) -> Message:
    """What became of the feeds that a list names."""
    parts = [f"Following {counted(imported.followed, 'feed')}"]
    if imported.already:
        parts.append(f"{imported.already} {_were(imported.already)} followed already")
    if imported.unusable:
        one = imported.unusable == 1
        parts.append(f"{imported.unusable} {'is no web address' if one else 'are no web addresses'}")
    notes = [
        advice(
            "They are read with the next rounds of the running bot; ",
            Hint("feeds list"),
            " shows how they fare.",
        )
    ]
    return Message(
        plain("; ".join(parts)),
        (*(notes if imported.followed else ()), *_told_here(tells_here)),
        timezone=timezone,
    )


def _were(number: int) -> str:
    return "was" if number == 1 else "were"


def exported_message(follows: Sequence[Follow], content: bytes, timezone: str) -> Message:
    """The list of feeds as a file."""
    title = f"{counted(len(follows), 'feed')} as OPML, which other readers take"
    return Message(plain(title), timezone=timezone, attachments=(Attachment(LIST_NAME, content),))


def fetched_message(source: str, fetched: Fetched) -> Message:
    """What a feed parses to: one line an entry."""
    count = len(fetched.entries)
    title = f"{source}: {fetched.title or 'no title'}, {count} entr{'y' if count == 1 else 'ies'}"
    return Message(plain(title), (Sources(tuple(_entry_line(entry) for entry in fetched.entries)),))


def _entry_line(entry: Entry) -> tuple[Text | Link | Moment, ...]:
    words = entry.title or entry.text[:80] or entry.key
    head: Text | Link = Link(words, entry.url) if entry.url else Text(words)
    when: Text | Moment = (
        Moment(entry.published, Form.FULL) if entry.published else Text("no time", Style.QUIET)
    )
    return (when, Text("  "), head)
