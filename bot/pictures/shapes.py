"""What a picture of positions is made of, in points of a picture 800 wide, counted from its upper left corner."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from news.stances import Position

WIDTH = 800.0
LEFT, RIGHT = 24.0, 776.0
NOW = 738.0
"""How far to the right time reaches; beyond it is room for the sign of the present position."""
TEXT, NAME, TITLE = 22.0, 25.0, 30.0
"""Sizes of words: a phone shows the picture about half as wide, where less could not be read."""
BAR = 28.0
"""How high a bar is."""
BASELINE = 0.36
"""How far below their middle words stand, in their size."""
SIGN = 18.0
"""How high and wide a sign is."""


class Tone(StrEnum):
    """What words or signs stand on, or how much they matter."""

    INK = "ink"
    QUIET = "quiet"
    SOLID = "solid"
    """Upon a bar, while its position was reported."""
    FAINT = "faint"
    """Upon a bar, after that."""
    HOLLOW = "hollow"
    """A report that does not agree with the bar."""


@dataclass(frozen=True, slots=True)
class Words:
    """Some words that begin at `x` and stand on the line `y`."""

    text: str
    x: float
    y: float
    width: float
    size: float = TEXT
    bold: bool = False
    tone: Tone = Tone.INK
    position: Position | None = None
    """That of the bar that they stand upon."""

    @property
    def middle(self) -> float:
        """Half-way up their letters."""
        return self.y - BASELINE * self.size


@dataclass(frozen=True, slots=True)
class Sign:
    """The sign of a position, by its middle."""

    position: Position
    x: float
    y: float
    tone: Tone = Tone.INK


@dataclass(frozen=True, slots=True)
class Bar:
    """A turn: solid up to where it was last reported, then faint."""

    position: Position
    left: float
    reported: float
    right: float
    top: float
    contested: float | None = None
    """From where on reports contradict each other."""


@dataclass(frozen=True, slots=True)
class Stroke:
    """A line down the picture."""

    x: float
    top: float
    bottom: float


@dataclass(frozen=True, slots=True)
class Part:
    """What belongs together: the head, a row, the foot."""

    words: tuple[Words, ...] = ()
    bars: tuple[Bar, ...] = ()
    signs: tuple[Sign, ...] = ()
    ticks: tuple[Stroke, ...] = ()
    """From a mark down to its number."""
    changes: tuple[Stroke, ...] = ()
    """Where the position changed."""


@dataclass(frozen=True, slots=True)
class Layout:
    """A picture before it is painted."""

    height: float
    parts: tuple[Part, ...]
    """From top to bottom."""
    grid: tuple[Stroke, ...]
    """Below the bars, where the named moments stand."""
    now: tuple[Stroke, ...]
