"""Thousands of names and statements in one text cost what their number says, not its square."""

from __future__ import annotations

import sys
from bisect import bisect_right

import pytest

from news.spans import Span
from news.statements import Mode
from summarizer.attributions import Attribution
from summarizer.speakers import find_speakers
from summarizer.venues import with_venues
from tests.summarizer.marked import frames_of, unmarked


def text_of(sentence: str, number: int) -> str:
    """The sentence so many times, with another name each."""
    return "\n".join(sentence.replace("N", _name(i)) for i in range(number))


def _name(number: int) -> str:
    letters = "abcdefghijklmnopqrst"
    return "".join(letters[number // 20**power % 20] for power in range(4)).capitalize() + "o"


def work(marked: str) -> int:
    """Calls of our own functions that reading the marked sources takes."""
    text, sources = unmarked(marked)
    frames = frames_of(text)
    starts = [frame.span.start for frame in frames]
    found = []
    for source in sources:
        index = bisect_right(starts, source.start) - 1
        rest = Span(source.end, max(source.end, frames[index].span.end))
        found.append(Attribution((rest,), (), (source,), Mode.SPEECH, 1.0, index))
    calls = 0

    def count(frame, event, arg):
        nonlocal calls
        calls += event == "call"

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        find_speakers(text, frames, found)
        with_venues(text, frames, found)
    finally:
        sys.setprofile(before)
    return calls


@pytest.mark.parametrize(
    "sentence",
    [
        "⟦Tom N⟧ said that it rained.",
        "⟦President Tom N⟧ said that it rained.",
        "⟦Tom N⟧ said no. ⟦He⟧ said that it rained.",
        "⟦Tom Reed⟧ said no, and ⟦the president⟧ said it rained.",
        "Tom N came, and ⟦N⟧ said it rained in the N ministry.",
        "⟦A senior official⟧ said no. ⟦The official⟧ said it rained.",
        "⟦The N Ministry⟧ said no. ⟦The ministry⟧ said it rained.",
        "N Reed came, and ⟦Reed⟧ said it rained.",
        "⟦Pilots⟧ said no. ⟦They⟧ told N it rained.",
        "Tom N’s deputy, ⟦who⟧ said it rained, left.",
    ],
)
def test_work_grows_with_the_text(sentence):
    few, many = work(text_of(sentence, 300)), work(text_of(sentence, 3_000))
    assert many < 15 * few


def test_one_endless_sentence_with_thousands_of_sources():
    sentence = "⟦Tom N⟧ said no and ⟦he⟧ said it rained, "
    few, many = (work(text_of(sentence, n).replace("\n", "")) for n in (150, 1_500))
    assert many < 15 * few
