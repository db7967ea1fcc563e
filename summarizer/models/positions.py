"""The position reader: of a passage and a target, which of its words name somebody who is for or against it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from news.spans import Span
from news.stances import Position
from summarizer.models.sessions import session
from summarizer.models.words import SEPARATOR, START, tokenizer

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

TARGET_PIECES, PASSAGE_PIECES = 34, 128
"""Word pieces of a target and of a passage that are read; it was trained with no more."""
MODEL = Path(__file__).with_name("positions") / "positions.onnx"
LABELS = (None, Position.SUPPORTS, Position.OPPOSES, Position.CONDITIONAL)
"""What a word piece may be: nobody who takes a position, or somebody with this one."""


@dataclass(frozen=True, slots=True)
class Held:
    """Words of a passage that name an actor with a position on the target."""

    span: Span
    position: Position
    score: float
    """How likely the reader holds it, from 0 to 1."""


def is_trained() -> bool:
    """Whether there are weights to read with."""
    return MODEL.exists()


def pieces_in(text: str) -> int:
    """How many word pieces a text has."""
    return len(tokenizer().encode(text, add_special_tokens=False).ids)


def read_positions(target: str, passage: str, *, least: float) -> tuple[Held, ...]:
    """Who takes a position on the target in the passage, at least that likely, in reading order; spans are into it."""
    encoding = tokenizer().encode(passage, add_special_tokens=False)
    offsets = encoding.offsets[:PASSAGE_PIECES]
    odds = _odds(target, encoding.ids[:PASSAGE_PIECES])
    labels = odds.argmax(axis=1)
    found: list[Held] = []
    at = 0
    while at < len(offsets):
        end = at + 1
        while end < len(offsets) and labels[end] == labels[at]:
            end += 1
        label = LABELS[labels[at]]
        score = float(odds[at:end, labels[at]].max())
        if label is not None and score >= least:
            found.append(Held(_whole(passage, offsets[at][0], offsets[end - 1][1]), label, score))
        at = end
    return tuple(found)


def _odds(target: str, passage: Sequence[int]) -> NDArray[np.float32]:
    """How likely each label is for each piece of the passage (pieces, labels)."""
    import numpy as np

    head = [START, *tokenizer().encode(target, add_special_tokens=False).ids[:TARGET_PIECES], SEPARATOR]
    pieces = np.array([[*head, *passage, SEPARATOR]], np.int64)
    kinds = np.zeros_like(pieces)
    kinds[:, len(head) :] = 1
    outputs: list[Any] = session(MODEL).run(["odds"], {"pieces": pieces, "kinds": kinds})
    odds: NDArray[np.float32] = outputs[0][0]
    return odds[len(head) : len(head) + len(passage)]


def _whole(passage: str, start: int, end: int) -> Span:
    """The span with the words whose parts it holds."""
    while start and passage[start - 1].isalnum() and passage[start].isalnum():
        start -= 1
    while end < len(passage) and passage[end].isalnum() and passage[end - 1].isalnum():
        end += 1
    return Span(start, end)
