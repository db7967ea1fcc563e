"""The foot of a picture: what its signs mean, and what it leaves out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.messages.wording import counted
from bot.pictures.lanes import WORDS
from bot.pictures.lettering import legible, missing, shortened, width_of
from bot.pictures.rows import MOST_AT_ODDS, MOST_ROWS, Row
from bot.pictures.shapes import BAR, BASELINE, LEFT, RIGHT, SIGN, TEXT, Bar, Part, Sign, Stroke, Tone, Words
from news.ledger import Standing

_LINE = 38.0
_MARK = 56.0
"""How wide an example is."""
_GAP, _APART = 10.0, 22.0

Item = tuple[Part, float, str]
"""An example that stands at the origin, how far to the right its meaning stands, and that."""


def foot_part(rows: Sequence[Row], standings: Sequence[Standing], y: float) -> tuple[Part, float]:
    """The foot from `y` on, and where it ends."""
    parts: list[Part] = []
    x, middle = LEFT, y + _LINE / 2
    for example, width, text in _items(rows):
        needed = width + width_of(text, TEXT)
        if x + needed > RIGHT:
            x, middle = LEFT, middle + _LINE
        words = Words(text, x + width, middle + BASELINE * TEXT, width_of(text, TEXT), tone=Tone.QUIET)
        parts += [_moved(example, x, middle), Part(words=(words,))]
        x += needed + _APART
    for line in _left_out(rows, standings):
        middle += _LINE
        parts.append(
            Part(words=(Words(line, LEFT, middle + BASELINE * TEXT, width_of(line, TEXT), tone=Tone.QUIET),))
        )
    return _joined(parts), middle + _LINE / 2


def _items(rows: Sequence[Row]) -> Iterator[Item]:
    """What occurs in the rows."""
    used = {turn.position for row in rows for turn in row.standing.turns}
    odd = {evidence.stance.position for row in rows for _, evidence in row.marked} | used
    for position, word in WORDS.items():
        if position in odd:
            bar = Bar(position, 0, _MARK, _MARK, -BAR / 2)
            yield Part(bars=(bar,), signs=(Sign(position, SIGN / 2 + 6, 0, Tone.SOLID),)), _MARK + _GAP, word
    first = rows[0].standing.present.position
    yield Part(bars=(Bar(first, 0, 0, _MARK, -BAR / 2),)), _MARK + _GAP, "since the last report"
    if any(row.standing.before for row in rows):
        yield Part(changes=(Stroke(6, -BAR / 2, BAR / 2),)), 12 + _GAP, "change"
    at_odds = [evidence.stance.position for row in rows for evidence in row.standing.otherwise]
    if at_odds:
        yield Part(signs=(Sign(at_odds[0], SIGN / 2 + 2, 0, Tone.HOLLOW),)), SIGN + 4 + _GAP, "report at odds"
    contested = [row.standing.present.position for row in rows if row.standing.contested]
    if contested:
        yield Part(bars=(Bar(contested[0], 0, 0, _MARK, -BAR / 2, contested=0),)), _MARK + _GAP, "contested"
    yield Part(), 0, "[1] number in the list"


def _left_out(rows: Sequence[Row], standings: Sequence[Standing]) -> Iterator[str]:
    """What is not drawn, in lines."""
    uncounted = sum(max(0, len(row.standing.otherwise) - MOST_AT_ODDS) for row in rows)
    if uncounted:
        yield f"Not drawn: {counted(uncounted, 'older report')} at odds"
    rest = standings[MOST_ROWS:]
    if rest:
        yield _named([legible(f"{each.actor} on {each.target}") for each in rest])
    if any(missing(name) for row in rows for name in (row.standing.actor, row.standing.target)):
        yield "In [brackets]: letters that only the message shows"


def _named(names: Sequence[str]) -> str:
    """As many names as one line holds, and how many more there are."""
    for shown in range(len(names), 0, -1):
        more = f" and {len(names) - shown} more" if shown < len(names) else ""
        line = f"Not drawn: {', '.join(names[:shown])}{more}"
        if width_of(line, TEXT) <= RIGHT - LEFT:
            return line
    more = f" and {len(names) - 1} more" if len(names) > 1 else ""
    room = RIGHT - LEFT - width_of(f"Not drawn: {more}", TEXT) - 8
    return f"Not drawn: {shortened(names[0], TEXT, room)}{more}"


def _moved(part: Part, x: float, y: float) -> Part:
    """The example where it belongs."""
    return Part(
        bars=tuple(
            Bar(
                bar.position,
                bar.left + x,
                bar.reported + x,
                bar.right + x,
                bar.top + y,
                None if bar.contested is None else bar.contested + x,
            )
            for bar in part.bars
        ),
        signs=tuple(Sign(sign.position, sign.x + x, sign.y + y, sign.tone) for sign in part.signs),
        changes=tuple(Stroke(line.x + x, line.top + y, line.bottom + y) for line in part.changes),
    )


def _joined(parts: Sequence[Part]) -> Part:
    return Part(
        words=tuple(words for part in parts for words in part.words),
        bars=tuple(bar for part in parts for bar in part.bars),
        signs=tuple(sign for part in parts for sign in part.signs),
        changes=tuple(change for part in parts for change in part.changes),
    )
