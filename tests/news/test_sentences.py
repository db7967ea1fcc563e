"""The sentence around a statement."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from news.sentences import FARTHEST, begins_sentence, sentence_around
from news.spans import Span
from tests.builders import a_span


@pytest.mark.parametrize(
    ("text", "words", "expected"),
    [
        ("It rained. She said no. He left.", "no", "She said no."),
        ("It rained.\nShe said no\nHe left.", "no", "She said no"),
        ("It rained.\u2028She said no", "no", "She said no"),
        ("She said no", "no", "She said no"),
        ("“No,” she said. He left.", "“No,”", "“No,” she said."),
        ("It rained. “We will not go.” He left.", "“We will not go.”", "“We will not go.”"),
        ("“Why go?” she asked. He left.", "“Why go?”", "“Why go?” she asked."),
        ("It rained. “Why go?” He left.", "“Why go?”", "“Why go?”"),
        ("He left. Mr. J. Tarn of St. Ansel said no to the U.S. side. Then he left.", "no", "Mr. J. Tarn of St. Ansel said no to the U.S. side."),
        ("It cost 3.5 million, she said no. He left.", "no", "It cost 3.5 million, she said no."),
        ("港は動く。港は動かないと言った。次。", "港は動かない", "港は動かないと言った。"),
        ("He left… She said no! Why?", "no", "She said no!"),
        ("", "", ""),
    ],
)  # fmt: skip
def test_the_sentence_around_words_is_found(text, words, expected):
    assert sentence_around(text, [a_span(text, words)]).of(text) == expected


def test_all_parts_of_a_statement_stand_in_what_is_found():
    text = "It rained. “We go.” She said. “We stay.” He left."
    spans = (a_span(text, "“We stay.”"), a_span(text, "“We go.”"))
    assert sentence_around(text, spans).of(text) == "“We go.” She said. “We stay.”"


def test_a_text_without_sentences_is_read_no_farther_than_needed():
    text = "word " * 100_000
    found = sentence_around(text, [Span(250_000, 250_004)])
    assert found.contains(Span(250_000, 250_004))
    assert len(found) <= 2 * FARTHEST + 4
    assert set(found.of(text).split()) == {"word"}


@given(st.text(max_size=300) | st.text("ab .!?”“\n,。", max_size=300), st.data())
def test_what_is_found_holds_the_words(text, data):
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    span = Span(start, end).trimmed(text)
    found = sentence_around(text, [span])
    assert found.end <= len(text)
    assert not span or found.contains(span)


@pytest.mark.parametrize(
    ("text", "words", "expected"),
    [
        ("“We go,” she said.", "“We go,”", True),
        ("She said: “We go.”", "“We go.”", True),
        ("She said: “We go.”", "We go.", True),
        ("She would go “in due course”.", "“in due course”", False),
        ("She said that it rained.", "that it rained", False),
        ("She said Kardovia would go.", "Kardovia would go", False),
        ("It rained, she said.", "It rained", True),
    ],
)
def test_what_begins_amid_a_sentence_is_told_apart(text, words, expected):
    assert begins_sentence(text, Span(0, len(text)), text.index(words)) is expected
