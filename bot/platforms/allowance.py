"""Allowance: how much one person may ask in a minute, whatever the platform. In memory, of this process alone."""

from __future__ import annotations

import math
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field

from news.errors import AttacheError

MINUTE = 60.0
FETCHING = frozenset({"brief", "feeds add"})
"""Commands that have others' servers asked: one in five may be such a one."""
_OF_FETCHING = 5
_SUGGESTIONS = 10
"""How many times as much may be typed, letter by letter, with something offered for it."""
MOST = 10_000
"""People who are remembered; beyond them those are forgotten whose last command is longest ago."""


class TooOften(AttacheError):
    """Somebody asks more than anybody may; `told` where they were told so already, and need not be told again."""

    def __init__(self, seconds: int, *, told: bool) -> None:
        wait = f"{seconds} second{'s' * (seconds != 1)}"
        super().__init__(f"That is more than one person may ask in a minute here: try again in {wait}.")
        self.seconds = seconds
        self.told = told


class Allowance:
    """Lets commands of each person through: so many at once, and as many again spread over each minute after it.

    Without a number, or with 0, all of them. `clock` is in seconds, and never goes back.
    """

    def __init__(self, a_minute: int = 0, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._commands = _Buckets(a_minute)
        self._fetching = _Buckets(math.ceil(a_minute / _OF_FETCHING))
        self._suggestions = _Buckets(a_minute * _SUGGESTIONS)

    def admit(self, person: str, command: str) -> None:
        """Counts a command, which is named with its action: `feeds add`. Raises TooOften, and counts nothing."""
        now = self._clock()
        asked = [self._commands, *([self._fetching] if command in FETCHING else [])]
        wait = max(buckets.wait(person, now) for buckets in asked)
        if wait > 0:
            told = [buckets.tell(person) for buckets in asked if buckets.wait(person, now) > 0]
            raise TooOften(math.ceil(wait), told=all(told))
        for buckets in asked:
            buckets.take(person, now)

    def may_type(self, person: str) -> bool:
        """Whether something is offered for what the person types; counts it."""
        now = self._clock()
        if self._suggestions.wait(person, now) > 0:
            return False
        self._suggestions.take(person, now)
        return True


@dataclass(slots=True)
class _Bucket:
    """What one person has used of a minute's allowance."""

    empty: float
    """When nothing of it is used any more, if nothing is asked until then."""
    told: bool = False
    """Whether they were told, since the last thing that was let through, that it is too much."""


@dataclass(slots=True)
class _Buckets:
    """Those of everybody: a leaky bucket each, kept as one moment (the generic cell rate algorithm)."""

    a_minute: int
    _held: OrderedDict[str, _Bucket] = field(default_factory=OrderedDict)
    """Who asked last comes last."""

    def wait(self, person: str, now: float) -> float:
        """Seconds until one more fits; 0 or less for now."""
        bucket = self._held.get(person)
        if bucket is None or not self.a_minute:
            return 0.0
        return bucket.empty - now - (MINUTE - MINUTE / self.a_minute)

    def take(self, person: str, now: float) -> None:
        """Counts one more."""
        if not self.a_minute:
            return
        bucket = self._held.pop(person, None)
        begun = now if bucket is None else max(bucket.empty, now)
        self._held[person] = _Bucket(begun + MINUTE / self.a_minute)
        if len(self._held) > MOST:
            self._held.popitem(last=False)

    def tell(self, person: str) -> bool:
        """Whether they were told already; they are now."""
        bucket = self._held[person]
        told, bucket.told = bucket.told, True
        return told
