"""Who speaks by the layout of a page: `Anna Bell: “…”`, a signature after a quotation, the lines of a transcript.

Such lines have no reporting words, and a corpus of reporting prose holds too few of them to learn from.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from news.spans import Span
from summarizer.quotations import Quotation

_MARK = '["“”„«]'
_LABEL = re.compile(rf"({_MARK}?)([^:\n\"“”]{{2,60}}):\s+(?=\S)")
_SIGNATURE = re.compile(r"\s*(?:--?|[—–―])\s*(?=[^\W\d_])")
_SIGNED = re.compile(r"[^,.;:(]+(?:\.(?=\s\w)[^,.;:(]+)*")
_LOUD = re.compile(r"[^\W\d_a-z]{2}[^a-z]*$")
_GOES_ON = re.compile(rf"{_MARK}(?!\()")
_SMALL = frozenset(("of", "the", "de", "da", "van", "von", "der", "and", "bin", "al"))
_NOBODY = frozenset(
    [
        "VIDEO",
        "WATCH",
        "UPDATE",
        "UPDATED",
        "EXCLUSIVE",
        "BREAKING",
        "PHOTO",
        "PHOTOS",
        "NOTE",
        "RELATED",
        "FACTS",
        "FACT",
        "WHAT",
        "WHEN",
        "WHERE",
        "WHO",
        "WHY",
        "HOW",
        "PROS",
        "CONS",
        "CORRECTION",
    ]
)
_MOST_WORDS = 8
_LONGEST_SIGNATURE = 200
_LEAST_LINES = 4
"""Lines in capitals that make a transcript where nobody speaks twice."""
_SPOKEN_WORDS = 5
"""Words of a signed quotation that ends in no mark: what has fewer is a title."""
_SPOKEN = re.compile(r"[.,!?…-]\W{0,3}$")


@dataclass(frozen=True, slots=True)
class Labelled:
    """A statement that the layout gives to somebody."""

    source: Span
    cue: Span
    """The colon, or the dash."""
    content: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class _Line:
    """A paragraph that begins with a name and a colon."""

    name: Span
    colon: Span
    marked: bool
    """Whether a quotation mark stands before the name, as in quoted transcripts."""
    loud: bool
    """Whether the name is in capitals."""


def find_labelled(
    text: str, paragraphs: Sequence[Span], quotations: Sequence[Quotation]
) -> tuple[Labelled, ...]:
    """All that the layout of these paragraphs tells, in reading order."""
    starting = {quotation.pieces[0].start: quotation for quotation in quotations}
    ending = {quotation.pieces[-1].end: quotation for quotation in quotations}
    lines = [_line(text, paragraph) for paragraph in paragraphs]
    loud = [line.name.of(text) for line in lines if line and line.loud]
    transcript = len(set(loud)) < len(loud) or len(loud) >= _LEAST_LINES
    found: list[Labelled] = []
    one: Labelled | None
    used: set[int] = set()
    for number, (paragraph, line) in enumerate(zip(paragraphs, lines, strict=True)):
        if line is not None and transcript and line.loud:
            one = Labelled(line.name, line.colon, tuple(_turn(text, paragraphs, lines, number)))
        elif line is not None:
            one = _labelled(text, paragraph, line, starting)
        else:
            before = paragraphs[number - 1] if number else None
            one = _signed(text, before, paragraph, starting, ending)
        if one is not None and one.content[0].start not in used:
            used.update(span.start for span in one.content)
            found.append(one)
    return tuple(found)


def _line(text: str, paragraph: Span) -> _Line | None:
    found = _LABEL.match(text, paragraph.start, paragraph.end)
    words = found.group(2).split() if found else []
    if found is None or not words or len(words) > _MOST_WORDS or not words[0][0].isupper():
        return None
    if not all(w[0].isupper() or w in _SMALL or not w[0].isalpha() for w in words):
        return None
    name = Span(*found.span(2)).trimmed(text)
    colon = Span(found.end(2), found.end(2) + 1)
    return _Line(name, colon, bool(found.group(1)), _is_loud(name.of(text)))


def _is_loud(name: str) -> bool:
    """Whether it is in capitals, as the names of a transcript are."""
    return _LOUD.match(name) is not None and _NOBODY.isdisjoint(name.split())


def _turn(
    text: str, paragraphs: Sequence[Span], lines: Sequence[_Line | None], number: int
) -> Iterator[Span]:
    """What stands after the name; in a quoted transcript, the paragraphs that go on with a mark as well."""
    line = lines[number]
    assert line is not None
    yield Span(line.colon.end, paragraphs[number].end).trimmed(text)
    while line.marked and number + 1 < len(lines) and lines[number + 1] is None:
        number += 1
        if not _GOES_ON.match(text, paragraphs[number].start):
            break
        yield paragraphs[number]


def _labelled(text: str, paragraph: Span, line: _Line, starting: dict[int, Quotation]) -> Labelled | None:
    """`Anna Bell: “…”`, the quotation to the paragraph's end."""
    rest = Span(line.colon.end, paragraph.end).trimmed(text)
    quotation = starting.get(rest.start)
    if line.marked or quotation is None:
        return None
    if any(c.isalnum() for c in text[quotation.pieces[0].end : paragraph.end]):
        return None
    return Labelled(line.name, line.colon, quotation.pieces)


def _signed(
    text: str,
    before: Span | None,
    paragraph: Span,
    starting: dict[int, Quotation],
    ending: dict[int, Quotation],
) -> Labelled | None:
    """`“…” — Anna Bell`, the signature on the same line or the next."""
    same = starting.get(paragraph.start)
    quotation: Quotation | None
    if same is not None and same.closed and len(same.pieces) == 1:
        quotation, at = same, same.pieces[0].end
    else:
        quotation, at = _whole(text, before, ending), paragraph.start
    dash = _SIGNATURE.match(text, at, paragraph.end)
    name = _SIGNED.match(text, dash.end(), paragraph.end) if dash else None
    if quotation is None or dash is None or name is None or paragraph.end - at > _LONGEST_SIGNATURE:
        return None
    words = name.group().split()
    said = quotation.pieces[-1].of(text)
    spoken = _SPOKEN.search(said) or len(said.split()) >= _SPOKEN_WORDS
    if spoken and words[0][0].isupper() and words[-1][0].isupper() and len(words) <= _MOST_WORDS:
        cue = Span(*dash.span()).trimmed(text)
        return Labelled(Span(*name.span()).trimmed(text), cue, quotation.pieces)
    return None


def _whole(text: str, paragraph: Span | None, ending: dict[int, Quotation]) -> Quotation | None:
    """The quotation that a paragraph is nothing else than."""
    if paragraph is None:
        return None
    end = paragraph.end
    while end > paragraph.start and text[end - 1] in ". ":
        end -= 1
    quotation = ending.get(paragraph.end) or ending.get(end)
    return quotation if quotation is not None and quotation.pieces[-1].start == paragraph.start else None
