"""Names: whether an article has those of a sentence, in whichever spelling, and their parts together."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from news.actors import name_key
from summarizer.checks.numbers import find_numbers
from summarizer.checks.words import Reading, stem
from summarizer.lexicon import listed, verbs, words
from summarizer.names import is_title
from summarizer.places import is_people, is_state, state_at, state_of

_WORD = re.compile(r"(?:[^\W\d_]\.){2,}|[^\W\d_]+(?:['’-][^\W\d_]+)*")
_OWNING = re.compile(r"['’]s?$")
_BEGINS = frozenset('.!?:;\n“”"‘-•…(')
"""Marks after which a capital tells nothing."""
_BETWEEN = (" ", "’ ", "' ", " of ", " for ", " and ", " of the ")
"""What stands between the words of one name."""
_BEFORE_NAMES = ("adverbs", "function_words", "modifiers")
_ORDINARY = (
    *_BEFORE_NAMES,
    "addressees",
    "attitudes",
    "bodies",
    "documents",
    "nameless",
    "offices",
    "plurals",
    "titles",
    "venues",
)
"""Lists of words that are no names where they begin a sentence: right before a name, and elsewhere."""
_OPENERS = listed(
    "however although despite more most many several both each every few some all according amid overall following given"
    " his her their its he she it they there here what who but and so yet if while since once until unlike instead both"
    " people residents witnesses victims experts critics supporters opponents investigators prosecutors doctors teachers"
    " parents children workers protesters demonstrators neighbours neighbors families relatives rescuers firefighters"
    " police troops soldiers voters lawmakers scientists researchers studies figures talks plans prices shares sales"
    " another other others nearly almost around about roughly under over during first second"
)
"""Words that begin sentences and are in no list of the lexicon."""
_COURTESY = listed("mr mrs ms miss dr")
"""What may stand before a name without the article's leave; an office may not."""
_TOGETHER = 3
"""Places that parts of one name may stand apart: `Anna de la Bell`."""
_PEOPLES = ("ians", "ian", "ans", "an", "ns", "n", "ese", "ish")
_PLACES = ("ia", "a", "i", "y")
"""What a people of a place and the place end in, as `name_key` leaves them: `Talvenian`, `Talvenia`."""
_ROOT = 5
"""Letters that a place and its people share at least."""
_MOST_WORDS = 4
"""Words of a state's name that is looked for."""


@dataclass(frozen=True, slots=True)
class _Capital:
    """A word with a capital."""

    raw: str
    start: int
    end: int
    begins: bool
    """Whether it begins a sentence or follows a mark, where any word has a capital."""


class Names:
    """What an article has of names."""

    def __init__(self, article: Reading) -> None:
        self._words = frozenset(word.text for word in article.words)
        self._lower = frozenset(word.text for word in article.words if word.raw[:1].islower())
        self._stems = frozenset(stem(word) for word in self._words)
        capitals = tuple(_capitals(article.text))
        self._keys = {part for capital in capitals for part in _keys(capital.raw)}
        self._peoples = frozenset(root for key in self._keys for root in _roots(key, _PEOPLES))
        self._places = frozenset(root for key in self._keys for root in (key, *_roots(key, _PLACES)))
        self._initials = frozenset(_initials(article.text, capitals))
        self._states = frozenset(state for _, state in _states(article.text, capitals))
        keys = [_key(capital) for capital in capitals]
        self._pairs = frozenset(
            (one, key) for at, one in enumerate(keys) for key in keys[at + 1 : at + 1 + _TOGETHER]
        )

    def bear_out(self, sentence: Reading) -> bool:
        """Whether the article has every name of the sentence, and the parts of each beside one another."""
        text, capitals = sentence.text, tuple(_capitals(sentence.text))
        named = [c for at, c in enumerate(capitals) if self._is_name(c, capitals[at + 1 : at + 2], text)]
        known = {c for run, state in _states(text, capitals) if state in self._states for c in run}
        if not all(c in known or self._has(c) for c in named):
            return False
        return all(
            (_key(one), _key(other)) in self._pairs
            for one, other in pairwise(named)
            if text[one.end : other.start] == " " and self._is_own(one) and self._is_own(other)
        )

    def _is_name(self, word: _Capital, following: Sequence[_Capital], text: str) -> bool:
        if not word.begins or word.raw == "I":
            return word.raw not in ("I", "A")
        plain = _OWNING.sub("", word.raw.lower())
        leads = bool(following) and text[word.end : following[0].start] == " "
        ordinary = _BEFORE_NAMES if leads else _ORDINARY
        if plain in _OPENERS or find_numbers(plain) or any(plain in words(name) for name in ordinary):
            return False
        return leads or (plain not in verbs() and stem(plain) not in self._stems)

    def _has(self, word: _Capital) -> bool:
        return (
            word.raw.lower() in self._words
            or _key(word) in self._keys
            or all(map(self._has_key, _keys(word.raw)))
        )

    def _has_key(self, key: str) -> bool:
        if key in self._keys or key in self._words or key in self._initials or stem(key) in self._stems:
            return True
        if key in _COURTESY:
            return True
        return not self._places.isdisjoint(_roots(key, _PEOPLES)) or not self._peoples.isdisjoint(
            (key, *_roots(key, _PLACES))
        )

    def _is_own(self, word: _Capital) -> bool:
        """Whether it is a name's own: no title, no people, nothing that also stands without a capital."""
        plain = word.raw.lower()
        if plain in self._lower or is_people(word.raw) or is_title(plain):
            return False
        return not any(plain in words(name) for name in ("bodies", "offices", "nameless", "times"))


def _capitals(text: str) -> Iterator[_Capital]:
    """Words with a capital somewhere: `al-Tarni`, too."""
    for found in _WORD.finditer(text):
        if found.group() == found.group().lower():
            continue
        at = found.start() - 1
        if at >= 0 and text[at] == " ":
            at -= 1
        yield _Capital(found.group(), found.start(), found.end(), at < 0 or text[at] in _BEGINS)


def _keys(raw: str) -> tuple[str, ...]:
    """The keys of a word and, where a hyphen joins several, of its parts."""
    return tuple(key for part in raw.split("-") if (key := name_key(_OWNING.sub("", part))))


def _key(word: _Capital) -> str:
    return name_key(_OWNING.sub("", word.raw))


def _roots(key: str, endings: Sequence[str]) -> Iterator[str]:
    for ending in endings:
        if key.endswith(ending) and len(key) - len(ending) >= _ROOT:
            yield key[: -len(ending)]


def _states(text: str, capitals: Sequence[_Capital]) -> Iterator[tuple[Sequence[_Capital], str]]:
    """The states that words name, with the words: `United States`, `French`."""
    for at, first in enumerate(capitals):
        run = [first]
        for following in capitals[at + 1 : at + _MOST_WORDS]:
            if text[run[-1].end : following.start] != " ":
                break
            run.append(following)
        for end in range(1, len(run) + 1):
            state = _state(" ".join(word.raw for word in run[:end]))
            if state is not None:
                yield run[:end], state


@lru_cache(maxsize=20_000)
def _state(name: str) -> str | None:
    plain = _OWNING.sub("", name)
    if is_people(plain):
        return state_of(f"{plain} government")
    return state_at(plain) if is_state(plain) else None


def _initials(text: str, capitals: Sequence[_Capital]) -> Iterator[str]:
    """`hwl` of `Harbour Workers’ League`."""
    run: list[_Capital] = []
    for capital in capitals:
        if run and text[run[-1].end : capital.start] not in _BETWEEN:
            run = []
        run = [*run[-5:], capital]
        for first in range(len(run) - 1):
            yield "".join(word.raw[0] for word in run[first:]).lower()
