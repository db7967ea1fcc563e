"""Entries that were seen before, under whatever key or address, and what an entry brings into the store."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from news.articles import ArticleDraft
from news.feeds import Entry
from news.links import entry_identity, host_of, is_telling


@dataclass(frozen=True, slots=True)
class Known:
    """An entry of a feed as it was last stored."""

    key: str
    address: str | None
    """`news.links.entry_identity` of its link."""
    fingerprint: str
    """Of the entry as the feed published it."""
    tries: int = 0
    """How often its page could not be had for a reason that may pass."""
    url: str | None = None
    """Its article's address."""
    published: datetime | None = None
    """When its article was published."""
    past: bool = False
    """Whether its article was dropped or reduced for its age: the entry is not read again."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """What an entry leads to, on its way into the store."""

    key: str
    """The entry's key; for one that was known under another, that one."""
    draft: ArticleDraft
    fingerprint: str
    """Of the entry as the feed published it, at most 64 characters: another one means that it was edited."""
    arrived: datetime | None = None
    """When it counts as news, as `Article.arrived`; None is when it is stored."""
    address: str | None = None
    tries: int = 0
    """As in `Known`."""
    instead: ArticleDraft | None = None
    """What is stored where the draft's address turns out to be another entry's of the feed."""


def recognise(entries: Collection[Entry], known: Iterable[Known]) -> dict[str, Known]:
    """Which of a document's entries are known, by their keys; `known` are those with one of its keys or addresses.

    An entry under a new key is an old one at its address, where the document holds the old key no more and both
    the document and the store have one entry at that address: some feeds give new ids to what they edit. On another
    host it is the old one where all of the document is on that host and nothing of it on the old one: the site moved.
    One whose article was dropped is known by its key alone, for nothing is left to compare.
    """
    known = tuple(known)
    by_key = {one.key: one for one in known}
    addresses = {entry.key: entry_identity(entry.url) for entry in entries}
    here = Counter(addresses.values())
    stored = Counter(one.address for one in known)
    left = {
        one.address: one
        for one in known
        if one.key not in addresses and stored[one.address] == 1 and not (one.past and one.url is None)
    }
    hosts = {host_of(entry.url) for entry in entries if entry.url}
    found = {}
    for entry in entries:
        address = addresses[entry.key]
        match = by_key.get(entry.key)
        if match is None and address and here[address] == 1:
            match = left.get(address)
            match = match if match and _is_same(entry, match, hosts) else None
        if match is not None:
            found[entry.key] = match
    return found


def _is_same(entry: Entry, known: Known, hosts: Collection[str | None]) -> bool:
    """Whether what lies at one path is one entry: not where new ones keep coming to lie there, nor on another site."""
    if not is_telling(entry.url) and (entry.published or known.published) != known.published:
        return False
    here, there = host_of(entry.url), host_of(known.url)
    return there is None or here == there or (len(hosts) == 1 and there not in hosts)
