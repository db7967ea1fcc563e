"""Actors: a person, body or state under one name, and how names that differ in spelling meet."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

_WORD = re.compile(r"[^\W_]+(?:[’'-][^\W_]+)*")
_ARTICLES = frozenset(("the", "a", "an"))
_INITIALS = re.compile(r"(?<![^\W_])(?:[^\W\d_]\.\s?)+[^\W\d_]\.")
"""`J. D.`, `U.S.`, which others write `JD` and `US`."""
_GIVEN_IN_TWO = re.compile(r"(?<![^\W_])([A-Z][a-z]+)-([a-z]{2,})(?![\w-])")
"""`Jong-un`, which others write `Jong Un`; `al-Assad` begins small."""
_KOREAN = re.compile(
    r"\s*((?:Kim|Lee|Park|Moon|Yoon|Choi|Jung|Kang|Cho|Han|Lim|Ban|Roh) [A-Z][a-z]{1,5})-([A-Z][a-z]{1,5})\s*"
)
_ARABIC_ARTICLE = re.compile(r"^(?:al|el|as|ad|ar|ash|at|az|an)[-’'](?=[^\W\d_]{3})")
_ENDS_LIKE_A_SURNAME = re.compile(r"[eo][vw]a?$|[sc]k(?:iy|ij|yy|yi|ii|[yjia])$")
"""Slavic endings, in which `w` and `v` are one letter."""
_ENDINGS = re.compile(r"(?:iy|ij|yy|yi|ii|y|j)$")
"""Zelenskyy, Zelensky, Zelenskiy, Zelenskij."""
_EI = re.compile(r"e[yj]$")
"""Sergei, Sergey; not Kelly, Kelley."""
_BETWEEN = re.compile(r"(?<![aeou])y")
"""Tymoshenko, Timoshenko; not Taylor, Meyers."""
_SPELLINGS = {
    spelling: forms[0]
    for forms in (
        line.split()
        for line in """
        kiev kyiv kiew kyjiw
        kharkiv harkiv kharkov
        odesa odessa
        shoigu shoygu
        muhamad muhammad muhammed mohammed mohammad mohamed mohamad muhamed
        ahmad ahmed achmed
        hussein husein hussain husain husayn hossein hosein husseyn
        yusuf yousef yousif youssef yusef yousuf yussuf
        mahmud mahmoud
        musa moussa mousa
        khaled khalid
        usama osama
        ibrahim ebrahim
        abdullah abdallah abdulla
        sulaimani soleimani suleimani sulaymani soleymani
        ruhani rouhani rohani
        gadafi gaddafi qaddafi kadhafi kaddafi qadhafi gadhafi khadafy khadafi qadafi ghadafi
        netaniahu netanyahu netanyahou netanyahoo netaniahou nethanyahu
        alexander aleksandr alexandr aleksander
        alexei aleksei alexey aleksey alexej aleksej
        viktor victor wiktor
        vladimir wladimir
        volodimir volodymyr volodimir wolodymyr wolodimir
        dmitri dmitry dmitriy dmitrii dmitrij dimitri dimitry
        dmitro dmytro
        mihail mikhail mikhael
        yuri yury yuriy yurii iurii
        evgeni evgeny evgenii evgeniy yevgeny yevgeni yevgeniy yevgenii
        ekaterina yekaterina
        elena yelena
        eltsin yeltsin
        ermak yermak
        erdogan erdoan
        gorbachev gorbachov gorbatchev gorbatschow
        hrushchev khrushchev khrushchov chruschtschow
        lukashenko loukachenko lukaschenko lukashenka
        navalni navalny nawalny navalniy navalnyy navalnyi
        poroshenko poroschenko porochenko
        timoshenko tymoshenko timoschenko timochenko
        hezbollah hizbollah hizbullah hezbullah hizballah
        zedong tsetung
        """.strip().splitlines()
    )
    for spelling in forms
}
"""Usual spellings of one name that no rule brings together; the first stands for all."""

_OWNING = re.compile(r"(?:['’]s|s['’])$", re.IGNORECASE)
RELATING = {"at", "behind", "by", "for", "from", "in", "near", "of", "to", "under", "with"}
"""Words between what somebody is and of whom or what: `the mayor of Quellport`."""
_INITIAL = re.compile(r"\W*[Aa]\.")
"""`A. Bell`, where `a` is no article."""

_LAST_ASCII = "\x7f"
_TYPOGRAPHIC = re.compile("[\x00-\x7f“”‘’–—]*")
"""Text whose only other characters are these folds as ASCII does: most prose."""
_STROKED = frozenset("łøđħŧı")
_WITHOUT_MARK = str.maketrans("łøđħŧı", "lodhti")
"""Letters whose stroke is no combining mark, so that decomposition leaves it on."""


def fold(text: str) -> str:
    """`text` without case and diacritics, for comparing; not for showing."""
    if text.isascii() or _TYPOGRAPHIC.fullmatch(text):
        return text.lower()
    # Case folding may bring marks, and dropping marks may bring upper case: hence twice.
    for _ in range(2):
        text = unicodedata.normalize("NFKD", text.casefold())
        others = {c for c in set(text) if c > _LAST_ASCII}
        marks = {c for c in others if unicodedata.combining(c)}
        if marks:
            text = "".join(c for c in text if c not in marks)
    return text if others.isdisjoint(_STROKED) else text.translate(_WITHOUT_MARK)


def name_key(name: str) -> str:
    """A name's key: equal for the usual transliterations of one name, words separated by one space.

    `name_key("Zelenskyy") == name_key("Zelensky") == name_key("Zelenskiy")`; what English tells apart by one
    letter stays apart (Smith, Smyth; Clark, Clarke). Possessive endings, leading articles and the Arabic
    `al-` are dropped, initials are joined. Empty when the name holds no letter or digit.
    """
    return _remembered_key(name) if len(name) <= _REMEMBERED else _key(name)


@lru_cache(maxsize=20_000)
def _remembered_key(name: str) -> str:
    return _key(name)


def _key(name: str) -> str:
    original = name
    name = _INITIALS.sub(lambda found: re.sub(r"[.\s]", "", found.group()), name)
    name = _KOREAN.sub(r"\1 \2", _GIVEN_IN_TWO.sub(r"\1 \2", name))
    words = [_word_key(word) for word in _WORD.findall(fold(name))]
    while len(words) > 1 and words[0] in _ARTICLES and not _INITIAL.match(original):
        del words[0]
    return " ".join(words)


@lru_cache(maxsize=20_000)
def _word_key(word: str) -> str:
    """One folded word as the transliterations of it meet."""
    word = re.sub(r"['’]s?$", "", word)
    word = re.sub(r"['’-]", "", _ARABIC_ARTICLE.sub("", word))
    known = _SPELLINGS.get(word)
    if known is not None:
        return known
    if len(word) < _SHORT:
        return word  # Lee and Le, Wu and Vu, Khan and Han are different people
    if _ENDS_LIKE_A_SURNAME.search(word):
        word = word.replace("w", "v")
    word = _EI.sub("ei", word) if len(word) >= _LONG else word
    if len(word) >= _LONG:
        word = _ENDINGS.sub("i", word)
        word = word[0] + _BETWEEN.sub("i", word[1:])
    for old, new in (("kh", "h"), ("ck", "k"), ("ph", "f"), ("q", "k")):
        word = word.replace(old, new)
    word = re.sub(r"([^aeo])\1", r"\1", word)
    return _SPELLINGS.get(word, word)


def usual_spelling(word: str) -> str:
    """The spelling that stands for all usual ones of a folded word: `kiev` and `kyiv` are one."""
    return _SPELLINGS.get(word, word)


_REMEMBERED = 60
"""Characters of a name whose key is kept: the same few names come again and again."""
_SHORT = 5
"""Words of fewer letters are only themselves."""
_LONG = 6
"""From so many letters on, `y` is one with `i`: Tyler, Bryan and Smyth stay."""


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
    if any(token.lower() in RELATING for token in tokens[:first]):
        return False
    after = "".join(tokens[last + 1 : last + 2])
    return not after or after == "and" or not (_OWNING.search(tokens[last]) or after[0].islower())
