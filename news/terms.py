"""Terms: what typed words ask a text for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from news.actors import fold
from news.words import UNSPACED

MOST_TERMS = 40
"""Terms that are looked for; a search with more finds nothing."""
LONGEST_PHRASE = 40
"""Words of one term; a search with a longer one finds nothing."""
SHORTEST_PREFIX = 3
"""Letters before a `*`; after fewer it means nothing."""

_WORD = re.compile(rf"{UNSPACED}|(?:(?!{UNSPACED})[^\W_])+")
_PLAIN = re.compile(r"[^\W_]+")
"""The same where all characters are ASCII; twice as fast."""
_PIECE = re.compile(
    r"""
    (?P<minus>(?<!\S)[-−](?=[\w"“”„‟«»]))?
    (?: "(?P<straight>[^"]*)" | [“”„‟](?P<curled>[^“”„‟]*)[“”„‟] | «(?P<pointed>[^«»]*)»
      | (?P<plain>[^\s"“”„‟«»]+) (?P<star>(?<=\*))? | ["“”„‟«»] )
    """,
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Term:
    """Words that stand in a row in a text, in any of their usual endings."""

    words: tuple[str, ...]
    """Folded."""
    prefix: bool = False
    """Whether the last word may go on."""
    excluded: bool = False
    """Whether they must not stand there."""


def words_in(text: str) -> list[str]:
    """The folded words of a text; in a script without spaces each character is one."""
    folded = fold(text)
    return (_PLAIN if folded.isascii() else _WORD).findall(folded)


def terms_of(typed: str) -> tuple[Term, ...]:
    """The different terms that typed words ask for; all of them must be met. Nothing that is typed is an error.

    Each word is a term. Words between quotation marks are one term, and so are those that a sign joins (`cease-fire`).
    `negot*` is met by any word that begins so, `-word` by a text that lacks it.
    """
    return tuple(dict.fromkeys(_terms(typed)))


def _terms(typed: str) -> Iterator[Term]:
    for piece in _PIECE.finditer(typed):
        held = next(
            (piece[n] for n in ("straight", "curled", "pointed", "plain") if piece[n] is not None), ""
        )
        words = tuple(words_in(held))
        if words:
            prefix = piece["star"] is not None and len(words[-1]) >= SHORTEST_PREFIX
            yield Term(words, prefix, piece["minus"] is not None)


def findable(terms: tuple[Term, ...]) -> bool:
    """Whether a text can meet the terms: there are some, one at least is not excluded, and they are not too many."""
    few = len(terms) <= MOST_TERMS and all(len(term.words) <= LONGEST_PHRASE for term in terms)
    return few and any(not term.excluded for term in terms)
