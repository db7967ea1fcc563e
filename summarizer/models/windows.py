"""Windows: as many whole paragraphs as the tagger reads at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from summarizer.models.words import SEPARATOR, START, Word

if TYPE_CHECKING:
    from numpy.typing import NDArray

PIECES = 160
"""Word pieces of a window, its separators included; the tagger was trained with no longer one."""


@dataclass(frozen=True, slots=True)
class Window:
    """Words that are read together."""

    words: tuple[Word, ...]
    breaks: frozenset[int]
    """Indices of the words before which a separator stands."""

    @property
    def pieces(self) -> int:
        """How many pieces it has, separators included."""
        return 2 + len(self.breaks) + sum(len(word.pieces) for word in self.words)


@dataclass(frozen=True, slots=True)
class Batch:
    """Windows as the tagger takes them; shapes are (windows, pieces) and (windows, words)."""

    pieces: NDArray[np.int64]
    case: NDArray[np.int64]
    quoting: NDArray[np.int64]
    mask: NDArray[np.int64]
    words: NDArray[np.int64]
    """Where each word's first piece stands; 0 past the last word."""
    counts: tuple[int, ...]
    """Words of each window."""


def pack(
    paragraphs: Sequence[Sequence[Word]], *, size: int = PIECES, first: int | None = None
) -> Iterator[Window]:
    """Whole paragraphs, in order, to windows of at most `size` pieces, the first of at most `first`."""
    room = first or size
    words: list[Word] = []
    breaks: set[int] = set()
    used = 2
    for paragraph in paragraphs:
        for part in _parts(paragraph, size - 2):
            length = sum(len(word.pieces) for word in part)
            if words and used + length + 1 > room:
                yield Window(tuple(words), frozenset(breaks))
                words, breaks, used, room = [], set(), 2, size
            if words:
                breaks.add(len(words))
                used += 1
            words.extend(part)
            used += length
    if words:
        yield Window(tuple(words), frozenset(breaks))


def _parts(paragraph: Sequence[Word], size: int) -> Iterator[Sequence[Word]]:
    """The paragraph, or where it is too long its parts, which end at the last mark that may end one."""
    start, used, stop = 0, 0, 0
    for index, word in enumerate(paragraph):
        while used + len(word.pieces) > size:
            cut = stop if stop > start else index
            yield paragraph[start:cut]
            start, stop = cut, 0
            used = sum(len(w.pieces) for w in paragraph[start:index])
        used += len(word.pieces)
        if used > size // 2 and word.end - word.start == 1 and index > start and _may_end(paragraph, index):
            stop = index + 1
    if start < len(paragraph):
        yield paragraph[start:]


def _may_end(paragraph: Sequence[Word], index: int) -> bool:
    """Whether a word is the mark at a sentence's end: white space follows, a capital or a quotation with it."""
    if index + 1 >= len(paragraph) or paragraph[index + 1].start == paragraph[index].end:
        return False
    following = paragraph[index + 1]
    return following.case != 0 or following.quoting == 1


def to_batch(windows: Sequence[Window]) -> Batch:
    """Windows side by side, padded to the longest."""
    length = max(window.pieces for window in windows)
    count = max(len(window.words) for window in windows)
    pieces, case, quoting, mask = (np.zeros((len(windows), length), np.int64) for _ in range(4))
    words = np.zeros((len(windows), count), np.int64)
    for row, window in enumerate(windows):
        ids, cases, quotes = [START], [0], [0]
        for index, word in enumerate(window.words):
            if index in window.breaks:
                ids.append(SEPARATOR)
                cases.append(0)
                quotes.append(0)
            words[row, index] = len(ids)
            ids.extend(word.pieces)
            cases.extend([word.case] * len(word.pieces))
            quotes.extend([word.quoting] * len(word.pieces))
        ids.append(SEPARATOR)
        pieces[row, : len(ids)] = ids
        mask[row, : len(ids)] = 1
        case[row, : len(cases)] = cases
        quoting[row, : len(quotes)] = quotes
    return Batch(pieces, case, quoting, mask, words, tuple(len(window.words) for window in windows))
