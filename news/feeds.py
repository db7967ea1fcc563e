"""Feeds and entries as published, and what a fetch can come back with."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NewType

FeedId = NewType("FeedId", int)

INTERVAL = timedelta(minutes=30)
"""How long a feed of which nothing is known yet is left alone after it was looked at."""


@dataclass(frozen=True, slots=True)
class Validators:
    """What a server gave us to ask "has it changed?" with."""

    etag: str | None = None
    last_modified: str | None = None


@dataclass(frozen=True, slots=True)
class Pace:
    """How often a feed's publisher asks to be looked at, in the feed itself."""

    at_least: timedelta | None = None
    """The time between two looks (RSS `ttl`, the syndication module's `updatePeriod` and `updateFrequency`)."""
    quiet_hours: frozenset[int] = frozenset()
    """Hours of the day, UTC, in which nothing is published (RSS `skipHours`), 0 to 23."""
    quiet_days: frozenset[int] = frozenset()
    """Days of the week, UTC, likewise (RSS `skipDays`); 0 is Monday."""


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed that at least one workspace follows, and how it fares."""

    id: FeedId
    url: str
    title: str | None = None
    outlet: str | None = None
    """The name shown as the outlet of its articles; the feed's own title where nobody named it."""
    validators: Validators = field(default_factory=Validators)
    body_hash: str | None = None
    """Hash of the last body, so that one that did not change is not parsed again."""
    pace: Pace = field(default_factory=Pace)
    interval: timedelta = INTERVAL
    """How long it is left alone after a look, as far as is known from how often it changed."""
    next_check: datetime | None = None
    """When it is due; None is at once."""
    last_success: datetime | None = None
    last_error: str | None = None
    """The last failure in words; None while the feed is well."""
    failing_since: datetime | None = None
    failures: int = 0
    """Failures in a row."""
    ended: bool = False
    """Whether the server said that it is gone for good (410)."""

    @property
    def name(self) -> str:
        """What people call it."""
        return self.outlet or self.title or self.url


@dataclass(frozen=True, slots=True)
class Follow:
    """A feed as one workspace follows it."""

    feed: Feed
    folder: str = ""
    """Where the workspace keeps it, `/` between a folder and one inside; empty for none."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A feed in a list that feed readers exchange (OPML)."""

    url: str
    title: str | None = None
    folder: str = ""
    """As in `Follow`."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One item of a feed, as published; markup already reduced to text."""

    key: str
    """What makes it itself: its guid or id, else its link, else a hash of its words.

    Addresses are compared by what they lead to, and an id that others of its feed have too is passed over.
    """
    title: str | None = None
    url: str | None = None
    summary: str = ""
    """The feed's own words about it, often an excerpt."""
    content: str = ""
    """The article's words, where the feed carries them."""
    published: datetime | None = None
    updated: datetime | None = None
    byline: str | None = None
    guid: str | None = None
    """Its guid or id as published, if it has one."""

    @property
    def text(self) -> str:
        """All that the feed says of it."""
        return max(self.content, self.summary, key=len)


@dataclass(frozen=True, slots=True)
class Fetched:
    """A feed that came back with entries."""

    title: str | None
    entries: tuple[Entry, ...]
    validators: Validators
    body_hash: str
    url: str
    """Where it lives now: another address than asked for after a permanent redirect."""
    source: str = ""
    """Where it came from in the end, after any redirect; empty where that is not known to differ."""
    pace: Pace = field(default_factory=Pace)
    fresh_for: timedelta | None = None
    """How long the server says that this answer holds (`Cache-Control`, `Expires`)."""


@dataclass(frozen=True, slots=True)
class NotModified:
    """The feed has not changed since we last looked."""

    validators: Validators
    fresh_for: timedelta | None = None
    """As in `Fetched`."""


@dataclass(frozen=True, slots=True)
class Gone:
    """The server says that the feed has ended (410)."""


FeedUpdate = Fetched | NotModified | Gone


@dataclass(frozen=True, slots=True)
class Page:
    """A web page reduced to its article."""

    url: str
    """The canonical link, else the address it came from."""
    text: str
    title: str | None = None
    outlet: str | None = None
    byline: str | None = None
    published: datetime | None = None
    modified: datetime | None = None
    language: str | None = None
    partial: bool = False
    """Whether it is only the beginning: the page says that the whole is not free to read."""


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of the feeds that a list names."""

    followed: int
    already: int = 0
    """Followed before, or named more than once."""
    unusable: int = 0
    """No web addresses."""
