"""From the tagger's scores to word ranges: cues first, then the best source and content of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from summarizer.models.labels import Cue, Link

if TYPE_CHECKING:
    from numpy.typing import NDArray

_NEVER = -1e4
_FAINT = -60.0
"""The least logarithm that still counts beside the best, so that no chain's probability comes to nothing."""
_LEAST_SOURCE = 0.3
"""How likely a word must begin a source before it is taken for one, where the best labels have none."""
STARTS = np.zeros(len(Link), np.float32)
"""What may stand first: no later word."""
FOLLOWS = np.zeros((len(Link), len(Link)), np.float32)
"""What may stand after what: a later word only after a word of its own role."""
for _role in (Link.SOURCE_LATER, Link.CONTENT_LATER):
    STARTS[_role] = -np.inf
    for _before in Link:
        if _before not in (_role, _role - 1):
            FOLLOWS[_before, _role] = -np.inf


@dataclass(frozen=True, slots=True)
class Found:
    """A cue with what belongs to it, as half-open word ranges of a window."""

    cue: tuple[int, int]
    source: tuple[tuple[int, int], ...]
    content: tuple[tuple[int, int], ...]
    score: float
    """How likely the cue is one."""


def decode(
    cues: NDArray[np.float32],
    places: NDArray[np.int64],
    links: NDArray[np.float32],
    transitions: NDArray[np.float32],
    *,
    counts: Sequence[int],
) -> list[list[Found]]:
    """The attributions of each window.

    `cues` are likelihoods (windows, words, 3); `places` the window and the first word of each cue that is likely
    enough; `links` logits (cues, words, 5); `transitions` what is added where one link follows another (5, 5);
    `counts` the words of each window.
    """
    found: list[list[Found]] = [[] for _ in counts]
    if not len(places):
        return found
    limits = np.asarray(counts)[places[:, 0], None]
    outside = np.arange(links.shape[1])[None, :] >= limits
    links[:, :, Link.NOTHING + 1 :][outside] = _NEVER
    likely = _posteriors(links, transitions)
    for (window, word), path, chances in zip(places.tolist(), _paths(likely), likely, strict=True):
        end = word + 1
        while end < counts[window] and cues[window, end].argmax() == Cue.LATER:
            end += 1
        content = _ranges(path, Link.CONTENT_FIRST)
        if content:
            source = _source(_ranges(path, Link.SOURCE_FIRST), word) or _likeliest(path, chances)
            score = float(cues[window, word, Cue.FIRST])
            found[window].append(Found((word, end), source, content, score))
    return found


def _source(ranges: tuple[tuple[int, int], ...], cue: int) -> tuple[tuple[int, int], ...]:
    """The nearest to the cue of several: 8 of 18,404 sources of the training part come in pieces."""
    return (min(ranges, key=lambda held: max(held[0] - cue, cue - held[1])),) if ranges else ()


def _likeliest(path: NDArray[np.int64], chances: NDArray[np.float32]) -> tuple[tuple[int, int], ...]:
    """The source where none is likelier than not: the words from the one that it likeliest begins with."""
    free = np.where(path == Link.NOTHING, chances[:, Link.SOURCE_FIRST], 0)
    start = int(free.argmax())
    if free[start] < _LEAST_SOURCE:
        return ()
    end = start + 1
    while (
        end < len(path) and path[end] == Link.NOTHING and chances[end, Link.SOURCE_LATER] >= free[start] / 2
    ):
        end += 1
    return ((start, end),)


def _posteriors(scores: NDArray[np.float32], transitions: NDArray[np.float32]) -> NDArray[np.float32]:
    """How likely each word has each label, over all chains: (rows, words, labels).

    The forward-backward algorithm, rescaled at each word. The one likeliest chain would leave a source out where
    several likely chains differ in where it begins.
    """
    rows, length, labels = scores.shape
    least = np.maximum(scores - scores.max(axis=2, keepdims=True), _FAINT)
    emitted = np.exp(least, dtype=np.float64).transpose(1, 0, 2)
    allowed = np.exp(transitions + FOLLOWS)
    ahead = np.empty((length, rows, labels))
    behind = np.ones((length, rows, labels))
    ahead[0] = emitted[0] * np.exp(STARTS)
    for at in range(1, length):
        reached = (ahead[at - 1] @ allowed) * emitted[at]
        ahead[at] = reached / reached.sum(axis=1, keepdims=True)
    for at in range(length - 2, -1, -1):
        reached = (behind[at + 1] * emitted[at + 1]) @ allowed.T
        behind[at] = reached / reached.sum(axis=1, keepdims=True)
    both = ahead * behind
    likely: NDArray[np.float32] = (both / both.sum(axis=2, keepdims=True)).transpose(1, 0, 2)
    return likely.astype(np.float32)


def _paths(likely: NDArray[np.float32]) -> NDArray[np.int64]:
    """The allowed labels of each row that are right the most often, by Viterbi's algorithm: (rows, words)."""
    rows, length, _ = likely.shape
    best = likely[:, 0] + STARTS
    back = np.zeros((length, rows, len(Link)), np.int64)
    for at in range(1, length):
        moved = best[:, :, None] + FOLLOWS
        back[at] = moved.argmax(axis=1)
        best = moved.max(axis=1) + likely[:, at]
    path = np.zeros((rows, length), np.int64)
    path[:, -1] = best.argmax(axis=1)
    for at in range(length - 1, 0, -1):
        path[:, at - 1] = back[at, np.arange(rows), path[:, at]]
    return path


def _ranges(path: NDArray[np.int64], first: Link) -> tuple[tuple[int, int], ...]:
    inside = (path == first) | (path == first + 1)
    starts = np.flatnonzero((path == first) | (inside & ~np.concatenate(([False], inside[:-1]))))
    found = []
    for start in starts:
        end = start + 1
        while end < len(path) and path[end] == first + 1:
            end += 1
        found.append((int(start), int(end)))
    return tuple(found)


def settle(found: Sequence[Found]) -> list[Found]:
    """Drops what contradicts something likelier: a cue inside other content, or content that is another's.

    Content that two want goes to the nearer cue, where the other one has more content than that.
    """
    kept: list[Found] = []
    for one in sorted(found, key=lambda f: (-f.score, f.cue)):
        changed = list(kept)
        for at, other in enumerate(kept):
            rest, changed[at] = _apart(one, other)
            if rest is None:
                break
            one = rest
        else:
            kept = [*changed, one]
    return sorted(kept, key=lambda f: f.cue)


def _apart(one: Found, other: Found) -> tuple[Found | None, Found]:
    """The two without contradicting each other; None for the first where only the likelier second can stay."""
    mine, theirs = _words(one.content), _words(other.content)
    shared = mine & theirs
    if theirs >> one.cue[0] & 1 or mine >> other.cue[0] & 1:
        return None, other
    if shared.bit_count() * 2 <= min(mine.bit_count(), theirs.bit_count()):
        return one, other
    if _distance(one, shared) <= _distance(other, shared) and (less := _without(other, mine)):
        return one, less
    return _without(one, theirs), other


def _words(ranges: Sequence[tuple[int, int]]) -> int:
    """The words as bits of a number, for there may be many pairs to compare."""
    return sum((1 << end) - (1 << start) for start, end in ranges)


def _distance(one: Found, words: int) -> int:
    """Words between a cue or its source and the nearest of some others."""
    low, high = (words & -words).bit_length() - 1, words.bit_length() - 1
    return min(max(low - end + 1, start - high) for start, end in (one.cue, *one.source))


def _without(one: Found, words: int) -> Found | None:
    """The find less the pieces of content that share a word; None where no piece is left."""
    left = tuple(held for held in one.content if not _words([held]) & words)
    return replace(one, content=left) if left else None
