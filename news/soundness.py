"""Soundness: what a store is asked about itself, and what is found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class Grade(StrEnum):
    """How bad a finding is: nothing to do, something to look at, something that is broken."""

    OK = "ok"
    WARNING = "warning"
    PROBLEM = "problem"


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of a check-up."""

    check: str
    """What was looked at, in one word."""
    grade: Grade
    told: str
    """What was found, without a full stop."""
    advice: str = ""
    """What to do; empty where there is nothing to do."""


@dataclass(frozen=True, slots=True)
class Database:
    """Which database it is."""

    kind: str
    version: str
    place: str
    """Where, in words that hold no password."""


@dataclass(frozen=True, slots=True)
class Tables:
    """Which version its tables are of; None where there are none."""

    found: str | None
    needed: str
    newer: bool = False
    """Whether this program does not know the version."""


class Read(StrEnum):
    """What was read to tell: all of the file, its small tables, or only what the server keeps books of."""

    ALL = "all"
    SMALL = "small"
    BOOKS = "books"


@dataclass(frozen=True, slots=True)
class Integrity:
    """What the database itself says of its pages, indexes and constraints."""

    complaints: tuple[str, ...]
    """In its own words; the first ones."""
    read: Read
    aged_collation: bool = False
    """Whether texts are sorted by other rules than its indexes were made with."""


@dataclass(frozen=True, slots=True)
class Fault:
    """Rows that are not as they should be."""

    what: str
    """`articles without their newest version`."""
    count: int
    """Of those that were looked at."""
    examples: tuple[str, ...] = ()
    """The first ones' keys."""
    harmless: bool = False
    """Whether they only take room."""


@dataclass(frozen=True, slots=True)
class Walk:
    """What became of looking at rows."""

    looked: int
    whole: bool
    """Whether all rows were looked at, or a sample."""
    faults: tuple[Fault, ...] = ()

    def __add__(self, other: Walk) -> Walk:
        return Walk(self.looked + other.looked, self.whole and other.whole, (*self.faults, *other.faults))


@dataclass(frozen=True, slots=True)
class FileRoom:
    """An SQLite file and the disk that it lies on; sizes in bytes."""

    size: int
    unused: int
    """Of the file, what holds nothing and is used again."""
    log: int
    """What the write-ahead log takes."""
    disk_free: int
    unwritable: tuple[str, ...] = ()
    """What of file, log and folder may not be written."""
    write_ahead: bool = True
    """Whether it is in WAL mode."""


@dataclass(frozen=True, slots=True)
class DeadRows:
    """Rows of a table that are deleted or replaced and still take room."""

    table: str
    dead: int
    live: int


@dataclass(frozen=True, slots=True)
class ServerRoom:
    """A PostgreSQL database and how it is kept."""

    size: int
    """Bytes."""
    encoding: str
    read_only: bool
    vacuums: bool
    """Whether it clears away dead rows by itself."""
    dead: tuple[DeadRows, ...] = ()
    """Of tables with many of them."""
    transaction_since: datetime | None = None
    """When the oldest transaction began, which keeps dead rows from being cleared away."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many of something wait, and since when the first of them does."""

    count: int = 0
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Unreached:
    """A platform that a running process cannot reach."""

    platform: str
    since: datetime
    reason: str
    """One sentence."""


@dataclass(frozen=True, slots=True)
class Life:
    """What the bot is at, as far as the store tells."""

    feeds: int = 0
    """That somebody follows."""
    failing: int = 0
    ended: int = 0
    feeds_due: Waiting = Waiting()
    unread: Waiting = Waiting()
    """Articles whose newest version has not been read yet."""
    given_up: Waiting = Waiting()
    """Articles that could not be read."""
    pending: Waiting = Waiting()
    """Posts that wait to be sent."""
    sending: Waiting = Waiting()
    """Posts that are being sent, or were when somebody stopped."""
    unknown: Waiting = Waiting()
    """Posts of which nobody can tell whether they are there."""
    overdue: Waiting = Waiting()
    """Subscriptions that are due, and slots that are taken and whose digest nobody has composed."""
    stopped: Waiting = Waiting()
    """Subscriptions that were paused by themselves, for their channel was lost."""
    subscriptions: Mapping[str, int] = field(default_factory=dict)
    """How many there are, by platform."""
    unreached: tuple[Unreached, ...] = ()
