import pytest
from hypothesis import given
from hypothesis import strategies as st

from news.spans import Span, words_of


@pytest.mark.parametrize(("start", "end"), [(-1, 2), (3, 2)])
def test_what_is_no_range_is_refused(start, end):
    with pytest.raises(ValueError, match="no span"):
        Span(start, end)


def test_a_span_past_the_text_is_refused_instead_of_cut():
    with pytest.raises(ValueError, match="outside"):
        Span(0, 4).of("abc")


@pytest.mark.parametrize(
    ("one", "other", "overlaps", "contains"),
    [
        (Span(0, 5), Span(5, 9), False, False),
        (Span(0, 5), Span(4, 9), True, False),
        (Span(0, 5), Span(1, 5), True, True),
        (Span(2, 3), Span(2, 3), True, True),
    ],
)
def test_spans_are_half_open(one, other, overlaps, contains):
    assert (one.overlaps(other), one.contains(other)) == (overlaps, contains)


@given(st.text(alphabet=" \n\tab", min_size=1), st.data())
def test_trimming_leaves_out_white_space_and_nothing_else(text, data):
    start = data.draw(st.integers(0, len(text)))
    span = Span(start, data.draw(st.integers(start, len(text))))
    assert span.trimmed(text).of(text) == span.of(text).strip()


def test_words_of_several_spans_are_joined_in_reading_order():
    assert words_of("one two three", (Span(8, 13), Span(0, 3))) == "one … three"
