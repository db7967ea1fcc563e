"""Who the source of a statement is: the fullest name, in whose name, or nobody where the article does not tell."""

from __future__ import annotations

import re
from bisect import bisect_left, insort
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from news.actors import name_key
from news.spans import Span
from news.statements import Speaker
from summarizer.attributions import Attribution
from summarizer.frames import Frame
from summarizer.grammar import DETERMINERS
from summarizer.lexicon import listed, words
from summarizer.names import People, find_names, gender_of, is_title, strip_possessive
from summarizer.roles import ARTICLE, affiliation_of

ENGINE = "rules 1"
_REACH = 2
"""Paragraphs that a pronoun may look back."""
_SENTENCES = 12
"""And sentences."""
_FIRST = 40
"""Characters of a sentence in which its subject is named."""
_NEAR = 8
"""Persons named before whom a pronoun may still mean."""
_SINGULAR = {"he": "m", "she": "f", "his": "m", "her": "f"}
_PLURAL = frozenset(("they", "their", "it", "its"))
_UNTOLD = re.compile(r"\b(?:them|us|these|those)$|\b(?:percent|per cent)\b|%")
_NOBODY = listed("i we you my our your this that these those what everyone everybody nobody all none")
_WORD = re.compile(r"(?:[^\W\d_]\.){2,}|\w+(?:[.’'-]\w+)*[.’']?")
_POSSESSIVE = re.compile(r"[’'](?:s\b|(?=\s))")
_LEADS = listed("asked pressed questioned speaking responding reacting")


@dataclass(frozen=True, slots=True)
class _Known:
    """Somebody the text has named so far, at a place in it."""

    start: int
    speaker: Speaker
    gender: str | None
    person: bool
    source: bool
    """Whether this was the source of a statement."""
    owner: bool = False
    """Whether it only says whose somebody or something is: `Stein's deputy`."""


@dataclass(slots=True)
class _Memory:
    """Who stood where, in reading order."""

    people: People
    known: list[_Known] = field(default_factory=list)
    affiliations: dict[str, str] = field(default_factory=dict)
    genders: dict[str, str] = field(default_factory=dict)
    """By name, as titles, given names and earlier pronouns tell."""
    titles: dict[str, list[tuple[str, frozenset[str]]]] = field(default_factory=dict)
    """Title to who bears it, and the other words of the role."""


def find_speakers(
    text: str, frames: Sequence[Frame], attributions: Sequence[Attribution]
) -> tuple[Speaker | None, ...]:
    """The speaker of each attribution, None where nobody can be told."""
    memory = _Memory(People(text))
    _remember_names(text, frames, memory)
    order = sorted(range(len(attributions)), key=lambda i: _place(attributions[i]))
    speakers: dict[int, Speaker | None] = {}
    for index in order:
        speaker, person, gender = _resolve(text, frames, attributions[index], memory)
        speakers[index] = speaker
        if speaker is not None:
            if person and gender:
                memory.genders.setdefault(name_key(speaker.name), gender)
            place = _place(attributions[index])
            insort(memory.known, _Known(place, speaker, gender, person, source=True), key=_start)
    return tuple(_with_affiliation(speakers[i], memory) for i in range(len(attributions)))


def _place(attribution: Attribution) -> int:
    return attribution.source[0].start if attribution.source else attribution.content[0].start


def _start(known: _Known) -> int:
    return known.start


def _with_affiliation(speaker: Speaker | None, memory: _Memory) -> Speaker | None:
    if speaker is None or speaker.affiliation or speaker.anonymous:
        return speaker
    return replace(speaker, affiliation=memory.affiliations.get(name_key(speaker.name)))


def _remember_names(text: str, frames: Sequence[Frame], memory: _Memory) -> None:
    """Notes the persons that the narration names, outside quotations."""
    mentions = memory.people.mentions
    starts = [m.start for m in mentions]
    for frame in frames:
        quoted = [t.span for t in frame.tokens if t.quotation]
        first, last = bisect_left(starts, frame.span.start), bisect_left(starts, frame.span.end)
        for mention in mentions[first:last]:
            if any(span.start <= mention.start < span.end for span in quoted):
                continue
            context = text[max(frame.span.start, mention.start - 20) : mention.start]
            full = memory.people.fullest(mention.text, context) or mention.text
            gender = gender_of(full, _last_word(context))
            if gender:
                memory.genders.setdefault(name_key(full), gender)
            end = mention.start + len(mention.text)
            owner = _POSSESSIVE.match(text, end) is not None
            memory.known.append(
                _Known(mention.start, Speaker(full, mention.text), gender, True, source=False, owner=owner)
            )


def _last_word(context: str) -> str:
    """What stands right before a name: `her spokesman, ` leaves `spokesman`."""
    return " ".join(context.rstrip(" ,").split()[-1:])


def _resolve(
    text: str, frames: Sequence[Frame], attribution: Attribution, memory: _Memory
) -> tuple[Speaker | None, bool, str | None]:
    """The speaker, whether it is a person, and the gender if known."""
    if not attribution.source:
        return None, False, None
    mention = " ".join(s.of(text) for s in attribution.source).strip(" ,")
    lower = mention.lower()
    if lower in _NOBODY:
        return None, False, None
    if lower in ("who", "which"):
        before = _antecedent(text, frames[attribution.frame], attribution.source[0])
        if before is None:
            return None, False, None
        speaker, person, gender = _named(before, memory)
        return (replace(speaker, mention=mention) if speaker else None), person, gender
    if lower in _SINGULAR or lower in _PLURAL:
        known = _referent(frames, attribution, lower, memory)
        if known is None:
            return None, False, None
        return replace(known.speaker, mention=mention), known.person, known.gender or _SINGULAR.get(lower)
    return _named(mention, memory)


def _antecedent(text: str, frame: Frame, who: Span) -> str | None:
    """The words before `who`: a name, or a noun phrase up to the last break."""
    before = text[frame.span.start : who.start].rstrip(" ,")
    names = list(find_names(before))
    if names and names[-1].start + len(names[-1].text) >= len(before) - 2:
        return names[-1].text
    phrase = re.split(r"[,;:—–“”\"]|\b(?:said|with|by|to|and|that|is|was|are|were)\b", before)[-1].strip()
    phrase = re.sub(r"^(?:of|for|in|at|on|from)\s+", "", phrase)
    return phrase if phrase and len(phrase) < 80 else None


def _referent(
    frames: Sequence[Frame], attribution: Attribution, pronoun: str, memory: _Memory
) -> _Known | None:
    """The one that a pronoun stands for; None when there is nobody, or more than one."""
    gender = _SINGULAR.get(pronoun)
    place = _place(attribution)
    paragraph = frames[attribution.frame].paragraph
    for index in range(attribution.frame, max(-1, attribution.frame - _SENTENCES), -1):
        frame = frames[index]
        if paragraph - frame.paragraph > _REACH:
            return None
        start = _after_lead(frame, place)
        first = bisect_left(memory.known, start, key=_start)
        here = memory.known[first : bisect_left(memory.known, min(frame.span.end, place), key=_start)]
        fitting = [k for k in here if _fits(k, gender, pronoun, memory) and not _is_inside(k, attribution)]
        if fitting:
            found = _one_of(fitting, frame)
            return None if found is None or _is_rivalled(found, gender, frame, memory) else found
        if gender is not None and index < attribution.frame and _has_other_subject(frame, here):
            return None
    return None


def _is_rivalled(found: _Known, gender: str | None, frame: Frame, memory: _Memory) -> bool:
    """Whether the pronoun may go on meaning the one who spoke before rather than somebody who was only named."""
    if gender is None or found.source or _gender(found, memory) is not None or not _is_clause_opener(frame):
        return False
    at = bisect_left(memory.known, frame.span.start, key=_start)
    spoke = next((k for k in reversed(memory.known[max(0, at - _NEAR) : at]) if k.source and k.person), None)
    return spoke is not None and _gender(spoke, memory) == gender and spoke.speaker.name != found.speaker.name


def _is_clause_opener(frame: Frame) -> bool:
    """Whether the sentence begins with anything but its subject: `If it does, Bell can …`."""
    first = frame.tokens[0].lower if frame.tokens else ""
    return first in words("function_words") and first not in DETERMINERS


def _gender(known: _Known, memory: _Memory) -> str | None:
    return known.gender or memory.genders.get(name_key(known.speaker.name))


def _after_lead(frame: Frame, before: int) -> int:
    """Where the sentence's own subject may stand: after `Asked whether Bell had read it, `, which names others."""
    tokens = frame.tokens
    if not tokens or tokens[0].lower not in _LEADS:
        return frame.span.start
    return next(
        (
            b.span.start
            for a, b in pairwise(tokens)
            if a.text == "," and b.lower in _SINGULAR and b.span.start < before
        ),
        frame.span.start,
    )


def _has_other_subject(frame: Frame, here: Sequence[_Known]) -> bool:
    """Whether the sentence is about somebody new, whom the pronoun may mean: `Stein's deputy`, `A driver`."""
    if any(k.owner and k.start - frame.span.start <= _FIRST for k in here):
        return True
    opening = [t for t in frame.tokens[:6] if t.word]
    if not opening or opening[0].lower not in ("a", "an", "one", "another"):
        return False
    return any(is_title(t.text) or t.lower in words("nameless") for t in opening)


def _is_inside(known: _Known, attribution: Attribution) -> bool:
    """Whether somebody is spoken of rather than speaking."""
    return any(span.start <= known.start < span.end for span in attribution.content)


def _fits(known: _Known, gender: str | None, pronoun: str, memory: _Memory) -> bool:
    if gender is not None:
        return known.person and not known.owner and _gender(known, memory) in (None, gender)
    if pronoun in ("it", "its"):
        return known.source and not known.person and not known.speaker.anonymous
    return known.source and not known.person


def _one_of(fitting: Sequence[_Known], frame: Frame) -> _Known | None:
    """The sentence's speaker, else its subject, else its only person."""
    for group in (
        [k for k in fitting if k.source],
        [k for k in fitting if k.start - frame.span.start <= _FIRST],
        fitting,
    ):
        keys = {name_key(k.speaker.name) for k in group}
        if len(keys) == 1:
            return group[-1]
        if len(keys) > 1:
            return None
    return None


def _named(mention: str, memory: _Memory) -> tuple[Speaker | None, bool, str | None]:
    """A source that names somebody or something itself."""
    segments = [s.strip() for s in re.split(r",|\s\(|\s[—–-]+\s", mention) if s.strip()]
    if len(segments) > 1 and _UNTOLD.search(segments[0].lower()):
        del segments[0]  # `One of them, a senior official`
    if not segments or _UNTOLD.search(segments[0].lower()):
        return None, False, None
    group = re.search(r"\band\b", segments[0]) is not None and not _title_after_and(segments[0])
    pair = _pair(segments[0], memory) if group else None
    if pair is not None:
        return Speaker(pair, mention), False, None
    if not group:
        for number, segment in enumerate(segments[:2]):
            person = _person(segment, memory)
            if person is None:
                continue
            name, before = person
            if number and not _is_role(segments[0]):
                break
            return _as_person(mention, name, before, segments, number, memory)
    return _nameless(mention, segments, memory, group=group)


def _title_after_and(segment: str) -> bool:
    before, _, after = segment.rpartition(" and ")
    if list(find_names(before)):
        return False
    return any(is_title(w) for w in after.split()) and bool(list(find_names(after)))


def _pair(segment: str, memory: _Memory) -> str | None:
    """Two persons by their names; None when either half is something else."""
    people = [_person(half.strip(), memory) for half in re.split(r"\band\b", segment)]
    found = [person for person in people if person is not None]
    if len(found) != 2 or len(people) != 2:
        return None
    return " and ".join(memory.people.fullest(name, before) or name for name, before in found)


def _is_role(segment: str) -> bool:
    return any(
        is_title(w) or strip_possessive(w.lower()) in words("nameless") for w in _WORD.findall(segment)
    )


def _person(segment: str, memory: _Memory) -> tuple[str, str] | None:
    """A person's name in the segment and the words before it; None when it names no person."""
    who = re.split(r"\b(?:of|for|at|from|who|which|in|on)\b", segment)[0].rstrip()
    names = list(find_names(who))
    if not names:
        return None
    name = names[-1]
    if who[name.start + len(name.text) :].strip(" .’'"):
        return None
    before = who[: name.start].strip()
    if (
        re.search(r"[’']s?$", who)
        and not re.search(r"[’']s?$", name.text)
        and who.endswith(("’s", "'s"))
        and before
    ):
        return None
    known = " " in name.text or name.titled or any(is_title(w) for w in before.split())
    if not known and memory.people.fullest(name.text, before) is None:
        return None
    return name.text, before


def _as_person(
    mention: str, name: str, before: str, segments: Sequence[str], number: int, memory: _Memory
) -> tuple[Speaker, bool, str | None]:
    full = memory.people.fullest(name, before) or name
    role = segments[0] if number else before
    affiliation = affiliation_of(role) or next(
        (a for s in segments[number + 1 :] if (a := affiliation_of(s))), None
    )
    if affiliation:
        memory.affiliations.setdefault(name_key(full), affiliation)
    described = frozenset(w.lower() for w in _WORD.findall(" ".join((role, *segments[number + 1 :]))))
    for word in described:
        if is_title(word):
            memory.titles.setdefault(strip_possessive(word), []).append((full, described))
    gender = gender_of(full, " ".join((role, *segments[number + 1 :])))
    return Speaker(full, mention, affiliation), True, gender


def _nameless(
    mention: str, segments: Sequence[str], memory: _Memory, *, group: bool
) -> tuple[Speaker | None, bool, str | None]:
    """A body, a state, a group, or a person whose name is kept back."""
    phrase = segments[0]
    name = re.sub(r"[’']s?$", "", ARTICLE.sub("", re.split(r"\b(?:who|which)\b", phrase)[0].strip())).strip()
    if not name or not any(c.isalnum() for c in name):
        return None, False, None
    head = _head(phrase)
    if re.match(r"the\b", phrase, re.IGNORECASE) and is_title(head) and not head.endswith("s"):
        found = _bearer(phrase, head, memory)
        if found is not None:
            return Speaker(found, mention), True, gender_of(found, phrase)
    if (head in words("nameless") or _is_crowd(name, head)) and not group:
        plural = head.endswith("s") or head in (
            "people",
            "men",
            "women",
            "some",
            "many",
            "most",
            "several",
            "few",
            "both",
        )
        return (
            Speaker(name, mention, affiliation_of(phrase), anonymous=True),
            not plural,
            gender_of("", phrase),
        )
    if phrase.split()[0].lower() in ("his", "her", "its", "their"):
        return None, False, None
    return Speaker(name, mention), False, None


def _is_crowd(name: str, head: str) -> bool:
    """`pilots`, `grain traders`: many without a name, and no body either."""
    plural = head.endswith("s") and not head.endswith(("ss", "us", "is"))
    return plural and name.islower() and head not in words("bodies") | words("documents")


def _bearer(phrase: str, title: str, memory: _Memory) -> str | None:
    """The only person known under the title and the words beside it: `the Ruritanian president`."""
    beside = {w.lower() for w in _WORD.findall(phrase)} - {"the", title}
    bearers = {full for full, described in memory.titles.get(title, ()) if beside <= described}
    return next(iter(bearers)) if len(bearers) == 1 else None


def _head(phrase: str) -> str:
    """The noun that the phrase is about, in lower case."""
    core = re.split(r"\b(?:of|for|in|from|at|with|on|who|which|that|to|close|familiar)\b", phrase)[0]
    found = _WORD.findall(core or phrase)
    return strip_possessive(found[-1].lower()) if found else ""
