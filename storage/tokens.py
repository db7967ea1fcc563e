"""Tokens: what stands in the indexes for the words of a text, the same on every database."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from itertools import accumulate, takewhile

from news.actors import usual_spelling
from news.terms import SHORTEST_PREFIX, Term, words_in

MOST_TOKENS = 16_000
"""Tokens of one text that are indexed; PostgreSQL counts places up to 16,383."""
MOST_CHARACTERS = 150_000
"""Of all tokens of one text: PostgreSQL indexes no more than a megabyte."""
LONGEST_TOKEN = 100
"""Characters of a word that count."""

_VOWELS = frozenset("aeiouy")
_DOUBLED = frozenset(("bb", "dd", "ff", "gg", "mm", "nn", "pp", "rr", "tt"))
_WITHOUT_ENDING = frozenset(("news",))
_SHORTEST = 4
"""Words with fewer letters have no ending."""


def tokens_of(text: str) -> list[str]:
    """The tokens of a text, in its order; of a very long one, the first."""
    return tokens_of_words(words_in(text))


def tokens_of_words(words: Sequence[str]) -> list[str]:
    """As `tokens_of`, for words that are folded already."""
    tokens = list(map(token, words[:MOST_TOKENS]))
    if sum(map(len, tokens)) > MOST_CHARACTERS:
        sizes = accumulate(map(len, tokens))
        return [one for one, size in zip(tokens, sizes, strict=True) if size <= MOST_CHARACTERS]
    return tokens


def tokens_for(term: Term) -> tuple[str, ...]:
    """The tokens that a term looks for; of a prefix, the last is the beginning of tokens."""
    tokens = tuple(map(token, term.words))
    if not term.prefix:
        return tokens
    # `bridge*` is to find bridges, whose token is `bridg`.
    return (*tokens[:-1], _common(term.words[-1], tokens[-1]))


def _common(one: str, other: str) -> str:
    """What both begin with; the other where that is hardly anything: `kyiv` and `kiev` are one word."""
    same = takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False))
    begin = "".join(letter for letter, _ in same)
    return begin if len(begin) >= SHORTEST_PREFIX else other


@lru_cache(maxsize=100_000)
def token(word: str) -> str:
    """What a folded word is looked for by: without the endings of English grammar, in its usual spelling.

    `talks`, `talked` and `talking` are one; `negotiate` and `negotiation` are two, and so are `import` and
    `important`, which a full stemmer takes for one. These are steps 1 and 5a of the English (Porter 2) algorithm of
    snowballstem.org.
    """
    word = usual_spelling(word[:LONGEST_TOKEN])
    if len(word) < _SHORTEST or not (word.isascii() and word.isalpha()) or word in _WITHOUT_ENDING:
        return word
    return usual_spelling(_without_e(_without_past(_singular(word))))


def _singular(word: str) -> str:
    if word.endswith("sses"):
        return word[:-2]
    if word.endswith(("ied", "ies")):
        return word[:-2] if len(word) > _SHORTEST else word[:-1]
    if word.endswith("s") and not word.endswith(("us", "ss")) and _VOWELS.intersection(word[:-2]):
        return word[:-1]
    return word


def _without_past(word: str) -> str:
    for ending in ("eedly", "eed"):
        if word.endswith(ending):
            return (
                word[: len(word) - len(ending) + 2]
                if _after_first_syllable(word) <= len(word) - len(ending)
                else word
            )
    for ending in ("edly", "ingly", "ed", "ing"):
        rest = word.removesuffix(ending)
        if rest != word and _VOWELS.intersection(rest):
            return _mended(rest)
    if word.endswith("y") and len(word) > 2 and word[-2] not in _VOWELS:
        return f"{word[:-1]}i"
    return word


def _mended(rest: str) -> str:
    """What is left when an ending is off, as the word was before it: `hop(p)`, `hop(e)`."""
    if rest.endswith(("at", "bl", "iz")):
        return f"{rest}e"
    if rest[-2:] in _DOUBLED:
        return rest[:-1]
    if _after_first_syllable(rest) >= len(rest) and _ends_short(rest):
        return f"{rest}e"
    return _without_past(rest) if rest.endswith("y") else rest


def _without_e(word: str) -> str:
    if not word.endswith("e"):
        return word
    rest = word[:-1]
    first = _after_first_syllable(word)
    second = first + _after_first_syllable(word[first:])
    if second <= len(rest) or (first <= len(rest) and not _ends_short(rest)):
        return rest
    return word


def _after_first_syllable(word: str) -> int:
    """Where the region begins that the algorithm calls R1: behind the first consonant that follows a vowel."""
    for at in range(1, len(word)):
        if word[at] not in _VOWELS and word[at - 1] in _VOWELS:
            return at + 1
    return len(word)


def _ends_short(word: str) -> bool:
    """Whether it ends in what the algorithm calls a short syllable: `hop`, `rap`, not `bow` or `rain`."""
    if len(word) == 2:
        return word[0] in _VOWELS and word[1] not in _VOWELS
    if len(word) < 2:
        return False
    before, vowel, last = word[-3], word[-2], word[-1]
    return vowel in _VOWELS and last not in _VOWELS and last not in "wx" and before not in _VOWELS
