"""Profiles: what the articles tell of one actor, counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from news.actors import name_key
from news.names import ActorNames


@dataclass(frozen=True, slots=True)
class Voice:
    """The statements of one speaker in one name, together."""

    speaker: str
    affiliation: str | None
    own: bool
    """Whether the speaker is the actor; else they speak in the actor's name."""
    statements: int
    first: datetime | None
    """When the oldest was published; None where no article has a date."""
    last: datetime | None


@dataclass(frozen=True, slots=True)
class Counted:
    """A speaker's name as articles write it, and how many statements stand under it."""

    name: str
    statements: int


@dataclass(frozen=True, slots=True)
class ActorProfile:
    """Who somebody is in what a workspace follows."""

    asked: str
    names: ActorNames
    written: tuple[Counted, ...] = ()
    """As whom the actor speaks, most statements first."""
    speaks_for: tuple[str, ...] = ()
    """In whose name the actor spoke, newest first."""
    spoken_for_by: tuple[Counted, ...] = ()
    """Who speaks in the actor's name, most statements first."""
    total: int = 0
    first: datetime | None = None
    last: datetime | None = None


def profile_of(asked: str, names: ActorNames, voices: Iterable[Voice]) -> ActorProfile:
    """The profile that the voices, newest first, add up to."""
    voices = tuple(voices)
    own = [voice for voice in voices if voice.own]
    called = {name_key(voice.speaker) for voice in own} | {name_key(name) for name in names.names}
    speaks_for: dict[str, str] = {}
    for affiliation in (voice.affiliation for voice in own if voice.affiliation):
        if (key := name_key(affiliation)) not in called:
            speaks_for.setdefault(key, affiliation)
    return ActorProfile(
        asked,
        names,
        _counted(own),
        tuple(speaks_for.values()),
        _counted(voice for voice in voices if not voice.own),
        sum(voice.statements for voice in voices),
        min((voice.first for voice in voices if voice.first), default=None),
        max((voice.last for voice in voices if voice.last), default=None),
    )


def _counted(voices: Iterable[Voice]) -> tuple[Counted, ...]:
    counts: Counter[str] = Counter()
    for voice in voices:
        counts[voice.speaker] += voice.statements
    return tuple(Counted(name, count) for name, count in sorted(counts.items(), key=lambda c: (-c[1], c[0])))
