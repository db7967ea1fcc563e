"""An invented wire that grows while it is read: events, and what each outlet writes of them, edition by edition."""

from __future__ import annotations

import html
import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import format_datetime

_ONSETS = ("b", "br", "d", "dr", "f", "g", "h", "k", "kl", "l", "m", "n", "p", "r", "s", "st", "t", "v", "z")
_RHYMES = ("al", "an", "ar", "eb", "el", "en", "er", "ik", "il", "in", "ol", "om", "or", "ul", "un", "ur")
_THINGS = (
    "bridge", "harbour", "school", "theatre", "railway", "hospital", "market", "library", "dam", "stadium",
    "museum", "airport", "prison", "lighthouse", "tunnel", "archive", "brewery", "observatory", "quarry", "canal",
)  # fmt: skip
_DEEDS = (
    "closed after a fire", "sold to its workers", "opened a year late", "found to be sinking",
    "handed back to the county", "searched by the police", "rebuilt in stone", "emptied within an hour",
)  # fmt: skip
_ROLES = ("Mayor", "Minister", "Judge", "Governor", "Professor", "Captain")
MOST = 90
"""Entries of a feed."""
LONG = 1_800
"""Characters of what a feed carries whole."""


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened, to be written about."""

    number: int
    place: str
    thing: str
    deed: str
    speaker: str
    rival: str
    filler: tuple[str, ...]

    @classmethod
    def made_up(cls, number: int, seed: int) -> Event:
        chance = random.Random(f"event-{seed}-{number}")
        words = [_word(chance) for _ in range(12)]
        place, first, last, other, *rest = (word.capitalize() for word in words)
        return cls(
            number,
            place,
            chance.choice(_THINGS),
            chance.choice(_DEEDS),
            f"{chance.choice(_ROLES)} {first} {last}",
            f"{other} {rest[0]}",
            tuple(rest[1:]),
        )


@dataclass(slots=True)
class Entry:
    """What one outlet writes of an event; `edition` counts from 1."""

    number: int
    event: Event
    published: datetime
    edition: int = 1

    @property
    def key(self) -> str:
        return f"tag:wire.example,2025:{self.number}"

    @property
    def path(self) -> str:
        return f"/story/{self.number}"

    @property
    def title(self) -> str:
        event = self.event
        return f"{event.thing.capitalize()} of {event.place} {event.deed}"

    @property
    def token(self) -> str:
        """What stands in this edition of this entry and nowhere else, once in the text and once in a quotation."""
        return token(self.number, self.edition)

    @property
    def paragraphs(self) -> tuple[str, ...]:
        event, chance = self.event, random.Random(f"entry-{self.number}")
        one, two, three = chance.sample(event.filler, 3)
        return (
            f"The {event.thing} of {event.place} was {event.deed} on Monday, and {one} Street was cut off from {two}.",
            f"“We will pay {self.token} crowns for the {event.thing},” {event.speaker} said.",
            f"{event.rival}, who leads the {three} party, walked out of the meeting before it ended.",
            f"The council of {event.place} meets again in {chance.randint(2, 9)} weeks at {two} Hall.",
        )


def token(number: int, edition: int) -> str:
    """A sum of money by which an edition of an entry is known."""
    return f"{number * 100 + edition}0007"


@dataclass(slots=True)
class Outlet:
    """One site of the wire."""

    name: str
    whole: bool
    """Whether its feed carries the articles, so that their pages need not be fetched."""
    entries: list[Entry] = field(default_factory=list)

    def newest(self, *, section: bool = False) -> list[Entry]:
        """What its feed has, oldest first; a section has every other entry."""
        return [entry for entry in self.entries if not section or entry.number % 2 == 0][-MOST:]

    def feed(self, base: str, entries: Sequence[Entry]) -> bytes:
        """RSS, newest entry first."""
        items = "".join(self._item(base, entry) for entry in reversed(entries))
        return (
            '<?xml version="1.0" encoding="UTF-8"?>'
            '<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>'
            f"<title>{self.name}</title><link>{base}/</link>{items}</channel></rss>"
        ).encode()

    def page(self, path: str) -> bytes | None:
        entry = next((entry for entry in self.entries if entry.path == path), None)
        if entry is None:
            return None
        body = "".join(f"<p>{part}</p>" for part in entry.paragraphs)
        return (
            f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{entry.title}</title></head>'
            f"<body><main><article><h1>{entry.title}</h1>{body}</article></main></body></html>"
        ).encode()

    def _item(self, base: str, entry: Entry) -> str:
        said = f"<p>{entry.paragraphs[0]}</p><p>Sum: {entry.token}.</p>"
        content = ""
        if self.whole:
            parts = [*entry.paragraphs, *_padding(entry)]
            content = (
                f"<content:encoded>{html.escape(''.join(f'<p>{p}</p>' for p in parts))}</content:encoded>"
            )
        return (
            f'<item><title>{entry.title}</title><link>{base}{entry.path}</link><guid isPermaLink="false">{entry.key}</guid>'
            f"<pubDate>{format_datetime(entry.published)}</pubDate><description>{html.escape(said)}</description>"
            f"{content}</item>"
        )


def _padding(entry: Entry) -> Sequence[str]:
    """More of the same, so that a feed's own words are taken for the whole article."""
    chance, parts, size = random.Random(f"padding-{entry.number}"), [], 0
    while size < LONG:
        one, two = chance.sample(entry.event.filler, 2)
        parts.append(
            f"In {one} the {chance.choice(_THINGS)} stayed open for {chance.randint(3, 90)} hours, and buses from {two} "
            f"went by way of {_word(chance).capitalize()}."
        )
        size += len(parts[-1])
    return parts


def _word(chance: random.Random) -> str:
    return "".join(chance.choice(_ONSETS) + chance.choice(_RHYMES) for _ in range(chance.randint(2, 3)))
