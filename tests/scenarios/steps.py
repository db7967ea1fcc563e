"""What a scenario is made of: what somebody does, what time does, and what is to be seen then."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from news.channels import Platform

Words = tuple[str, ...]


@dataclass(frozen=True)
class Seen:
    """What is to be seen; `on` a platform these words stand in the place of `shows`."""

    shows: Words = ()
    hides: Words = ()
    on: Mapping[Platform, Words] = field(default_factory=dict)

    def wanted(self, platform: Platform) -> Words:
        return self.on.get(platform, self.shows)


@dataclass(frozen=True)
class Say(Seen):
    """Somebody types a line; `{…}` in it is a feed's address, by its outlet."""

    line: str = ""
    alone: bool | None = None
    """Whether only the one who asked sees the answer; None where that is not to be looked at."""


@dataclass(frozen=True)
class Press(Seen):
    """Whoever asked presses a button of the last answer, or types the word for it where there are no buttons."""

    button: str = ""


@dataclass(frozen=True)
class Picture(Seen):
    """With the last answer comes what shows these words: a picture described so, or the words themselves."""


@dataclass(frozen=True)
class Later:
    """Time goes by, and the bot does all that is due then."""

    by: timedelta


@dataclass(frozen=True)
class Posted(Seen):
    """So many posts stand in the channel by now; the words are the last one's."""

    times: int = 0


Step = Say | Press | Picture | Later | Posted


@dataclass(frozen=True)
class Scenario:
    """One thing that people want of the bot."""

    name: str
    steps: tuple[Step, ...]


def say(line: str, *shows: str, alone: bool | None = None, hides: Words = (), **on: Words) -> Say:
    """A line, and what its answer shows; `discord=(…)` and the like where it shows something else there."""
    return Say(shows, hides, _by_platform(on), line, alone)


def press(button: str, *shows: str, hides: Words = ()) -> Press:
    return Press(shows, hides, button=button)


def picture(*shows: str, **on: Words) -> Picture:
    return Picture(shows, on=_by_platform(on))


def later(**by: float) -> Later:
    return Later(timedelta(**by))


def posted(times: int, *shows: str) -> Posted:
    return Posted(shows, times=times)


def _by_platform(on: Mapping[str, Words]) -> dict[Platform, Words]:
    return {Platform(name): words for name, words in on.items()}
