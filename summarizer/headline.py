"""Headlines that their text does not bear out: a speaker, a number, a quotation or a person that it does not have."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from news.actors import fold, name_key
from news.briefs import Flag
from news.figures import Bound
from news.spans import Span
from news.statements import Kind, Mode, Statement
from summarizer.forms import stem
from summarizer.lexicon import listed, verbs, words
from summarizer.names import Name, find_names, strip_possessive
from summarizer.numbers import Number, find_numbers
from summarizer.places import is_capital, is_people, is_state, state_at
from summarizer.quotations import find_quotations

KIND = "headline"
_LONGEST = 300
"""Characters of a headline that are read."""
_LEAST_TEXT = 400
"""Characters of text below which nothing is missed: an excerpt bears out no headline."""
_TOKEN = re.compile(r"[^\W_]+(?:[.’'-][^\W_]+)*|[“”\"]")
_BESIDE = 6
"""Words behind a name in which reporting words may be its own."""
_WORD = re.compile(r"[^\W_]+(?:[.’'-][^\W_]+)*")
_NAME_WORD = r"[A-Z][^\s:;,.!?“”\"]*(?:\.[A-Z])*\.?"
_NAME = rf"(?:{_NAME_WORD}\s+){{0,4}}{_NAME_WORD}"
_SAYS = (
    "says|said|tells|told|denies|denied|warns|warned|insists|insisted|announces|announced|admits|admitted|declares"
    "|declared|reveals|revealed|confirms|confirmed|argues|argued|acknowledges|acknowledged|apologi[sz]es"
    "|apologi[sz]ed|vows|vowed"
)
_SPEAKING = re.compile(
    rf"(?P<name>{_NAME})(?:\s+(?i:has|have|had|also|again|now))?\s+(?:(?i:{_SAYS})|claims|claimed)\b"
)
_COLON = re.compile(rf"(?P<name>{_NAME}):\s")
_NOT_NAMES = listed(
    "poll polls report reports study studies survey analysis opinion video exclusive breaking live update updates fact"
    " check review sources source officials official police experts expert scientists researchers lawmakers senators dems"
    " democrats republicans gop critics aide aides who he she it they we i watch read photos editorial column interview"
    " transcript timeline explainer lawyer attorney family mother father wife husband witness witnesses candidate"
    " candidates judge court jury group groups man woman teen people voters fight war crisis ad dem rep sen gov action sheriff mayor governor"
    " senator president minister company paper doctor doctors ad admin letter memo email emails book ex-aide former"
)
"""Last words before a colon or a verb that name nobody in particular."""
_LISTED = listed(
    "things ways reasons takeaways facts questions tips lessons moments times ideas keys key big best top worst other"
)
_PRONOUNS = listed("he she they it i we who")
_KEPT = 0.75
"""Of a quotation's words, how many must stand in a row: `Not with a gun`, where the text has `nobody … with a gun`."""
_TITLE_WORDS = 4
"""Words of the longest name of a work."""
_FEWEST, _SHARE = 4, 0.2
"""Of so many words or more, the share that must stand in the text for the headline to be about it."""
_SMALL = 12.0
"""Up to so many a text may well tell without saying how many."""
_QUOTED_WORDS = 3
"""Words in quotation marks from which on a headline quotes somebody."""
_NEAR = 300
"""Characters before reporting words without a known speaker in which a name may be meant by them."""


def headline_flags(title: str, text: str, statements: Sequence[Statement]) -> tuple[Flag, ...]:
    """What the headline of an English article says and its text does not bear out, one flag each."""
    title = " ".join(title[:_LONGEST].split())
    reading = _Reading(title, text, statements)
    if len(text) - reading.start < _LEAST_TEXT:
        return ()
    if _is_elsewhere(reading):
        missing: tuple[str, ...] = ("hardly a word of the headline stands in it",)
    else:
        missing = (
            *_speakers(reading),
            *_numbers(reading),
            *_quotations(reading),
            *_persons(reading),
            *_states(reading),
        )
    details = dict.fromkeys(f"headline not borne out by its text: {what}" for what in missing)
    spans = (reading.place,) if reading.place else ()
    return tuple(Flag(KIND, detail, spans) for detail in details)


@dataclass
class _Reading:
    """A headline, and the text without it."""

    title: str
    text: str
    statements: Sequence[Statement]

    @cached_property
    def place(self) -> Span | None:
        """The text's first line, where that is the headline."""
        first = re.search(r"\S[^\n]*", self.text)
        if first is None or len(first.group()) > 2 * _LONGEST or _plain(first.group()) != _plain(self.title):
            return None
        return Span(*first.span()).trimmed(self.text)

    @property
    def start(self) -> int:
        """Where the body begins."""
        return self.place.end if self.place else 0

    @cached_property
    def body(self) -> str:
        return self.text[self.start :]

    @cached_property
    def folded(self) -> str:
        """The body's words, folded, one space between two."""
        return f" {_plain(self.body)} "

    @cached_property
    def persons(self) -> tuple[Name, ...]:
        """Persons whom the body names with a title or with a given name that is known for one."""
        return tuple(name for name in find_names(self.body) if name.titled or _is_given(name.text))

    @cached_property
    def spaced(self) -> str:
        """The body with a space before whatever a name may stand behind."""
        return " " + re.sub(r"[\s(“\"‘—–]+", " ", self.body)

    @cached_property
    def quoted(self) -> str:
        """What stands inside quotation marks, as if the reporting between two pieces were not there."""
        pieces = (piece for quotation in find_quotations(self.body) for piece in quotation.pieces)
        return f" {' '.join(_plain(piece.of(self.body)) for piece in pieces)} "

    @cached_property
    def keys(self) -> frozenset[str]:
        """Keys of all words of the body."""
        found = (name_key(word) for word in set(_WORD.findall(self.body)))
        return frozenset(part for key in found for part in key.split())

    @cached_property
    def stems(self) -> frozenset[str]:
        """The beginnings of the body's words."""
        return frozenset(stem(word)[:_STEM] for word in set(self.folded.split()))


def _plain(text: str) -> str:
    """The words, folded, one space between two."""
    text = text.translate(_TYPED)
    return " ".join(_LETTERS.findall(text.lower() if text.isascii() else fold(text)))


_LETTERS = re.compile(r"[^\W_]+")
_TYPED = str.maketrans(dict.fromkeys("“”„«»—–…\xa0", " ") | dict.fromkeys("'’‘."))
"""Typographic marks that most texts have, so that folding them, which is slow, is left to other texts."""


def _speakers(reading: _Reading) -> Iterator[str]:
    colon = _COLON.match(reading.title)
    for found in (*((colon,) if colon else ()), *_SPEAKING.finditer(reading.title)):
        name = _named(reading, found["name"], colon=found is colon)
        if name and not _speaks(reading, name):
            yield f"no statement by {name} in it"


def _named(reading: _Reading, run: str, *, colon: bool) -> str | None:
    """Whom capitalised words before a colon or a verb name; None where that may be anybody, or no actor."""
    parts = run.split()
    while len(parts) > 1 and re.fullmatch(_SAYS, parts[-1].lower()):
        parts.pop()
    last = strip_possessive(parts[-1].lower()).strip(".")
    if last in _NOT_NAMES or any(last in words(listed_) for listed_ in _NO_ACTORS) or is_people(parts[-1]):
        return None
    if _is_person(reading, parts) or _is_seat_or_state(run, colon=colon):
        wholes = (" ".join(parts[-count:]) for count in range(len(parts), 0, -1))
        return next((whole for whole in wholes if f" {whole}" in reading.spaced), parts[-1])
    person = " ".join(parts[-2:])
    return person if _is_given(person) else None


def _is_given(name: str) -> bool:
    """Whether a name begins with a usual given name, and more follows."""
    given, _, rest = name.lower().partition(" ")
    return bool(rest) and (given in words("men") or given in words("women"))


def _is_person(reading: _Reading, parts: Sequence[str]) -> bool:
    """Whether the body names somebody so in full, or with a title."""
    key = name_key(parts[-1])
    return any(key == name_key(name.text.split()[-1]) for name in reading.persons)


def _is_seat_or_state(name: str, *, colon: bool) -> bool:
    """Whether a government is meant; a state before a colon may only say where something happens."""
    return state_at(name) is not None and not (colon and (is_state(name) or is_capital(name)))


_NO_ACTORS = ("titles", "function_words", "nameless", "times", "bodies")


def _speaks(reading: _Reading, name: str) -> bool:
    """Whether somebody of that name, or for it, says something in the body; also where that may be so."""
    asked = set(name_key(name.split()[-1]).split()) or {name_key(name)}
    state = state_at(name) or state_at(name.split()[-1])
    for statement in reading.statements:
        if statement.content[0].start >= reading.start and _is_by(reading.text, statement, asked, state):
            return True
    return _near_reporting(reading, asked)


def _is_by(text: str, statement: Statement, asked: set[str], state: str | None) -> bool:
    if _is_torn(text, statement):
        return False
    speaker = statement.speaker
    source = " ".join(span.of(text) for span in statement.source)
    told = [source]
    if speaker is not None:
        told += [speaker.name, speaker.mention, speaker.affiliation or "", speaker.state or ""]
        if state is not None and speaker.state == state:
            return True
    elif not source or source.lower() in _PRONOUNS:
        start = min(span.start for span in statement.content)
        told.append(text[max(0, start - _NEAR) : start])
    keys = {part for words_ in told for word in words_.split() for part in name_key(word).split()}
    return bool(asked & keys)


def _is_torn(text: str, statement: Statement) -> bool:
    """Whether source, reporting words and content hardly belong together, or nothing was said.

    Only a quotation may stand in another paragraph than who says it.
    """
    parts = [*statement.source[:1], *statement.cue[:1]]
    if statement.kind is Kind.INDIRECT:
        parts += statement.content[:1]
    if len(parts) < 2:
        return False
    between = text[min(part.end for part in parts) : max(part.start for part in parts)]
    cue = " ".join(span.of(text) for span in statement.cue)
    return "\n" in between or _UNSAID.search(cue) is not None


_UNSAID = re.compile(r"\b(?:no|not|never|declined?|refused?|yet to)\b|n[’']t\b", re.IGNORECASE)
"""`made no statement`, `did not comment`."""


def _near_reporting(reading: _Reading, asked: set[str]) -> bool:
    """Whether the body has the name beside reporting words or a quotation, which then may be that one's."""
    tokens = _TOKEN.findall(reading.body)
    for at, token in enumerate(tokens):
        if not token[0].isupper() or not asked & set(name_key(token).split()):
            continue
        if any(_reports(word) for word in tokens[max(0, at - 3) : at + _BESIDE]):
            return True
    return False


def _reports(token: str) -> bool:
    if token in '“”"':
        return True
    forms = verbs().get(token.lower(), ())
    return token.islower() and any(form.mode is Mode.SPEECH and not form.particle for form in forms)


def _numbers(reading: _Reading) -> Iterator[str]:
    wanted = [n for n in find_numbers(reading.title) if _must_be_told(reading.title, n)]
    if not wanted:
        return
    given = list(find_numbers(reading.body))
    for number in wanted:
        if not any(_bears_out(number, other) for other in given):
            yield f"no {number.core.of(reading.title)} in it"


def _must_be_told(title: str, number: Number) -> bool:
    before, after = title[: number.core.start], title[number.core.end :]
    if after[:1].isalnum() or after[:1] in tuple("-–/:’'") or before[-1:] in tuple("-–/:#.’'"):
        return False
    if (
        number.unit in ("", "day", "week", "month", "year", "hour", "minute", "decade")
        and number.value <= _SMALL
    ):
        return False
    if not number.unit and 1900 <= number.value <= 2099:
        return False
    following = after.split()[:1]
    if following and following[0].lower() in _LISTED:
        return False
    previous = before.split()[-1:]
    return bool(number.unit) or not (
        previous
        and previous[0][:1].isupper()
        and len(before.split()) > 1
        and previous[0].lower() in _NUMBERED
    )


_NUMBERED = listed(
    "article title chapter section page route highway flight act no number vol part proposition prop"
)


def _bears_out(number: Number, other: Number) -> bool:
    """Whether the text's number is the headline's, or what the headline makes round."""
    if number.unit and other.unit and number.unit != other.unit:
        return False
    if number.value == other.value or number.value == other.until:
        return True
    slack = 0.1 if number.bound is not Bound.EXACT else 0.06
    return abs(number.value - other.value) <= slack * max(number.value, other.value)


def _quotations(reading: _Reading) -> Iterator[str]:
    for quotation in find_quotations(reading.title):
        quoted = quotation.pieces[0].of(reading.title)
        plain = _plain(quoted)
        if not quotation.closed or len(plain.split()) < _QUOTED_WORDS or _is_title(quoted):
            continue
        if "*" in quoted or (quoted[0] in _SINGLE and _is_retold(reading, plain)):
            continue
        if not _stands(plain.split(), reading.folded) and not _stands(plain.split(), reading.quoted):
            yield f"{quoted} does not stand in it"


_SINGLE = frozenset("'‘")
"""Marks in which some outlets put what they only retell: then its words need not stand in a row."""
_RETOLD = 0.75


def _is_retold(reading: _Reading, plain: str) -> bool:
    """Whether nearly all that the words say stands somewhere in the body."""
    asked = [word for word in plain.split() if word not in words("function_words")]
    return sum(stem(word)[:_STEM] in reading.stems for word in asked) >= _RETOLD * len(asked)


def _stands(asked: Sequence[str], given: str) -> bool:
    """Whether the words stand there in a row, but for a few at their beginning or end."""
    length = max(_QUOTED_WORDS, math.ceil(_KEPT * len(asked)))
    runs = (asked[at : at + length] for at in range(len(asked) - length + 1))
    return any(f" {' '.join(run)} " in given for run in runs)


def _is_title(quoted: str) -> bool:
    """Whether quotation marks hold the name of a work: `‘The Long Road’`."""
    found = _WORD.findall(quoted)
    return len(found) <= _TITLE_WORDS and all(word[:1].isupper() for word in found)


def _persons(reading: _Reading) -> Iterator[str]:
    """Persons named in full of whom the body has neither name."""
    for name in find_names(reading.title):
        given, _, rest = name.text.partition(" ")
        if _is_given(name.text) and not reading.keys & {
            *name_key(given).split(),
            *name_key(rest.split()[0]).split(),
        }:
            yield f"no {given} {rest.split()[0]} in it"


def _states(reading: _Reading) -> Iterator[str]:
    """States by their own name of which the body has no name, capital, seat or people."""
    named = {
        word: state
        for word in _WORD.findall(reading.title)
        if len(word) > _INITIALS and is_state(word) and (state := state_at(word)) is not None
    }
    if not named:
        return
    capitals = {word for word in _WORD.findall(reading.body) if word[:1].isupper()}
    told = {state_at(word) for word in capitals}
    for word, state in named.items():
        if state not in told and not any(_is_of(other, word, state) for other in capitals):
            yield f"no {word} in it"


_INITIALS = 3
"""Letters up to which a state's name may be an abbreviation of something else."""


def _is_of(word: str, name: str, state: str) -> bool:
    return is_people(word) and fold(word)[:3] in (fold(name)[:3], fold(state)[:3])


def _is_elsewhere(reading: _Reading) -> bool:
    """Whether hardly a word of the headline stands in the body: another article's, or a page that shows none."""
    asked = [
        word
        for word in _plain(reading.title).split()
        if len(word) > 2 and word not in words("function_words")
    ]
    if len(asked) < _FEWEST:
        return False
    enough = _SHARE * len(asked)
    rest = [word for word in asked if stem(word)[:_STEM] not in reading.stems]
    if len(asked) - len(rest) > enough:
        return False
    return len(asked) - sum(name_key(word) not in reading.keys for word in rest) <= enough


_STEM = 5
"""Letters of a word's stem that are compared."""
