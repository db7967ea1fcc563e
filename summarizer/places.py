"""States: which one a capital, a seat of government, a ministry or an official speaks for."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

from news.actors import fold
from summarizer.lexicon import lines, listed

_MOST_WORDS = 8
"""Words of the longest name of a state or a seat."""
_LONGEST = 40
"""Words of a phrase beyond which no office is looked for."""
_WORD = re.compile(r"(?:[^\W\d_]\.){2,}|\w+(?:[’'-]\w+)*")
_LEADING = re.compile(r"^(?:the|both)\s+", re.IGNORECASE)
_ABROAD = re.compile(r"\b(?:in|to|at|with|on|from|against|near|who|which|that|about)\b")
"""What follows says where an embassy stands or to whom an envoy goes."""
_GOVERNED_FROM = re.compile(r"(?:the )?(?:government|authorities|leadership) in ([A-Z][\w’' -]+)")
_MUCH_LARGER = 50
"""How many times more people a state has than a territory or a small state whose people are called the same."""
_NOT_THE_STATE = listed(
    "former ex opposition rebel rebels separatist separatists exiled exile dissident occupied installed backed proxy"
    " regional local city municipal anti pro union newspaper media mercenary football club onetime then retired"
    " would self unrecognised unrecognized shadow"
)
_PART_OF_A_NAME = listed(
    "african native latin north south central east west asian italian irish mexican anglo"
)
"""`African American lawmakers` speak for no state."""


@dataclass(slots=True)
class _States:
    """Folded names to states."""

    names: dict[str, str] = field(default_factory=dict)
    seats: dict[str, str] = field(default_factory=dict)
    capitals: dict[str, str] = field(default_factory=dict)
    peoples: dict[str, str] = field(default_factory=dict)


def state_at(name: str) -> str | None:
    """The state that a name stands for where it speaks: `Moscow`, `the Kremlin`, `Russia`; None for any other."""
    plain = _LEADING.sub("", name.strip())
    if not plain[:1].isupper() and not plain[:1].isdigit():
        return None
    states, key = _states(), _key(plain)
    return states.names.get(key) or states.seats.get(key) or states.capitals.get(key)


def is_state(name: str) -> bool:
    """Whether a name is a state's own rather than that of a capital or a seat."""
    return _key(_LEADING.sub("", name.strip())) in _states().names


def is_capital(name: str) -> bool:
    """Whether a name is a capital's, whose mayor does not speak for the state."""
    states, key = _states(), _key(_LEADING.sub("", name.strip()))
    return key in states.capitals and key not in states.names and key not in states.seats


def is_people(word: str) -> bool:
    """Whether the word says where somebody is from: `Ukrainian`."""
    return word[:1].isupper() and _key(word) in _states().peoples


def state_of(phrase: str) -> str | None:
    """The state for which a body or an official speaks: `Russian Foreign Ministry`, `Ukraine's president`.

    None where the words name no state, more than one, or somebody who only comes from it.
    """
    whole = state_at(phrase)
    if whole is not None:
        return whole
    governed = _GOVERNED_FROM.fullmatch(phrase)
    if governed:
        return state_at(governed.group(1))
    found = _WORD.findall(_ABROAD.split(phrase)[0])
    parts = {part for word in found for part in word.lower().split("-")}
    if not found or len(found) > _LONGEST or not parts.isdisjoint(_NOT_THE_STATE):
        return None
    named = list(_named(found))
    if len({state for _, _, state in named}) != 1:
        return None
    first, end, state = named[0]
    if first and fold(found[first - 1]) in _PART_OF_A_NAME:
        return None
    return state if _is_office(found[end:]) or _is_office_of(found[:first]) else None


def _named(words: Sequence[str]) -> Iterator[tuple[int, int, str]]:
    """The names of states, seats and peoples in the words, the longest at each place."""
    states, at = _states(), 0
    while at < len(words):
        step = 1
        for end in range(min(len(words), at + _MOST_WORDS), at, -1) if words[at][:1].isupper() else ():
            key = _key(" ".join(words[at:end]))
            state = states.peoples.get(key) or states.names.get(key) or states.seats.get(key)
            if state is not None:
                yield at, end, state
                step = end - at
                break
        at += step


def _is_office(words: Sequence[str]) -> bool:
    """Whether the words after a state's name are its office: `Deputy Foreign Minister`."""
    middle, heads = _offices()
    lower = [re.sub(r"[’']s$", "", w.lower()) for w in words]
    end = next((i for i, word in enumerate(lower) if word in heads), None)
    return end is not None and all(word in middle for word in lower[:end])


def _is_office_of(words: Sequence[str]) -> bool:
    """Whether the words before a state's name lead to it: `the president of`, `Ministry of Defence of`."""
    lower = [w.lower() for w in words]
    while lower and lower[-1] == "the":
        lower.pop()
    return bool(lower) and lower[-1] == "of" and any(word in _offices()[1] for word in lower)


def _key(name: str) -> str:
    plain = re.sub(r"[’'](?:s$|(?=\s|$))", "", name.strip())
    return re.sub(r"[\W_]+", " ", fold(re.sub(r"[.’']", "", plain))).strip()


@cache
def _offices() -> tuple[frozenset[str], frozenset[str]]:
    """What may stand between a state's name and the head of its office, and those heads."""
    middle, _, heads = " ".join(lines("offices.txt")).partition("|")
    return listed(middle), listed(heads)


@cache
def _states() -> _States:
    """The library's countries, corrected by `cues/states.txt`."""
    rows = [[part.strip() for part in line.split("|")] for line in lines("states.txt")]
    ours = {name: (names, seats, peoples) for name, names, seats, peoples in rows}
    states = _States()
    claims: dict[str, dict[str, int]] = {}
    for name, others, capital, peoples, population in _countries():
        if ours.get(name, [""])[0] == "-":
            continue
        states.names.update((_key(known), name) for known in (name, *others))
        if capital:
            states.capitals.setdefault(_key(capital), name)
        for people in peoples:
            claims.setdefault(_key(people), {})[name] = population
    states.peoples.update(_largest(claims))
    for name, (other, seats, called) in ours.items():
        if other == "-":
            continue
        states.names.setdefault(_key(name), name)
        _correct((states.names,), other, name)
        _correct((states.seats, states.capitals), seats, name)
        _correct((states.peoples,), called, name)
    return states


def _largest(claims: Mapping[str, Mapping[str, int]]) -> Iterator[tuple[str, str]]:
    """Each name of a people with the state that it means; none where two of a kind share it."""
    for people, sizes in claims.items():
        first, *others = sorted(sizes, key=lambda name: -sizes[name])
        if not others or sizes[first] > _MUCH_LARGER * sizes[others[0]]:
            yield people, first


def _correct(tables: Sequence[dict[str, str]], entries: str, state: str) -> None:
    for entry in (part.strip() for part in entries.split(",")):
        if entry.startswith("-"):
            for table in tables:
                table.pop(_key(entry), None)
        elif entry:
            tables[0][_key(entry)] = state


def _countries() -> Iterator[tuple[str, list[str], str, list[str], int]]:
    """Name, other names, capital, what its people are called, how many they are."""
    from countryinfo import all_countries  # late: it reads 256 files

    for country in all_countries():
        capital = country.capital()
        peoples = re.split(r",|/| and ", str(country.demonym() or ""))
        yield (
            str(country.name()).removeprefix("The "),
            [s.strip() for s in country.alt_spellings() if " " in s.strip() and "," not in s],
            capital if isinstance(capital, str) else "",
            [p.strip() for p in peoples if p.strip()],
            int(country.population() or 0),
        )
