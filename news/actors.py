"""Actors: a person, body or state under one name, and how names that differ in spelling meet."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

_WORD = re.compile(r"[^\W_]+(?:[’'-][^\W_]+)*")
_TRANSLITERATED = (
    (re.compile(r"(?:iy|ij|yy|yi|ii|y|j)(?=$)"), "i"),  # Zelenskyy, Zelensky, Zelenskiy, Zelenskij
    (re.compile(r"y"), "i"),  # Dmytro, Dmitro
    (re.compile(r"kh"), "h"),
    (re.compile(r"ck|q"), "k"),
    (re.compile(r"ph"), "f"),
    (re.compile(r"w"), "v"),
    (re.compile(r"(.)\1"), r"\1"),  # doubled letters
)

_OWNING = re.compile(r"(?:['’]s|s['’])$", re.IGNORECASE)
_RELATING = {"at", "behind", "by", "for", "from", "in", "near", "of", "to", "under", "with"}

_WITHOUT_MARK = str.maketrans("łøđħŧı", "lodhti")
"""Letters whose stroke is no combining mark, so that decomposition leaves it on."""


def fold(text: str) -> str:
    """`text` without case and diacritics, for comparing; not for showing."""
    # Case folding may bring marks, and dropping marks may bring upper case: hence twice.
    for _ in range(2):
        decomposed = unicodedata.normalize("NFKD", text.casefold())
        text = "".join(c for c in decomposed if not unicodedata.combining(c))
    return text.translate(_WITHOUT_MARK)


def name_key(name: str) -> str:
    """A name's key: equal for the usual transliterations of one name, words separated by one space.

    `name_key("Zelenskyy") == name_key("Zelensky") == name_key("Zelenskiy")`. Possessive endings and
    leading articles are dropped. Empty when the name holds no letter or digit.
    """
    words = []
    for word in _WORD.findall(fold(name)):
        word = re.sub(r"['’]s?$", "", word)
        word = re.sub(r"['’-]", "", word)
        for pattern, replacement in _TRANSLITERATED:
            word = pattern.sub(replacement, word)
        words.append(word)
    while len(words) > 1 and words[0] in {"the", "a", "an"}:
        del words[0]
    return " ".join(words)


def is_own_voice(speaker: str, names: Iterable[str], *, anonymous: bool = False) -> bool:
    """Whether a speaker of that name is the one that goes by `names`, not another who is called after it.

    `Dana Miller` is `Miller`; `Miller's lawyer`, `a spokesman for Dana Miller` and `the authorities in Miller`
    are not, and the nameless are nobody but what they are called.
    """
    return any(_is_called(speaker, name_key(name), anonymous=anonymous) for name in names)


def _is_called(speaker: str, asked: str, *, anonymous: bool) -> bool:
    key = name_key(speaker)
    if not asked or not key or key == asked:
        return bool(key) and key == asked
    if anonymous:
        return False
    sought = asked.split()
    if key == sought[-1]:
        return True
    tokens = speaker.split()
    keys = [name_key(token) for token in tokens]
    places = [at for at, word in enumerate(keys) if set(word.split()) & set(sought)]
    if not places or not set(sought) <= {word for at in places for word in keys[at].split()}:
        return False
    first, last = places[0], places[-1]
    if any(token.lower() in _RELATING for token in tokens[:first]):
        return False
    after = "".join(tokens[last + 1 : last + 2])
    return not after or after == "and" or not (_OWNING.search(tokens[last]) or after[0].islower())
