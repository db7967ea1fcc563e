"""From a layout to PNG with matplotlib: few artists of many shapes each, letters among them."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

from bot.pictures.lettering import EM, outlines
from bot.pictures.marks import Shape, box, disc, dots, down, outline_of, stripes
from bot.pictures.palette import DARK, LIGHT, Palette
from bot.pictures.shapes import BAR, SIGN, WIDTH, Bar, Layout, Tone, Words
from news.stances import Position

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from PIL.Image import Image

_PLATE = 6.0
"""How far the clear ground of a word on a bar reaches beyond it."""
_PIN = 5.5
_BETWEEN = 3
"""Shades between two colours that are kept, for smooth edges."""


def paint(layout: Layout, *, dark: bool, scale: float) -> bytes:
    """The picture as PNG, the same bytes for the same layout."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    palette = DARK if dark else LIGHT
    size = (WIDTH * scale / 100, layout.height * scale / 100)
    figure = Figure(figsize=size, dpi=100, facecolor=palette.ground, edgecolor=palette.ground)
    canvas: Any = FigureCanvasAgg(figure)
    _Painter(figure, layout, palette, scale).paint()
    pixels, (width, height) = canvas.print_to_buffer()
    # A figure and its canvas hold each other: until both are collected, ten megabytes of pixels would stay with them.
    canvas.renderer = None
    return _png(pixels, width, height, dark=dark)


def _png(rgba: bytes, width: int, height: int, *, dark: bool) -> bytes:
    """With a table of our own colours: a third of the size, in half of the time."""
    from PIL import Image

    pixels = Image.frombuffer("RGBA", (width, height), rgba, "raw", "RGBA", 0, 1)
    written = io.BytesIO()
    image = pixels.convert("RGB").quantize(palette=_table(dark=dark), dither=Image.Dither.NONE)
    image.save(written, "PNG", compress_level=6)
    return written.getvalue()


@cache
def _table(*, dark: bool) -> Image:
    """The colours of a palette and some between those that meet in it."""
    from PIL import Image

    palette = DARK if dark else LIGHT
    meeting = [(palette.ground, each) for each in (palette.ink, palette.quiet, palette.grid, palette.border)]
    for shade in palette.shades.values():
        meeting += [(shade.solid, each) for each in (palette.ground, shade.pattern, shade.upon, palette.ink)]
        meeting += [(shade.faint, each) for each in (shade.faint_pattern, palette.ink, shade.solid)]
    table = Image.new("P", (1, 1))
    mixed = (
        _mixed(one, other, step / (_BETWEEN + 1)) for one, other in meeting for step in range(_BETWEEN + 2)
    )
    table.putpalette([part for color in dict.fromkeys(mixed) for part in color])
    return table


def _mixed(one: str, other: str, share: float) -> tuple[int, ...]:
    parts = zip(bytes.fromhex(one[1:]), bytes.fromhex(other[1:]), strict=True)
    return tuple(round(mine + (its - mine) * share) for mine, its in parts)


class _Painter:
    """Puts the shapes of a layout into a figure, from the ground upwards."""

    def __init__(self, figure: Figure, layout: Layout, palette: Palette, scale: float) -> None:
        from matplotlib.transforms import Affine2D

        self.figure = figure
        self.layout = layout
        self.palette = palette
        self.scale = scale
        self.transform = Affine2D().scale(scale, -scale).translate(0, layout.height * scale)
        self.words = [words for part in layout.parts for words in part.words]
        self.signs = [sign for part in layout.parts for sign in part.signs]

    def paint(self) -> None:
        """Everything, what lies above later."""
        palette, layout = self.palette, self.layout
        bars = [bar for part in layout.parts for bar in part.bars]
        ticks = [tick for part in layout.parts for tick in part.ticks]
        changes = [change for part in layout.parts for change in part.changes]
        self._lines(map(down, layout.grid), palette.grid, 1.5)
        self._lines(map(down, layout.now), palette.quiet, 1.5, dashes=(4, 3))
        for position in Position:
            self._paint_bars(position, [bar for bar in bars if bar.position is position])
        self._lines(map(down, ticks), palette.ink, 2)
        self._lines(map(down, changes), palette.ink, 3)
        self._fill((disc(change.x, change.top, _PIN) for change in changes), palette.ink)
        self._paint_signs()
        self._paint_words()
        frame = box(0.75, WIDTH - 0.75, 0.75, layout.height - 1.5)
        self._fill([frame], "none", edge=palette.border, width=1.5)

    def _paint_bars(self, position: Position, bars: Sequence[Bar]) -> None:
        shade = self.palette.shades[position]
        solid = [(bar.left, bar.reported, bar.top) for bar in bars if bar.left < bar.reported]
        faint = [(bar.reported, bar.right, bar.top) for bar in bars if bar.reported < bar.right]
        contested = [(bar.contested, bar.right, bar.top) for bar in bars if bar.contested is not None]
        for boxes, color, pattern in (
            (solid, shade.solid, shade.pattern),
            (faint, shade.faint, shade.faint_pattern),
        ):
            self._fill((box(*each) for each in boxes), color)
            if position is Position.OPPOSES:
                self._lines((line for each in boxes for line in stripes(*each)), pattern, 3)
            elif position is Position.CONDITIONAL:
                self._fill((dot for each in boxes for dot in dots(*each)), pattern)
        crossing = (line for each in contested for line in stripes(*each, falling=True))
        self._lines(crossing, self.palette.ink, 2)
        self._paint_plates(position)
        self._fill((box(bar.left, bar.right, bar.top) for bar in bars), "none", edge=shade.solid, width=2)

    def _paint_plates(self, position: Position) -> None:
        """Clear ground for what stands on bars."""
        shade = self.palette.shades[position]
        for tone, color in ((Tone.SOLID, shade.solid), (Tone.FAINT, shade.faint)):
            half = SIGN / 2 + _PLATE
            signs = [sign for sign in self.signs if sign.tone is tone and sign.position is position]
            words = [each for each in self.words if each.tone is tone and each.position is position]
            plates = [box(sign.x - half, sign.x + half, sign.y - BAR / 2) for sign in signs]
            plates += [
                box(each.x - _PLATE, each.x + each.width + _PLATE, each.middle - BAR / 2) for each in words
            ]
            self._fill(plates, color)

    def _paint_signs(self) -> None:
        for position, shade in self.palette.shades.items():
            mine = [sign for sign in self.signs if sign.position is position]
            colors = {Tone.INK: shade.solid, Tone.SOLID: shade.upon, Tone.FAINT: self.palette.ink}
            for tone, color in colors.items():
                self._fill((outline_of(sign) for sign in mine if sign.tone is tone), color)
            hollow = [outline_of(sign, 1.15) for sign in mine if sign.tone is Tone.HOLLOW]
            self._fill(hollow, self.palette.ground, edge=self.palette.ground, width=8)
            self._fill(hollow, self.palette.ground, edge=shade.solid, width=3)

    def _paint_words(self) -> None:
        by_color: dict[str, list[Words]] = {}
        for words in self.words:
            by_color.setdefault(self._color_of(words), []).append(words)
        for color, words_of_it in by_color.items():
            self._write(words_of_it, color)

    def _color_of(self, words: Words) -> str:
        if words.tone is Tone.SOLID and words.position:
            return self.palette.shades[words.position].upon
        return self.palette.quiet if words.tone is Tone.QUIET else self.palette.ink

    def _write(self, written: Sequence[Words], color: str) -> None:
        """Words as one shape; each letter begins at a whole pixel, so that it looks the same, and packs well."""
        import numpy as np
        from matplotlib.patches import PathPatch
        from matplotlib.path import Path

        vertices, codes = [], []
        for words in written:
            zoom = words.size / EM
            for outline in outlines(words.text, bold=words.bold):
                corner = (self._whole(words.x + outline.across * zoom), self._whole(words.y))
                vertices.append(outline.vertices * (zoom, -zoom) + corner)
                codes.append(outline.codes)
        if vertices:
            whole = Path(np.concatenate(vertices), np.concatenate(codes))
            self.figure.add_artist(PathPatch(whole, facecolor=color, linewidth=0, transform=self.transform))

    def _whole(self, length: float) -> float:
        return round(length * self.scale) / self.scale

    def _fill(self, shapes: Iterable[Shape], color: str, *, edge: str = "none", width: float = 0) -> None:
        from matplotlib.collections import PolyCollection

        drawn = list(shapes)
        if not drawn:
            return
        self.figure.add_artist(
            PolyCollection(
                drawn,
                facecolors=color,
                edgecolors=edge,
                linewidths=self._points(width),
                transform=self.transform,
                zorder=1,
            )
        )

    def _lines(
        self, lines: Iterable[Shape], color: str, width: float, *, dashes: tuple[float, float] | None = None
    ) -> None:
        from matplotlib.collections import LineCollection

        drawn = list(lines)
        if not drawn:
            return
        self.figure.add_artist(
            LineCollection(
                drawn,
                colors=color,
                linewidths=self._points(width),
                linestyles=(0, dashes) if dashes else "solid",
                transform=self.transform,
                zorder=1,
            )
        )

    def _points(self, width: float) -> float:
        """A width in the unit of the figure, 72 to its hundred pixels."""
        return width * self.scale * 0.72
