"""Words as the tagger sees them: word pieces, and what their lower-cased pieces no longer show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import cache
from itertools import groupby
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from news.spans import Span
from summarizer.quotations import Quotation, Quoted

if TYPE_CHECKING:
    from tokenizers import Tokenizer

START, SEPARATOR = 101, 102
"""The pieces that a text begins with and ends with."""
VOCABULARY = Path(__file__).with_name("tagger") / "tokenizer.json"
_LOADING = Lock()
_LONGEST = 16
"""Pieces of one word that are kept: what has more is no word."""


class Case(IntEnum):
    """How a word is written; its pieces are lower-cased."""

    LOWER = 0
    CAPITALISED = 1
    UPPER = 2
    MIXED = 3
    """Digits, or capitals inside: `iPhone`, `2024`."""


class Quoting(IntEnum):
    """Where a word stands towards quotation marks."""

    OUTSIDE = 0
    MARK = 1
    """The mark that opens or closes."""
    INSIDE = 2
    UNCLOSED = 3
    """Inside a quotation that nothing closes."""


@dataclass(frozen=True, slots=True)
class Word:
    """A word or a punctuation mark."""

    start: int
    end: int
    pieces: tuple[int, ...]
    case: Case
    quoting: Quoting


def tokenizer() -> Tokenizer:
    """The vocabulary that the tagger was trained with, loaded once a process."""
    with _LOADING:
        return _load()


@cache
def _load() -> Tokenizer:
    from tokenizers import Tokenizer

    found = Tokenizer.from_file(str(VOCABULARY))
    found.no_padding()
    found.no_truncation()
    found.encode_special_tokens = True  # “[SEP]” in an article is four characters more, not a mark of ours
    return found


def find_words(
    text: str, paragraphs: Sequence[Span], quotations: Sequence[Quotation]
) -> tuple[tuple[Word, ...], ...]:
    """The words of each paragraph; all offsets are into `text`."""
    vocabulary = tokenizer()
    quoted = Quoted(quotations)
    mark = vocabulary.token_to_id('"') or 0
    found = []
    for paragraph in paragraphs:
        encoding = vocabulary.encode(paragraph.of(text), add_special_tokens=False)
        words = []
        rows = zip(encoding.word_ids, encoding.ids, encoding.offsets, strict=True)
        for _, pieces in groupby(rows, key=lambda row: row[0]):
            held = list(pieces)
            start, end = paragraph.start + held[0][2][0], paragraph.start + held[-1][2][1]
            where = _quoting(quoted, start)
            ids = (mark,) if where is Quoting.MARK else tuple(p[1] for p in held[:_LONGEST])
            words.append(Word(start, end, ids, _case(text[start:end]), where))
        found.append(tuple(words))
    return tuple(found)


def _case(word: str) -> Case:
    if word.islower() or not any(c.isalnum() for c in word):
        return Case.LOWER
    if word.isupper() and len(word) > 1:
        return Case.UPPER
    if word[0].isupper() and (len(word) == 1 or word[1:].islower()):
        return Case.CAPITALISED
    return Case.MIXED


def _quoting(quoted: Quoted, place: int) -> Quoting:
    found = quoted.at(place)
    if found is None:
        return Quoting.OUTSIDE
    piece, closed = found
    if place == piece.start or (closed and place == piece.end - 1):
        return Quoting.MARK
    return Quoting.INSIDE if closed else Quoting.UNCLOSED
