"""Spans of the tagger brought to the edges that a reader expects: whole quotations, no place with two roles."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence

from news.spans import Span
from summarizer.attributions import merged
from summarizer.frames import Frame
from summarizer.lexicon import listed, words
from summarizer.quotations import Quotation, Quoted

_PREPOSITION = re.compile(r"(?:^|\n|[.!?”\"]\s)(?:At|From|In|Inside|Outside|Near) $")
_LONGEST_PREPOSITION = 12
_PLACE = re.compile(r"(?:the|an?|its|their) [^,]+, (?!the |an? |who |which )(?=\w)")
_LEADS = listed("of in on at to for with by from into the a an and or as about between")
"""Words that no content ends with when another word follows."""
_WORD_AFTER = re.compile(r" ([^\W_][\w’'-]*)")
_MOST_ADDED = 4
_NAME = re.compile(r" ([A-Z][\w’'-]*)")
_SHARE = 0.5
"""Of a quotation's length that must be content before all of it is."""
_MOST_PIECES = 50
"""Paragraphs of one quotation beyond which it is left as it was found: nobody is quoted at such length."""


class Snapper:
    """Looks up, piece by piece, the quotations that a content touches."""

    def __init__(self, text: str, quotations: Sequence[Quotation], datelines: Sequence[Span] = ()) -> None:
        self._text = text
        self._pieces = sorted(
            ((piece, q) for q in quotations for piece in q.pieces), key=lambda held: held[0]
        )
        self.quoted = Quoted(quotations)
        self._datelines = datelines
        self._ends = [piece.end for piece, _ in self._pieces]

    def content(self, content: Sequence[Span], others: Sequence[Span]) -> tuple[Span, ...]:
        """The content with whole quotations where it has half of one; `others` are taken by other roles."""
        added = [
            piece
            for quotation in self._touched(content)
            for piece in quotation.pieces
            if not any(piece.overlaps(other) for other in others)
        ]
        whole = [self._whole_phrase(span) for span in self._without((*content, *added), others)]
        return self._beside(self._without(whole, others))

    def without_scraps(self, content: Sequence[Span], cue: Span) -> tuple[Span, ...]:
        """The content less what breaks off a quotation of another paragraph, which is somebody else's, if more is left."""
        kept = tuple(span for span in content if not (self._cut(span) and self._apart(span, cue)))
        return kept or tuple(content)

    def _cut(self, span: Span) -> bool:
        """Whether it has a part of a closed quotation, and not all of it."""
        at = bisect_left(self._ends, span.start + 1)
        if at == len(self._pieces):
            return False
        piece, quotation = self._pieces[at]
        whole = span.start <= piece.start and piece.end <= span.end
        return quotation.closed and piece.overlaps(span) and not whole

    def _apart(self, span: Span, cue: Span) -> bool:
        return "\n" in self._text[min(span.end, cue.end) : max(span.start, cue.start)]

    def _whole_phrase(self, span: Span) -> Span:
        """The span to the end of a phrase that it would break off: `against the plan on [Friday]`."""
        last, end = span.of(self._text).rpartition(" ")[2], span.end
        for _ in range(_MOST_ADDED):
            found = _WORD_AFTER.match(self._text, end)
            if last.lower() not in _LEADS or found is None:
                break
            last, end = found.group(1), found.end()
        return span if last.lower() in _LEADS else Span(span.start, end)

    def _beside(self, spans: Sequence[Span]) -> tuple[Span, ...]:
        """The spans, those with only blanks between them as one."""
        joined: list[Span] = []
        for span in spans:
            gap = self._text[joined[-1].end : span.start] if joined else "\n"
            if gap.isspace() and "\n" not in gap:
                joined[-1] = Span(joined[-1].start, span.end)
            else:
                joined.append(span)
        return tuple(joined)

    def _touched(self, content: Sequence[Span]) -> Iterator[Quotation]:
        seen: set[int] = set()
        for span in content:
            at = bisect_left(self._ends, span.start + 1)
            while at < len(self._pieces) and self._pieces[at][0].start < span.end:
                piece, quotation = self._pieces[at]
                shared = min(piece.end, span.end) - max(piece.start, span.start)
                known = id(quotation) in seen or not quotation.closed
                if not known and shared >= _SHARE * len(piece) and len(quotation.pieces) <= _MOST_PIECES:
                    seen.add(id(quotation))
                    yield quotation
                at += 1

    def source(self, source: Sequence[Span], others: Sequence[Span]) -> tuple[Span, ...]:
        """The source without the place that leads up to it, `At the Castle, [Bell] said`, and with whole names."""
        spans = (self._past_place(span) for span in self._without(source, others))
        return self._without([self._whole_name(span) for span in spans], others)

    def _past_place(self, span: Span) -> Span:
        led = _PREPOSITION.search(self._text, max(0, span.start - _LONGEST_PREPOSITION), span.start)
        place = _PLACE.match(self._text, span.start, span.end) if led else None
        return Span(place.end(), span.end) if place else span

    def _whole_name(self, span: Span) -> Span:
        """The span to the end of a name that it would cut in two: nobody is called `Castle spokesman Lev`."""
        last = span.of(self._text).rpartition(" ")[2]
        end = span.end
        while last[:1].isupper() and last[-1:].isalnum() and (found := _NAME.match(self._text, end)):
            last, end = found.group(1), found.end()
            if last.lower() in words("times"):
                return Span(span.start, found.start())
        return Span(span.start, end)

    def in_sentence(self, content: Sequence[Span], frames: Sequence[Frame], cue: int) -> tuple[Span, ...]:
        """The content less what runs on, outside quotation marks, into a sentence without the cue.

        Of 3,439 pieces of indirect speech in 250 articles of the training part, 23 reach over a sentence's end.
        """
        return tuple(part for span in content for part in self._parts(span, frames, cue))

    def _parts(self, span: Span, frames: Sequence[Frame], cue: int) -> Iterator[Span]:
        first = bisect_right(frames, span.start, key=lambda frame: frame.span.end)
        last = bisect_left(frames, span.end, key=lambda frame: frame.span.start) - 1
        if last <= first:
            yield span
            return
        own = min(max(cue, first), last)
        start: int | None = None
        for index in range(first, last + 1):
            begin = max(span.start, frames[index].span.start)
            kept = index == own or self.quoted.at(begin) is not None
            if kept and start is None:
                start = begin
            if start is not None and not kept:
                yield Span(start, frames[index - 1].span.end)
                start = None
        if start is not None:
            yield Span(start, span.end)

    def _without(self, spans: Sequence[Span], others: Sequence[Span]) -> tuple[Span, ...]:
        """The spans, joined and trimmed, less what others take and what holds no word."""
        kept = [self._past_dateline(span) for span in merged(spans)]
        for other in others:
            kept = [part for span in kept for part in _less(span, other)]
        trimmed = (span.trimmed(self._text) for span in kept)
        return tuple(span for span in trimmed if any(map(str.isalnum, span.of(self._text))))

    def _past_dateline(self, span: Span) -> Span:
        at = bisect_right(self._datelines, span.start, key=lambda line: line.start) - 1
        end = self._datelines[at].end if at >= 0 else 0
        return Span(min(max(span.start, end), span.end), span.end)


def _less(span: Span, other: Span) -> Iterator[Span]:
    if not span.overlaps(other):
        yield span
        return
    if span.start < other.start:
        yield Span(span.start, other.start)
    if other.end < span.end:
        yield Span(other.end, span.end)
