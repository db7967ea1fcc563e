"""Feeds and entries as published, what a fetch can come back with, and when to look again."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import NewType

FeedId = NewType("FeedId", int)

INTERVAL = timedelta(minutes=30)
"""How often a well feed is looked at."""
LONGEST_WAIT = timedelta(days=1)
"""How long a failing feed waits at most."""


@dataclass(frozen=True, slots=True)
class Validators:
    """What a server gave us to ask "has it changed?" with."""

    etag: str | None = None
    last_modified: str | None = None


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
class Entry:
    """One item of a feed, as published; markup already reduced to text."""

    key: str
    """What makes it itself: its guid or id, else its link, else a hash of its words."""
    title: str | None = None
    url: str | None = None
    text: str = ""
    """The feed's own words about it, often an excerpt."""
    published: datetime | None = None
    updated: datetime | None = None
    byline: str | None = None


@dataclass(frozen=True, slots=True)
class Fetched:
    """A feed that came back with entries."""

    title: str | None
    entries: tuple[Entry, ...]
    validators: Validators
    body_hash: str
    url: str
    """Where it lives now: another address than asked for after a permanent redirect."""


@dataclass(frozen=True, slots=True)
class NotModified:
    """The feed has not changed since we last looked."""

    validators: Validators


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
    language: str | None = None


def after_success(feed: Feed, update: FeedUpdate, now: datetime) -> Feed:
    """The feed's state after it was reached."""
    well = replace(
        feed,
        last_success=now,
        last_error=None,
        failing_since=None,
        failures=0,
        next_check=now + INTERVAL,
    )
    match update:
        case Fetched():
            return replace(
                well,
                title=update.title or feed.title,
                validators=update.validators,
                body_hash=update.body_hash,
                url=update.url,
            )
        case NotModified():
            return replace(well, validators=update.validators)
        case Gone():
            return replace(
                well, ended=True, last_error="the server says it has ended (410 Gone)", failing_since=now
            )


def after_failure(feed: Feed, error: str, now: datetime) -> Feed:
    """The feed's state after it could not be read: it waits twice as long each time, up to a day."""
    wait = min(INTERVAL * 2 ** min(feed.failures, 10), LONGEST_WAIT)
    return replace(
        feed,
        last_error=error,
        failing_since=feed.failing_since or now,
        failures=feed.failures + 1,
        next_check=now + wait,
    )
