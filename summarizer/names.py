"""Names in a text: who is a person, the fullest form of a name, what is known of whom."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from news.actors import name_key
from summarizer.lexicon import listed, words

_WORD = re.compile(r"(?:[^\W\d_]\.){2,}|[^\W\d_][\w’'-]*\.?|\S")
_PARTICLES = listed("de del van von der den bin ibn al el la le di da dos ter ten af")
_ABBREVIATED = re.compile(r"^(?:(?:[^\W\d_]\.)*[^\W\d_]|Jr|Sr|St)\.$")
_MAX_WORDS = 4
_MAX_FORMS = 20
"""Persons of one surname that are told apart; no article has more."""


@dataclass(frozen=True, slots=True)
class Name:
    """One mention of a person in the text."""

    start: int
    text: str
    titled: bool
    """Whether a title stands before it."""


def strip_possessive(word: str) -> str:
    """The word without `'s` or a plural's apostrophe."""
    return re.sub(r"[’'](?:s)?$", "", word)


def is_title(word: str) -> bool:
    """Whether the word says what a person is: `spokesperson`, `Sen.`"""
    return strip_possessive(word.lower()) in words("titles")


def gender_of(name: str, context: str = "") -> str | None:
    """`m` or `f` as far as the given name or a title in `context` tells."""
    lower = context.lower()
    if re.search(r"\b(?:ms\.?|mrs\.?|miss|\w*woman|queen|princess|lady|mother|actress)(?:\s|$)", lower):
        return "f"
    if re.search(
        r"\b(?:mr\.?|sir|king|prince|\w*[a-vx-z]sman|chairman|congressman|father|pope|lord)(?:\s|$)", lower
    ):
        return "m"
    first = name.split()[0].lower() if name.split() else ""
    if first in words("women"):
        return "f"
    return "m" if first in words("men") else None


def find_names(text: str, offset: int = 0) -> Iterator[Name]:
    """Runs of capitalised words that look like a person's name, titles left out."""
    run: list[tuple[int, str]] = []
    titled, before = False, ""
    for found in _WORD.finditer(text):
        word = found.group()
        joined = bool(run) and text[run[-1][0] + len(run[-1][1]) : found.start()] == " "
        plain = word if _ABBREVIATED.search(word) else word.rstrip(".")
        if word[0].isupper() and (joined or not run):
            if is_title(plain):
                run, titled = [], True
                continue
            if not run:
                titled = titled or is_title(before)
            run.append((found.start(), plain))
            if plain == word and not word.endswith(("’s", "'s")):
                before = ""
                continue
        elif run and joined and word in _PARTICLES:
            run.append((found.start(), word))
            continue
        yield from _as_name(run, titled, offset)
        run, titled, before = [], False, word
        if word[0].isupper() and not joined and not is_title(plain):
            run = [(found.start(), plain)]
    yield from _as_name(run, titled, offset)


def _as_name(run: Sequence[tuple[int, str]], titled: bool, offset: int) -> Iterator[Name]:
    kept = list(run)
    while kept and (kept[-1][1] in _PARTICLES or kept[-1][1].lower() in words("times")):
        kept.pop()
    while kept and _leads(kept[0][1].lower()):
        kept.pop(0)
    if not kept or len(kept) > _MAX_WORDS + 1:
        return
    parts = [strip_possessive(word) for _, word in kept]
    if any(part.lower() in words("bodies") for part in parts):
        return
    yield Name(offset + kept[0][0], " ".join(parts), titled)


def _leads(word: str) -> bool:
    return word in words("function_words") or word in words("adverbs") or word in words("times")


class People:
    """The persons that one text names, under every form of their names."""

    def __init__(self, text: str) -> None:
        self._full: dict[str, list[str]] = {}
        self.mentions: list[Name] = []
        single: list[Name] = []
        for name in find_names(text):
            if " " in name.text:
                self._know(name.text)
                self.mentions.append(name)
            else:
                single.append(name)
        self.mentions.extend(n for n in single if n.titled or name_key(n.text) in self._full)
        self.mentions.sort(key=lambda n: n.start)

    def _know(self, name: str) -> None:
        forms = self._full.setdefault(name_key(name.split()[-1]), [])
        if name not in forms and len(forms) < _MAX_FORMS:
            forms.append(name)

    def fullest(self, name: str, context: str = "") -> str | None:
        """The fullest form of a person's name; None when the text knows no such person, or more than one."""
        parts = name.split()
        if not parts:
            return None
        forms = self._full.get(name_key(parts[-1]), [])
        if len(parts) > 1:
            forms = [f for f in forms if _same_given(f, name)]
        else:
            wanted = gender_of("", context)
            forms = [f for f in forms if wanted is None or gender_of(f) in (None, wanted)]
        if not forms or any(not _same_given(forms[0], f) for f in forms[1:]):
            return None
        return max(forms, key=lambda f: (len(f.split()), len(f)))


def _same_given(one: str, other: str) -> bool:
    a, b = name_key(one.split()[0]), name_key(other.split()[0])
    return a == b or (min(len(a), len(b)) <= 2 and a[:1] == b[:1]) or a.startswith(b) or b.startswith(a)
