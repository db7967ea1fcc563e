"""Colours that can be told apart, and words that can be read on them."""

from itertools import combinations

import pytest

from bot.pictures.palette import DARK, LIGHT
from news.stances import Position

TEXT, MARK, GREY = 4.5, 3.0, 1.5
"""The least contrasts: of words and of marks after WCAG 2, and of positions from each other in grey."""
PALETTES = pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
CLIENTS = ("#ffffff", "#313338", "#1a1d21", "#000000")
"""What Discord and Slack show around a picture."""


def luminance(color: str) -> float:
    parts = [part / 255 for part in bytes.fromhex(color[1:])]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(one: str, other: str) -> float:
    dark, light = sorted(map(luminance, (one, other)))
    return (light + 0.05) / (dark + 0.05)


def test_contrast_is_that_of_wcag():
    assert contrast("#ffffff", "#000000") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@PALETTES
def test_words_can_be_read_on_everything_that_they_stand_on(palette):
    pairs = [(palette.ink, palette.ground), (palette.quiet, palette.ground)]
    for shade in palette.shades.values():
        pairs += [(shade.upon, shade.solid), (palette.ink, shade.faint)]
    assert {pair: contrast(*pair) for pair in pairs if contrast(*pair) < TEXT} == {}


@PALETTES
@pytest.mark.parametrize("position", Position)
def test_marks_stand_out_from_the_ground(palette, position):
    assert contrast(palette.shades[position].solid, palette.ground) >= MARK
    assert contrast(palette.ink, palette.ground) >= MARK


@PALETTES
def test_positions_differ_in_grey(palette):
    solids = [palette.shades[position].solid for position in Position]
    assert all(contrast(one, other) >= GREY for one, other in combinations(solids, 2))


@PALETTES
@pytest.mark.parametrize("position", [Position.OPPOSES, Position.CONDITIONAL])
def test_patterns_show_on_their_bars(palette, position):
    assert contrast(palette.shades[position].pattern, palette.shades[position].solid) >= 2


@PALETTES
def test_what_was_reported_differs_from_what_follows(palette):
    assert all(contrast(shade.solid, shade.faint) >= 2.5 for shade in palette.shades.values())


@PALETTES
def test_the_frame_shows_around_the_ground_or_the_ground_by_itself(palette):
    assert all(
        max(contrast(client, palette.ground), contrast(client, palette.border)) >= 1.6 for client in CLIENTS
    )
