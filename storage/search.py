"""Search: words as they are stored to be found, and the conditions that find them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from sqlalchemy import ColumnElement, and_, false, or_
from sqlalchemy.orm import InstrumentedAttribute

from news.actors import fold, name_key
from storage.tables import StatementRow, VersionRow
from storage.types import clean

_WORD = re.compile(r"[^\W_]+")

# Beyond these SQLite refuses the expression (depth 1,000, patterns of 50,000 bytes), and nothing can match.
MOST_WORDS = 400
LONGEST_WORD = 300

Words = InstrumentedAttribute[str]


def spaced_words(text: str) -> str:
    """The folded words of a text, with a space before and after each; empty without any."""
    return _spaced(_WORD.findall(fold(text)))


def spaced_key(name: str | None) -> str:
    """The words of a name's key, with a space before and after each; empty without any."""
    return _spaced(name_key(name or "").split())


def words_stand(text: str, *columns: Words) -> ColumnElement[bool]:
    """Whether each word of `text` begins a word in one of the columns; never for a text without words."""
    words = _sought(_WORD.findall(fold(clean(text))))
    if not words:
        return false()
    return and_(*(or_(*(column.contains(f" {word}") for column in columns)) for word in words))


def speaks(name: str) -> ColumnElement[bool]:
    """Whether a statement is the named actor's, or was made in its name.

    All words of the name are in the speaker's, or the speaker is known by the last word alone, or all are
    in the affiliation: a spokesman speaks for a government; or in the state behind it: the Kremlin's is Russia.
    """
    words = _sought(name_key(clean(name)).split())
    if not words:
        return false()
    last = f" {name_key(clean(name)).split()[-1]} "
    return or_(
        _all_in(StatementRow.speaker_key, words),
        StatementRow.speaker_key == last,
        _all_in(StatementRow.affiliation_key, words),
        _all_in(StatementRow.state_key, words),
    )


def in_headline(name: str) -> ColumnElement[bool]:
    """Whether all words of the name stand in a version's title, in any of the usual spellings."""
    words = _sought(name_key(clean(name)).split())
    return _all_in(VersionRow.title_key, words) if words else false()


def outlet_holds(text: str) -> ColumnElement[bool]:
    """Whether a statement's outlet has the text in its name, case and diacritics aside."""
    sought = fold(clean(text)).strip()
    if len(sought) > LONGEST_WORD:
        return false()
    return StatementRow.outlet_key.contains(sought, autoescape=True)


def _spaced(words: Sequence[str]) -> str:
    return f" {' '.join(words)} " if words else ""


def _sought(words: Sequence[str]) -> Sequence[str]:
    """The different words to look for; none where nothing stored could hold them all."""
    different = tuple(dict.fromkeys(words))
    if len(different) > MOST_WORDS or any(len(word) > LONGEST_WORD for word in different):
        return ()
    return different


def _all_in(column: Words, words: Sequence[str]) -> ColumnElement[bool]:
    # Words hold letters and digits only: nothing in them means anything to LIKE.
    return and_(*(column.contains(f" {word} ") for word in words))
