"""Entries that were seen before, under whatever key or address, and what an entry brings into the store."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from news.articles import ArticleDraft
from news.feeds import Entry
from news.links import entry_identity


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


def recognise(entries: Collection[Entry], known: Iterable[Known]) -> dict[str, Known]:
    """Which of a document's entries are known, by their keys; `known` are those with one of its keys or addresses.

    An entry under a new key is an old one at its address, where the document holds the old key no more and both
    the document and the store have one entry at that address: some feeds give new ids to what they edit.
    """
    known = tuple(known)
    by_key = {one.key: one for one in known}
    addresses = {entry.key: entry_identity(entry.url) for entry in entries}
    here = Counter(addresses.values())
    stored = Counter(one.address for one in known)
    left = {one.address: one for one in known if one.key not in addresses and stored[one.address] == 1}
    found = {}
    for key, address in addresses.items():
        match = by_key.get(key) or (left.get(address) if address and here[address] == 1 else None)
        if match is not None:
            found[key] = match
    return found
