"""The position reader: of a passage and some targets, which of its words name somebody who is for or against which."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, cast

from news.spans import Span
from news.stances import Position
from summarizer.models.sessions import session
from summarizer.models.words import SEPARATOR, START, tokenizer

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Numbers = NDArray[np.float32]

TARGET_PIECES, PASSAGE_PIECES = 32, 128
"""Word pieces of a target and of a passage that are read; it was trained with no more."""
HEAD_PIECES = 18
"""Word pieces of a target's name and description where it has wordings, too."""
MOST_TARGETS = 6
"""Targets that are read for at a time; it was trained with no more."""
_FOLDER = Path(__file__).with_name("positions")
TOGETHER, ALONE = _FOLDER / "together.onnx", _FOLDER / "alone.onnx"
"""The reader of several targets at a time, and that of one, which is far surer and costs six times as much for each."""
LABELS = (None, Position.SUPPORTS, Position.OPPOSES, Position.CONDITIONAL)
"""What a word piece may be: nobody who takes a position, or somebody with this one."""
_WORTH_ASKING = 0.5
"""How sure the first reader must be of a position for the second one to be asked for its target."""
_WORD = re.compile(r"\w")
_INITIALS = re.compile(r"(?<!\w)(?:[A-Z]\.)+[A-Z]$")


@dataclass(frozen=True, slots=True)
class Held:
    """Words of a passage that name an actor with a position on a target."""

    span: Span
    position: Position
    score: float
    """How sure the reader is, from 0 to 1: the root of how likely the word is times how likely such a position is there. It is no
    probability."""


def pieces_in(text: str) -> int:
    """How many word pieces a text has."""
    return len(word_pieces(text))


def word_pieces(text: str) -> list[int]:
    """The text's word pieces, without marks of the reader's own."""
    return list(tokenizer().encode(text, add_special_tokens=False).ids)


def wording_pieces(is_for: bool, wording: Sequence[int]) -> list[int]:
    """The word pieces of a wording, with what stands around it in what is told of a target."""
    return [*word_pieces("For:" if is_for else "Against:"), *wording, *word_pieces(".")]


def pieces_of(name: str, description: str, supporting: Sequence[str], opposing: Sequence[str]) -> list[int]:
    """The word pieces of a target: what it is, and the first wording for and the first against it that find room."""
    pieces = word_pieces(f"{name}. {description}")[: HEAD_PIECES if supporting or opposing else TARGET_PIECES]
    for is_for, wordings, sides in ((True, supporting, 2 if opposing else 1), (False, opposing, 1)):
        room = (TARGET_PIECES - len(pieces)) // sides
        told = (wording_pieces(is_for, word_pieces(wording)) for wording in wordings)
        pieces += next((some for some in told if len(some) <= room), [])
    return pieces


def read_positions(targets: Sequence[Sequence[int]], passage: str) -> list[list[Held]]:
    """Of each target (its pieces) who takes a position on it in the passage, in reading order; spans are into it.

    The targets are read together: near ones are told apart by each other. Those on which somebody is found are read once
    more, each alone, and both readings count alike. Raises `ValueError` for more than `MOST_TARGETS`.
    """
    if len(targets) > MOST_TARGETS:
        raise ValueError(f"At most {MOST_TARGETS} targets are read for at a time, not {len(targets)}.")
    words = _words(passage)
    pieces = [piece for word in words for piece in word.pieces]
    if not targets or not pieces:
        return [[] for _ in targets]
    found: list[list[Held]] = [[] for _ in targets]
    for at in _worth_asking(*_odds(TOGETHER, targets, pieces)):
        odds, present = _odds(ALONE, targets[at : at + 1], pieces)
        found[at] = list(_held(passage, words, odds[0], present[0]))
    return found


@dataclass(frozen=True, slots=True)
class _Word:
    span: Span
    pieces: tuple[int, ...]


def _words(passage: str) -> list[_Word]:
    """The words of as much of a passage as is read; one that would be cut is left out, and so is all behind it."""
    encoding = tokenizer().encode(passage, add_special_tokens=False)
    words = []
    rows = zip(encoding.word_ids, encoding.ids, encoding.offsets, strict=True)
    total = 0
    for _, pieces in groupby(rows, key=lambda row: row[0]):
        held = list(pieces)
        total += len(held)
        if total > PASSAGE_PIECES:
            break
        words.append(_Word(Span(held[0][2][0], held[-1][2][1]), tuple(piece for _, piece, _ in held)))
    return words


def _worth_asking(odds: Numbers, present: Numbers) -> list[int]:
    """The places of targets on which somebody seems to take a position."""
    import numpy as np

    named = odds[:, :, 0].min(axis=1) <= 0.5
    sure = (odds[:, :, 1:].max(axis=1) * present).max(axis=1) >= _WORTH_ASKING**2
    return [int(at) for at in np.flatnonzero(named & sure)]


def _odds(model: Path, targets: Sequence[Sequence[int]], passage: Sequence[int]) -> tuple[Numbers, Numbers]:
    """How likely of each target each piece has each label, and each position is taken at all.

    (targets, pieces, labels) and (targets, positions).
    """
    import numpy as np

    row = [START, *passage]
    places = []
    for target in targets:
        places.append(len(row))
        row += [SEPARATOR, *target]
    pieces = np.array([[*row, SEPARATOR]], np.int64)
    kinds = np.zeros_like(pieces)
    kinds[:, 1 : len(passage) + 1] = 1
    given = {"pieces": pieces, "kinds": kinds, "slots": np.array(places, np.int64)}
    reader = session(model)
    taken = {each.name: given[each.name] for each in reader.get_inputs()}  # MPNet knows no kinds
    odds, present = cast("list[Numbers]", reader.run(["odds", "present"], taken))
    return odds[:, 1 : len(passage) + 1], present


def _held(passage: str, words: Sequence[_Word], odds: Numbers, present: Numbers) -> Iterator[Held]:
    """Neighbouring words that rather name somebody than not, with the position that they have on the whole."""
    import numpy as np

    starts = np.cumsum([0, *(len(word.pieces) for word in words)])
    each = np.add.reduceat(odds, starts[:-1], axis=0) / np.diff(starts)[:, None]
    label_of = np.where(each[:, 0] <= 0.5, each[:, 1:].argmax(axis=1) + 1, 0)
    for label, at in groupby(range(len(words)), key=lambda at: label_of[at]):
        run = list(at)
        while run and not _WORD.search(words[run[-1]].span.of(passage)):
            run.pop()
        while run and not _WORD.search(words[run[0]].span.of(passage)):
            run.pop(0)
        position = LABELS[label]
        if run and position is not None:
            score = float(np.sqrt(each[run, label].max() * present[label - 1]))
            yield Held(
                _whole(passage, Span(words[run[0]].span.start, words[run[-1]].span.end)), position, score
            )


def _whole(passage: str, span: Span) -> Span:
    """With the full stop of initials: `U.S.`."""
    ends = passage.startswith(".", span.end) and _INITIALS.search(span.of(passage))
    return Span(span.start, span.end + 1) if ends else span
