"""A picture of positions in plain words, for those who cannot see it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.messages.harmless import harmless
from bot.messages.wording import counted
from bot.pictures.layout import Subject, time_of
from bot.pictures.lettering import NAMELESS, cut
from bot.pictures.rows import rows_of
from bot.pictures.timeline import Timeline
from news.ledger import Standing, Turn
from news.stances import Position

MOST = 1000
"""Characters, as UTF-16 counts them; Discord takes 1,024."""
_LONGEST_NAME, _LONGEST_TITLE = 60, 100
_DEPTHS = (24, 12, 6, 3, 2, 1, 0)
"""How many earlier turns of each standing are told, the more the better."""
_VERBS = {
    Position.SUPPORTS: "supports",
    Position.CONDITIONAL: "sets conditions",
    Position.OPPOSES: "opposes",
}


def describe(standings: Sequence[Standing], *, timezone: str, now: datetime) -> str:
    """Where each actor of the picture stands; those that changed or are contested first, the newest of them first."""
    rows = rows_of(standings)
    time = time_of(rows, timezone, now)
    subject = Subject.of(rows)
    opening = f"{_title(subject)}, {time.range()}, {_short(timezone, _LONGEST_NAME)}."
    told = sorted((row.standing for row in rows), key=_weight)
    for depth in _DEPTHS:
        sentences = [_sentence(subject.full_name_of(each), each, time, depth) for each in told]
        text = _joined(opening, sentences, len(standings) - len(told))
        if _length(text) <= MOST:
            return text
    while _length(text) > MOST:
        sentences.pop()
        text = _joined(opening, sentences, len(standings) - len(sentences))
    return text


def _title(subject: Subject) -> str:
    if subject.grouped:
        return subject.title
    return f"Positions {'of' if subject.by_target else 'on'} {_short(subject.title, _LONGEST_TITLE)}"


def _weight(standing: Standing) -> tuple[bool, float]:
    notable = standing.contested or standing.before is not None
    return not notable, -standing.present.since.timestamp() if notable else 0.0


def _joined(opening: str, sentences: Sequence[str], more: int) -> str:
    rest = [f"And {more} more."] if more else []
    return " ".join([opening, *sentences, *rest])


def _sentence(name: str, standing: Standing, time: Timeline, depth: int) -> str:
    """`The Citadel: opposes since 2 Dec, last reported 4 Dec; before that supports since 1 Oct.`"""
    present = standing.present
    since, latest = time.date(present.since), time.date(present.latest.when)
    parts = [_since(present, time) + (f", last reported {latest}" if depth > 1 and latest != since else "")]
    earlier = standing.turns[-2::-1]
    if earlier and depth:
        shown = ", ".join(_since(turn, time) for turn in earlier[:depth])
        left = len(earlier) - depth
        parts.append(
            f"before that {shown}" + (f" and {counted(left, 'earlier position')}" if left > 0 else "")
        )
    elif earlier:
        parts.append(f"before that {_VERBS[earlier[0].position]}")
    if standing.contested:
        parts.append("contested")
    if standing.otherwise:
        newest = standing.otherwise[0]
        more = f" and {len(standing.otherwise) - 1} more" if len(standing.otherwise) > 1 else ""
        parts.append(f"reported otherwise: {_VERBS[newest.stance.position]}, {time.date(newest.when)}{more}")
    return f"{_short(name, _LONGEST_NAME)}: {'; '.join(parts)}."


def _since(turn: Turn, time: Timeline) -> str:
    return f"{_VERBS[turn.position]} {'since' if turn.first.dated else 'as seen'} {time.date(turn.since)}"


def _short(text: str, most: int) -> str:
    line = " ".join(harmless(text).split()) or NAMELESS
    return line if _length(line) <= most else cut(line, most // 2 if _length(line) > len(line) else most)


def _length(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2
