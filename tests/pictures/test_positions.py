"""Pictures of positions, whole."""

import gc
import io
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from PIL import Image

from bot.pictures.palette import DARK, LIGHT
from bot.pictures.positions import draw_positions, numbered
from tests.pictures.samples import (
    CONDITIONAL,
    DAY,
    NOW,
    OPPOSES,
    SAMPLES,
    SUPPORTS,
    TALKS,
    a_standing,
    many_standings,
)

KINDS = pytest.mark.parametrize("standings", SAMPLES.values(), ids=SAMPLES)


def drawn(standings, **changes) -> bytes:
    return draw_positions(standings, **{"timezone": "Europe/Kyiv", "now": NOW, **changes})


def decoded(png: bytes) -> Image.Image:
    with Image.open(io.BytesIO(png)) as image:
        assert image.format == "PNG"
        image.load()
        return image.convert("RGB")


def colors(png: bytes) -> set[str]:
    return {"#{:02x}{:02x}{:02x}".format(*color) for _, color in decoded(png).getcolors(1 << 16)}


def test_once_warmed_up_the_first_picture_loads_nothing_more():
    code = (
        "import sys; from bot.pictures.positions import draw_positions, warm_up; "
        "from tests.pictures.samples import NOW, many_standings; warm_up(); before = set(sys.modules); "
        "draw_positions(many_standings(12, 10), timezone='Europe/Kyiv', now=NOW); "
        "print(sorted(set(sys.modules) - before))"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert result.stdout == "[]\n"


def test_a_picture_that_was_drawn_leaves_none_of_its_pixels_behind():
    """They are ten megabytes, and a collection of garbage may be long in coming."""
    from matplotlib.backends.backend_agg import RendererAgg

    gc.collect()
    gc.disable()
    try:
        drawn(many_standings(8, 4))
        held = [one for one in gc.get_objects() if type(one) is RendererAgg]
    finally:
        gc.enable()
    assert not held


@KINDS
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_everything_is_a_picture_of_one_width_and_few_bytes(standings, dark):
    png = drawn(standings, dark=dark)
    image = decoded(png)
    assert image.width == (1600 if len(standings) <= 6 else 1200)
    assert image.height < 2.3 * image.width
    assert len(png) < (100_000 if len(standings) <= 6 else 160_000)


@pytest.mark.parametrize(("dark", "palette"), [(False, LIGHT), (True, DARK)], ids=["light", "dark"])
def test_a_picture_has_just_the_colours_of_its_palette(dark, palette):
    expected = {palette.ground, palette.ink, palette.quiet, palette.grid}
    for shade in palette.shades.values():
        expected |= {shade.solid, shade.faint, shade.pattern, shade.upon}
    assert expected <= colors(drawn(SAMPLES["changed"], dark=dark))


def test_the_same_positions_are_the_same_bytes_in_any_thread():
    with ThreadPoolExecutor(4) as threads:
        pictures = [
            list(threads.map(lambda name: drawn(SAMPLES[name]), ["changed", "actor", "hours"] * 2))
            for _ in range(2)
        ]
    assert pictures[0] == pictures[1]
    assert pictures[0][:3] == pictures[0][3:]
    assert pictures[0][:3] == [drawn(SAMPLES[name]) for name in ("changed", "actor", "hours")]


def test_a_picture_says_nothing_of_who_drew_it():
    with Image.open(io.BytesIO(drawn(SAMPLES["one"]))) as image:
        assert set(image.info) <= {"transparency"}


def test_each_mark_has_a_number_that_leads_to_its_evidence():
    talks = a_standing("Kelvasen", TALKS, (OPPOSES, 36, 21), (CONDITIONAL, 3, 3))
    odd = a_standing("Osmara", "sanctions", (SUPPORTS, 25, 2), odd=[(CONDITIONAL, 6)])
    late = a_standing("Citadel", TALKS, (OPPOSES, 40, 1))
    assert numbered((talks, odd, late)) == (
        (1, talks.turns[0].first),
        (2, talks.turns[0].latest),
        (3, talks.turns[1].first),
        (4, late.turns[0].first),
        (5, late.turns[0].latest),
        (6, odd.turns[0].first),
        (7, odd.otherwise[0]),
        (8, odd.turns[0].latest),
    )


def test_only_what_is_drawn_is_numbered():
    assert len(numbered(many_standings(40, 2))) == 12 * 4
    assert numbered(()) == ()


def test_nothing_cannot_be_drawn():
    with pytest.raises(ValueError, match="no positions"):
        drawn(())


@pytest.mark.parametrize(
    "shift",
    [timedelta(days=365 * 7900), -timedelta(days=365 * 2000), timedelta(days=40), -timedelta(days=40)],
)
def test_dates_that_cannot_be_right_still_make_a_picture(shift):
    standings = [a_standing("Osmara", TALKS, (SUPPORTS, 25, 20), now=NOW + shift), *SAMPLES["changed"]]
    assert decoded(drawn(standings)).width == 1600


def test_articles_dated_ahead_are_drawn_after_now():
    ahead = [a_standing("Osmara", TALKS, (SUPPORTS, 25, 20), now=NOW + 30 * DAY)]
    assert decoded(drawn(ahead)).width == 1600


def test_importing_pictures_loads_no_heavy_library():
    code = "import sys, bot.pictures.positions; print({'matplotlib', 'numpy', 'PIL'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"
