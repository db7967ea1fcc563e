"""The brief as a whole: whatever the text, it is one, and its spans lie inside the text."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from news.targets import BUILT_IN
from summarizer.pipeline import Pipeline
from tests.builders import an_article
from tests.summarizer.reading import brief_of
from tests.summarizer.soundness import sound_brief_of

_MARKS = (
    "“",
    "”",
    '"',
    "'",
    "’",
    "‘",
    "''",
    "«",
    "»",
    "„",
    "\n",
    "\n\n",
    " ",
    ", ",
    ". ",
    "? ",
    ": ",
    "—",
    "(",
    ")",
)
_WORDS = (
    "said",
    "Orla Finch",
    "he",
    "who",
    "according to",
    "adding that",
    "told",
    "the council",
    "and",
    "but",
)
_ODD = ("wants to", "on Monday", "U.S.", "don’t", "😀", "قال", "\u202e", "\x00", "\u2028", "ı", "İ", "ﬁ")
_PIECES = st.sampled_from(_MARKS + _WORDS + _ODD)
_LONG = 1_000_000
_MUCH = 12_000


@given(st.lists(_PIECES, max_size=40).map("".join))
@settings(max_examples=300, deadline=None)
def test_spans_never_leave_the_text_of_reporting_words(text):
    sound_brief_of(text)


@given(st.text(max_size=300))
@settings(max_examples=150, deadline=None)
def test_spans_never_leave_any_text(text):
    sound_brief_of(text)


@pytest.mark.timeout(60)
@pytest.mark.parametrize(
    "unit",
    [
        "word ",
        '"',
        "“",
        "“\n",
        "“‘",
        "‘“a ",
        "“a ‘b’ ",
        "‘a ",
        "''",
        "soldiers’ ",
        "he said, ",
        "He said that he would go. ",
        "Anna Bell, ",
        "A and ",
        "(",
        "x",
        ". ",
        "\n",
        "😀",
        "قال الرئيس ",
        "according to ",
        "A.B.",
        "He said no.\n",
        "“The bridge is closed,” Mayor Anna Bell said on Monday. ",
    ],
)
def test_much_of_one_thing_is_read_soundly(unit):
    brief = sound_brief_of(unit * (_MUCH // len(unit)))
    assert "length" not in [flag.kind for flag in brief.flags]


@pytest.mark.parametrize("unit", ["“", "x", "He said no.\n"])
def test_a_million_characters_are_read_as_far_as_the_brief_says(unit):
    brief = sound_brief_of(unit * (_LONG // len(unit)))
    assert "length" in [flag.kind for flag in brief.flags]


def test_engines_say_what_made_the_brief():
    engines = brief_of("It rained.").engines
    assert set(engines) == {"sentences", "summary", "statements", "speakers"}
    assert engines["sentences"].startswith("sentencex ")
    with_targets = Pipeline().brief(an_article("It rained."), BUILT_IN)
    assert set(with_targets.engines) == {*engines, "stances"}


def test_brief_belongs_to_its_article():
    brief = brief_of("It rained on the old town.", version=3)
    assert (brief.article_id, brief.version, brief.stances, brief.flags) == (1, 3, (), ())


def test_the_same_text_gives_the_same_brief():
    text = (
        "“It rained,” Orla Finch said. The council of Oldtown voted to close the iron bridge for two years."
    )
    assert brief_of(text) == brief_of(text)
