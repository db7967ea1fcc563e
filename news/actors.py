"""Actors: a person, body or state under one name, and how names that differ in spelling meet."""

from __future__ import annotations

import re
import unicodedata

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

_INITIAL = re.compile(r"\W*[Aa]\.")
"""`A. Bell`, where `a` is no article."""

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
    while len(words) > 1 and words[0] in {"the", "a", "an"} and not _INITIAL.match(name):
        del words[0]
    return " ".join(words)
