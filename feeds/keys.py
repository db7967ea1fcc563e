"""What makes an entry itself, so that it stays one through changed titles, dates, addresses and mirrors."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from feeds.encoding import mend
from news.feeds import Entry
from news.links import identity

LONGEST_KEY = 500
"""Longer ids are replaced by their hash: a key goes into an index."""


@dataclass(frozen=True, slots=True)
class Published:
    """An entry as its feed has it, which makes no promise that its id is its own."""

    guid: str | None
    title: str | None
    url: str | None
    summary: str
    content: str
    published: datetime | None
    updated: datetime | None
    byline: str | None

    @property
    def says_something(self) -> bool:
        """Whether it is more than an empty element."""
        words = self.title or self.url or self.content or self.summary
        return bool(words or self.guid or self.published or self.byline)


def cleaned(guid: object) -> str | None:
    """An id without what no store takes; None for an empty one."""
    return mend(str(guid)).strip() or None if guid is not None else None


def with_keys(found: Iterable[Published]) -> tuple[Entry, ...]:
    """The entries in their order, each with its key, each key once: the first of several is kept."""
    entries = [each for each in found if each.says_something]
    doubted = _doubted(entries)
    one_page = len(entries) > 1 and len({each.url for each in entries}) == 1
    keyed: dict[str, Entry] = {}
    for each in entries:
        guid = each.guid if each.guid not in doubted else None
        key = _bounded(_of_guid(guid) if guid else _of_link(each, one_page=one_page) or _of_words(each))
        if key not in keyed:
            keyed[key] = _entry(each, key)
    return tuple(keyed.values())


def _doubted(entries: Sequence[Published]) -> set[str]:
    """Ids that entries with different links share, or that all of several titles have."""
    sharing: defaultdict[str, list[Published]] = defaultdict(list)
    for each in entries:
        if each.guid:
            sharing[each.guid].append(each)
    return {
        guid
        for guid, several in sharing.items()
        if len(several) > 1
        and (_differ(several) or (len(several) == len(entries) > 2 and _all_else(several)))
    }


def _differ(entries: Sequence[Published]) -> bool:
    return len({_of_address(each.url) or each.url for each in entries if each.url}) > 1


def _all_else(entries: Sequence[Published]) -> bool:
    return len({each.title for each in entries}) == len(entries)


def _of_guid(guid: str) -> str:
    return _of_address(guid) or guid


def _of_link(entry: Published, *, one_page: bool) -> str | None:
    """None where the link leads to a page of all entries, such as a home page."""
    if not entry.url or one_page or _is_home(entry.url):
        return None
    return _of_address(entry.url) or entry.url


def _of_address(address: str) -> str | None:
    """An address without what does not tell entries apart; a place in a page does (`/changes#v2`)."""
    plain = identity(address)
    if plain is None:
        return None
    place = address.partition("#")[2].strip()
    return plain if not place or "=" in place or place == "comments" else f"{plain}#{place}"


def _is_home(url: str) -> bool:
    """Whether an absolute address leads to its host's first page."""
    return url.partition("//")[2].partition("/")[2] == "" and "?" not in url and "#" not in url


def _of_words(entry: Published) -> str:
    """A hash of what is said; where there is a link that tells nothing, of title and time, for words are edited."""
    if entry.url and (entry.title or entry.published):
        said = f"{entry.title or ''}\n{entry.published.isoformat() if entry.published else ''}"
    else:
        said = f"{entry.title or ''}\n{max(entry.content, entry.summary, key=len)}"
    return _hash(said)


def _bounded(key: str) -> str:
    return key if len(key) <= LONGEST_KEY else _hash(key)


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def _entry(found: Published, key: str) -> Entry:
    return Entry(
        key=key,
        title=found.title,
        url=found.url,
        summary=found.summary,
        content=found.content,
        published=found.published,
        updated=found.updated,
        byline=found.byline,
        guid=found.guid,
    )
