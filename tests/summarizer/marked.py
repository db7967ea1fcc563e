"""Texts with their sources marked, as any engine may give them: `⟦Orla Finch⟧ said it rained.`"""

from __future__ import annotations

import re

from news.spans import Span
from news.statements import Mode, Speaker
from summarizer.attributions import Attribution
from summarizer.frames import Frame, find_frames
from summarizer.quotations import find_quotations
from summarizer.sentences import find_paragraphs
from summarizer.speakers import find_speakers

_MARKED = re.compile(r"⟦([^⟧]*)⟧")


def unmarked(text: str) -> tuple[str, list[Span]]:
    """The text without its marks, and where they stood."""
    plain, spans, at = "", list[Span](), 0
    for found in _MARKED.finditer(text):
        plain += text[at : found.start()]
        spans.append(Span(len(plain), len(plain) + len(found.group(1))))
        plain += found.group(1)
        at = found.end()
    return plain + text[at:], spans


def frames_of(text: str) -> tuple[Frame, ...]:
    """The frames of a text that is all body."""
    return find_frames(text, find_paragraphs(text), find_quotations(text))


def attribution_of(text: str, source: Span, frames: tuple[Frame, ...]) -> Attribution:
    """A statement by the source: the word after it is the cue, the rest of its sentence the content."""
    index = next(i for i, f in enumerate(frames) if f.span.start <= source.start < f.span.end)
    rest = Span(source.end, frames[index].span.end).trimmed(text)
    cue = re.compile(r"[\w’]+").search(text, rest.start, rest.end)
    content = Span(cue.end(), rest.end).trimmed(text) if cue else Span(frames[index].span.start, source.start)
    if not any(c.isalpha() for c in content.of(text)):
        content = Span(frames[index].span.start, source.start).trimmed(text)
    cues = (Span(cue.start(), cue.end()),) if cue else ()
    return Attribution((content,), cues, (source,), Mode.SPEECH, 1.0, index)


def speakers_of(marked: str) -> list[Speaker | None]:
    """The speakers of the marked sources, in order."""
    text, sources = unmarked(marked)
    frames = frames_of(text)
    return list(find_speakers(text, frames, [attribution_of(text, s, frames) for s in sources]))
