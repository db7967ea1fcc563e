"""To whom and where something was said, from the spans of a statement alone."""

from __future__ import annotations

import re

import pytest

from news.spans import Span
from summarizer.venues import find_venue
from tests.summarizer.marked import frames_of
from tests.summarizer.reading import words

# [source] {cue} (content) as any engine may mark them → the venue, ` | ` between pieces; empty for none.
TABLE = """
[Finch] {told} Izvestia (the talks failed). → Izvestia
[Finch] {told} the Courier on Monday (that talks failed). → the Courier
(“Talks failed,”) [Finch] {told} reporters at a briefing in Quellport on Tuesday. → reporters at a briefing in Quellport
(“Talks failed,”) [Finch] {said} in an interview with the Courier on Monday. → in an interview with the Courier
In an interview with the Courier on Monday, [Finch] {said} (talks failed). → In an interview with the Courier
In an interview with the Courier published on Monday, [Finch] {said} (talks failed). → In an interview with the Courier
Speaking at a rally in Quellport, [Finch] {said} (talks failed). → at a rally in Quellport
Speaking to reporters on Monday, [Finch] {said} (talks failed). → reporters
(“Talks failed,”) {said} [Finch] in a post on Telegram. → in a post on Telegram
(“Talks failed,”) [Finch] {wrote} on X. → on X
[Finch] {wrote} on Telegram (that talks failed). → on Telegram
During a briefing, [Finch] {said} (talks failed). → During a briefing
[Finch] {said} (talks failed), speaking at a conference in Quellport. → at a conference in Quellport
(“Talks failed,”) [Finch] {told} me. →
(“Talks failed,”) [Finch] {told} them on Friday. →
(“Talks failed,”) [Finch] {said} with a smile. →
(“Talks failed,”) [Finch] {said} on condition of anonymity. →
[Finch] {said} on Monday in Quellport (that talks failed). → in Quellport
(“Talks failed,”) {said} [Orla Finch, the mayor], at a news conference late on Tuesday. → at a news conference
[Finch] {told} the city council’s finance committee (that talks failed). → the city council’s finance committee
[Finch] {told} the Harbour Radio’s Morning Hour programme on Friday (that talks failed). → the Harbour Radio’s Morning Hour programme
(“Talks failed,”) [Finch] {said} by phone from Quellport. → by phone from Quellport
[Finch] {said} in response to a question (that talks failed). →
[Finch] {said} for years (that talks failed). →
[Finch] {said} at the White House (that talks failed). → at the White House
[Finch] {said} via Telegram (that talks failed). → via Telegram
[Finch] {said} to the crowd (that talks failed). → the crowd
(“Talks failed,”) [Finch] {said} to applause. →
On Monday, [Finch] {said} (talks failed). →
In Quellport, [Finch] {said} (talks failed). → In Quellport
In 2019, [Finch] {said} (talks failed). →
[Finch] {warned} lawmakers on Tuesday (that talks failed). → lawmakers
[Finch] {assured} her (that talks failed). →
[Finch] {said} in a statement on Friday (that talks failed). → in a statement
[Finch] {told} Izvestia in an interview (that talks failed). → Izvestia in an interview
[Finch] {told} Izvestia on Monday in an interview (that talks failed). → Izvestia | in an interview
[Finch] {said in an interview with the Courier} (that talks failed). → in an interview with the Courier
[Finch] {told reporters} (that talks failed). → reporters
{According to} [Finch], (talks failed). →
[Finch] {told} a packed hall in Quellport (that talks failed). → a packed hall in Quellport
[Finch] {said} in early May (that talks failed). →
[Finch] {said} at the time (that talks failed). →
[Finch] {said} over the weekend (that talks failed). →
[Finch] {told} state television late on Sunday (that talks failed). → state television
[Finch] {told} the Sunday Courier (that talks failed). → the Sunday Courier
[Finch] {said} at last (that talks failed). →
[Finch] {announced} on Facebook (that talks failed). → on Facebook
[Finch] {told} Orla Reed (that talks failed). → Orla Reed
(“Talks failed,”) [Finch] {said}, in an interview with the Courier. → in an interview with the Courier
(Talks failed in an interview), [Finch] {said}. →
(“Talks failed,”) [Finch] {said} of the meeting in Quellport. →
(Talks failed). →
"""
_MARKS = {"[": "source", "{": "cue", "(": "content"}


def parsed(marked: str) -> tuple[str, dict[str, list[Span]]]:
    """The text without its marks, and the spans of each role."""
    spans: dict[str, list[Span]] = {"source": [], "cue": [], "content": []}
    text, role, start = "", "", 0
    for char in marked:
        if char in "[{(":
            role, start = _MARKS[char], len(text)
        elif char in "]})":
            spans[role].append(Span(start, len(text)))
        else:
            text += char
    return text, spans


@pytest.mark.parametrize("row", TABLE.strip().splitlines())
def test_venue_comes_from_the_spans_alone(row):
    marked, _, venue = row.partition(" →")
    text, spans = parsed(marked)
    (frame,) = frames_of(text)
    found = find_venue(text, frame, spans["cue"], spans["source"], spans["content"])
    assert words(text, found) == venue.strip()


@pytest.mark.parametrize("text", ["", "Finch", "“", ","])
def test_nothing_marked_has_no_venue(text):
    for frame in frames_of(text):
        assert find_venue(text, frame, (), (), ()) == ()


def test_venue_never_overlaps_the_other_parts():
    for row in TABLE.strip().splitlines():
        text, spans = parsed(re.sub(" →.*", "", row))
        (frame,) = frames_of(text)
        venue = find_venue(text, frame, spans["cue"], spans["source"], spans["content"])
        assert not any(v.overlaps(s) for v in venue for s in (*spans["source"], *spans["content"]))
