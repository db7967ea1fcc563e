"""Content has whole quotations or none, and no character has two roles."""

from __future__ import annotations

import pytest

from news.spans import Span
from summarizer.frames import Places
from summarizer.layout import find_datelines
from summarizer.quotations import find_quotations
from summarizer.sentences import find_paragraphs
from summarizer.snapping import Snapper
from tests.builders import a_span
from tests.summarizer.marked import frames_of


def snapped(text: str, content: list[str], others: list[str]) -> list[str]:
    """The content in words, once it is brought to its edges."""
    snapper = Snapper(text, find_quotations(text))
    spans = snapper.content([a_span(text, c) for c in content], [a_span(text, o) for o in others])
    return [span.of(text) for span in spans]


@pytest.mark.parametrize(
    ("text", "content", "others", "found"),
    [
        ("“It is late,” Bell said.", ["It is late"], ["Bell", "said"], ["“It is late,”"]),
        ("“It is very late,” Bell said.", ["is very late,”"], ["Bell", "said"], ["“It is very late,”"]),
        ("“It is late,” Bell said.", ["“It"], ["Bell", "said"], ["“It"]),  # less than half of it
        ("Bell said it is “far too late”.", ["it is “far too"], ["Bell", "said"], ["it is “far too late”"]),
        ("“It is late.\n\n“Go,” Bell said.", ["“Go,”"], ["Bell", "said"], ["“It is late.", "“Go,”"]),
        ("“It is late, Bell said.", ["“It is late,"], ["Bell", "said"], ["“It is late,"]),  # never closed
        ("Bell said it is late.", ["Bell said it is late"], ["Bell", "said"], ["it is late"]),
        (
            "It is late, Bell said, for us.",
            ["It is late, Bell said, for us"],
            ["Bell said"],
            ["It is late,", ", for us"],
        ),
        ("It is late, Bell said.", ["It is late, Bell said."], ["Bell said"], ["It is late,"]),
        ("Bell said she will vote on Friday.", ["she will vote on"], ["said"], ["she will vote on Friday"]),
        ("Bell said a part of the ship sank.", ["a part of"], ["said"], ["a part of the ship"]),
        ("Bell said it is on. It is.", ["it is on"], ["said"], ["it is on"]),
        ("In the, Bell said so.", ["In the"], ["Bell", "said"], ["In the"]),
        ("Bell asked for nine more.", ["for", "nine more"], ["asked"], ["for nine more"]),
        ("Of what Bell said", ["Of"], ["Bell"], ["Of what"]),
    ],
)
def test_content_is_brought_to_its_edges(text, content, others, found):
    assert snapped(text, content, others) == found


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (["“Sit", "“Go,”"], ["“Go,”"]),  # another's words, broken off
        (["“Sit down,”", "“Go,”"], ["“Sit down,”", "“Go,”"]),
        (["“Sit"], ["“Sit"]),  # nothing else is left
        (["“Go", "“Go home,”"], ["“Go", "“Go home,”"]),  # in the paragraph of the cue
    ],
)
def test_a_scrap_of_another_paragraphs_quotation_is_left_out(content, found):
    text = "“Sit down,” Reed said of them.\nBell rose. “Go,” he added. “Go home,”"
    kept = Snapper(text, find_quotations(text)).without_scraps(
        [a_span(text, words) for words in content], a_span(text, "added")
    )
    assert [span.of(text) for span in kept] == found


def test_content_that_others_take_is_none():
    text = "Bell said so."
    assert Snapper(text, ()).content([a_span(text, "said")], [a_span(text, "said so")]) == ()


def test_a_quotation_without_end_stays_as_it_was_found():
    text = "\n".join("“It is late." for _ in range(200)) + "”"
    content = [Span(0, 11)]
    assert Snapper(text, find_quotations(text)).content(content, ()) == tuple(content)


@pytest.mark.parametrize(
    ("text", "source", "found"),
    [
        (
            "At the Castle in Quellport, Bell and Reed said no.",
            "the Castle in Quellport, Bell and Reed",
            "Bell and Reed",
        ),
        ("It rained. From the Castle, Bell said no.", "the Castle, Bell", "Bell"),
        ("Bell, the mayor, said no.", "Bell, the mayor,", "Bell, the mayor,"),
        ("In Bell’s view, it rained.", "Bell’s", "Bell’s"),
        ("From Bell, the mayor, came a warning.", "Bell, the mayor", "Bell, the mayor"),
        ("Castle spokesman Lev Tarr said no.", "Castle spokesman Lev", "Castle spokesman Lev Tarr"),
        ("Lev Tarr Monday said no.", "Lev Tarr", "Lev Tarr"),
        ("the mayor Lev Tarr met said no.", "the mayor", "the mayor"),
    ],
)
def test_source_is_no_place(text, source, found):
    (span,) = Snapper(text, ()).source([a_span(text, source)], ())
    assert span.of(text) == found


@pytest.mark.parametrize(
    ("text", "content", "cue", "found"),
    [
        ("Bell said it is late. Reed went.", "it is late. Reed went.", "said", ["it is late."]),
        (
            "“It is late.” Bell said “Go.”",
            "“It is late.” Bell said “Go.”",
            "said",
            ["“It is late.” Bell said “Go.”"],
        ),
        ("It rained. It is late, Bell said.", "It rained. It is late", "said", ["It is late"]),
        ("Bell said it is late.\n“Go on.”", "it is late.\n“Go on.”", "said", ["it is late.\n“Go on.”"]),
        ("Bell said it is late.", "it is late", "said", ["it is late"]),
    ],
)
def test_content_stays_in_its_sentence(text, content, cue, found):
    frames = frames_of(text)
    index = Places(frames).at(text.index(cue))
    snapper = Snapper(text, find_quotations(text))
    assert [s.of(text) for s in snapper.in_sentence([a_span(text, content)], frames, index)] == found


def test_a_dateline_is_nobodys_words():
    text = "OLDHAVEN, Aug. 12 (Wire) -- The dam is empty, Bell said."
    paragraphs = find_paragraphs(text)
    snapper = Snapper(text, (), find_datelines(text, paragraphs))
    assert snapper.content([Span(0, text.index(", Bell"))], ()) == (a_span(text, "The dam is empty"),)
