"""Names as letters of a picture."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.pictures.lettering import cut, drawable, legible, missing, outlines, shortened, width_of


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Edda Marlow", "Edda Marlow"),
        ("Łódź  Ærø\nŠiauliai", "Łódź Ærø Šiauliai"),
        ("Міністерство", "Міністерство"),
        ("Υπουργείο", "Υπουργείο"),
        ("וועד", "וועד"),
        ("e\u0301tat", "état"),
        ("\u202eevil\u2066 \u200bname", "evil name"),
        ("a\x1b[31mb", "a\ufffd[31mb"),
        ("$x^2$ <b>*b*</b> `c`", "$x^2$ <b>*b*</b> `c`"),
        ("外交部 (foreign ministry)", "[Chinese] (foreign ministry)"),
        ("गृह मंत्रालय", "[Devanagari] [Devanagari]"),
        ("🚀 Rocket 🚀🚀", "[sign] Rocket [sign]"),
        ("Z" + "\u0301" * 50 + "algo", "Ź\u0301\u0301algo"),
        ("a" + "\u0489" * 50 + "b", "a\u0489\u0489b"),
    ],
)
def test_a_name_is_shown_in_letters_that_can_be_drawn(name, shown):
    assert legible(name) == shown
    assert missing(name) is ("[C" in shown or "[D" in shown or "[s" in shown)


@settings(deadline=None)
@given(st.text(st.characters(codec=None), max_size=400))
def test_no_name_is_drawn_with_boxes_or_fails(name):
    shown = legible(name)
    assert all(map(drawable, shown))
    assert "\n" not in shown
    assert width_of(shown, 22) >= 0
    outlines(shown)


def test_formulas_are_drawn_as_they_are_written():
    assert len(outlines("$x^2$")) == 5
    assert width_of("$x^2$", 22) == pytest.approx(
        sum(width_of(character, 22) for character in "$x^2$"), abs=0.5
    )


def test_letters_that_join_are_laid_out_together():
    (joined,) = outlines("وزارة")
    assert joined.width == pytest.approx(width_of("وزارة", 100), abs=0.1)
    assert len(joined.vertices) > 50


@pytest.mark.parametrize(
    ("name", "room", "shown"),
    [
        ("Edda Marlow", 200, "Edda Marlow"),
        ("Ministry of the Interior and Public Works of Upper Talvenia", 330, "Ministry of … Talvenia"),
        ("x" * 200, 100, "xx…xx"),
        ("Ministry", 0, "…"),
    ],
)
def test_a_long_name_keeps_its_beginning_and_its_end(name, room, shown):
    assert shortened(name, 25, room, bold=True) == shown


@settings(deadline=None)
@given(st.text(min_size=1, max_size=300), st.integers(1, 400))
def test_what_is_cut_is_not_longer_than_asked(text, most):
    assert len(cut(text, most)) <= max(most, 1)
