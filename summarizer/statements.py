"""Who is reported as saying what in an article: what the tagger finds, made fit to be shown."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from news.spans import Span
from news.statements import Kind, Mode, Speaker, Statement, Withheld
from summarizer.attributions import Attribution
from summarizer.frames import Frame, Places
from summarizer.guards import is_disowned, keeps_name_back
from summarizer.labels import Labelled, find_labelled
from summarizer.layout import find_datelines
from summarizer.models.tagger import Tagged, tag
from summarizer.modes import mode_of
from summarizer.quotations import Quotation, Quoted
from summarizer.snapping import Snapper
from summarizer.subjects import joined_subject

ENGINE = "tagger 1"
LEAST = 0.6
"""How likely the tagger must hold a cue; chosen on PolNeAR's development part."""
_SPOKEN_WORDS = 5
"""Words that make a quotation in an unknown language speech rather than a term."""
_LABELLED = 0.8
"""The confidence in what the layout tells."""
_BROKEN = 0.8
"""What remains of the confidence where a quotation is never closed."""
_WORD = re.compile(r"\w+(?:[’'.-]\w+)*")


def find_attributions(
    text: str, paragraphs: Sequence[Span], quotations: Sequence[Quotation], frames: Sequence[Frame]
) -> tuple[tuple[Attribution, ...], int]:
    """All attributions in reading order, and how far the text was read.

    `frames` are those of the body, without headings. What somebody says in another's quotation is the other's words.
    """
    places = Places(frames)
    snapper = Snapper(text, quotations, find_datelines(text, paragraphs))
    tags = tag(text, paragraphs, quotations, least=LEAST)
    labelled = find_labelled(text, paragraphs, quotations)
    found = [
        *(_by_layout(label, places.at(label.cue.start)) for label in labelled),
        *(
            _fitted(text, tagged, snapper, frames, places.at(tagged.cue.start))
            for tagged in _outside(text, tags.found, labelled)
        ),
    ]
    found.sort(key=lambda attribution: attribution.cue)
    told = _marked(text, (span for attribution in found for span in attribution.content))
    kept = (
        a for a in found if a.content and not (told[a.cue[0].start] and snapper.quoted.at(a.cue[0].start))
    )
    return tuple(kept), tags.end


def _by_layout(label: Labelled, frame: int | None) -> Attribution:
    withheld = Withheld.HEADING if frame is None else None
    return Attribution(label.content, (label.cue,), (label.source,), Mode.SPEECH, _LABELLED, frame, withheld)


def _outside(text: str, tagged: Sequence[Tagged], labelled: Sequence[Labelled]) -> Iterable[Tagged]:
    """What is found outside labelled quotations: inside, it is the labelled speaker's own words."""
    if not labelled:
        return tagged
    told = _marked(text, (span for label in labelled for span in (label.source, label.cue, *label.content)))
    return (
        one
        for one in tagged
        if not any(any(told[span.start : span.end]) for span in (one.cue, *one.content, *one.source))
    )


def _marked(text: str, spans: Iterable[Span]) -> bytearray:
    """A one for each character inside a span."""
    marks = bytearray(len(text))
    for span in spans:
        marks[span.start : span.end] = b"\1" * len(span)
    return marks


def _fitted(
    text: str, tagged: Tagged, snapper: Snapper, frames: Sequence[Frame], frame: int | None
) -> Attribution:
    """The attribution with whole quotations, with one role for each place, and withheld where it must be."""
    cue = (tagged.cue,)
    source = snapper.source(tagged.source, cue)
    if not source and frame is not None:
        subject = joined_subject(frames[frame], tagged.cue)
        source = snapper.source((subject,), (*cue, *tagged.content)) if subject else ()
    withheld = None
    if frame is None:
        withheld = Withheld.HEADING
    elif is_disowned(text, frames[frame], source, cue) or keeps_name_back(text, tagged.content):
        withheld = Withheld.DISOWNED
    content = snapper.content(snapper.without_scraps(tagged.content, tagged.cue), (*cue, *source))
    return Attribution(
        content=content if frame is None else snapper.in_sentence(content, frames, frame),
        cue=cue,
        source=source,
        mode=mode_of(tagged.cue.of(text)),
        confidence=tagged.score,
        frame=frame,
        withheld=withheld,
    )


def to_statement(text: str, attribution: Attribution, speaker: Speaker | None, quoted: Quoted) -> Statement:
    """The attribution as everybody else knows it."""
    places = [
        quoted.at(w.start())
        for span in attribution.content
        for w in _WORD.finditer(text, span.start, span.end)
    ]
    broken = any(place is not None and not place[1] for place in places)
    return Statement(
        content=attribution.content,
        kind=_kind(places),
        cue=attribution.cue,
        source=attribution.source,
        speaker=speaker,
        mode=attribution.mode,
        venue=attribution.venue,
        confidence=round(attribution.confidence * (_BROKEN if broken else 1), 2),
        withheld=attribution.withheld,
    )


def _kind(places: Sequence[tuple[Span, bool] | None]) -> Kind:
    """Whether all, some or none of the words stand inside quotation marks."""
    if all(place is None for place in places):
        return Kind.INDIRECT
    return Kind.MIXED if None in places else Kind.DIRECT


def find_spoken(text: str, frames: Sequence[Frame]) -> tuple[Statement, ...]:
    """Quotations long enough to be speech, by nobody: all that can be told in a language without a tagger."""
    found: list[Statement] = []
    seen: set[int] = set()
    for quotation in (t.quotation for frame in frames for t in frame.tokens if t.quotation):
        if id(quotation) in seen:
            continue
        seen.add(id(quotation))
        if sum(len(_WORD.findall(piece.of(text))) for piece in quotation.pieces) >= _SPOKEN_WORDS:
            found.append(Statement(content=quotation.pieces, kind=Kind.DIRECT, confidence=0.4))
    return tuple(found)
