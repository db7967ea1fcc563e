"""From the tagger's scores to word ranges: cues first, then the best source and content of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from summarizer.models.labels import Cue, Link

if TYPE_CHECKING:
    from numpy.typing import NDArray

_FOLLOWS = np.zeros((len(Link), len(Link)), np.float32)
"""What may stand after what: a later word only after a word of its own role."""
for _before in Link:
    for _role in (Link.SOURCE_LATER, Link.CONTENT_LATER):
        if _before not in (_role, _role - 1):
            _FOLLOWS[_before, _role] = -np.inf


@dataclass(frozen=True, slots=True)
class Found:
    """A cue with what belongs to it, as half-open word ranges of a window."""

    cue: tuple[int, int]
    source: tuple[tuple[int, int], ...]
    content: tuple[tuple[int, int], ...]
    score: float
    """How likely the cue is one."""
    sure: float
    """The mean probability of the words taken as content."""


def log_softmax(scores: NDArray[np.float32]) -> NDArray[np.float32]:
    """Over the last axis."""
    shifted = scores - scores.max(axis=-1, keepdims=True)
    result: NDArray[np.float32] = shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))
    return result


def decode(
    cues: NDArray[np.float32], links: NDArray[np.float32], counts: Sequence[int], *, least: float
) -> list[list[Found]]:
    """The attributions of each window whose cue is at least that likely.

    `cues` are logits (windows, words, 3), `links` logits (windows, words, words, 5); `counts` the words of each.
    """
    likely = np.exp(log_softmax(cues))
    rows = [
        (window, int(word))
        for window, count in enumerate(counts)
        for word in np.flatnonzero(likely[window, :count, Cue.FIRST] >= least)
    ]
    found: list[list[Found]] = [[] for _ in counts]
    if not rows:
        return found
    chosen = log_softmax(np.stack([links[window, word] for window, word in rows]))
    for row, (window, _) in enumerate(rows):
        chosen[row, counts[window] :, Link.NOTHING + 1 :] = -1e4
    for (window, word), path, scores in zip(rows, _paths(chosen), chosen, strict=True):
        end = word + 1
        while end < counts[window] and likely[window, end].argmax() == Cue.LATER:
            end += 1
        source, content = _ranges(path, Link.SOURCE_FIRST), _ranges(path, Link.CONTENT_FIRST)
        if content:
            words = [i for s, e in content for i in range(s, e)]
            sure = float(np.exp(scores[words][:, Link.CONTENT_FIRST :]).sum(axis=1).mean())
            found[window].append(
                Found((word, end), source, content, float(likely[window, word, Cue.FIRST]), sure)
            )
    return found


def _paths(scores: NDArray[np.float32]) -> NDArray[np.int64]:
    """The best allowed labels of each row, by Viterbi's algorithm: (rows, words)."""
    rows, length, _ = scores.shape
    best = scores[:, 0].copy()
    best[:, [Link.SOURCE_LATER, Link.CONTENT_LATER]] = -np.inf
    back = np.zeros((length, rows, len(Link)), np.int64)
    for at in range(1, length):
        moved = best[:, :, None] + _FOLLOWS[None]
        back[at] = moved.argmax(axis=1)
        best = moved.max(axis=1) + scores[:, at]
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


def settle(found: Sequence[Found], *, least: float) -> list[Found]:
    """Drops what contradicts something likelier: a cue inside other content, or content that is another's."""
    kept: list[Found] = []
    for one in sorted(found, key=lambda f: (-f.score, f.cue)):
        if one.score < least:
            continue
        mine = {i for s, e in one.content for i in range(s, e)}
        if any(_clash(one, mine, other) for other in kept):
            continue
        kept.append(one)
    return sorted(kept, key=lambda f: f.cue)


def _clash(one: Found, mine: set[int], other: Found) -> bool:
    theirs = {i for s, e in other.content for i in range(s, e)}
    if one.cue[0] in theirs or other.cue[0] in mine:
        return True
    return len(mine & theirs) * 2 > min(len(mine), len(theirs))
