"""Aging: what is left of a text shows each statement as the whole text did."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from news.aging import BETWEEN, Reduced, moved, reduce
from news.answers import telling_of
from news.spans import Span
from news.statements import Kind, Statement
from tests.builders import a_span, a_statement, an_article

TEXT = (
    "Port to close in spring\n\n"
    "It rained in Calmere on Monday. The port will close, said Edda Marlow. Gulls cried.\n"
    "“Not for an hour,” she told the Herald. “And not for the cameras.” Then she left. Nobody followed.\n\n"
    "At the north gate, a baker listened to the radio. Brackwater wants the port open, the mayor wrote.\n"
)


def shown(text: str, statement: Statement) -> tuple[object, ...]:
    """What people are shown of the statement, but for where it stands."""
    telling = telling_of(statement, an_article(text))
    quote = telling.quote
    return (
        quote.words,
        quote.cue,
        quote.venue,
        [span.of(text) for span in (*statement.source, *statement.venue)],
        telling.sentence_words,
        min(span.start for span in statement.content) - telling.sentence.start,
        telling.begins,
    )


def a_saying(text: str, *content: str, cue: str = "", source: str = "", venue: str = "") -> Statement:
    parts = {name: (a_span(text, words),) for name, words in (("cue", cue), ("source", source), ("venue", venue)) if words}  # fmt: skip
    return Statement(content=tuple(a_span(text, words) for words in content), kind=Kind.DIRECT, **parts)


@pytest.mark.parametrize(
    ("statements", "evidence", "left"),
    [
        ([], [], ""),
        ([("The port will close",)], [], "The port will close, said Edda Marlow."),
        (
            [("Brackwater wants the port open",), ("The port will close",)],
            [],
            "The port will close, said Edda Marlow.\n\nBrackwater wants the port open, the mayor wrote.",
        ),
        (
            [("“Not for an hour,”", "“And not for the cameras.”")],
            [],
            "“Not for an hour,” she told the Herald. “And not for the cameras.”",
        ),
        (
            [("“Not for an hour,”",), ("“Not for an hour,”", "“And not for the cameras.”")],
            [],
            "“Not for an hour,” she told the Herald. “And not for the cameras.”",
        ),
        ([], ["Nobody followed"], "Nobody followed."),
        ([("The port will close",)], ["It rained"], "It rained in Calmere on Monday.\n\nThe port will close, said Edda Marlow."),
    ],
    ids=["nothing", "one", "in the text's order", "in two sentences", "one in the other", "evidence", "neighbours"],
)  # fmt: skip
def test_the_sentences_around_what_is_said_are_left(statements, evidence, left):
    said = [a_saying(TEXT, *words) for words in statements]
    reduced = reduce(TEXT, said, [(a_span(TEXT, words),) for words in evidence])
    assert reduced.text == left
    assert [shown(reduced.text, moved(one, reduced)) for one in said] == [shown(TEXT, one) for one in said]


def test_all_parts_move_and_a_venue_in_another_sentence_comes_along():
    said = a_saying(
        TEXT, "“Not for an hour,”", cue="told", source="she", venue="north gate, a baker listened"
    )
    reduced = reduce(TEXT, [said])
    assert reduced.text == (
        "“Not for an hour,” she told the Herald.\n\nAt the north gate, a baker listened to the radio."
    )
    assert shown(reduced.text, moved(said, reduced)) == shown(TEXT, said)


def test_where_another_sentence_would_be_shown_all_of_the_text_is_left():
    text = 'It rained.\nShe said no. "\nhe left, and\nEdda Marlow said yes.'
    said = [a_saying(text, "no"), a_saying(text, "yes")]
    reduced = reduce(text, said)
    assert reduced == Reduced(text, (Span(0, len(text)),))
    assert [moved(one, reduced) for one in said] == said


@pytest.mark.parametrize("evidence", [False, True])
def test_where_a_span_lies_outside_the_text_all_of_it_is_left(evidence):
    wrong = (Span(2, len(TEXT) + 1),)
    said = [] if evidence else [Statement(content=wrong, kind=Kind.DIRECT)]
    assert reduce(TEXT, said, [wrong] if evidence else []).text == TEXT


@pytest.mark.parametrize("span", [Span(0, 4), Span(30, 60), Span(90, 91)])
def test_what_was_not_kept_has_no_new_place(span):
    reduced = reduce("Gulls cried. The port will close, she said. It rained.", [], [(Span(13, 17),)])
    assert reduced.move(Span(13, 17)) == Span(0, 4)
    with pytest.raises(ValueError, match="was not kept"):
        reduced.move(span)


def test_reducing_again_changes_nothing():
    said = [a_saying(TEXT, "The port will close"), a_saying(TEXT, "Brackwater wants the port open")]
    once = reduce(TEXT, said)
    again = reduce(once.text, [moved(one, once) for one in said])
    assert again.text == once.text


@pytest.mark.parametrize("line", ["The port will close, she said. ", "the port will close she said "])
def test_a_long_text_full_of_statements_is_reduced(line):
    text = line * 1_000
    said = [Statement((Span(at, at + 19),), Kind.DIRECT) for at in range(0, len(text), len(line))]
    reduced = reduce(text, said)
    assert shown(reduced.text, moved(said[-1], reduced)) == shown(text, said[-1])


@st.composite
def texts_with_statements(draw):
    letters = st.text("ab A.!?”“\"'\n,。…-", max_size=160) | st.text(max_size=120)
    sentences = st.lists(
        st.sampled_from(
            ["It rained. ", "She said no. ", "“Why go?” ", "he left\n", "Mr. J. Tarn", " \n", "wo rd " * 130]
        ),
        max_size=12,
    ).map("".join)
    text = draw(letters | sentences)
    positions = st.integers(0, len(text))
    spans = st.tuples(positions, positions).map(lambda ends: Span(min(ends), max(ends)))
    some = st.lists(spans, max_size=2).map(tuple)
    statements = st.builds(
        a_statement,
        content=st.lists(spans, min_size=1, max_size=3).map(tuple),
        cue=some,
        source=some,
        venue=some,
    )
    return text, draw(st.lists(statements, max_size=4)), draw(st.lists(some, max_size=2))


@given(texts_with_statements())
@settings(max_examples=400, deadline=None)
def test_every_statement_is_shown_as_before(drawn):
    text, statements, evidence = drawn
    reduced = reduce(text, statements, evidence)
    assert BETWEEN.join(piece.of(text) for piece in reduced.kept) == reduced.text
    for one in statements:
        assert shown(reduced.text, moved(one, reduced)) == shown(text, one)
    for spans in evidence:
        assert [reduced.move(span).of(reduced.text) for span in spans] == [span.of(text) for span in spans]
