"""Who the source of a statement is: the fullest name, in whose name, or nobody where the article does not tell."""

from __future__ import annotations

import re
from bisect import bisect_right, insort
from collections.abc import Sequence
from dataclasses import dataclass, replace

from news.actors import name_key
from news.spans import Span
from news.statements import Speaker
from summarizer.attributions import Attribution
from summarizer.frames import Frame
from summarizer.lexicon import listed, words
from summarizer.memory import Known, Memory, is_inside, remember, start_of
from summarizer.names import find_names, gender_of, is_title, strip_possessive, without_subject
from summarizer.phrases import (
    cleaned,
    first,
    head,
    is_definite,
    is_plural,
    is_role,
    is_some,
    plain,
    segments,
)
from summarizer.places import is_people, is_state, state_at, state_of
from summarizer.pronouns import PLURAL, RELATIVE, SINGULAR, THINGS, antecedent, referent

ENGINE = "rules 2"
_LONGEST = 600
"""Characters of a source beyond which it names nobody."""
_UNTOLD = re.compile(r"\b(?:them|us|these|those)$|\b(?:percent|per cent)\b|%")
_OWNED = re.compile(r"[’'](?:s\b)?\s(?:[a-z-]+\s)*[a-z-]+$|\d-year-old$")
"""`Reed’s brother`, who is not Reed; `the 41-year-old`."""
_NOBODY = listed(
    "i we you me us my our your this that these those what everyone everybody anyone nobody all none one both the"
    " former latter two pair duo couple others another"
)
_NEGATED = listed("no nobody none neither nothing not")
_POSSESSIVE_PRONOUNS = listed("his her its their my our your")


@dataclass(frozen=True, slots=True)
class _Source:
    """A source on the way to its speaker."""

    mention: str
    place: int
    index: int
    """Of its frame."""
    near: Span
    """What its paragraph has said before it."""
    content: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class _Found:
    """A speaker, and what pronouns need to know of it."""

    speaker: Speaker
    person: bool = False
    gender: str | None = None
    plural: bool = False
    either: bool = False


def find_speakers(
    text: str, frames: Sequence[Frame], attributions: Sequence[Attribution]
) -> tuple[Speaker | None, ...]:
    """The speaker of each attribution, None where nobody can be told."""
    memory = remember(text, frames)
    sources = _sources(text, frames, attributions)
    for source in sources.values():
        _hear(source, memory)
    found: dict[int, _Found] = {}
    for at, source in sorted(sources.items(), key=lambda item: item[1].place):
        resolved = _resolve(text, frames, source, memory)
        if resolved is None:
            _block(source, memory)
            continue
        found[at] = resolved
        if resolved.person and resolved.gender:
            memory.genders.setdefault(name_key(resolved.speaker.name), resolved.gender)
        known = Known(
            source.place,
            resolved.speaker,
            resolved.gender,
            resolved.person,
            source=True,
            plural=resolved.plural,
            either=resolved.either,
        )
        insort(memory.known, known, key=start_of)
    return tuple(_with_side(found.get(at), memory) for at in range(len(attributions)))


def _block(source: _Source, memory: Memory) -> None:
    """Keeps pronouns from meaning somebody who spoke before a source that nobody can tell."""
    lower = source.mention.lower()
    if lower in _NOBODY or lower in RELATIVE or first(lower) in _NEGATED or _UNTOLD.search(lower):
        return
    unknown = Speaker(source.mention, source.mention)
    gender = SINGULAR.get(lower)
    insort(memory.known, Known(source.place, unknown, gender, True, source=True, unsure=True), key=start_of)


def _sources(text: str, frames: Sequence[Frame], attributions: Sequence[Attribution]) -> dict[int, _Source]:
    """The sources of the attributions that have one, by their number."""
    starts = [frame.span.start for frame in frames]
    opening: dict[int, int] = {}
    for frame in frames:
        opening.setdefault(frame.paragraph, frame.span.start)
    sources: dict[int, _Source] = {}
    for number, attribution in enumerate(attributions):
        spans = sorted(attribution.source)
        if not spans or not frames:
            continue
        place = spans[0].start
        index = max(0, bisect_right(starts, place) - 1)
        begin = min(place, opening[frames[index].paragraph])
        mention = " ".join(span.of(text).strip() for span in spans).strip(" ,\n\t")
        sources[number] = _Source(mention, place, index, Span(begin, place), attribution.content)
    return sources


def _hear(source: _Source, memory: Memory) -> None:
    """Notes who is quoted under a full name: a bare surname later may mean them."""
    for segment in segments(cleaned(source.mention[:_LONGEST]))[:2]:
        person = _person(segment, source, memory)
        if person is not None and " " in person[0]:
            memory.people.heard(person[0])
            return


def _with_side(found: _Found | None, memory: Memory) -> Speaker | None:
    """The speaker with what the whole article tells of its side."""
    if found is None:
        return None
    speaker, key = found.speaker, name_key(found.speaker.name)
    if not found.person or speaker.anonymous:
        return speaker
    affiliation = speaker.affiliation or memory.affiliations.get(key)
    state = speaker.state or (memory.state_behind(affiliation) if affiliation else None)
    return replace(
        speaker, affiliation=affiliation, state=state or (memory.states.get(key) if affiliation else None)
    )


def _resolve(text: str, frames: Sequence[Frame], source: _Source, memory: Memory) -> _Found | None:
    lower = source.mention.lower()
    if not lower or len(lower) > _LONGEST or first(lower) in _NEGATED:
        return None
    if lower in RELATIVE:
        before = antecedent(text, frames[source.index], source.place)
        found = _named(replace(source, mention=before), memory) if before else None
        return replace(found, speaker=replace(found.speaker, mention=source.mention)) if found else None
    if lower in SINGULAR or lower in PLURAL or lower in THINGS:
        if is_inside(memory.quoted, source.place):
            return None  # whom a quoted speaker means by it
        known = referent(frames, source.index, source.place, lower, source.content, memory)
        if known is None:
            return None
        speaker = replace(known.speaker, mention=source.mention)
        if not known.source and not known.person:
            return _body_of(known.speaker.name, source.mention)
        return _Found(speaker, known.person, known.gender or SINGULAR.get(lower), known.plural)
    return _named(source, memory)


def _named(source: _Source, memory: Memory) -> _Found | None:
    """A source that names somebody or something itself."""
    phrase = cleaned(source.mention)
    parts = segments(phrase)
    if len(parts) > 1 and _UNTOLD.search(parts[0].lower()):
        del parts[0]  # `One of them, a senior official`
    if not parts or _UNTOLD.search(parts[0].lower()) or first(parts[0]) in _NEGATED:
        return None
    if {w.lower() for w in parts[0].split()} <= _NOBODY:
        return None
    several = _several(phrase, parts, source, memory)
    if several is None and len(parts) > 1 and is_plural(head(parts[0])):
        several = _several(", ".join(parts[1:]), parts[1:], source, memory)  # `two pilots, Bell and Reed`
    if several is not None:
        return _Found(Speaker(several, source.mention), plural=True)
    group = re.search(r"\band\b", parts[0]) is not None and not _title_after_and(parts[0])
    for number, segment in enumerate(() if group else parts[:2]):
        person = _person(segment, source, memory)
        if person is None:
            if number == 0 and _is_ambiguous(segment, source, memory):
                return None
            continue
        if number and (not is_role(parts[0]) or is_plural(head(parts[0]))):
            break
        return _as_person(*person, parts, number, source, memory)
    return _nameless(parts, source, memory, group=group)


def _several(phrase: str, parts: Sequence[str], source: _Source, memory: Memory) -> str | None:
    """Persons joined by `and`, by their names; None when one of the parts is something else."""
    if " and " not in phrase or _title_after_and(parts[0]):
        return None
    halves = re.split(r",\s*and\b|,|\band\b", phrase)
    names = [_person(half.strip(), source, memory) for half in halves if half.strip()]
    found = [person for person in names if person is not None]
    if len(found) < 2 or len(found) != len(names):
        return None
    full = [memory.people.fullest(name, before, source.near) or name for name, before in found]
    return ", ".join(full[:-1]) + " and " + full[-1]


def _title_after_and(segment: str) -> bool:
    """Whether the `and` stands inside a role: `founder and director Tom Reed`."""
    before, _, after = segment.rpartition(" and ")
    if any(" " in n.text or n.titled for n in find_names(before)):
        return False
    return any(is_title(w) for w in after.split()) and bool(list(find_names(after)))


def _person(segment: str, source: _Source, memory: Memory) -> tuple[str, str] | None:
    """A person's name in the segment and the words before it; None when it names no person."""
    segment = without_subject(segment)
    who = re.split(
        r"\b(?:of|for|at|from|who|whose|which|in|on|with|by|including|like|such as|than|to|about|against|over)\b",
        segment,
    )[0].rstrip()
    bare = strip_possessive(who)
    if is_title(bare) and bare[:1].isupper() and memory.people.fullest(bare, near=source.near) is not None:
        return bare, ""  # `King`, where Jean King speaks
    names = list(find_names(who))
    if not names:
        return None
    name = names[-1]
    if who[name.start + len(name.text) :].strip(" .’'") not in ("", "s"):
        return None
    before = who[: name.start].strip()
    if who.endswith(("’s", "'s")) and before and not name.titled:
        return None
    place = state_at(name.text)
    if place is not None and (" " in name.text or is_state(name.text)) and not memory.people.has(name.text):
        return None
    known = " " in name.text or name.titled or any(is_title(w) for w in before.split())
    if known and place is None:
        return name.text, before
    if place is not None and not name.titled:
        return None
    if memory.people.fullest(name.text, before, source.near) is not None:
        return name.text, before
    given = memory.people.by_given(name.text) if not before else None
    return (given, before) if given is not None else None


def _is_ambiguous(segment: str, source: _Source, memory: Memory) -> bool:
    """Whether a bare name may be several persons', or a person's and a place's: `Reed` of two, `Jordan`."""
    bare = plain(segment)
    if " " in bare or not bare[:1].isupper():
        return False
    if state_at(bare) is not None:
        return memory.people.has(bare)
    return memory.people.is_shared(bare)


def _as_person(
    name: str, before: str, parts: Sequence[str], number: int, source: _Source, memory: Memory
) -> _Found | None:
    if memory.people.fullest(name, before, source.near) is None and memory.people.is_shared(name, before):
        return None  # `Mr. Reed`, of whom there are two
    full = memory.people.fullest(name, before, source.near) or name
    roles = [
        parts[0] if number else before,
        *parts[number + 1 :],
        parts[number].partition(name.split()[-1])[2],
    ]
    sides = [
        side for role in roles if role and (side := memory.note_role(full, _present(role), source.place))
    ]
    gender = gender_of(full, " ".join(roles))
    return _Found(Speaker(full, source.mention, sides[0] if sides else None), True, gender)


def _present(role: str) -> str:
    """A role without the clause that only tells what somebody was or did."""
    return (
        re.sub(r"^who (?:is|serves as)\s+", "", role.strip())
        if role.startswith(("who is", "who serves"))
        else (re.split(r"\b(?:who|which|whose)\b", role)[0])
    )


def _nameless(parts: Sequence[str], source: _Source, memory: Memory, *, group: bool) -> _Found | None:
    """A body, a state, a group, or a person whose name is kept back."""
    phrase, mention = parts[0], source.mention
    name, noun = plain(phrase), head(phrase)
    if not any(c.isalnum() for c in name) or name.split()[-1].lower() in words("function_words"):
        return None
    if is_definite(phrase) and not is_plural(noun) and (is_title(noun) or noun in words("nameless")):
        known = _known_before(phrase, noun, source, memory)
        if known is not None:
            return known
    if first(phrase) in _POSSESSIVE_PRONOUNS:
        return None
    kept_back = noun in words("nameless") or is_title(noun)
    if not group and (kept_back or _is_crowd(name, noun) or _is_open(phrase, noun)):
        return _unnamed(phrase, name, noun, source, memory)
    if not group and _OWNED.search(name) and noun not in words("bodies") | words("documents"):
        return _unnamed(phrase, name, noun, source, memory)
    if group and kept_back and is_plural(noun) and not any(" " in n.text for n in find_names(phrase)):
        return _unnamed(phrase, name, noun, source, memory)
    if group:
        return _Found(Speaker(name, mention), plural=True)
    return _body(phrase, name, noun, source, memory)


def _known_before(phrase: str, noun: str, source: _Source, memory: Memory) -> _Found | None:
    """Whom the article has told of before: `the Ruritanian president`, `the official`."""
    bearer, unnamed = memory.bearer(plain(phrase), noun), memory.unnamed.get(noun, [])
    if bearer is not None and not unnamed:
        return _Found(Speaker(bearer, source.mention), True, gender_of(bearer, phrase))
    if bearer is None and len(unnamed) == 1 and " " not in plain(phrase):
        return _Found(replace(unnamed[0], mention=source.mention), True, gender_of("", phrase))
    return None


def _is_crowd(name: str, noun: str) -> bool:
    """`pilots`, `grain traders`, `the Russians`: many without a name, and no body either."""
    if is_plural(noun) and name.islower() and noun not in words("bodies") | words("documents"):
        return True
    last = name.split()[-1]
    return last.endswith("s") and is_people(last[:-1]) and state_at(name) is None


def _is_open(phrase: str, noun: str) -> bool:
    """`a Ruritanian company`, `another Quellport Liberal`: one of many, left without a name."""
    return is_some(phrase) and noun not in words("documents") and f"{noun}s" not in words("documents")


def _unnamed(phrase: str, name: str, noun: str, source: _Source, memory: Memory) -> _Found:
    affiliation, state = memory.side(phrase, source.place)
    speaker = Speaker(name, source.mention, affiliation, anonymous=True, state=state)
    plural = is_plural(noun)
    if not plural and not is_definite(phrase):
        kept = memory.unnamed.setdefault(noun, [])
        if all(other.name != name for other in kept) and len(kept) < 2:
            kept.append(speaker)
    person = not plural and noun not in words("bodies")
    return _Found(speaker, person, gender_of("", phrase), plural)


def _body(phrase: str, name: str, noun: str, source: _Source, memory: Memory) -> _Found | None:
    if state_at(name) is not None and memory.people.has(name):
        return None  # `Washington`, where George Washington stands in the text
    full = memory.body(name, source.place) if is_definite(phrase) or name[:1].isupper() else None
    return _body_of(full or name, source.mention, plural=is_plural(noun) and name.islower())


def _body_of(name: str, mention: str, *, plural: bool = False) -> _Found:
    """A body or a state, with the state it speaks for."""
    name = strip_possessive(name)
    state = state_of(name)
    speaker = Speaker(name, mention, None if is_state(name) else state, state=state)
    bare = " " not in mention.strip() and name[:1].isupper() and not name.isupper() and state is None
    return _Found(speaker, plural=plural, either=bare)
