"""Search: words as they are stored to be found, and the conditions that find them."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, and_, false, not_, or_
from sqlalchemy.orm import InstrumentedAttribute

from news.actors import fold, name_key
from news.names import Sought, longer
from news.terms import words_in
from storage.tables import StatementRow, VersionRow
from storage.types import clean

# Beyond these SQLite refuses the expression (depth 1,000, patterns of 50,000 bytes), and nothing can match.
MOST_WORDS = 400
LONGEST_WORD = 300

Words = InstrumentedAttribute[str]


def spaced_words(text: str) -> str:
    """The folded words of a text, with a space before and after each; empty without any."""
    return _spaced(words_in(text))


def spaced_key(name: str | None) -> str:
    """The words of a name's key, with a space before and after each; empty without any."""
    return _spaced(name_key(name or "").split())


def speaks(sought: Sought) -> ColumnElement[bool]:
    """Whether a statement is the sought actor's, or was made in its name: a spokesman speaks for a government.

    What is said in the name of a body is said in its state's too: the Kremlin's is Russia.
    """
    others = [_is_or_holds(key, sought) for key in sought.apart]
    in_its_name = or_(
        *(_is_called(column, sought) for column in (StatementRow.affiliation_key, StatementRow.state_key))
    )
    return or_(is_speaker(sought), and_(in_its_name, *(not_(other) for other in others)))


def stands() -> ColumnElement[bool]:
    """Whether a statement still stands in its article: its place tells, which an index has beside the article."""
    return StatementRow.position >= 0


def is_speaker(sought: Sought) -> ColumnElement[bool]:
    """Whether the speaker goes by one of the actor's names, or by a surname that is nobody else's."""
    surnames = [_spaced([word]) for word in sought.surnames]
    return or_(_is_called(StatementRow.speaker_key, sought), StatementRow.speaker_key.in_(surnames))


def in_headline(sought: Sought) -> ColumnElement[bool]:
    """Whether all words of one of the names stand in a version's title, in any of the usual spellings."""
    return _holds(VersionRow.title_key, (*sought.within, *sought.alone), sought)


def outlet_holds(text: str, column: Words = StatementRow.outlet_key) -> ColumnElement[bool]:
    """Whether an outlet has the text in its name, case and diacritics aside."""
    sought = fold(clean(text)).strip()
    if len(sought) > LONGEST_WORD:
        return false()
    return column.contains(sought, autoescape=True)


def _is_called(column: Words, sought: Sought) -> ColumnElement[bool]:
    """Whether a name has all words of one of the actor's, or is a short form of it."""
    alone = [_spaced(key.split()) for key in sought.alone]
    return or_(column.in_(alone), _holds(column, sought.within, sought))


def _holds(column: Words, keys: Sequence[str], sought: Sought) -> ColumnElement[bool]:
    """Whether all words of one of the names are there, and not those of a longer one that is somebody else's."""
    others = (_all_in(column, other) for other in sought.apart if longer(other, *keys))
    return and_(or_(false(), *(_all_in(column, key) for key in keys)), *(not_(other) for other in others))


def _is_or_holds(key: str, sought: Sought) -> ColumnElement[bool]:
    """Whether the speaker is somebody else, called `key`, who speaks in the actor's name."""
    if any(longer(own, key) for own in sought.within):
        return StatementRow.speaker_key == _spaced(key.split())
    return _all_in(StatementRow.speaker_key, key)


def _spaced(words: Sequence[str]) -> str:
    return f" {' '.join(words)} " if words else ""


def _findable(words: Sequence[str]) -> Sequence[str]:
    """The different words to look for; none where nothing stored could hold them all."""
    different = tuple(dict.fromkeys(words))
    if len(different) > MOST_WORDS or any(len(word) > LONGEST_WORD for word in different):
        return ()
    return different


def _all_in(column: Words, key: str) -> ColumnElement[bool]:
    words = _findable(key.split())
    # Words hold letters and digits only: nothing in them means anything to LIKE.
    return and_(*(column.contains(f" {word} ") for word in words)) if words else false()
