"""Words as they are stored to be found."""

from __future__ import annotations

import pytest

from storage.search import spaced_key, spaced_words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("The Bridge will close.", " the bridge will close "),
        ("“No,” said Żółć — in 2024's café…", " no said zolc in 2024 s cafe "),
        ("snake_case 50%", " snake case 50 "),
        ("… — !?", ""),
        ("", ""),
    ],
)
def test_words_are_folded_and_stand_between_spaces(text, words):
    assert spaced_words(text) == words


@pytest.mark.parametrize("name", ["Volodymyr Zelenskyy", "volodymyr ZELENSKY", "Volodymyr Zelenskiy’s"])
def test_spellings_of_one_name_have_one_key(name):
    assert spaced_key(name) == spaced_key("Volodymyr Zelensky")
    assert spaced_key(name).startswith(" ")
    assert spaced_key(name).endswith(" ")


@pytest.mark.parametrize("name", [None, "", "?!"])
def test_no_name_has_no_key(name):
    assert spaced_key(name) == ""
