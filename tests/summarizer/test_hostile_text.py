"""Text made to hurt: news-like, broken in every way; the brief is sound, the same twice, and quickly there."""

from __future__ import annotations

from collections.abc import Callable
from time import process_time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.summarizer.reading import brief_of, statements_in
from tests.summarizer.soundness import READ, sound_brief_of

_OPENING = ("“", '"', "‘", "'", "''", "``", "„", "«", "»", "‹", "“‘", "““", "", "”")
_CLOSING = (",”", ',"', ",’", ",'", "”,", "''", ".“", "»,", "«", "›", ".’”", "””", ",", "", "“", "?!”", "…”")
_NAMES = (
    "Orla Finch",
    "Mr. Finch",
    "Dr. A. B. van der Finch-Ö’Brien Jr.",
    "she",
    "He",
    "who",
    "the minister",
    "Ruritania",
    "Neither Finch nor Reed",
    "A senior official",
    "Rado Malek’s press secretary, Lev Tarr,",
    "Finch, 54, a lawyer, a mother, a pilot,",
    "X",
    "李明",
    "Rene\u0301e",
    "",
)
_CUES = (
    "said",
    "said said said",
    "told reporters",
    "according to",
    "did not say whether",
    "adding that",
    "is believed to",
    "never said that",
    "plans to",
    "called",
    "put it",
    "said:",
    "asked,",
    "'s claim that",
    "",
)
_CLAUSES = (
    "the bridge is safe",
    "it is not safe unless the U.S. pays $1.2bn by 5 p.m. Monday",
    "he said she said they said it rained",
    "don’t, won’t, the soldiers’ rock ’n’ roll of ’68",
    "they called it ‘a “disgrace” of sorts’ and left",
    "the so-called “bridge” (the old one) — or what is left — fell",
    "no",
    "😀👩‍👩‍👧🇺🇦",
    "e\u0301\u0301\u0301\u0301",
    "\u202eقال الرئيس إن الجسر آمن\u202c",
    "мост закрыт на два года",
    "橋は安全だ。",
    "İı ﬁ ß ſ",
    "\x00\x07\x1b[31m",
    "\ud83d",
    "https://x.example/?q=“said”&t=1#2",
    "…!?…",
    "",
)
_BREAKS = (
    "",
    " ",
    ". ",
    "\n",
    "\n\n",
    "\r\n",
    ",",
    " — ",
    "; ",
    "\u2028",
    "\x0b",
    "\t",
    "\u00a0",
    ": ",
    "\n- ",
)

_SENTENCES = st.one_of(
    st.tuples(
        *(st.sampled_from(part) for part in (_OPENING, _CLAUSES, _CLOSING, (" ",), _NAMES, (" ",), _CUES))
    ),
    st.tuples(
        *(st.sampled_from(part) for part in (_NAMES, (" ",), _CUES, (" ",), _OPENING, _CLAUSES, _CLOSING))
    ),
    st.tuples(
        *(st.sampled_from(part) for part in (_CLAUSES, (", ",), _NAMES, (" ",), _CUES, (", ",), _CLAUSES))
    ),
    st.tuples(st.text(max_size=30)),
).map("".join)
_ARTICLES = st.lists(st.tuples(_SENTENCES, st.sampled_from(_BREAKS)).map("".join), max_size=14).map("".join)
_ANYTHING = st.text(st.characters(codec=None, categories=None), max_size=200)
"""Any code points, halves of surrogate pairs and unassigned ones, too."""


@given(_ARTICLES)
@example("")
@example("\ud800")
@example("“\udc00,” Orla Finch said. She said \ud83d no.")
@settings(max_examples=300, deadline=None)
def test_brief_of_broken_news_is_sound(text):
    sound_brief_of(text)


@given(_ANYTHING)
@settings(max_examples=200, deadline=None)
def test_brief_of_any_characters_is_sound(text):
    sound_brief_of(text)


@given(_ARTICLES, st.one_of(st.none(), _SENTENCES, _ANYTHING))
@settings(max_examples=100, deadline=None)
def test_any_title_is_borne(text, title):
    sound_brief_of(text, title=title)


@given(_ARTICLES)
@settings(max_examples=100, deadline=None)
def test_same_text_is_read_the_same_twice(text):
    assert brief_of(text) == brief_of(text)


@given(_ARTICLES)
@settings(max_examples=100, deadline=None)
def test_only_the_text_decides_what_is_stated(text):
    """Who published it, and when, changes nothing."""
    assert brief_of(text).statements == brief_of(text, outlet=None, published=None, url="x:").statements


def test_half_of_a_surrogate_pair_moves_no_place():
    text = "The \ud83d\udc00 rained.\n\n“It \ud83d rained,” Orla Finch said."
    assert statements_in(text) == [("Orla Finch", "said", "“It \ud83d rained,”")]


def _names(length: int) -> str:
    """Ever new persons, each of whom says something."""
    letters = "abcdefghij"
    numbers = ("".join(letters[int(d)] for d in str(n)) for n in range(length // 40 + 1))
    return "".join(f"Ze{n} Qu{n[::-1]} said it rained. She said no. " for n in numbers)[:length]


def _repeated(unit: str) -> Callable[[int], str]:
    return lambda length: (unit * (length // len(unit) + 1))[:length]


_SHAPES = {
    "one endless word": _repeated("x"),
    "one endless sentence": _repeated("and the bridge, which he said was safe, "),
    "cues": _repeated("said said said "),
    "reports": _repeated("He said she said that they said it rained. "),
    "names": _names,
    "appositions": _repeated("Orla Finch, a mayor, "),
    "opening marks": _repeated("“"),
    "mixed marks": _repeated("“a ‘b «c \"d 'e "),
    "nested marks": _repeated("“‘“‘a’”’” "),
    "two apostrophes": _repeated("''"),
    "reopened paragraphs": _repeated("“Snow is coming.\n\n"),
    "paragraphs": _repeated("No.\n"),
    "punctuation": _repeated(".,;:!?—…()"),
    "controls": _repeated("\x00\x1b\u202e\u200b "),
    "halves of pairs": _repeated("“\ud800,” said Anna Bell\udc00. "),
    "right to left": _repeated("قال الرئيس إن “الجسر” آمن. "),
    "combining": _repeated("e\u0301\u0308\u0323"),
    "emoji": _repeated("“😀👩‍👩‍👧” "),
}
_MOST = 5_000_000
_SHORT, _TIMES_LONGER = 1_500, 4
_BOUND = 2.5 * _TIMES_LONGER
"""A reading whose time grows with the square of the length takes sixteen times as long for four times as much."""


@pytest.mark.timeout(240)
@pytest.mark.parametrize("shape", ["names", "mixed marks"])
def test_five_million_characters_are_read_to_the_limit(shape):
    text = _SHAPES[shape](_MOST)
    assert len(text) == _MOST
    brief = sound_brief_of(text)
    assert [flag.kind for flag in brief.flags if flag.kind == "length"] == ["length"]
    assert all(span.end <= READ for s in brief.statements for span in s.content)


@pytest.mark.timeout(120)
@pytest.mark.parametrize("shape", _SHAPES)
def test_time_grows_with_the_length_and_not_faster(shape):
    grow = _SHAPES[shape]
    brief_of(grow(100))
    ratios = []
    for _ in range(4):
        ratios.append(_seconds(grow(_SHORT * _TIMES_LONGER)) / _seconds(grow(_SHORT)))
        if ratios[-1] < _BOUND:
            break
    assert min(ratios) < _BOUND, f"{_TIMES_LONGER} times the text takes {min(ratios):.1f} times the time"


def _seconds(text: str) -> float:
    """The processor's time for a reading, the best of two; never nothing."""
    best = float("inf")
    for _ in range(2):
        start = process_time()
        brief_of(text)
        best = min(best, process_time() - start)
    return max(best, 0.002)
