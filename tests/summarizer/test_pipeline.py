"""The brief as a whole: whatever the text, it is one, and its spans lie inside the text."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from news.briefs import Brief
from news.spans import Span
from tests.summarizer.reading import brief_of

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
_READ = 200_000


def spans_of(brief: Brief) -> Iterator[Span]:
    for sentence in brief.summary:
        if sentence.span is not None:
            yield sentence.span
    for s in brief.statements:
        yield from (*s.content, *s.cue, *s.source, *s.venue)


def check(text: str) -> Brief:
    brief = brief_of(text)
    assert brief.length == len(text)
    for span in spans_of(brief):
        assert 0 <= span.start < span.end <= len(text)
        assert span.of(text) == span.of(text).strip()
    for statement in brief.statements:
        assert all(a.end <= b.start for a, b in zip(statement.content, statement.content[1:], strict=False))
        taken = [*statement.source, *statement.cue]
        assert not any(part.overlaps(role) for part in statement.content for role in taken)
    return brief


@given(st.lists(_PIECES, max_size=40).map("".join))
@settings(max_examples=300, deadline=None)
def test_spans_never_leave_the_text_of_reporting_words(text):
    check(text)


@given(st.text(max_size=300))
@settings(max_examples=150, deadline=None)
def test_spans_never_leave_any_text(text):
    check(text)


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
def test_a_million_characters_are_read_in_seconds(unit):
    brief = check(unit * (_LONG // len(unit)))
    assert "length" in [flag.kind for flag in brief.flags]
    assert all(span.end <= _READ for span in spans_of(brief))


def test_engines_say_what_made_the_brief():
    engines = brief_of("It rained.").engines
    assert set(engines) == {"sentences", "summary", "statements", "speakers"}
    assert engines["sentences"].startswith("sentencex ")


def test_brief_belongs_to_its_article():
    brief = brief_of("It rained on the old town.", version=3)
    assert (brief.article_id, brief.version, brief.stances, brief.flags) == (1, 3, (), ())


def test_the_same_text_gives_the_same_brief():
    text = (
        "“It rained,” Orla Finch said. The council of Oldtown voted to close the iron bridge for two years."
    )
    assert brief_of(text) == brief_of(text)
