"""Pictures of where actors stand through time, and the same in words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.pictures.description import describe
from bot.pictures.layout import lay_out
from bot.pictures.paint import paint
from bot.pictures.rows import MOST_ROWS, rows_of
from bot.pictures.shapes import BAR, LEFT, NAME, NOW, Bar, Layout, Part, Sign, Words
from news.ledger import Evidence, Standing
from news.stances import Position

_SCALE, _SCALE_OF_MANY = 2.0, 1.5
"""Pixels a point: up to six rows, and with more, where the file would grow."""


def draw_positions(
    standings: Sequence[Standing], *, timezone: str, now: datetime, dark: bool = False
) -> bytes:
    """The first twelve standings as PNG; ValueError where there are none.

    The picture has a ground of its own and can be read in light and in dark surroundings.
    """
    layout = lay_out(standings, timezone=timezone, now=now)
    return paint(layout, dark=dark, scale=_SCALE if len(standings) <= MOST_ROWS / 2 else _SCALE_OF_MANY)


def warm_up() -> None:
    """Loads what draws, fonts and all, so that the first picture of a process comes as fast as others."""
    words = tuple(Words("Since", LEFT, NAME, 0.0, bold=bold) for bold in (False, True))
    bars = tuple(Bar(position, LEFT, NOW / 2, NOW, BAR) for position in Position)
    signs = tuple(Sign(position, NOW, BAR) for position in Position)
    for dark in (True, False):
        paint(Layout(BAR * 4, (Part(words, bars, signs),), (), ()), dark=dark, scale=_SCALE)


def describe_positions(standings: Sequence[Standing], *, timezone: str, now: datetime) -> str:
    """The same in at most 1,000 characters of plain words; ValueError where there are none."""
    return describe(standings, timezone=timezone, now=now)


def numbered(standings: Sequence[Standing]) -> tuple[tuple[int, Evidence], ...]:
    """The evidence of each mark in the picture of these standings, with the number that it has there."""
    return tuple(marked for row in rows_of(standings) for marked in row.marked)
