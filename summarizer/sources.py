"""Who stands before or after a reporting verb: noun phrases, their appositions, what is not part of them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from summarizer.frames import Token
from summarizer.grammar import (
    AUXILIARIES,
    DETERMINERS,
    SUBJECTS,
    WEEKDAYS,
    Cue,
    Next,
    Range,
    following,
    is_adverb,
    is_in_title,
    is_time,
)
from summarizer.lexicon import Form, listed, verbs, words

_LIMIT = 40
"""Tokens that a source may have; beyond it we do not understand the sentence."""
_APPOSITION = 30
_PLURALS = SUBJECTS - {"he", "she", "it"} | listed(
    "who people many some most both others several few all those women men police"
)
_BREAKS = listed(
    "that which who whom whose when while where because if although though since after before until unless whether"
    " why how but nor so yet than as or what"
)
_OTHER_VERBS = listed(
    "include includes included contain contains make makes made take takes took give gives gave"
)
_STRAY = listed(
    "but and so yet still meanwhile however nevertheless nonetheless moreover furthermore instead later"
)
_RELATIVE = listed("who which whose whom where when with of from in on at now then")
_AFTER_SOURCE = listed("when as after while citing in on at with")
_RELATIVES = listed("who which that whose whom")
_NOBODY = listed("nobody none neither no nothing never few hardly")
_CONDITIONS = listed("if unless whether nor lest")
_NO_HEADS = listed("its her them him us me percent cent certain various own such same %")
_STOPS = frozenset(",;:()[]—–-!?…")


def subject_before(tokens: Sequence[Token], cue: Cue) -> Range | None:
    """Who stands before the verb group, appositions included; None when nobody does, or nobody said it yet."""
    source = _before(tokens, cue)
    if source is None or not _is_somebody(tokens, source):
        return None
    return None if _is_supposed(tokens, source.start) else source


def is_disowned(tokens: Sequence[Token], cue: Cue) -> bool:
    """Whether the verb group has a subject, but one that did not say it: `nobody said`, `if Bell says`."""
    return _before(tokens, cue) is not None and subject_before(tokens, cue) is None


def _is_somebody(tokens: Sequence[Token], source: Range) -> bool:
    """Whether the words can name a source: `nobody`, `41 percent` and `of them` cannot."""
    inside = tokens[source.start : source.end]
    first, last = inside[0], inside[-1]
    if first.lower in _NOBODY or last.lower in _NO_HEADS:
        return False
    return not all(t.text[0].isdigit() or not t.word for t in inside)


def is_clause(tokens: Sequence[Token], source: Range) -> bool:
    """Whether a verb of its own shows that the words are a sentence: `the bridge is safe`."""
    stop = next((i for i in range(source.start, source.end) if tokens[i].lower in _RELATIVES), source.end)
    return any(t.lower in AUXILIARIES - {"to", "not"} for t in tokens[source.start : stop] if not t.capital)


def _is_supposed(tokens: Sequence[Token], start: int) -> bool:
    """Whether the clause only imagines or asks: `if Bell says`, `Had Bell said`, `neither … nor Bell said`."""
    if start == 0:
        return False
    before = tokens[start - 1]
    return before.lower in _CONDITIONS or (start == 1 and before.lower in AUXILIARIES)


def _before(tokens: Sequence[Token], cue: Cue) -> Range | None:
    end = cue.at.start
    while end > 0 and is_adverb(tokens[end - 1]):
        end -= 1
    end = _before_date(tokens, end)
    if end <= 0:
        return None
    last = tokens[end - 1]
    if last.text == ",":
        return _before_apposition(tokens, end)
    if last.text == ")":
        return _before_bracket(tokens, end)
    if last.lower in ("who", "which"):
        return Range(end - 1, end)
    phrase = _noun_phrase(tokens, end)
    return phrase if phrase and _agrees(tokens, phrase, cue) else None


def _before_date(tokens: Sequence[Token], end: int) -> int:
    """Where a date ends the words before `end`, its start: `Smith [on Friday] said`."""
    start = end
    while start > 0 and is_time(tokens[start - 1]):
        start -= 1
    if start in (0, end):
        return end
    if tokens[start - 1].lower in ("on", "in", "at"):
        return start - 1
    return start if any(t.lower in WEEKDAYS for t in tokens[start:end]) else end


def _before_apposition(tokens: Sequence[Token], end: int) -> Range | None:
    """`Anna Bell, the spokeswoman for Y, [said]`: the name, the apposition and both commas."""
    for comma in range(end - 2, max(0, end - _LIMIT) - 1, -1):
        token = tokens[comma]
        if token.quotation or token.text in {";", ":"}:
            return None
        if token.text != ",":
            continue
        if comma and tokens[comma - 1].text.isdigit() and comma > 1 and tokens[comma - 2].text == ",":
            continue  # an age: `Reis, 54, a lawyer,`
        if _is_apposition(tokens, comma + 1, end - 1):
            return _named_before(tokens, comma, end)
        if not tokens[comma + 1].word:
            return None
    return None


def _named_before(tokens: Sequence[Token], comma: int, end: int) -> Range | None:
    named = _noun_phrase(tokens, comma)
    if not named or (named.end - named.start == 1 and is_adverb(tokens[named.start])):
        return None
    dated = all(is_time(t) or t.lower in ("on", "in", "at") for t in tokens[comma + 1 : end - 1])
    return named if dated else Range(named.start, end)


def _before_bracket(tokens: Sequence[Token], end: int) -> Range | None:
    opening = next((i for i in range(end - 1, max(0, end - 12) - 1, -1) if tokens[i].text == "("), None)
    named = _noun_phrase(tokens, opening) if opening is not None else None
    return Range(named.start, end) if named else None


def _is_apposition(tokens: Sequence[Token], start: int, end: int) -> bool:
    if start >= end:
        return False
    first = tokens[start]
    if first.lower in _RELATIVE:
        return True
    if first.lower in SUBJECTS or first.lower in ("and", "but", "or", "so"):
        return False
    return first.word and end - start <= _APPOSITION


def _noun_phrase(tokens: Sequence[Token], end: int) -> Range | None:
    """The noun phrase that ends before `end`."""
    if end <= 0:
        return None
    last = tokens[end - 1]
    if last.lower in SUBJECTS:
        return Range(end - 1, end)
    if last.lower in _OTHER_VERBS:
        return None
    if not last.word or last.lower in words("function_words") or last.lower.endswith(("'s", "n't")):
        return None
    start = end - 1
    while start > 0 and end - start < _LIMIT and not _breaks(tokens, start - 1, end):
        start -= 1
    start = _without_lead(tokens, start, end)
    return Range(start, end) if start < end else None


def _breaks(tokens: Sequence[Token], at: int, end: int) -> bool:
    """Whether the phrase cannot reach over the token at `at`."""
    token = tokens[at]
    if token.quotation:
        return token.set_off or len(token.text) > 40
    if token.text in _STOPS or token.text.startswith(("--", "...")):
        return True
    if token.lower in AUXILIARIES or token.lower in _BREAKS | SUBJECTS | _OTHER_VERBS:
        return True
    if token.lower == "and":
        return not _coordinates(tokens, at, end)
    entry = verbs().get(token.lower)
    return (
        entry is not None and entry.form is not Form.BASE and not token.capital and not _is_noun(tokens, at)
    )


def _is_noun(tokens: Sequence[Token], at: int) -> bool:
    """Whether a word that may be a verb is a noun or an adjective here: `the accused man`, `of claims`."""
    before = tokens[at - 1].lower if at else ""
    return before in DETERMINERS or before in ("of", "for", "and") or before.endswith("'s")


def _coordinates(tokens: Sequence[Token], at: int, end: int) -> bool:
    """Whether the `and` joins two names or nouns rather than two clauses."""
    if at == 0 or at + 1 >= end or not tokens[at - 1].word:
        return False
    before, after = tokens[at - 1], tokens[at + 1]
    if before.lower in SUBJECTS or before.lower in words("times"):
        return False
    if any(t.lower == "both" for t in tokens[max(0, at - 6) : at]):
        return True
    if before.capital:
        return (
            after.capital
            or after.lower in DETERMINERS
            or after.lower == "about"
            or (at <= 5 and end - at <= 4)
        )
    return not after.capital and end - at <= 4 and at <= 5


def _without_lead(tokens: Sequence[Token], start: int, end: int) -> int:
    """Leaves out what stands before the source itself: `But`, `On Friday`, `Meanwhile`."""
    while start < end - 1:
        token = tokens[start]
        if (
            token.lower in _STRAY
            or token.lower in ("today", "yesterday", "tonight")
            or (is_adverb(token) and token.lower.endswith("ly"))
        ):
            start += 1
        elif token.lower in ("on", "in", "by", "at", "during", "this", "last", "earlier", "late") and is_time(
            tokens[start + 1]
        ):
            start += 1
            while start < end - 1 and is_time(tokens[start]):
                start += 1
        elif token.lower in ("with", "for", "in", "to", "by", "of"):
            dates = [i for i in range(start + 1, end - 1) if token.lower == "in" and is_time(tokens[i])]
            start = max(dates, default=start) + 1
        else:
            break
    return start


def _agrees(tokens: Sequence[Token], phrase: Range, cue: Cue) -> bool:
    """Whether the phrase's number fits the verb's form, and the form is surely a verb."""
    last = tokens[phrase.end - 1]
    if cue.form is Form.BASE and not _is_plural(tokens, phrase):
        return False
    if cue.form is Form.THIRD:
        if last.lower in ("i", "you", "we", "they"):
            return False
        if phrase.end - phrase.start == 1 and not last.capital and last.lower not in SUBJECTS:
            return False
    if cue.form not in (Form.BASE, Form.THIRD) or cue.helped or cue.verbs[0].lemma not in words("nominal"):
        return True
    clear = (
        last.lower in SUBJECTS or phrase.end != cue.head or (last.capital and cue.verbs[0].lemma != "state")
    )
    return clear or following(tokens, cue).kind in (Next.THAT, Next.QUOTE, Next.TO, Next.COLON)


def _is_plural(tokens: Sequence[Token], phrase: Range) -> bool:
    inside = tokens[phrase.start : phrase.end]
    first, last = inside[0].lower, inside[-1].lower
    if last in _PLURALS or first in _PLURALS or any(t.lower == "and" for t in inside):
        return True
    if last.endswith("s") and not last.endswith(("ss", "'s")):
        return True
    return any(
        a.lower.endswith("s") and b.lower in ("of", "in", "on", "for", "from") for a, b in pairwise(inside)
    )


def source_after(tokens: Sequence[Token], start: int) -> Range | None:
    """Who stands after the verb: `said [one analyst, who asked not to be named]`."""
    if start >= len(tokens) or not tokens[start].word:
        return None
    if tokens[start].lower in SUBJECTS:
        return Range(start, start + 1)
    at = start
    while at < len(tokens) and at - start < _LIMIT and not _ends_source(tokens, start, at):
        at += 1
    while at > start and tokens[at - 1].text == ",":
        at -= 1
    while at > start and tokens[at - 1].lower in words("function_words"):
        at = next((i for i in range(at - 1, start, -1) if tokens[i].text == ","), start)
    found = Range(start, at)
    return found if found and _is_somebody(tokens, found) else None


def _ends_source(tokens: Sequence[Token], start: int, at: int) -> bool:
    token = tokens[at]
    if token.quotation or token.text in set(";:.?!—–-") or token.text.startswith("--"):
        return True
    if token.lower == "who" and _reports(tokens, at + 1):
        return True
    if at == start:
        return False
    if token.text == ",":
        after = tokens[at + 1] if at + 1 < len(tokens) else None
        if after is None or after.quotation or not _is_apposition(tokens, at + 1, len(tokens)):
            return True
        return after.lower.endswith("ing") or after.lower in _AFTER_SOURCE
    if token.lower in _BREAKS - {"who", "which", "whose", "that"}:
        return True
    if token.lower in ("during", "in", "on", "at", "after") and not _is_place(tokens, start, at):
        return True
    return token.capital and is_time(token) and not is_in_title(tokens, at)


def _is_place(tokens: Sequence[Token], start: int, at: int) -> bool:
    """Whether a preposition still describes the source: `a voter in Ohio`."""
    dated = at + 1 < len(tokens) and is_time(tokens[at + 1])
    return tokens[at].lower in ("in", "at") and not dated and not any(t.capital for t in tokens[start:at])


def _reports(tokens: Sequence[Token], at: int) -> bool:
    """Whether a reporting verb stands at `at`, an adverb passed over: `who [also said that]`."""
    while at < len(tokens) and is_adverb(tokens[at]):
        at += 1
    if at + 1 >= len(tokens) or tokens[at].lower not in verbs():
        return False
    after = tokens[at + 1]
    return after.quotation is not None or after.lower in ("that", "the", "he", "she", "they", "it")


def first_words(tokens: Sequence[Token]) -> Range | None:
    """A name or a pronoun that the sentence begins with: its subject, where nothing else is known."""
    at = 0
    while at < min(len(tokens), 6) and tokens[at].capital:
        at += 1
    if not at or at == len(tokens) or not tokens[at].word or is_adverb(tokens[0]):
        return None
    first = tokens[0].lower
    if first in words("function_words") - DETERMINERS or first in _NOBODY:
        return None
    if at == 1 and (first in words("function_words") or first.endswith("ing")):
        return None
    after = tokens[at].lower
    verb = after in AUXILIARIES or after in verbs() or after.endswith("ed") or is_adverb(tokens[at])
    return Range(0, at) if verb or (at == 1 and first in SUBJECTS) else None
