"""Words as the indexes have them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from news.terms import terms_of
from storage.tokens import LONGEST_TOKEN, MOST_CHARACTERS, MOST_TOKENS, token, tokens_for, tokens_of


@pytest.mark.parametrize(
    "words",
    [
        "talk talks talked talking",
        "bridge bridges bridged bridging",
        "negotiate negotiates negotiated negotiating",
        "negotiation negotiations",
        "strike strikes striking",
        "hope hopes hoping hoped",
        "hop hops hopped hopping",
        "country countries",
        "agree agrees agreed agreeing",
        "die dies died",
        "supply supplies supplied supplying",
        "process processes processed",
        "refuse refuses refused refusing",
        "kiev kyiv",
        "mohammed muhammad",
    ],
)
def test_forms_of_one_word_are_one(words):
    assert len({token(word) for word in words.split()}) == 1


@pytest.mark.parametrize(
    "words",
    [
        "import important",
        "university universal universe",
        "police policy",
        "organ organization",
        "new news",
        "hop hope",
        "army arms",
        "kyiv kharkiv",
        "us use",
    ],
)
def test_different_words_stay_different(words):
    assert len({token(word) for word in words.split()}) == len(words.split())


def test_words_in_other_scripts_and_with_digits_stay_as_they_are():
    assert tokens_of("Переговоры 2024s é 日本 naïve") == ["переговоры", "2024s", "e", "日", "本", "naiv"]


@pytest.mark.parametrize(
    ("typed", "tokens"),
    [
        ("talks", ("talk",)),
        ('"peace talks"', ("peac", "talk")),
        ("bridge*", ("bridg",)),
        ("countr*", ("countr",)),
        ("country*", ("countr",)),
        ("negotiation*", ("negotiation",)),
        ("kyiv*", ("kiev",)),
    ],
)
def test_a_prefix_finds_what_the_words_became(typed, tokens):
    (term,) = terms_of(typed)
    assert tokens_for(term) == tokens


@given(st.from_regex("[a-z]{1,12}", fullmatch=True))
def test_every_word_has_a_token_that_is_hardly_longer(word):
    assert 0 < len(token(word)) <= max(len(word), 12)


def test_long_words_and_long_texts_are_cut():
    assert token("x" * 500) == token("x" * LONGEST_TOKEN)
    assert len(tokens_of("a b " * MOST_TOKENS)) == MOST_TOKENS
    long = tokens_of(" ".join(f"{n:0>99}" for n in range(10_000)))
    assert 0 < sum(map(len, long)) <= MOST_CHARACTERS
