"""Where everything stands in a picture of positions, before it is painted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Self

from bot.pictures import lanes
from bot.pictures.legend import foot_part
from bot.pictures.lettering import NAMELESS, legible, shortened, width_of
from bot.pictures.rows import Row, rows_of
from bot.pictures.shapes import LEFT, NAME, NOW, RIGHT, TEXT, TITLE, Layout, Part, Tone, Words
from bot.pictures.timeline import Timeline, timeline
from news.ledger import Standing

_TITLE_LINE, _RANGE_LINE, _ROWS = 46.0, 78.0, 96.0
_HEADING = 38.0
_TICK_LINE = 26.0
_FOOT = 42.0
_MARGIN = 14.0
_APART = 12.0


@dataclass(frozen=True, slots=True)
class Subject:
    """What all rows of a picture have in common, and what tells them apart."""

    title: str
    by_target: bool = False
    """Whether a row is known by its target, all being one actor's."""
    grouped: bool = False
    """Whether rows stand under headings, there being several actors and several targets."""

    @classmethod
    def of(cls, rows: Sequence[Row]) -> Self:
        """The common target, else the common actor, else neither."""
        targets = {row.standing.target for row in rows}
        actors = {row.standing.actor for row in rows}
        if len(targets) == 1:
            return cls(rows[0].standing.target)
        if len(actors) == 1:
            return cls(rows[0].standing.actor, by_target=True)
        return cls("Positions", grouped=True)

    def name_of(self, standing: Standing) -> str:
        """What the row of a standing is called."""
        return standing.target if self.by_target else standing.actor

    def full_name_of(self, standing: Standing) -> str:
        """Likewise, where no heading stands above it."""
        return f"{standing.actor} on {standing.target}" if self.grouped else self.name_of(standing)


def lay_out(standings: Sequence[Standing], *, timezone: str, now: datetime) -> Layout:
    """The picture of the first standings; ValueError where there are none."""
    rows = rows_of(standings)
    time = time_of(rows, timezone, now)
    subject = Subject.of(rows)
    parts = [_head(subject, time)]
    y = _ROWS
    heading: str | None = None
    tops: list[float] = []
    for row in rows:
        if subject.grouped and row.standing.target != heading:
            heading = row.standing.target
            parts.append(_heading(heading, y))
            y += _HEADING
        tops.append(y)
        parts.append(lanes.row_part(row, subject.name_of(row.standing), time, y))
        y += lanes.HEIGHT
    foot, end = foot_part(rows, standings, y + _FOOT)
    return Layout(
        height=end + _MARGIN,
        parts=(*parts, _axis(time, now, y + _TICK_LINE), foot),
        grid=tuple(lanes.across(x, top) for top in tops for x, _ in time.ticks()),
        now=tuple(lanes.across(time.at(now), top) for top in tops),
    )


def time_of(rows: Sequence[Row], timezone: str, now: datetime) -> Timeline:
    """From the first report to now, or to the last one where that is dated ahead; ValueError without rows."""
    if not rows:
        raise ValueError("no positions to draw")
    moments = [evidence.when for row in rows for _, evidence in row.marked]
    moments += [turn.since for row in rows for turn in row.standing.turns]
    return timeline(min(moments), max(*moments, now), LEFT, NOW, timezone)


def _head(subject: Subject, time: Timeline) -> Part:
    title = shortened(legible(subject.title) or NAMELESS, TITLE, RIGHT - LEFT, bold=True)
    described = shortened(f"{time.range()} · {legible(time.timezone)}", TEXT, RIGHT - LEFT)
    return Part(
        words=(
            Words(title, LEFT, _TITLE_LINE, width_of(title, TITLE, bold=True), TITLE, bold=True),
            Words(described, LEFT, _RANGE_LINE, width_of(described, TEXT), tone=Tone.QUIET),
        )
    )


def _heading(target: str, y: float) -> Part:
    text = shortened(f"On {legible(target) or NAMELESS}", NAME, RIGHT - LEFT)
    return Part(words=(Words(text, LEFT, y + 24, width_of(text, NAME), NAME, tone=Tone.QUIET),))


def _axis(time: Timeline, now: datetime, y: float) -> Part:
    """The named moments below the rows, as far as there is room; `now` always has it."""
    words = [_centred("now", time.at(now), y, Tone.INK)]
    for x, name in time.ticks():
        named = _centred(name, x, y, Tone.QUIET)
        if all(_clear(named, other) for other in words):
            words.append(named)
    return Part(words=tuple(words))


def _centred(text: str, x: float, y: float, tone: Tone) -> Words:
    width = width_of(text, TEXT)
    left = round(min(max(x - width / 2, LEFT), RIGHT - width), 1)
    return Words(text, left, y, width, tone=tone)


def _clear(one: Words, other: Words) -> bool:
    return one.x + one.width + _APART <= other.x or other.x + other.width + _APART <= one.x
