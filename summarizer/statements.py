"""Who is reported as saying what in an article: attributions of all its sentences, and what they are worth."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import replace

from news.statements import Kind, Mode, Speaker, Statement
from summarizer.attributions import Attribution, Pattern, merged
from summarizer.frames import Frame
from summarizer.quotations import Quotation
from summarizer.reading import read_frame

ENGINE = "rules 1"
_MAX_TOKENS = 250
"""A longer sentence is not one that the rules were made for."""
_SPOKEN_WORDS = 5
"""Words that make a quotation in an unknown language speech rather than a term."""
_CONFIDENCE = {
    Pattern.QUOTE_BEFORE: 0.95,
    Pattern.QUOTE_AFTER: 0.9,
    Pattern.ACCORDING: 0.85,
    Pattern.THAT: 0.85,
    Pattern.CLAUSE_BEFORE: 0.8,
    Pattern.BARE: 0.8,
    Pattern.LABEL: 0.8,
    Pattern.CLAUSE_INVERTED: 0.7,
    Pattern.PARTICIPLE: 0.7,
    Pattern.OBJECT: 0.65,
    Pattern.TO: 0.6,
}
"""The share of each pattern's finds that were right on PolNeAR's training part, rounded."""
_BROKEN = 0.8
"""What remains of it where a quotation is never closed."""
_WORD = re.compile(r"\w+(?:[’'.-]\w+)*")


def find_attributions(frames: Sequence[Frame]) -> tuple[Attribution, ...]:
    """All attributions, in the order of their frames."""
    found: list[Attribution] = []
    used: set[int] = set()
    for index, frame in enumerate(frames):
        if frame.bare:
            _extend(found, frames, index, used)
        elif len(frame.tokens) <= _MAX_TOKENS:
            before = frames[index - 1] if index else None
            beside = before if before is not None and before.paragraph == frame.paragraph else None
            found.extend(read_frame(frame, index, beside, used))
    return tuple(found)


def _extend(found: list[Attribution], frames: Sequence[Frame], index: int, used: set[int]) -> None:
    """Gives a sentence that is all quotation to the statement that it goes on from."""
    last, frame = (found[-1] if found else None), frames[index]
    if last is None or not _follows(last, frames, index):
        return
    fresh = [t.quotation for t in frame.tokens if t.quotation and id(t.quotation) not in used]
    used.update(id(quotation) for quotation in fresh)
    pieces = merged((*last.content, *(piece for quotation in fresh for piece in quotation.pieces)))
    found[-1] = replace(last, content=pieces)


def _follows(last: Attribution, frames: Sequence[Frame], index: int) -> bool:
    """Whether nothing but quotation stands between the statement and the sentence at `index`."""
    if not all(frame.bare for frame in frames[max(last.frame + 1, index - 20) : index]):
        return False
    beside = frames[last.frame].paragraph == frames[index].paragraph
    return last.open or (beside and last.mode is Mode.SPEECH)


class Quoted:
    """Which characters of a text stand inside quotation marks."""

    def __init__(self, quotations: Sequence[Quotation]) -> None:
        self._pieces = sorted(
            (piece, quotation.closed) for quotation in quotations for piece in quotation.pieces
        )
        self._starts = [piece.start for piece, _ in self._pieces]

    def at(self, place: int) -> bool | None:
        """None outside quotations; inside one, whether a mark closes it."""
        index = bisect_right(self._starts, place) - 1
        if index < 0 or place >= self._pieces[index][0].end:
            return None
        return self._pieces[index][1]


def to_statement(text: str, attribution: Attribution, speaker: Speaker | None, quoted: Quoted) -> Statement:
    """The attribution as everybody else knows it."""
    places = [
        quoted.at(w.start())
        for span in attribution.content
        for w in _WORD.finditer(text, span.start, span.end)
    ]
    confidence = _CONFIDENCE[attribution.pattern]
    return Statement(
        content=attribution.content,
        kind=_kind(places),
        cue=attribution.cue,
        source=attribution.source,
        speaker=speaker,
        mode=attribution.mode,
        venue=attribution.venue,
        confidence=round(confidence * _BROKEN, 2) if False in places else confidence,
    )


def _kind(places: Sequence[bool | None]) -> Kind:
    """Whether all, some or none of the words stand inside quotation marks."""
    if all(place is None for place in places):
        return Kind.INDIRECT
    return Kind.MIXED if None in places else Kind.DIRECT


def find_spoken(text: str, frames: Sequence[Frame]) -> tuple[Statement, ...]:
    """Quotations long enough to be speech, by nobody: all that can be told in a language without rules."""
    found: list[Statement] = []
    seen: set[int] = set()
    for quotation in (t.quotation for frame in frames for t in frame.tokens if t.quotation):
        if id(quotation) in seen:
            continue
        seen.add(id(quotation))
        if sum(len(_WORD.findall(piece.of(text))) for piece in quotation.pieces) >= _SPOKEN_WORDS:
            found.append(Statement(content=quotation.pieces, kind=Kind.DIRECT, confidence=0.4))
    return tuple(found)
