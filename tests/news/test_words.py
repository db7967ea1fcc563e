"""What words are compared by."""

from __future__ import annotations

import re

import pytest

from news.words import UNSPACED, stem


@pytest.mark.parametrize(
    ("word", "stemmed"),
    [
        ("bridges", "bridg"),
        ("closing", "clos"),
        ("closed", "clos"),
        ("closes", "clos"),
        ("bring", "bring"),  # too little would remain
        ("news", "news"),
        ("", ""),
    ],
)
def test_the_commonest_endings_are_left_off(word, stemmed):
    assert stem(word) == stemmed


def test_a_script_without_spaces_has_a_word_in_each_character():
    assert re.findall(rf"{UNSPACED}|\w+", "Oldhaven 大橋 สะพ") == ["Oldhaven", "大", "橋", "ส", "ะ", "พ"]
