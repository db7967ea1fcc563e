"""Letters as pictures show them: strangers' names made harmless, how wide words are, and their outlines.

The font is DejaVu Sans, which comes with matplotlib: a picture looks the same wherever it is drawn.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING

from bot.messages.harmless import harmless

if TYPE_CHECKING:
    import numpy as np
    from matplotlib.ft2font import FT2Font
    from numpy.typing import ArrayLike, NDArray

ELLIPSIS = "…"
NAMELESS = "(no name)"
_NEAR = 8
"""An end of a word so many characters away is better than the middle of one."""
_LONGEST = 240
"""Characters of a name that are looked at."""
_MOST_ACCENTS = 2
"""On one letter: a tower of them would cover other rows."""
EM = 100.0
"""What outlines are measured in."""
_KNOWN = 4096
"""Letters that are kept once they are known."""
_LATELY = 512
"""Texts that are kept: names come and go, and a picture has some dozens."""


def legible(text: str) -> str:
    """The text on one line in letters that can be drawn; what cannot is told by its script: `[Devanagari]`."""
    line = unicodedata.normalize("NFC", " ".join(harmless(_halves(text)).split()))
    shown: list[str] = []
    for character in _without_towers(line):
        if drawable(character):
            shown.append(character)
        elif (told := f"[{_script(character)}]") not in shown[-1:]:
            shown.append(told)
    return "".join(shown)


def missing(text: str) -> bool:
    """Whether `legible` leaves out letters of the text."""
    return any(not drawable(character) for character in unicodedata.normalize("NFC", harmless(_halves(text))))


def _halves(text: str) -> str:
    """What is longer than any name, without its middle."""
    if len(text) <= _LONGEST:
        return text
    return text[: _LONGEST // 2] + ELLIPSIS + text[-_LONGEST // 2 :]


def _without_towers(line: str) -> Iterator[str]:
    accents = 0
    for character in line:
        accents = accents + 1 if _stacks(character) else 0
        if accents <= _MOST_ACCENTS:
            yield character


def _stacks(character: str) -> bool:
    """Whether it is drawn on the letter before it: an accent, a vowel sign, a circle around it."""
    return unicodedata.category(character)[0] == "M"


def _script(character: str) -> str:
    """`Thai`, or `sign` for what is no letter."""
    if unicodedata.category(character)[0] not in "LMN":
        return "sign"
    first = unicodedata.name(character, "letters").split()[0]
    return "Chinese" if first.startswith("CJK") else first.capitalize()


def shortened(text: str, size: float, room: float, *, bold: bool = False) -> str:
    """The text, or its beginning and its end with `…` between, at ends of words where there are any near."""
    if width_of(text, size, bold=bold) <= room:
        return text
    low, high = 1, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        if width_of(cut(text, middle), size, bold=bold) <= room:
            low = middle
        else:
            high = middle - 1
    return cut(text, low)


def cut(text: str, most: int) -> str:
    """Not more than so many characters of it, three of its beginning for each two of its end."""
    tail_length = most * 2 // 5
    head, tail = text[: max(0, most - tail_length - 1)], text[len(text) - tail_length :]
    whole_head, whole_tail = head[: head.rfind(" ", -_NEAR) + 1], tail[tail.find(" ", 0, _NEAR) :]
    if len(whole_head) > 1 and whole_tail.startswith(" "):
        return f"{whole_head.rstrip()} {ELLIPSIS} {whole_tail.lstrip()}"
    return head.rstrip() + ELLIPSIS + tail.lstrip("".join(filter(_stacks, tail)) + " ")


@lru_cache(maxsize=_KNOWN)
def drawable(character: str) -> bool:
    """Whether the font has it."""
    return bool(_font(bold=False).get_char_index(ord(character)))


@dataclass(frozen=True, slots=True, eq=False)
class Outline:
    """A letter, or letters that were laid out together, upwards from the baseline; a hundred to the em."""

    vertices: NDArray[np.float64]
    codes: NDArray[np.uint8]
    """Of each vertex, what a path does there."""
    width: float
    across: float = 0.0
    """How far to the right it stands."""


@lru_cache(maxsize=_LATELY)
def width_of(text: str, size: float, *, bold: bool = False) -> float:
    """How far the text reaches, in the unit of its size."""
    if _plain(text):
        width = sum(_letter(character, bold=bold).width for character in text)
    else:
        width = _shaped(text, bold=bold).width
    return round(width * size / EM, 1)


@lru_cache(maxsize=_LATELY)
def outlines(text: str, *, bold: bool = False) -> tuple[Outline, ...]:
    """What the text is drawn with.

    The letters of most scripts stand one after the other, and each is kept once it is known; what joins its letters,
    stacks accents or runs from right to left is laid out by the library, which takes fifty times as long.
    """
    if not _plain(text):
        return (_shaped(text, bold=bold),)
    placed, across = [], 0.0
    for character in text:
        letter = _letter(character, bold=bold)
        placed.append(replace(letter, across=across))
        across += letter.width
    return tuple(placed)


def _plain(text: str) -> bool:
    """Whether the letters simply stand one after the other."""
    return text.isascii() or not any(
        _stacks(character) or unicodedata.bidirectional(character) in ("R", "AL", "AN") for character in text
    )


@lru_cache(maxsize=_KNOWN)
def _letter(character: str, *, bold: bool) -> Outline:
    from matplotlib.ft2font import LoadFlags

    font = _font(bold=bold)
    width = font.load_char(ord(character), flags=LoadFlags.NO_HINTING).linearHoriAdvance / 65536
    return _outline(*font.get_path(), width=width)


@lru_cache(maxsize=_LATELY)
def _shaped(text: str, *, bold: bool) -> Outline:
    from matplotlib.font_manager import FontProperties
    from matplotlib.textpath import text_to_path

    vertices, codes = text_to_path.get_text_path(FontProperties(fname=_file(bold=bold)), text)
    return _outline(vertices, codes, width=max((float(x) for x, _ in vertices), default=0.0))


def _outline(vertices: ArrayLike, codes: ArrayLike, *, width: float) -> Outline:
    import numpy as np

    return Outline(np.asarray(vertices, np.float64).reshape(-1, 2), np.asarray(codes, np.uint8), width)


def _font(*, bold: bool) -> FT2Font:
    """The font at a hundred pixels to the em; each thread has its own."""
    from matplotlib.font_manager import get_font

    font = get_font(_file(bold=bold))
    font.set_size(EM, 72)
    return font


@lru_cache(maxsize=2)
def _file(*, bold: bool) -> str:
    from matplotlib import get_data_path

    return f"{get_data_path()}/fonts/ttf/DejaVuSans{'-Bold' if bold else ''}.ttf"
