"""What a figure is of, as its sentence tells: the noun beside it, what happens to that, and who does it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from news.actors import name_key
from news.figures import HARMS, Figure, FigureKind
from news.spans import Span
from summarizer.clauses import Word
from summarizer.forms import SAYING, is_verb, stem
from summarizer.lexicon import listed, words
from summarizer.numbers import Number, find_numbers, value_of

_BREAKS = frozenset(';:—–()[]“”"')
_AFTER_COMMA = listed(
    "while but whereas although though and as which who where when after before because including with"
)
_MOST_WORDS = 60
"""Words of a clause that are looked at, either way."""
_HARMED = {
    word: harm
    for harm, said in {
        "kill": "kill kills killed killing die dies died dying dead deaths death perished slain fatalities lives toll"
        " fatally massacred murdered murdering",
        "injure": "injure injured injuring injuries wounded wounding hurt",
        "arrest": "arrest arrested arresting arrests detained detaining",
        "miss": "missing",
        "displace": "displaced displacing evacuated evacuating",
    }.items()
    for word in said.split()
}
"""What happens to people, under one word each: outlets use them for one another."""
_PEOPLE = listed("people persons person victims others individuals lives casualties")
"""Nouns that say no more of whom it happened to than that they are people."""
_VAGUE = listed(
    "members hundreds thousands millions tons tonnes pieces number total kinds types group pair barrels"
)
"""Nouns that leave it to the one behind `of` to say what is counted."""
_LEADS = listed("of in the a an worth its his her their more all other additional new")
_LINKS = listed(
    "worth totaling totalling totalled totaled of at to by was is were reached hit exceeded valued estimated cost costs in"
)
_BINDING = listed("worth totaling totalling totalled totaled")
"""Before these the noun stands, whatever comes behind the number."""
_RATES = re.compile(
    r"\s(?:an?|per|each|every)\s(hour|day|week|month|year|person|barrel|share)\b|\s(annual|month|week|dai)ly\b"
)
_AUXILIARIES = listed(
    "was were is are be been being has have had will would could may might must should also then reportedly"
)
_PRONOUNS = listed(
    "i you he she it we they who whom whose which that him her his its their them us me this these those all both each"
    " anything everything something nothing there what when where why how"
)
_NOT_NOUNS = listed(
    "overnight alone apiece altogether annually abroad here there worldwide nationwide familiar short away left dead"
    " later earlier so far as well ahead behind together percent"
)
_SUPPOSING = listed(
    "if would could might may should unless whether propose proposes proposed proposing plans planning"
)
_EARLIER = listed(
    "ago previous previously former formerly earlier past then prior once historic history anniversary"
)


def read_figure(
    text: str,
    sentence: Span,
    tokens: Sequence[Word],
    number: Number,
    kind: FigureKind,
    place: tuple[int, int],
    common: frozenset[str],
) -> Figure | None:
    """The figure with what it is of; None where the sentence does not tell.

    `place` are the tokens from the number's first to the one behind it; `common` are words that the text writes
    small, so that they are no names where a sentence begins with them.
    """
    reader = _Reader(text, sentence, tokens, number, *place, common)
    if reader.goes_on():
        return None
    bound_before = kind is FigureKind.DATE or reader.before() in _BINDING
    noun, after = ([], place[1]) if bound_before else reader.noun_behind()
    event = reader.event(noun, after)
    if not noun and (kind is not FigureKind.COUNT or _happens(event) not in HARMS):
        noun = reader.noun_before()
        event = next((word for word in noun if word.lower in _HARMED), event)
    happens = _happens(event)
    head = noun[-1].lower if noun else ""
    if happens in HARMS and (not head or head in _PEOPLE or head in _HARMED):
        head = "people"
    if not head and not happens:
        return None
    actor = reader.actor(event)
    names, plain = reader.surroundings(noun)
    clause = [token.lower for token in tokens[reader.begin : reader.end]]
    return Figure(
        kind=kind,
        value=number.value,
        unit=reader.unit(kind),
        span=number.span,
        clause=sentence,
        head=stem(head),
        event=happens,
        actor=name_key(" ".join(word.text for word in actor)),
        beside=tuple(dict.fromkeys(_norm(word) for word in noun[:-1])),
        names=names,
        words=plain,
        when=tuple(_when(clause)),
        supposed=any(word in _SUPPOSING for word in clause),
        what=_what(text, noun, event, actor),
        bound=number.bound,
        until=number.until,
        whole=number.value if reader.is_whole() else _whole(text, number),
    )


@dataclass(slots=True)
class _Reader:
    """Looks around one number within its clause."""

    text: str
    sentence: Span
    tokens: Sequence[Word]
    number: Number
    first: int
    """The number's first token."""
    after: int
    """The first token behind it."""
    common: frozenset[str]
    begin: int = field(init=False)
    end: int = field(init=False)

    def __post_init__(self) -> None:
        begin, end = self.first, self.after
        while begin > 0 and self.first - begin < _MOST_WORDS and not self._breaks(begin - 1):
            begin -= 1
        while end < len(self.tokens) and end - self.after < _MOST_WORDS and not self._breaks(end):
            end += 1
        self.begin, self.end = begin, end

    def _breaks(self, at: int) -> bool:
        token = self.tokens[at]
        if token.text in _BREAKS:
            return True
        return token.text == "," and at + 1 < len(self.tokens) and self.tokens[at + 1].lower in _AFTER_COMMA

    def unit(self, kind: FigureKind) -> str:
        """The currency or the length of time, by what it is paid or counted: `usd/day`."""
        if kind not in (FigureKind.MONEY, FigureKind.DURATION):
            return ""
        rate = _RATES.match(self.text, self.number.core.end)
        return f"{self.number.unit}/{rate[1] or rate[2]}" if rate else self.number.unit

    def before(self) -> str:
        """The word before the number, in lower case."""
        return self.tokens[self.first - 1].lower if self.first else ""

    def goes_on(self) -> bool:
        """Whether the number is only a part: `killed 12 in Oldhaven alone`, `12 … and dozens more in the valley`."""
        behind = [token.lower for token in self.tokens[self.after : self.end]]
        if "alone" in behind:
            return True
        for at, word in enumerate(behind):
            if word == "and" and "more" in behind[at : at + 5]:
                further = behind[at + behind[at:].index("more") + 1 :][:2]
                return not any(word in _HARMED or word == "were" for word in further)
        return False

    def is_whole(self) -> bool:
        """Whether it is the 28 of `22 of 28`, which nothing happens to."""
        at = self.first - 1
        while at >= self.begin and self.tokens[at].lower in ("the", "its", "all", "their"):
            at -= 1
        if at < 1 or self.tokens[at].lower != "of":
            return False
        return value_of(self.tokens[at - 1].text) is not None

    def noun_behind(self) -> tuple[list[Word], int]:
        """The noun phrase behind the number, or behind `of` and `in`, and the token after it."""
        at = self.after
        for _ in range(2):
            at = self._led(at)
            noun, at = self._run(at)
            if not (noun and noun[-1].lower in _VAGUE and self._is(at, "of")):
                break
        return noun, at

    def _led(self, at: int) -> int:
        """Past what may stand between the number and its noun; `12 in Oldhaven` has none."""
        start = at
        while at < self.end and at - start < 3 and self.tokens[at].lower in _LEADS:
            if self.tokens[at].lower == "in" and not self.number.unit:
                return self.end
            at += 1
        return at

    def _run(self, at: int) -> tuple[list[Word], int]:
        noun: list[Word] = []
        while at < self.end and len(noun) < 6:
            token = self.tokens[at]
            if noun and noun[-1].capital and token.lower == "and" and self._is_capital(at + 1):
                at += 1  # `nine Kardovian and Talvenian children`
                continue
            if not token.is_word or _ends_noun(token, first=not noun):
                break
            noun.append(token)
            at += 1
        while noun and noun[-1].lower.endswith("ly"):
            noun.pop()
        return noun, at

    def _is(self, at: int, word: str) -> bool:
        return at < self.end and self.tokens[at].lower == word

    def _is_capital(self, at: int) -> bool:
        return at < self.end and self.tokens[at].capital

    def noun_before(self) -> list[Word]:
        """The noun phrase that a link ties to the number: `package worth`, `death toll rose to`."""
        at = self.first - 1
        while at >= self.begin and self.first - at <= 4 and self._links(at):
            at -= 1
        if at == self.first - 1:
            return []
        noun: list[Word] = []
        while at >= self.begin and len(noun) < 5:
            token = self.tokens[at]
            if (
                not token.is_word
                or token.lower in words("function_words")
                or _ends_noun(token, first=not noun)
            ):
                break
            noun.insert(0, token)
            at -= 1
        return noun

    def _links(self, at: int) -> bool:
        lower = self.tokens[at].lower
        return lower in _LINKS or lower.endswith("ly") or (at < self.first - 1 and is_verb(lower))

    def event(self, noun: Sequence[Word], after: int) -> Word | None:
        """The verb, or the noun of harm, that tells what happens."""
        for word in noun:
            if word.lower in _HARMED:
                return word
        for at in range(after, min(self.end, after + 5)):
            token = self.tokens[at]
            if token.lower in _HARMED or (token.lower.endswith("ed") and is_verb(token.lower)):
                return token
            if token.lower not in _AUXILIARIES and not token.lower.endswith("ly"):
                break
        for at in range(self.first - 1, max(self.begin, self.first - 6) - 1, -1):
            token = self.tokens[at]
            if token.lower in _HARMED:
                return token
            if token.text == ",":
                break
            if is_verb(token.lower) and token.lower not in _AUXILIARIES:
                return token
        return None

    def actor(self, event: Word | None) -> list[Word]:
        """The name right before a verb that stands before the number."""
        if event is None or event.start > self.number.span.start:
            return []
        at = next(i for i in range(self.first) if self.tokens[i].start == event.start) - 1
        while at >= self.begin and (
            self.tokens[at].lower in _AUXILIARIES or self.tokens[at].lower.endswith("ly")
        ):
            at -= 1
        name: list[Word] = []
        while at >= self.begin and self._is_name(self.tokens[at]) and len(name) < 5:
            name.insert(0, self.tokens[at])
            at -= 1
        return name

    def surroundings(self, noun: Sequence[Word]) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The keys of the clause's names, and its other words that carry meaning."""
        names: dict[str, None] = {}
        plain: dict[str, None] = {}
        head = noun[-1].start if noun else -1
        for token in self.tokens[self.begin : self.end]:
            inside = self.number.span.start <= token.start < self.number.span.end
            if inside or token.start == head or not _carries(token):
                continue
            if self._is_name(token):
                names[name_key(token.text)] = None
            elif len(token.lower) > 2:
                plain[_HARMED.get(token.lower) or stem(token.lower)] = None
        return tuple(name for name in names if name), tuple(plain)

    def _is_name(self, token: Word) -> bool:
        if not token.capital or not _carries(token):
            return False
        return token.start != self.sentence.start or token.lower not in self.common


def _happens(event: Word | None) -> str:
    return "" if event is None else _HARMED.get(event.lower) or stem(event.lower)


def _carries(token: Word) -> bool:
    """Whether a word says something of what a clause is about."""
    lower = token.lower
    if not token.is_word or lower in _PRONOUNS or lower in SAYING:
        return False
    return not any(lower in words(listed_) for listed_ in ("function_words", "times", "adverbs"))


def _when(clause: Sequence[str]) -> Iterator[str]:
    """Years, and `past` where the clause looks back to an earlier time."""
    yield from dict.fromkeys(word for word in clause if re.fullmatch(r"(?:19|20)[0-9]{2}", word))
    last = any(word == "last" and after not in words("times") for word, after in pairwise(clause))
    if last or any(word in _EARLIER for word in clause):
        yield "past"


def _what(text: str, noun: Sequence[Word], event: Word | None, actor: Sequence[Word]) -> tuple[Span, ...]:
    """The article's words for what is measured: `people were killed`, `the U.S. … package`."""
    where = Span(event.start, event.end) if event is not None else None
    span = Span(noun[0].start, noun[-1].end) if noun else None
    if span is None:
        return (where,) if where else ()
    if where is not None and event is not None and event.lower in _HARMED:
        if span.contains(where):
            return (span,)
        near = 0 <= where.start - span.end <= _NEAR
        return (Span(span.start, where.end),) if near else tuple(sorted((span, where)))
    if actor:
        name = Span(actor[0].start, actor[-1].end)
        called = _called(text, name.of(text), noun[-1].text)
        return (called,) if called else (name, span)
    return (span,)


_NEAR = 12
"""Characters between a noun and its verb that are shown with them: `people have been killed`."""


def _called(text: str, name: str, head: str) -> Span | None:
    """Where the article calls the thing by its owner's name: `the U.S. package`."""
    for form in (f"the {name} {head}", f"{name} {head}", f"{name}’s {head}", f"{name}'s {head}"):
        at = text.find(form)
        if (
            at >= 0
            and not text[at - 1 : at].isalnum()
            and not text[at + len(form) : at + len(form) + 1].isalnum()
        ):
            return Span(at, at + len(form))
    return None


_OF = re.compile(r"\s(?:out )?of (?:the |its |all |their )?")


def _whole(text: str, number: Number) -> float | None:
    """28 for the first number in `22 of 28`."""
    lead = _OF.match(text, number.span.end)
    if lead is None:
        return None
    other = next(find_numbers(text, lead.end(), min(len(text), lead.end() + 40)), None)
    return other.value if other is not None and other.span.start == lead.end() else None


def _ends_noun(token: Word, *, first: bool) -> bool:
    """Whether no noun phrase goes on with the word."""
    lower = token.lower
    if any(lower in words(listed_) for listed_ in ("function_words", "times")):
        return True
    if lower in _PRONOUNS or lower in _NOT_NOUNS or (lower in _HARMED and not first):
        return True
    if token.capital or (first and lower.endswith(("ed", "ing"))):
        return False
    return is_verb(lower)


def _norm(word: Word) -> str:
    return name_key(word.text) if word.capital else stem(word.lower)
