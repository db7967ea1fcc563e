import pytest
from hypothesis import given
from hypothesis import strategies as st

from news.actors import fold, name_key


@pytest.mark.parametrize(
    "spellings",
    [
        ("Zelenskyy", "Zelensky", "Zelenskiy", "ZELENSKYY", "Zelenskij"),
        ("Lev Tarokhin", "Lev Tarohin", "lev  tarokhin", "Lev Tarokhin’s"),
        ("Luhansk", "Lukhansk"),
        ("José Muñoz", "Jose Munoz"),
        ("the Kremlin", "Kremlin"),
        ("Saint-Denis", "Saintdenis"),
        ("Łukasz", "Lukasz"),
    ],
)
def test_spellings_of_one_name_have_one_key(spellings):
    assert len({name_key(spelling) for spelling in spellings}) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Putin", "Patin"),
        ("Marlow", "Barlow"),
        ("Ann Lee", "Ann Reed"),
        ("Mali", "Malta"),
        ("A. Bell", "Bell"),
    ],
)
def test_different_names_have_different_keys(one, other):
    assert name_key(one) != name_key(other)


@pytest.mark.parametrize("nothing", ["", "  ", "—", "…!"])
def test_a_name_without_letters_has_no_key(nothing):
    assert name_key(nothing) == ""


@given(st.text())
def test_a_key_is_its_own_key_when_words_are_split_by_spaces(text):
    assert all(part and part == part.strip() for part in name_key(text).split(" ")) or name_key(text) == ""


@given(st.text())
def test_folding_twice_changes_nothing(text):
    assert fold(fold(text)) == fold(text)
