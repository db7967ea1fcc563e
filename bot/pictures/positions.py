"""Pictures of where actors stand through time, and the same in words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.pictures.description import describe
from bot.pictures.layout import lay_out
from bot.pictures.paint import paint
from bot.pictures.rows import MOST_ROWS, rows_of
from news.ledger import Evidence, Standing

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


def describe_positions(standings: Sequence[Standing], *, timezone: str, now: datetime) -> str:
    """The same in at most 1,000 characters of plain words; ValueError where there are none."""
    return describe(standings, timezone=timezone, now=now)


def numbered(standings: Sequence[Standing]) -> tuple[tuple[int, Evidence], ...]:
    """The evidence of each mark in the picture of these standings, with the number that it has there."""
    return tuple(marked for row in rows_of(standings) for marked in row.marked)
