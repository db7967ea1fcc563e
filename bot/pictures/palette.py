"""The colours of pictures: told apart by those who see few colours or none, on a light ground and on a dark one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from news.stances import Position


@dataclass(frozen=True, slots=True)
class Shade:
    """The colours of one position."""

    solid: str
    """While it was reported."""
    pattern: str
    """Of the stripes or dots on it."""
    upon: str
    """Of words on it."""
    faint: str
    """Up to the next report."""
    faint_pattern: str


@dataclass(frozen=True, slots=True)
class Palette:
    """All the colours of a picture, as `#rrggbb`."""

    ground: str
    border: str
    grid: str
    ink: str
    quiet: str
    shades: Mapping[Position, Shade]


LIGHT = Palette(
    ground="#fbfaf7",
    border="#b9b7b0",
    grid="#e3e1da",
    ink="#1c1e21",
    quiet="#565a60",
    shades={
        Position.SUPPORTS: Shade("#004a7c", "#004a7c", "#ffffff", "#d3e4f0", "#d3e4f0"),
        Position.CONDITIONAL: Shade("#b58700", "#f7e3a6", "#1c1e21", "#f8ecca", "#ead296"),
        Position.OPPOSES: Shade("#b34400", "#f0b088", "#ffffff", "#f9ddcc", "#eeb796"),
    },
)
DARK = Palette(
    ground="#1e1f22",
    border="#6c6f77",
    grid="#33353a",
    ink="#f2f3f5",
    quiet="#b8bcc2",
    shades={
        Position.SUPPORTS: Shade("#56b4e9", "#56b4e9", "#101113", "#1f3a4b", "#1f3a4b"),
        Position.CONDITIONAL: Shade("#f0e442", "#7d7620", "#101113", "#4a4720", "#6d6828"),
        Position.OPPOSES: Shade("#e0651a", "#6b2c06", "#101113", "#4b2a18", "#733c1c"),
    },
)
"""After Okabe and Ito's colours, which remain apart for all kinds of colour blindness; on the light ground darker, and so
that each has another grey."""
