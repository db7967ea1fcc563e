"""Retention: what an old article's version is shortened to."""

from __future__ import annotations

from news.articles import ArticleId
from news.retention import Retained, Version, shorten
from news.spans import Span
from news.statements import Kind, Statement
from tests.builders import a_span, a_statement

TEXT = "It rained. The port will close, said Edda Marlow. Gulls cried. The mayor is against it. Nobody left."
CLOSE, AGAINST = "The port will close", "The mayor is against it"


def a_version(*statements, evidence=(), text=TEXT):
    return Version(ArticleId(7), 2, text, tuple(enumerate(statements, start=40)), evidence)


def test_everything_points_to_the_same_words_in_the_text_that_is_left():
    said = a_statement(TEXT, CLOSE, source=(a_span(TEXT, "Edda Marlow"),))
    left = f"{CLOSE}, said Edda Marlow.\n\n{AGAINST}."
    assert shorten(a_version(said, evidence=((5, (a_span(TEXT, AGAINST),)), (6, ())))) == Version(
        ArticleId(7),
        2,
        left,
        ((40, a_statement(left, CLOSE, source=(a_span(left, "Edda Marlow"),))),),
        ((5, (a_span(left, AGAINST),)), (6, ())),
    )


def test_what_points_outside_its_text_is_left_as_it_is():
    version = a_version(Statement((Span(0, 900),), Kind.DIRECT), evidence=((5, (Span(0, 2),)),))
    assert shorten(version) == version


def test_a_version_in_which_nothing_stands_is_empty():
    assert shorten(a_version()) == a_version(text="")


def test_what_was_taken_away_adds_up():
    assert Retained(1, 2, 3, 4, 5) + Retained(1, 0, 0, 0, 1) == Retained(2, 2, 3, 4, 6)
    assert Retained().nothing
    assert not Retained(notices=1).nothing
