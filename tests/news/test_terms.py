"""Typed words to terms."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from news.terms import LONGEST_PHRASE, MOST_TERMS, Term, findable, terms_of, words_in
from tests.costs import cpu_seconds


def term(words: str, **more: bool) -> Term:
    return Term(tuple(words.split()), **more)


@pytest.mark.parametrize(
    ("typed", "terms"),
    [
        ("bridge close", [term("bridge"), term("close")]),
        ("Bridge BRIDGE bridge", [term("bridge")]),
        ("Café Żółć", [term("cafe"), term("zolc")]),
        ('"peace talks" Kyiv', [term("peace talks"), term("kyiv")]),
        ("“peace talks” «so far» „as far“", [term("peace talks"), term("so far"), term("as far")]),
        ("cease-fire don’t U.S.", [term("cease fire"), term("don t"), term("u s")]),
        ("negot*", [term("negot", prefix=True)]),
        ("ne* n*", [term("ne"), term("n")]),
        ("cease-fir*", [term("cease fir", prefix=True)]),
        ('"peace tal*"', [term("peace tal")]),
        ("talks -Kyiv", [term("talks"), term("kyiv", excluded=True)]),
        ('talks -"in Kyiv"', [term("talks"), term("in kyiv", excluded=True)]),
        ("talks -negot*", [term("talks"), term("negot", prefix=True, excluded=True)]),
        ("covid-19 - 20", [term("covid 19"), term("20")]),
        ("100% snake_case", [term("100"), term("snake case")]),
        ("日本 talks", [term("日 本"), term("talks")]),
        ('"open and never closed', [term("open"), term("and"), term("never"), term("closed")]),
        ("* - -- ?! “”", []),
        ("", []),
    ],
)
def test_words_marks_and_signs_have_their_meaning(typed, terms):
    assert list(terms_of(typed)) == terms


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("bridge", True),
        ("bridge -tunnel", True),
        ("-tunnel", False),
        ("?!", False),
        (" ".join(f"w{n}" for n in range(MOST_TERMS)), True),
        (" ".join(f"w{n}" for n in range(MOST_TERMS + 1)), False),
        (f'"{"very " * LONGEST_PHRASE}"', True),
        (f'"{"very " * (LONGEST_PHRASE + 1)}"', False),
    ],
)
def test_what_no_index_is_asked_for_finds_nothing(typed, found):
    assert findable(terms_of(typed)) is found


@given(st.text())
def test_whatever_is_typed_is_made_of_folded_words(typed):
    for one in terms_of(typed):
        assert one.words
        assert [word for held in one.words for word in words_in(held)] == list(one.words)


@pytest.mark.parametrize("piece", ['"', "“", "«", "-", "- ", "a* ", '-"', '"a ', "«a ", "日", "."])
def test_hostile_words_cost_little(piece):
    assert cpu_seconds(lambda: terms_of(piece * 20_000), enough=1.0) < 1.0
