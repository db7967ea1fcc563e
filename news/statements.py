"""Statements: what an article reports someone as saying, thinking or intending."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from news.spans import Span

_SAYING = re.compile(
    r"sa(?:id|ys?|ying)|t(?:old|ells)|add(?:s|ed)|state[sd]|note[sd]|wr(?:ote|ites)|according to",
    re.IGNORECASE,
)


class Kind(StrEnum):
    """How much of the content stands inside quotation marks: all, none, or some of its words."""

    DIRECT = "direct"
    INDIRECT = "indirect"
    MIXED = "mixed"


class Mode(StrEnum):
    """Whether something was said, thought, or intended."""

    SPEECH = "speech"
    THOUGHT = "thought"
    INTENTION = "intention"


class Withheld(StrEnum):
    """Why a statement is shown to programs only, and to people never."""

    HEADING = "heading"
    """A headline or a subheading says it: an editor's words, shorter than the truth."""
    DISOWNED = "disowned"
    """The text says that nobody said it, only supposes that somebody did, or names a share of people; or somebody asks
    not to be named, and says no more."""


@dataclass(frozen=True, slots=True)
class Speaker:
    """The actor behind a statement's source, as far as this article tells."""

    name: str
    """The fullest form of the name in the article, without title: `Dmitry Peskov`."""
    mention: str
    """The source as it stands at the statement: `Kremlin spokesperson Dmitry Peskov`, `he`."""
    affiliation: str | None = None
    """In whose name: `Kremlin`; in the article's words."""
    anonymous: bool = False
    """Whether the article keeps the name back (`a senior official`)."""
    state: str | None = None
    """The state that the speaker is or speaks for, by its English name: `Russia` for `Kremlin` and its spokesman."""


@dataclass(frozen=True, slots=True)
class Statement:
    """One attribution; every part points into the article's text."""

    content: tuple[Span, ...]
    """What was said, its quotation marks included."""
    kind: Kind
    cue: tuple[Span, ...] = ()
    """The reporting words."""
    source: tuple[Span, ...] = ()
    """Who, as the text puts it."""
    speaker: Speaker | None = None
    """None where the article does not tell: rather nobody than a guess."""
    mode: Mode = Mode.SPEECH
    venue: tuple[Span, ...] = ()
    """To whom or where it was said: `Izvestia`."""
    confidence: float = 1.0
    withheld: Withheld | None = None

    def __post_init__(self) -> None:
        if not self.content:
            raise ValueError("a statement without content")
        if not 0.0 <= self.confidence <= 1.0:
            raise ValueError(f"confidence {self.confidence} outside 0..1")


def only_says(cue: str) -> bool:
    """Whether reporting words tell no more than that something was said: others may deny or doubt it."""
    return _SAYING.fullmatch(cue) is not None
