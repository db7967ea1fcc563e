"""Names in a text: who is a person, the fullest form of a name, what is known of whom."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from news.actors import name_key
from news.spans import Span
from summarizer.lexicon import listed, words
from summarizer.places import is_people, state_at

_WORD = re.compile(r"(?:[^\W\d_]\.){2,}|[^\W\d_][\w’'-]*\.?|\S")
_PARTICLES = listed("de del van von der den bin ibn al el la le di da dos ter ten af")
_ABBREVIATED = re.compile(r"^(?:(?:[^\W\d_]\.)*[^\W\d_]|Jr|Sr|St)\.$")
_PARTIES = listed("republican democrat democratic conservative labour liberal tory")
"""Words that stand before a name without a title: `Republican Tom Reed`, as `Ruritanian Tom Reed`."""
_SURNAMES = listed(
    "king prince judge dean bishop pope major marshal mayor sheriff coach farmer day may west white black hill bay north"
    " street lake wall court hall house park banks square march church german french english driver marshall"
)
"""Titles, bodies and months that are surnames after a given name: `Jean King`."""
_SURNAMES_OR_TITLES = listed("king prince judge dean bishop pope major marshal coach farmer")
_WHERE = listed("in at near outside around throughout across toward towards inside through")
"""What stands before a place: no person's name without a known given name is looked for there."""
_ALSO_PERSONS = listed(
    "washington jordan chad paris georgia israel london berlin holland france ireland england cuba malta sofia vienna"
    " lima kenya india brazil poland dublin america chile mali rome florence lebanon niger santiago victoria kingston"
    " delhi manila prague beijing cairo britain"
)
"""Places whose names people bear."""
_ARABIC = re.compile(r"(?:al|el|as|ash|ar|ad|an|at|az)[-’'][A-Z]")
"""`al-Tarni` is as good as a capital."""
_SUBJECT = re.compile(
    r"\b([Ss]ecretary|[Mm]inister|[Uu]ndersecretary|[Cc]hancellor) (?:of|for) (?:the )?(?:State|Defen[cs]e|Energy|Labor"
    r"|Commerce|Transportation|Education|Agriculture|Treasury|Exchequer|Interior|Navy|Army|Air Force|Homeland Security"
    r"|Veterans Affairs|Health(?: and Human Services)?|Foreign Affairs|Finance|Justice|Economy|Trade|Transport)(?= [A-Z])"
)
_MOSTLY = 4
"""How many times more often than all others of a surname somebody is named in full whom the bare surname means."""
_MOST_PLACES = 30
"""Of a surname's full names, the first so many are counted."""
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


def without_subject(text: str) -> str:
    """The text with blanks for what a minister is minister of, so that the name follows: `Secretary    Ann Cole`."""
    return _SUBJECT.sub(lambda found: found.group(1) + " " * (len(found.group()) - len(found.group(1))), text)


def find_names(text: str, offset: int = 0) -> Iterator[Name]:
    """Runs of capitalised words that look like a person's name, titles left out."""
    run: list[tuple[int, str]] = []
    titled, before = False, ""
    text = without_subject(text)
    for found in _WORD.finditer(text):
        word = found.group()
        joined = bool(run) and text[run[-1][0] + len(run[-1][1]) : found.start()] == " "
        plain = word if _ABBREVIATED.search(word) else word.rstrip(".")
        capital = word[0].isupper() or _ARABIC.match(word) is not None
        if capital and (joined or not run):
            if is_title(plain) and not (run and _is_surname(text, found.end(), plain)):
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
    while len(parts) > 2 and (parts[0].lower() in _PARTIES or is_people(parts[0])):
        kept.pop(0)
        parts.pop(0)
    named = len(parts) == 2 and _is_given(parts[0]) and parts[1].lower() in _SURNAMES
    if not named and any(part.lower() in words("bodies") for part in parts):
        return
    yield Name(offset + kept[0][0], " ".join(parts), titled)


def _is_surname(text: str, end: int, word: str) -> bool:
    """Whether a title after a name is a surname: `Jean King said`, not `Jean King Reed`."""
    after = text[end : end + 2]
    return word.lower() in _SURNAMES_OR_TITLES and not (after[:1] == " " and after[1:].isupper())


def _is_given(word: str) -> bool:
    return word.lower() in words("men") or word.lower() in words("women")


def _leads(word: str) -> bool:
    return word in words("function_words") or word in words("adverbs") or word in words("times")


class People:
    """The persons that one text names, under every form of their names."""

    def __init__(self, text: str) -> None:
        self._full: dict[str, list[str]] = {}
        self._given: dict[str, list[str]] = {}
        self._places: dict[str, list[tuple[int, str]]] = {}
        self._spoken: dict[str, str | None] = {}
        self.mentions: list[Name] = []
        single: list[Name] = []
        full: list[Name] = []
        where: set[str] = set()
        for name in find_names(text):
            if " " not in name.text:
                single.append(name)
                continue
            full.append(name)
            lead = text[max(0, name.start - 12) : name.start].split()
            if lead and lead[-1].lower() in _WHERE and not _is_given(name.text.split()[0]):
                where.add(name.text)
        for name in full:
            if name.text not in where and state_at(name.text) is None:
                self._know(name)
                self.mentions.append(name)
        self.mentions.extend(n for n in single if n.titled or name_key(n.text) in self._full)
        self.mentions.sort(key=lambda n: n.start)

    def _know(self, name: Name) -> None:
        first, last = name_key(name.text.split()[0]), name_key(name.text.split()[-1])
        _add(self._full.setdefault(last, []), name.text)
        _add(self._given.setdefault(first, []), name.text)
        self._places.setdefault(last, []).append((name.start, name.text))

    def heard(self, name: str) -> None:
        """Notes that the article quotes somebody under a full name."""
        key = name_key(name.split()[-1])
        before = self._spoken.setdefault(key, name)
        if before is not None and not _same_given(before, name):
            self._spoken[key] = None

    def has(self, name: str) -> bool:
        """Whether somebody bears the name of a place: `George Washington`, `Paris Tarn`."""
        if name.lower() not in _ALSO_PERSONS:
            return False
        return name_key(name) in self._full or name_key(name) in self._given

    def fullest(self, name: str, context: str = "", near: Span | None = None) -> str | None:
        """The fullest form of a person's name; None when the text knows no such person, or cannot tell which.

        A surname that several bear is the one's who is named in full in `near`, what the paragraph has said so
        far, or who alone of them is quoted.
        """
        forms = self._forms(name, context)
        if not forms:
            return None
        if not _is_one(forms):
            chosen = self._chosen(name, forms, near) if " " not in name else None
            if chosen is None:
                return None
            forms = [f for f in forms if _same_given(f, chosen)]
        if not forms:
            return None
        return max(forms, key=lambda f: (len(f.split()), len(f)))

    def is_shared(self, name: str, context: str = "") -> bool:
        """Whether several persons may be meant by the name."""
        forms = self._forms(name, context)
        return not _is_one(forms)

    def by_given(self, name: str) -> str | None:
        """The only person with that given name; None where it is a surname, too."""
        key = name_key(name)
        forms = self._given.get(key, []) if key not in self._full else []
        if not forms or any(name_key(f.split()[-1]) != name_key(forms[0].split()[-1]) for f in forms):
            return None
        return max(forms, key=lambda f: (len(f.split()), len(f)))

    def _forms(self, name: str, context: str) -> list[str]:
        parts = name.split()
        if not parts:
            return []
        forms = self._full.get(name_key(parts[-1]), [])
        if len(parts) > 1:
            return [f for f in forms if _same_given(f, name)]
        wanted = gender_of("", context)
        return [f for f in forms if wanted is None or gender_of(f) in (None, wanted)]

    def _chosen(self, name: str, forms: Sequence[str], near: Span | None) -> str | None:
        key, hints = name_key(name), list[str]()
        if near is not None:
            named = self._places.get(key, [])
            first, last = bisect_left(named, (near.start, "")), bisect_left(named, (near.end, ""))
            beside = {form for _, form in named[max(first, last - _MAX_FORMS) : last]}
            hints.extend(beside)
        if key in self._spoken:
            spoken = self._spoken[key]
            if spoken is None:
                return hints[0] if hints and _is_one(hints) else None
            hints.append(spoken)
        else:
            hints.extend(self._mostly(key))
        return hints[0] if hints and _is_one(hints) else None

    def _mostly(self, key: str) -> Iterator[str]:
        """Whom the text names first and nearly always, of those with that surname."""
        first = next((form for _, form in self._places.get(key, ())), None)
        if first is not None:
            same = sum(_same_given(first, form) for _, form in self._places[key][:_MOST_PLACES])
            others = len(self._places[key][:_MOST_PLACES]) - same
            if same >= _MOSTLY * others:
                yield first


def _is_one(forms: Sequence[str]) -> bool:
    return all(_same_given(forms[0], form) for form in forms[1:])


def _add(forms: list[str], name: str) -> None:
    if name not in forms and len(forms) < _MAX_FORMS:
        forms.append(name)


def _same_given(one: str, other: str) -> bool:
    a, b = _given_key(one), _given_key(other)
    return a == b or (min(len(a), len(b)) <= 2 and a[:1] == b[:1]) or a.startswith(b) or b.startswith(a)


@lru_cache(maxsize=4_096)
def _given_key(name: str) -> str:
    return name_key(name.split()[0])
