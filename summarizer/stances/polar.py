"""The words of `cues/valence.txt`, and where a sentence has them: what each tells of being for or against."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from itertools import takewhile

from summarizer.lexicon import inflected, lines, listed

WORD = re.compile(r"(?:[^\W\d_]\.){2,}|[^\W_]+(?:['’-][^\W_]+)*|[^\w\s]")
"""A word, or one mark; linear in the text."""
_PARTS = re.compile(r"(n['’]t|['’](?:s|re|ve|ll|d|m)|['’])$", re.IGNORECASE)
_ENTRY = re.compile(r"([^()]+?)\s*(?:\(([^)]*)\))?")
_GAP = "..."
_WIDEST_GAP = 5
_BE = listed("is are was were be been being am 's 're 'm get gets got getting gotten become became")
_BEFORE_A_VERB = listed(
    "to will would can could may might must shall should do does did not n't never 'll 'd i we you they who that also and"
    " people voters republicans democrats critics"
)
_ALSO_NOUNS = listed(
    "back like fear charge target host frame love respect trust fight battle end limit doubt contest champion honour honor"
    " cheer toast support help aid benefit advance supply arm question challenge press reward rise win build cost lead"
    " promise stall halt stop ban bar fire drop purge raid probe sanction fine kill gut axe ax sack torch trash hammer"
    " troll blast attack blame mock boo hiss roast flay slam slap rip pan fault bash insult rebuke assault abuse bomb shell"
    " murder torture rape gag harm hurt wound poison damage ruin wreck scam stoke waste lie cheat steal hedge struggle"
    " decline suffer slump plunge collapse retreat gain surge advance guide coach train groom fund finance free welcome"
    " favour favor tap crown court model study further corner shame beat rout"
)
"""Base forms that are nouns or adjectives at least as often: they are verbs where a word before them says so."""
_DENIALS = listed(
    "not n't never no nobody none nor neither without cannot hardly scarcely barely unable denied denies deny denying"
    " refused refuses refusing refuse failed fails failing declined declines stopped stops stopping ceased ceases"
    " unwilling resisted avoided avoids instead unlikely hide hides hid hidden hiding conceal conceals concealed concealing"
    " disguise disguised away"
)
_NO_DENIAL = listed("only just merely simply but doubt wonder least matter surprise secret")
_THINKING = listed("think thinks thought believe believes believed consider considers considered")
_REACH, _FAR_REACH = 5, 9
"""Words over which a denial reaches."""
_CLAUSE_ENDS = listed('; : — – but although though while whereas because ( ) " “ ”')


class Kind(StrEnum):
    """What part of speech a cue is taken for."""

    VERB = "verb"
    NOUN = "noun"
    ROLE = "role"
    """A noun for somebody who is for or against another: `critic`, `friend`."""
    WORD = "word"


@dataclass(frozen=True, slots=True)
class Valence:
    """What a word tells, from -2 to 2: 0 is nothing."""

    toward: int = 0
    """Of its subject towards its object: `accuse` is -2, `thank` 2."""
    of: int = 0
    """Of whoever uses it towards whom it is said of: `liar` is -2, `hero` 2."""


@dataclass(frozen=True, slots=True)
class Cue:
    """Words of a sentence that tell of being for or against."""

    start: int
    """Its first word."""
    end: int
    """The word behind its last one."""
    kind: Kind
    valence: Valence
    passive: bool = False
    denied: bool = False


@dataclass(frozen=True, slots=True)
class _Entry:
    rest: tuple[str, ...]
    kind: Kind
    valence: Valence
    base: bool
    participle: bool


def words_of(sentence: str) -> list[str]:
    """The sentence's words and marks in order; `n't`, `'s`, and `anti-` before a name stand alone."""
    found: list[str] = []
    for word in WORD.findall(sentence):
        part = _PARTS.search(word) if len(word) > 1 else None
        core = word[: part.start()] if part else word
        head, dash, tail = core.partition("-")
        if dash and tail and (head.lower() in ("anti", "pro") or tail[:1].isupper()):
            found += [head, tail]
        elif core:
            found.append(core)
        if part:
            found.append(part.group().replace("’", "'"))
    return found


def valence_of(words: Sequence[str]) -> Valence | None:
    """What words such as `slammed` or `threw cold water on` tell, by the longest entry that they begin with."""
    entry = _longest([word.lower() for word in words], 0)
    return entry[0].valence if entry else None


def find_cues(words: Sequence[str]) -> list[Cue]:
    """The cues among words in lower case, none inside another."""
    cues: list[Cue] = []
    at = 0
    while at < len(words):
        found = _longest(words, at)
        if found is None:
            at += 1
            continue
        entry, end = found
        passive = entry.participle and _is_passive(words, at, end)
        cues.append(Cue(at, end, entry.kind, entry.valence, passive, _is_denied(words, at)))
        at += 1 + sum(1 for _ in takewhile(lambda rest: rest != _GAP, entry.rest))
    following = [*cues[1:], None][: len(cues)]
    return [cue for cue, after in zip(cues, following, strict=True) if not _only_denies(words, cue, after)]


def _only_denies(words: Sequence[str], cue: Cue, after: Cue | None) -> bool:
    """Whether a cue such as `refused` tells nothing but that the next one did not happen."""
    return (
        after is not None
        and words[cue.start] in _DENIALS
        and cue.end <= cue.start + 2
        and after.start <= cue.end + 2
    )


def _longest(words: Sequence[str], at: int) -> tuple[_Entry, int] | None:
    """The longest entry that begins here, a verb rather than a noun where both are as long and it may be one."""
    for entry in _entries().get(words[at], ()) if at < len(words) else ():
        end = _matched(words, at + 1, entry.rest)
        if end and not (entry.base and at and not _is_verb_here(words, at)):
            return entry, end
    return None


def _matched(words: Sequence[str], at: int, rest: Sequence[str]) -> int:
    """Where the words of an entry end, or 0."""
    for number, word in enumerate(rest):
        if word == _GAP:
            following = rest[number + 1 :]
            ends = (_matched(words, start, following) for start in range(at + 1, at + 1 + _WIDEST_GAP))
            return next((end for end in ends if end), 0)
        if at >= len(words) or words[at] != word:
            return 0
        at += 1
    return at


def _is_verb_here(words: Sequence[str], at: int) -> bool:
    before = at - 1
    while before >= 0 and words[before].endswith("ly"):
        before -= 1
    return before >= 0 and words[before] in _BEFORE_A_VERB


def _is_passive(words: Sequence[str], at: int, end: int) -> bool:
    before = [word for word in words[max(0, at - 4) : at] if not word.endswith("ly") and word not in _DENIALS]
    return (end < len(words) and words[end] == "by") or bool(before and before[-1] in _BE)


def _is_denied(words: Sequence[str], at: int) -> bool:
    denied = False
    thought = any(word in _THINKING for word in words[max(0, at - _FAR_REACH) : at])
    for before in range(at - 1, max(-1, at - 1 - (_FAR_REACH if thought else _REACH)), -1):
        word = words[before]
        if word in _CLAUSE_ENDS or (word in (",", "and") and before < at - 1):
            break
        if word in _DENIALS and not (before + 1 < len(words) and words[before + 1] in _NO_DENIAL):
            denied = not denied
    return denied


def listed_entries() -> Iterator[tuple[Kind, list[str], list[str], Valence]]:
    """Each entry of the list: its words, the irregular forms of the first one, and what it tells."""
    for line in lines("valence.txt"):
        kind, toward, of, entries = (part.strip() for part in line.split("|"))
        for text in entries.split(", "):
            found = _ENTRY.fullmatch(text)
            if found is None:
                raise ValueError(f"no entry of words with forms in brackets: {text!r}")
            yield Kind(kind), found[1].split(), (found[2] or "").split(), Valence(_sign(toward), _sign(of))


@cache
def _entries() -> Mapping[str, tuple[_Entry, ...]]:
    """First word, in each of its forms, to what may follow, the longest first."""
    held: dict[str, dict[tuple[tuple[str, ...], bool], _Entry]] = {}
    for kind, listed_words, irregular, valence in listed_entries():
        for spelling in _spellings(listed_words):
            for first, entry in _forms(kind, spelling, irregular, valence):
                held.setdefault(first, {}).setdefault((entry.rest, entry.base), entry)
    return {
        first: tuple(sorted(found.values(), key=lambda entry: -len(entry.rest)))
        for first, found in held.items()
    }


def _sign(text: str) -> int:
    return text.count("+") - text.count("-")


def _forms(
    kind: Kind, words: Sequence[str], irregular: list[str], valence: Valence
) -> Iterator[tuple[str, _Entry]]:
    lemma, *rest = words
    if kind is not Kind.VERB:
        yield lemma, _Entry(tuple(rest), kind, valence, base=False, participle=False)
        if kind is not Kind.WORD:
            first, *others = _plural(words)
            yield first, _Entry(tuple(others), kind, valence, base=False, participle=False)
        return
    for form in inflected(lemma, irregular):
        base = form == lemma and lemma in _ALSO_NOUNS and not rest
        past = form != lemma and not form.endswith(("s", "ing"))
        yield form, _Entry(tuple(rest), kind, valence, base, past)


def _spellings(words: list[str]) -> Iterator[list[str]]:
    """British, as listed, and American."""
    yield words
    first = words[0]
    other = first[:-3] + "ize" if first.endswith("ise") else first.replace("our", "or")
    if other != first:
        yield [other, *words[1:]]


def _plural(words: Sequence[str]) -> list[str]:
    """`critics of`, `witch hunts`."""
    noun = 0 if len(words) > 1 and words[1] in ("of", "to", "for", "in", "with", "about", "against") else -1
    plural = list(words)
    word = words[noun]
    if word.endswith(("s", "sh", "ch", "x")):
        plural[noun] = word + "es"
    elif word.endswith("y") and word[-2] not in "aeiou":
        plural[noun] = word[:-1] + "ies"
    elif word.endswith("man"):
        plural[noun] = word[:-2] + "en"
    else:
        plural[noun] = word + "s"
    return plural
