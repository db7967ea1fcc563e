"""What a text has told of its actors so far: who was named where, in which role, and which bodies there are."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from news.actors import name_key
from news.spans import Span
from news.statements import Speaker
from summarizer.frames import Frame
from summarizer.lexicon import listed, words
from summarizer.names import Name, People, gender_of, is_title, strip_possessive
from summarizer.phrases import WORD
from summarizer.places import is_capital, is_people, state_at, state_of
from summarizer.roles import affiliation_of, role_after, role_before

_POSSESSIVE = re.compile(r"[’'](?:s\b|(?=\s))")
_FORMER = listed("former ex onetime retired then ousted late")
_MOST_BEARERS = 30
"""Persons of one title, and bodies of one kind, that are told apart."""
_BODIES = re.compile(
    r"\b(ministry|department|agency|office|bureau|administration|government|parliament|congress|senate|assembly|council"
    r"|court|committee|commission|board|fund|bank|company|corporation|union|alliance|party|university|hospital|foundation"
    r"|institute|association|federation|league|army|navy|force|guard|service|campaign|authority|tribunal|delegation"
    r"|embassy|cabinet|coalition|movement|regulator)\b",
    re.IGNORECASE,
)
_OF = re.compile(r"\s(?:of|for)\s(?:the\s)?[A-Z][\w’'.-]*(?:\s(?:and\s)?[A-Z][\w’'.-]*)*")


@dataclass(frozen=True, slots=True)
class Known:
    """Somebody the text has named so far, at a place in it."""

    start: int
    speaker: Speaker
    gender: str | None
    person: bool
    source: bool
    """Whether this was the source of a statement."""
    owner: bool = False
    """Whether it only says whose somebody or something is: `Stein's deputy`."""
    plural: bool = False
    either: bool = False
    """Whether a bare name leaves open if it is a person's: `Tarn said`."""
    unsure: bool = False
    """Whether somebody stands here of whom the text does not tell who it is: no pronoun is resolved past it."""


@dataclass(slots=True)
class Memory:
    """Who stood where, in reading order."""

    text: str
    people: People
    known: list[Known] = field(default_factory=list)
    quoted: list[Span] = field(default_factory=list)
    """The quotations, in order."""
    affiliations: dict[str, str] = field(default_factory=dict)
    """By the key of a name."""
    states: dict[str, str] = field(default_factory=dict)
    genders: dict[str, str] = field(default_factory=dict)
    """By name, as titles, given names and earlier pronouns tell."""
    titles: dict[str, dict[str, set[str]]] = field(default_factory=dict)
    """Title to who bears it, and the other words of the role; a former one is under `former`."""
    bodies: dict[str, dict[str, tuple[int, str]]] = field(default_factory=dict)
    """Kind (`ministry`) to the keys of its names, where each first stood and how it was written."""
    unnamed: dict[str, list[Speaker]] = field(default_factory=dict)
    """Head noun to those whose names were kept back."""

    def note_role(self, full: str, role: str, place: int) -> str | None:
        """Keeps what a role tells of somebody; returns whom it speaks for."""
        key, described = name_key(full), {w.lower() for w in WORD.findall(role)}
        former = not described.isdisjoint(_FORMER)
        for word in described:
            if is_title(word):
                title = ("former " if former else "") + strip_possessive(word)
                bearers = self.titles.setdefault(title, {})
                if full in bearers or len(bearers) < _MOST_BEARERS:
                    bearers.setdefault(full, set()).update(described)
        if former:
            return None
        affiliation, state = self.side(role, place)
        if affiliation:
            self.affiliations.setdefault(key, affiliation)
        if state:
            self.states.setdefault(key, state)
        return affiliation

    def side(self, role: str, place: int) -> tuple[str | None, str | None]:
        """Whom a role at a place speaks for, and the state behind it."""
        affiliation = affiliation_of(role)
        if affiliation is None:
            state = state_of(role)
            return state, state
        if affiliation.islower():
            affiliation = self.body(affiliation, place) or affiliation
        return self.people.fullest(affiliation) or affiliation, self.state_behind(affiliation)

    def state_behind(self, name: str) -> str | None:
        """The state of a body, or that of a person who speaks for one: `Vladimir Putin's press secretary`."""
        if is_capital(name):
            return None  # its mayor speaks for the city
        return state_of(name) or self.states.get(name_key(self.people.fullest(name) or name))

    def bearer(self, phrase: str, title: str) -> str | None:
        """The only person known under the title and the words beside it: `the Ruritanian president`."""
        beside = {strip_possessive(w.lower()) for w in WORD.findall(phrase)} - {"the", "that", "this", title}
        former = not beside.isdisjoint(_FORMER)
        bearers = self.titles.get(("former " if former else "") + title, {})
        fitting = [full for full, described in bearers.items() if beside <= _without_endings(described)]
        fitting = list({name_key(f): f for f in fitting}.values())
        crowded = len(bearers) >= _MOST_BEARERS
        return fitting[0] if len(fitting) == 1 and not crowded else None

    def body(self, name: str, before: int) -> str | None:
        """The one body that `the ministry` or `the Foreign Ministry` means among those named before a place."""
        kind = next(iter(reversed(_BODIES.findall(name))), "").lower()
        named = self.bodies.get(kind, {})
        if not named or len(named) >= _MOST_BEARERS:
            return None
        key = name_key(name)
        fitting = {
            k: n
            for k, (start, n) in named.items()
            if start < before and (key == kind or k == key or k.endswith(f" {key}"))
        }
        longest = [n for k, n in fitting.items() if not any(o != k and o.endswith(f" {k}") for o in fitting)]
        return longest[0] if len(longest) == 1 else None


def _without_endings(described: set[str]) -> set[str]:
    return {strip_possessive(word) for word in described}


def start_of(known: Known) -> int:
    """For bisecting."""
    return known.start


def remember(text: str, frames: Sequence[Frame]) -> Memory:
    """The memory of a text's narration: persons with their roles and bodies, outside quotations."""
    memory = Memory(text, People(text))
    mentions = memory.people.mentions
    starts = [m.start for m in mentions]
    for frame in frames:
        quoted = sorted(t.span for t in frame.tokens if t.quotation)
        for mention in mentions[bisect_left(starts, frame.span.start) : bisect_left(starts, frame.span.end)]:
            if not is_inside(quoted, mention.start):
                _remember_person(memory, mention, frame)
        for start, name, kind in _bodies_in(text, frame.span):
            if not is_inside(quoted, start):
                _remember_body(memory, start, name, kind, frame)
        memory.quoted.extend(quoted)
    memory.known.sort(key=start_of)
    return memory


def is_inside(spans: Sequence[Span], place: int) -> bool:
    """Whether the place lies in one of the sorted spans."""
    at = bisect_right(spans, Span(place, 1 << 40)) - 1
    return at >= 0 and spans[at].start <= place < spans[at].end


def _remember_person(memory: Memory, mention: Name, frame: Frame) -> None:
    text, end = memory.text, mention.start + len(mention.text)
    context = text[max(frame.span.start, mention.start - 20) : mention.start]
    near = Span(max(0, frame.span.start), mention.start)
    full = memory.people.fullest(mention.text, context, near) or mention.text
    owner = _POSSESSIVE.match(text, end) is not None
    roles = [] if owner else [role_after(text, end, frame.span.end)]
    roles.append(role_before(text, mention.start, frame.span.start) if mention.titled else "")
    for role in filter(None, roles):
        memory.note_role(full, role, mention.start)
    gender = gender_of(full, " ".join((*context.rstrip(" ,").split()[-1:], *roles)))
    if gender:
        memory.genders.setdefault(name_key(full), gender)
    unsure = memory.people.fullest(mention.text, context, near) is None and memory.people.is_shared(
        mention.text
    )
    memory.known.append(
        Known(
            mention.start, Speaker(full, mention.text), gender, True, source=False, owner=owner, unsure=unsure
        )
    )


def _remember_body(memory: Memory, start: int, name: str, kind: str, frame: Frame) -> None:
    named = memory.bodies.setdefault(kind, {})
    key = name_key(name)
    if key not in named and len(named) < _MOST_BEARERS:
        named[key] = (start, name)
    if start - frame.span.start <= len("The "):
        memory.known.append(Known(start, Speaker(name, name), None, False, source=False))


def _bodies_in(text: str, span: Span) -> Iterator[tuple[int, str, str]]:
    """Bodies with more than their kind to their name: `the [Ruritanian Foreign Ministry]`."""
    for found in _BODIES.finditer(text, span.start, span.end):
        if found.end() < span.end and text[found.end()].isalnum():
            continue
        before = text[max(span.start, found.start() - 80) : found.start()]
        kept: list[str] = []
        for word in reversed(before.split() if before.endswith(" ") else []):
            lower = strip_possessive(word.lower())
            named = (
                word[0].isupper()
                or lower in words("modifiers")
                or lower in ("central", "local", "city", "regional")
            )
            if not named or lower in words("function_words") or (not word[-1].isalnum() and word[-1] != "."):
                break
            kept.append(word)
            if lower != word.lower() and not is_people(word) and state_at(word) is None:
                break
        of = _OF.match(text, found.end(), span.end) if found.group()[0].isupper() else None
        if kept or of:
            name = " ".join((*reversed(kept), found.group())) + (of.group() if of else "")
            yield found.start() - (len(" ".join(kept)) + 1 if kept else 0), name, found.group().lower()
