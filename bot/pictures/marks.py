"""The outlines of bars, patterns and signs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import cos, pi, sin

from bot.pictures.shapes import BAR, SIGN, Sign, Stroke
from news.stances import Position

Point = tuple[float, float]
Shape = Sequence[Point]

_PERIOD = 12.0
"""From one stripe, or dot, to the next: a whole number of pixels at each scale, which makes them small in a file."""
_DOT = 2.4


def down(stroke: Stroke) -> Shape:
    """The line."""
    return ((stroke.x, stroke.top), (stroke.x, stroke.bottom))


def box(left: float, right: float, top: float, height: float = BAR) -> Shape:
    """A rectangle."""
    return ((left, top), (right, top), (right, top + height), (left, top + height))


def disc(x: float, y: float, radius: float) -> Shape:
    """As round as can be seen."""
    return [(x + radius * cos(step * pi / 8), y + radius * sin(step * pi / 8)) for step in range(16)]


def outline_of(sign: Sign, zoom: float = 1.0) -> Shape:
    """A triangle that points up for what is in favour, down for what is against; a lozenge for what is between."""
    half = SIGN / 2 * zoom
    x, y = sign.x, sign.y
    if sign.position is Position.CONDITIONAL:
        return ((x - half, y), (x, y - half), (x + half, y), (x, y + half))
    up = half if sign.position is Position.SUPPORTS else -half
    return ((x - half, y + up * 0.85), (x + half, y + up * 0.85), (x, y - up * 0.95))


def stripes(left: float, right: float, top: float, *, falling: bool = False) -> Iterator[Shape]:
    """Slanting lines over a bar, which end at its edges."""
    foot = left // _PERIOD * _PERIOD - BAR
    while foot < right:
        first, last = max(foot, left), min(foot + BAR, right)
        if first < last:
            ends = ((first, first - foot), (last, last - foot))
            yield [(x, top + rise if falling else top + BAR - rise) for x, rise in ends]
        foot += _PERIOD


def dots(left: float, right: float, top: float) -> Iterator[Shape]:
    """Two lines of dots over a bar."""
    for line in (0.5, 1.0):
        x = (left // _PERIOD + line) * _PERIOD
        while x <= right - 2 * _DOT:
            if x >= left + 2 * _DOT:
                yield disc(x, top + BAR * (line - 0.25), _DOT)
            x += _PERIOD
