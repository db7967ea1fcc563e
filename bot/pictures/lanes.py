"""One actor's positions on one target as a row of a picture: a bar for each turn, its marks, and their numbers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from bot.pictures.lettering import NAMELESS, legible, shortened, width_of
from bot.pictures.rows import Row, at_odds
from bot.pictures.shapes import (
    BAR,
    BASELINE,
    LEFT,
    NAME,
    RIGHT,
    SIGN,
    TEXT,
    Bar,
    Part,
    Sign,
    Stroke,
    Tone,
    Words,
)
from bot.pictures.timeline import Timeline
from news.ledger import Evidence, Standing
from news.stances import Position

WORDS = {
    Position.SUPPORTS: "supports",
    Position.CONDITIONAL: "conditional",
    Position.OPPOSES: "opposes",
}
HEIGHT = 124.0
"""Of a row, with the space to the next one."""
_STEP = 7.0
_LANE = {Position.SUPPORTS: 0, Position.CONDITIONAL: 1, Position.OPPOSES: 2}
"""The more in favour, the higher: a change shows as a step, however short the turns are."""
_NAME_LINE, _BAND = 22.0, 41.0
_BAND_END = _BAND + BAR + 2 * _STEP
_TICK_END = _BAND_END + 5.0
_NUMBER_LINE = _TICK_END + 20.0
_ABOVE = 3.0
"""How far the line of a change stands out above the bars."""
_SLIVER = 5.0
"""The least width of what was reported at one moment."""
_APART = 10.0
"""Between words of one line."""
_EDGE = 6.0
"""Between a bar's edge, or a sign, and what stands beside it."""


def row_part(row: Row, name: str, time: Timeline, y: float) -> Part:
    """The row, its upper edge at `y`."""
    standing = row.standing
    bars = tuple(_bars(standing, time, y))
    odd = tuple(_odd(evidence, time, y) for evidence in at_odds(standing))
    told = tuple(_told(bar, odd) for bar in bars)
    sign, verdict = _verdict(standing, time, y)
    label = shortened(legible(name) or NAMELESS, NAME, sign.x - SIGN / 2 - LEFT - _APART, bold=True)
    return Part(
        words=(
            Words(label, LEFT, y + _NAME_LINE, width_of(label, NAME, bold=True), NAME, bold=True),
            verdict,
            *(words for part in told for words in part.words),
            *(label.words(y + _NUMBER_LINE) for label in _labels(row, time)),
        ),
        bars=bars,
        signs=(sign, *(sign for part in told for sign in part.signs), *odd),
        ticks=tuple(_tick(evidence, time, y) for _, evidence in row.marked),
        changes=tuple(Stroke(bar.left, y + _BAND - _ABOVE, y + _TICK_END) for bar in bars[1:]),
    )


def across(x: float, y: float) -> Stroke:
    """A line through the bars of the row at `y`, but not through its words."""
    return Stroke(x, y + _BAND, y + _TICK_END)


def _verdict(standing: Standing, time: Timeline, y: float) -> tuple[Sign, Words]:
    """Where the actor stands now, at the right end of the line with the name."""
    turn = standing.present
    since = f"{' since' if turn.first.dated else ', seen'} {time.date(turn.since)}"
    text = WORDS[turn.position] + (", contested" if standing.contested else since)
    width = width_of(text, TEXT)
    words = Words(text, RIGHT - width, y + _NAME_LINE, width)
    return Sign(turn.position, words.x - _EDGE - SIGN / 2, y + _NAME_LINE - TEXT * BASELINE), words


def _bars(standing: Standing, time: Timeline, y: float) -> Iterator[Bar]:
    for number, turn in enumerate(standing.turns, start=1):
        left = time.at(turn.since)
        present = number == len(standing.turns)
        right = RIGHT if present else max(left, time.at(turn.until or turn.latest.when))
        reported = min(max(time.at(turn.latest.when), left + _SLIVER), right)
        contested = _contested(standing, time, left) if present and standing.contested else None
        yield Bar(turn.position, left, reported, right, _top(turn.position, y), contested)


def _contested(standing: Standing, time: Timeline, left: float) -> float:
    """From where on reports contradict the present position: the first of those that we have."""
    return max(left, min((time.at(evidence.when) for evidence in standing.otherwise), default=left))


def _top(position: Position, y: float) -> float:
    return y + _BAND + _STEP * _LANE[position]


def _odd(evidence: Evidence, time: Timeline, y: float) -> Sign:
    """A report of another position, at the height of that one."""
    position = evidence.stance.position
    return Sign(position, time.at(evidence.when), _top(position, y) + BAR / 2, Tone.HOLLOW)


def _tick(evidence: Evidence, time: Timeline, y: float) -> Stroke:
    return Stroke(time.at(evidence.when), _top(evidence.stance.position, y) + BAR, y + _TICK_END)


def _told(bar: Bar, odd: Sequence[Sign]) -> Part:
    """Its sign and its word where they fit, else the sign alone, else nothing; the present bar always has room."""
    word = WORDS[bar.position]
    width = width_of(word, TEXT)
    stretches = ((Tone.SOLID, bar.left, bar.reported), (Tone.FAINT, bar.reported, bar.right))
    middle = bar.top + BAR / 2
    for needed in (SIGN + _EDGE + width, SIGN):
        for tone, left, right in stretches:
            x = _free(left + _EDGE, right - _EDGE, needed, odd)
            if x is None:
                continue
            sign = Sign(bar.position, x + SIGN / 2, middle, tone)
            words = Words(
                word, x + SIGN + _EDGE, middle + TEXT * BASELINE, width, TEXT, False, tone, bar.position
            )
            return Part(signs=(sign,), words=(words,) if needed > SIGN else ())
    return Part()


def _free(left: float, right: float, needed: float, odd: Sequence[Sign]) -> float | None:
    """Where so much room begins that no sign takes."""
    for x in sorted(sign.x for sign in odd):
        if min(x - SIGN / 2 - _EDGE, right) - left >= needed:
            return left
        left = max(left, x + SIGN / 2 + _EDGE)
    return left if right - left >= needed else None


@dataclass(frozen=True, slots=True)
class _Label:
    """The numbers of marks that stand so close together that one label must do, and the date of a turn's beginning."""

    start: float
    end: float
    first: int
    last: int
    dates: tuple[str, ...] = ()
    dated: bool = False

    @property
    def text(self) -> str:
        """`[3]`, `[3–5]`, `3 Dec [3]`."""
        numbers = f"[{self.first}]" if self.first == self.last else f"[{self.first}–{self.last}]"
        return f"{self.dates[0]} {numbers}" if self.dated else numbers

    @property
    def width(self) -> float:
        return width_of(self.text, TEXT)

    @property
    def left(self) -> float:
        """Below the middle of its marks, but inside the picture."""
        return round(min(max((self.start + self.end - self.width) / 2, LEFT), RIGHT - self.width), 1)

    def before(self, other: _Label) -> bool:
        """Whether it ends before the other one begins."""
        return self.left + self.width + _APART <= other.left

    def words(self, y: float) -> Words:
        """As it stands in the picture."""
        return Words(self.text, self.left, y, self.width, tone=Tone.INK if self.dated else Tone.QUIET)


def _labels(row: Row, time: Timeline) -> list[_Label]:
    """A number for each mark, and dates of changes where there is room, those of the newest first."""
    begins = {turn.first: time.date(turn.since) for turn in row.standing.turns}
    labels: list[_Label] = []
    for number, evidence in row.marked:
        x = time.at(evidence.when)
        dates = (begins[evidence],) if evidence in begins else ()
        label = _Label(x, x, number, number, dates)
        while labels and not labels[-1].before(label):
            label = _together(labels.pop(), label)
        labels.append(label)
    for place in reversed(range(len(labels))):
        if len(labels[place].dates) != 1:
            continue
        dated = replace(labels[place], dated=True)
        neighbours = labels[max(place - 1, 0) : place], labels[place + 1 : place + 2]
        if all(one.before(dated) for one in neighbours[0]) and all(
            dated.before(one) for one in neighbours[1]
        ):
            labels[place] = dated
    return labels


def _together(one: _Label, other: _Label) -> _Label:
    return _Label(one.start, other.end, one.first, other.last, one.dates + other.dates)
