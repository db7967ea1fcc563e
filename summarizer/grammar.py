"""The small grammar of reporting clauses: which verb groups report, and what follows them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from summarizer.frames import Token
from summarizer.lexicon import Entry, Form, Verb, listed, verbs, words

_BE = listed("is are was were be been being am isn't aren't wasn't weren't")
AUXILIARIES = _BE | listed(
    "has have had having do does did will would can could may might must shall should hasn't haven't hadn't doesn't"
    " don't didn't won't wouldn't can't cannot couldn't not to"
)
SUBJECTS = listed("i you he she it we they")
DETERMINERS = listed("a an the this these those his her their its our my your some many any no such one two")
WEEKDAYS = listed("monday tuesday wednesday thursday friday saturday sunday yesterday today")
_LINKING = listed(
    "continue continues continued begin began start started keep kept go goes went try tries tried"
)
_ADDRESSEES = listed(
    "reporters journalists supporters them him her us me you everyone lawmakers voters people fans viewers listeners"
)
_PREPOSITIONS = listed("in on at during via through after before to with by from for over")
_CLAUSE_OPENERS = listed("that how whether what why if where")
_MEDIA = listed(
    "statement interview tweet post email e-mail letter speech memo message report column op-ed ad video news press"
    " phone telephone rally briefing conference debate book blog essay article television twitter facebook remarks"
    " telegram call testimony podcast radio"
)
_NEGATORS = listed("never hardly scarcely barely rarely seldom")
"""Adverbs that turn a report round: part of the cue wherever they stand."""
_ABOUT = listed("some about around nearly almost than the all over")
_TWO_WORDS = {("no", "longer"), ("not", "only")}
_PARTS_OF_DAY = listed(
    "morning afternoon evening night day week weekend month year summer winter spring autumn"
)
_FINITE = AUXILIARIES - {"to", "not"} | listed(
    "ran lasted ended began took came went left drew followed led brought made opened failed"
)
"""Verbs right after `that` show that it stands for the noun before: `an address that was announced late`."""
_ADDRESSEE_WORDS = 14
_PHRASE_WORDS = 22


@dataclass(frozen=True, slots=True)
class Range:
    """Tokens `start` up to, not including, `end`."""

    start: int
    end: int

    def __bool__(self) -> bool:
        return self.end > self.start


@dataclass(frozen=True, slots=True)
class Cue:
    """A verb group that may report: auxiliaries, adverbs, verb, particle."""

    at: Range
    head: int
    """Where the verb itself stands."""
    form: Form
    """As a finite verb has it: `is saying` counts as `said`."""
    verbs: tuple[Verb, ...]
    helped: bool
    """Whether an auxiliary stands before it."""

    def takes(self, what: str) -> Verb | None:
        """The verb reading that `what` may follow."""
        return next((v for v in self.verbs if what in v.takes), None)


class Next(StrEnum):
    """What follows a verb group."""

    END = "end"
    """Nothing that could be content."""
    QUOTE = "quote"
    """A quotation set off by a comma or a colon."""
    COLON = "colon"
    """Words after a colon."""
    INLINE = "inline"
    """A quotation that goes on in the clause."""
    THAT = "that"
    TO = "to"
    BARE = "bare"
    """A clause without `that`, or an object."""


@dataclass(frozen=True, slots=True)
class Following:
    """What follows a verb group, adverbials and addressee passed over."""

    kind: Next
    start: int
    """Where the content begins."""


def is_adverb(token: Token) -> bool:
    """Whether the token may stand inside a verb group or beside it."""
    if not token.word:
        return False
    ending = token.lower.endswith("ly") and not token.capital and token.lower not in words("not_adverbs")
    return ending or token.lower in words("adverbs")


def is_time(token: Token) -> bool:
    """Whether the token is part of a date or a time."""
    if token.capital and token.lower in _PARTS_OF_DAY:
        return False
    return token.word and (token.lower in words("times") or token.text[0].isdigit())


def is_in_title(tokens: Sequence[Token], at: int) -> bool:
    """Whether a time is part of a paper's name: `the [Sunday] Courier`."""
    if not 0 < at < len(tokens) - 1 or not tokens[at].capital:
        return False
    return tokens[at - 1].lower == "the" and tokens[at + 1].capital


def find_cues(tokens: Sequence[Token]) -> list[Cue]:
    """The verb groups of a frame that may report, in order; quotations are not looked into."""
    known = verbs()
    found = []
    for at, token in enumerate(tokens):
        entry = known.get(token.lower) if token.word and not (at and token.capital) else None
        cue = _cue(tokens, at, entry) if entry is not None else None
        if cue is not None:
            found.append(cue)
    return found


def _cue(tokens: Sequence[Token], at: int, entry: Entry) -> Cue | None:
    start, auxiliaries = at, list[str]()
    while start > 0 and at - start < 8:
        before = tokens[start - 1]
        if before.lower in AUXILIARIES:
            auxiliaries.append(before.lower)
        elif (tokens[max(0, start - 2)].lower, before.lower) in _TWO_WORDS:
            start -= 1
        elif not (is_adverb(before) or before.lower in _LINKING or _goes_on(tokens, start)):
            break
        start -= 1
    while start < at and is_adverb(tokens[start]) and tokens[start].lower not in AUXILIARIES | _NEGATORS:
        start += 1
    linked = any(t.lower in _LINKING for t in tokens[start:at])
    form = _form(entry.form, auxiliaries, linked=linked)
    fitting = _with_particle(tokens, at, entry.verbs)
    if form is None or not fitting:
        return None
    end = at + (2 if fitting[0].particle else 1)
    return Cue(Range(start, end), at, form, fitting, bool(auxiliaries))


def _goes_on(tokens: Sequence[Token], at: int) -> bool:
    """Whether `went on` stands before `at`."""
    return at > 1 and tokens[at - 1].lower == "on" and tokens[at - 2].lower in ("go", "goes", "went", "going")


def _form(form: Form, auxiliaries: Sequence[str], *, linked: bool) -> Form | None:
    """The finite reading of the form; None for passives and infinitives, which have no source before them.

    `auxiliaries` come nearest first; `linked`: a verb such as `continues` stands before an infinitive.
    """
    if not auxiliaries:
        return form
    be = auxiliaries[0] in _BE
    if form is Form.ING:
        return Form.PAST if be else form
    if form is Form.PAST:
        return None if be else form
    if form is Form.BASE and auxiliaries[0] == "to":
        return Form.PAST if linked else None
    return Form.PAST if form is Form.BASE and not be else None


def _with_particle(tokens: Sequence[Token], at: int, known: Sequence[Verb]) -> tuple[Verb, ...]:
    after = tokens[at + 1].lower if at + 1 < len(tokens) else ""
    with_particle = tuple(v for v in known if v.particle and v.particle == after)
    return with_particle or tuple(v for v in known if not v.particle)


def following(tokens: Sequence[Token], cue: Cue) -> Following:
    """What follows the verb group."""
    at = cue.at.end
    addressed = _addressee(tokens, at) if cue.takes("person") else None
    if addressed is not None:
        at = addressed.end
    if cue.verbs[0].lemma == "say" and at < len(tokens) and tokens[at].lower in ("of", "about"):
        at = _past_topic(tokens, at)
    kind, start = _kind(tokens, _past_adverbials(tokens, at, before_to=cue.takes("to") is not None))
    return Following(kind, start)


def _past_topic(tokens: Sequence[Token], at: int) -> int:
    """Passes over `of Moreau` where a quotation or `that` follows."""
    for end in range(at + 1, min(len(tokens) - 1, at + 8)):
        after = tokens[end + 1]
        if tokens[end].lower == "that" or (tokens[end].text in {",", ":"} and after.quotation):
            return end
        if not tokens[end].word:
            break
    return at


def _kind(tokens: Sequence[Token], at: int) -> tuple[Next, int]:
    if at >= len(tokens):
        return Next.END, at
    token = tokens[at]
    after = tokens[at + 1] if at + 1 < len(tokens) else None
    if token.text in {",", ":"} and after is not None and after.quotation:
        return Next.QUOTE, at + 1
    if token.text == ":" and after is not None:
        return Next.COLON, at + 1
    if token.text == ",":
        that = next((i for i in (at + 1, at + 3) if i < len(tokens) and tokens[i].lower == "that"), None)
        return (Next.END, at) if that is None else (Next.THAT, that)
    if token.quotation:
        return Next.INLINE, at
    if token.lower in _CLAUSE_OPENERS:
        return Next.THAT, at
    if token.lower == "to" or (token.lower == "not" and after is not None and after.lower == "to"):
        return Next.TO, at
    if token.lower in ("when", "while", "after", "before", "because"):
        opens = any(t.text == "," for t in tokens[at + 2 : at + 20])
        return (Next.BARE if opens else Next.END), at
    if token.lower in ("as", "and", "but", "or", "by"):
        return Next.END, at
    return (Next.BARE if token.word or token.text in set("$€£#@(") else Next.END), at


def _addressee(tokens: Sequence[Token], at: int) -> Range | None:
    """The words after `told` that name who was told."""
    if at >= len(tokens) or not tokens[at].word or tokens[at].lower in ("that", "of", "to", "not"):
        return None
    end = at
    while end < len(tokens) and end - at < _ADDRESSEE_WORDS:
        token = tokens[end]
        if token.lower in _ADDRESSEES and not _owns(tokens, end):
            return Range(at, end + 1)
        if _ends_addressee(tokens, at, end):
            break
        end += 1
    return Range(at, end) if end > at else None


def _owns(tokens: Sequence[Token], at: int) -> bool:
    """Whether `her` belongs to a noun after it: `told her parliament that`."""
    after = tokens[at + 1] if tokens[at].lower == "her" and at + 1 < len(tokens) else None
    return (
        after is not None and after.word and after.text.islower() and not _ends_addressee(tokens, at, at + 1)
    )


def _ends_addressee(tokens: Sequence[Token], at: int, end: int) -> bool:
    token = tokens[end]
    if token.quotation or token.text in {".", ",", ":", ";"}:
        return True
    if token.lower in ("that", "to", "how", "what", "whether", "why", "as", "when", "while", "after"):
        return True
    if end == at:
        return False
    counted = token.text[0].isdigit() and tokens[end - 1].lower in _ABOUT
    dated = is_time(token) and not counted and not is_in_title(tokens, end)
    if token.lower in SUBJECTS or dated or token.lower in ("in", "on", "during", "at", "afterwards"):
        return True
    before = tokens[end - 1]
    return token.lower in DETERMINERS and before.word and before.lower not in (*_PREPOSITIONS, "of", "about")


def _past_adverbials(tokens: Sequence[Token], at: int, *, before_to: bool) -> int:
    """Passes over times, adverbs, `in a statement`, `at a rally in Oldtown`."""
    for _ in range(4):
        before = at
        while at < len(tokens) and _is_loose(tokens[at]):
            at += 1
        if [t.lower for t in tokens[at : at + 2]] == ["all", "along"]:
            at += 2
        at = _past_date(tokens, at)
        if before_to and at < len(tokens) and tokens[at].lower == "to":
            break
        end = _past_phrase(tokens, at)
        at = at if end is None else end
        if at == before:
            break
    return at


def _is_loose(token: Token) -> bool:
    loose = is_adverb(token) or (is_time(token) and not token.text[0].isdigit())
    return loose and token.lower not in ("all", "both", "this", "last", "next")


def _past_date(tokens: Sequence[Token], at: int) -> int:
    if at + 1 >= len(tokens) or not is_time(tokens[at + 1]):
        return at
    if tokens[at].lower not in ("on", "in", "at", "last", "this", "next", "late", "early"):
        return at
    at += 1
    while at < len(tokens) and (is_time(tokens[at]) or _before_year(tokens, at)):
        at += 1
    return at


def _before_year(tokens: Sequence[Token], at: int) -> bool:
    return tokens[at].text == "," and at + 1 < len(tokens) and tokens[at + 1].text[:2] in ("19", "20")


def _past_phrase(tokens: Sequence[Token], at: int) -> int | None:
    """The end of a prepositional phrase that leads up to the content or ends the clause; None where none does."""
    if at >= len(tokens) or tokens[at].lower not in _PREPOSITIONS:
        return None
    medium = False
    for end in range(at + 1, min(len(tokens), at + _PHRASE_WORDS)):
        token = tokens[end]
        if token.quotation and end == at + 1:
            return None
        if token.quotation or token.text in {".", ",", ":", ";", "?", "!", "—"}:
            return end
        if token.lower == "that" and not (end > at + 1 and _is_relative(tokens, end)):
            return end
        if token.lower in SUBJECTS and end > at + 1:
            return end if medium or end - at <= 4 else None
        if token.lower in ("as", "when", "while", "after", "before") and end > at + 1:
            return end
        medium = medium or token.lower in _MEDIA
    return len(tokens) if at + _PHRASE_WORDS > len(tokens) else None


def _is_relative(tokens: Sequence[Token], at: int) -> bool:
    """Whether `that` stands for the noun before it rather than opening what was said."""
    return at + 1 < len(tokens) and tokens[at + 1].lower in _FINITE
