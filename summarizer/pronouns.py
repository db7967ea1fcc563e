"""Whom a pronoun means: `she`, `they`, `it`, `who`; nobody where more than one may be meant."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from itertools import pairwise

from news.actors import name_key
from news.spans import Span
from summarizer.frames import Frame
from summarizer.grammar import AUXILIARIES, DETERMINERS
from summarizer.lexicon import listed, verbs, words
from summarizer.memory import Known, Memory, start_of
from summarizer.names import find_names, is_title
from summarizer.phrases import is_role

_PARAGRAPHS = 2
"""Paragraphs that a pronoun may look back."""
_SENTENCES = 12
"""And sentences."""
_FIRST = 40
"""Characters of a sentence in which its subject is named."""
_NEAR = 8
"""Persons named before whom a pronoun may still mean."""
_MOST = 60
"""Of those in one sentence, the last so many."""
_WHO = 160
"""Characters before `who` in which its noun stands."""
SINGULAR = {"he": "m", "she": "f", "his": "m", "her": "f", "him": "m"}
THINGS = frozenset(("it", "its"))
PLURAL = frozenset(("they", "their", "them"))
RELATIVE = frozenset(("who", "which", "whom", "that"))
_LEADS = listed("asked pressed questioned speaking responding reacting")


def referent(
    frames: Sequence[Frame], index: int, place: int, pronoun: str, content: Sequence[Span], memory: Memory
) -> Known | None:
    """The one that a pronoun at `place`, in the frame at `index`, stands for."""
    gender = SINGULAR.get(pronoun)
    paragraph = frames[index].paragraph
    rival = gender is not None and _is_about_another(frames[index], place, gender, content, memory)
    for at in range(index, max(-1, index - _SENTENCES), -1):
        frame = frames[at]
        if paragraph - frame.paragraph > _PARAGRAPHS:
            return None
        end = bisect_left(memory.known, min(frame.span.end, place), key=start_of)
        begin = bisect_left(memory.known, _after_lead(frame, place), key=start_of)
        here = memory.known[max(begin, end - _MOST) : end]
        fitting = [k for k in here if _fits(k, gender, pronoun, memory) and not _spoken_of(k, content)]
        if fitting:
            found = _one_of(fitting, frame)
            if (
                found is None
                or found.unsure
                or (gender and _is_body(found))
                or _is_rivalled(found, gender, frame, memory)
            ):
                return None
            if rival and frame.paragraph != paragraph:
                return None
            return found
        if at < index and _has_other_subject(frame, here, gender):
            return None
    return None


def _fits(known: Known, gender: str | None, pronoun: str, memory: Memory) -> bool:
    if known.unsure and known.source:
        return known.gender in (None, gender)
    if gender is not None:
        return (
            (known.person or known.either)
            and not known.plural
            and not known.owner
            and _gender(known, memory) in (None, gender)
        )
    if pronoun in THINGS:
        return (not known.person or known.either) and not known.plural and not known.speaker.anonymous
    return known.source and known.plural


def _gender(known: Known, memory: Memory) -> str | None:
    return known.gender or memory.genders.get(name_key(known.speaker.name))


def _is_about_another(frame: Frame, place: int, gender: str, content: Sequence[Span], memory: Memory) -> bool:
    """Whether the pronoun's own words are about somebody it may mean: `Bell was late, he said`."""
    end = bisect_left(memory.known, min(place, frame.span.start + _FIRST), key=start_of)
    begin = bisect_left(memory.known, frame.span.start, key=start_of)
    return any(
        k.person and _spoken_of(k, content) and _gender(k, memory) in (None, gender)
        for k in memory.known[max(begin, end - _MOST) : end]
    )


def _is_body(known: Known) -> bool:
    return known.either and known.speaker.name.lower() in words("bodies")


def _spoken_of(known: Known, content: Sequence[Span]) -> bool:
    """Whether somebody is spoken of rather than speaking."""
    return any(span.start <= known.start < span.end for span in content)


def _one_of(fitting: Sequence[Known], frame: Frame) -> Known | None:
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


def _is_rivalled(found: Known, gender: str | None, frame: Frame, memory: Memory) -> bool:
    """Whether the pronoun may go on meaning the one who spoke before rather than somebody who was only named."""
    if gender is None or found.source or _gender(found, memory) is not None or not _is_clause_opener(frame):
        return False
    at = bisect_left(memory.known, frame.span.start, key=start_of)
    spoke = next((k for k in reversed(memory.known[max(0, at - _NEAR) : at]) if k.source and k.person), None)
    return spoke is not None and _gender(spoke, memory) == gender and spoke.speaker.name != found.speaker.name


def _is_clause_opener(frame: Frame) -> bool:
    """Whether the sentence begins with anything but its subject: `If it does, Bell can …`."""
    first = frame.tokens[0].lower if frame.tokens else ""
    return first in words("function_words") and first not in DETERMINERS


def _after_lead(frame: Frame, before: int) -> int:
    """Where the sentence's own subject may stand: after `Asked whether Bell had read it, `, which names others."""
    tokens = frame.tokens
    if not tokens or tokens[0].lower not in _LEADS:
        return frame.span.start
    return next(
        (
            b.span.start
            for a, b in pairwise(tokens[:_MOST])
            if a.text == "," and b.lower in SINGULAR and b.span.start < before
        ),
        frame.span.start,
    )


def _has_other_subject(frame: Frame, here: Sequence[Known], gender: str | None) -> bool:
    """Whether the sentence is about somebody new, whom the pronoun may mean: `Stein's deputy`, `A driver`."""
    if gender is None:
        # What is not a person has no gender to go by: only a sentence that goes on about it is passed over.
        opening = next((t.lower for t in frame.tokens if t.word), "")
        return not frame.bare and opening not in THINGS | PLURAL
    if any(k.owner and k.start - frame.span.start <= _FIRST for k in here):
        return True
    opening_words = [t for t in frame.tokens[:6] if t.word]
    if not opening_words or opening_words[0].lower not in ("a", "an", "one", "another"):
        return False
    return any(is_title(t.text) or t.lower in words("nameless") for t in opening_words)


def antecedent(text: str, frame: Frame, who: int) -> str | None:
    """The words that `who` at a place stands for: a name, or a noun phrase; None where they cannot be told."""
    before = text[max(frame.span.start, who - _WHO) : who].rstrip(" ,")
    names = list(find_names(before))
    if names and names[-1].start + len(names[-1].text) >= len(before) - 1:
        lead = before[: names[-1].start].rsplit(",", 1)[-1].split()
        if len(lead) > 1 and lead[-1].lower() in ("of", "for", "to") and is_role(" ".join(lead[:-1])):
            return None  # `a spokesman for Reed, who`
        title = lead[-1] if lead and is_title(lead[-1]) else ""
        return f"{title} {names[-1].text}".strip()
    parts = [part.strip() for part in before.split(",")]
    if (
        len(parts) > 1
        and names
        and (is_role(parts[-1]) or parts[-1].startswith(("a ", "an ")))
        and not _has_verb(parts[-1])
    ):
        named = list(find_names(parts[-2]))
        if named and named[-1].start + len(named[-1].text) >= len(parts[-2]):
            return f"{named[-1].text}, {parts[-1]}"
    return _phrase_before(before)


def _has_verb(part: str) -> bool:
    return any(w in AUXILIARIES or (w in verbs() and not is_title(w)) for w in part.lower().split())


def _phrase_before(before: str) -> str | None:
    """The noun phrase that the words end with: from its determiner on, without a verb."""
    kept: list[str] = []
    words_before = re.split(r"[,;:()“”\"—–]", before)[-1].split()[-10:]
    for at in range(len(words_before) - 1, -1, -1):
        word = words_before[at]
        lower = word.lower()
        if lower in DETERMINERS:
            kept.append(word)
            phrase = " ".join(reversed(kept))
            led = at > 0 and words_before[at - 1].lower() in words("function_words")
            return phrase if len(kept) > 1 and (not led or is_role(phrase)) else None
        if lower in AUXILIARIES or lower in ("and", "or", "but") or (lower in verbs() and not is_title(word)):
            break
        if lower in ("of", "in", "at", "from", "for") and kept:
            kept.append(word)
            continue
        if lower in words("function_words"):
            break
        kept.append(word)
    while kept and kept[-1].lower() in words("function_words"):
        kept.pop()
    phrase = " ".join(reversed(kept))
    return phrase if phrase and is_role(phrase) else None
