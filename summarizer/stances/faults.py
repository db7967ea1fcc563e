"""Targets that positions cannot be told apart for: those that say nothing, everything, or what another says."""

from __future__ import annotations

from collections.abc import Sequence

from news.actors import fold
from news.spans import Span
from news.targets import Target
from summarizer.clauses import words_in
from summarizer.stances.meaning import Meanings, is_empty, telling, whole, wordings_of

_FEWEST = 2
"""Telling words of a target that has no wordings ..."""
_NEAR = 0.5
_MOST = 0.4
"""... and the share of sentences on other subjects that may be as near as `_NEAR` to one wording of it."""
_SAME = 0.86
"""The cosine of two targets that say the same."""
_SUBJECTS = (
    "parliament debates a higher tax on petrol",
    "the hospital closes a ward for want of nurses",
    "the army moves its guns to the border",
    "teachers ask for smaller classes",
    "the court hears the appeal of a banker",
    "rents in the capital go up again",
    "the envoy flies to another round of talks",
    "a ferry line is sold to its captains",
    "farmers fear a dry summer",
    "the party chooses a new leader at its congress",
    "the club dismisses its coach after a defeat",
    "a satellite is launched from an island",
)
"""Sentences on subjects that have little in common: what is near many of them is near everything."""


def fault_of(target: Target, others: Sequence[Target]) -> str | None:
    """Why no positions can be told apart for the target beside the others, in a sentence; None where they can."""
    heard = {word.lower for text in wordings_of(target) for word in telling(text)}
    if not heard:
        return f"“{target.name}” says nothing in particular: name what one can be for or against, such as “port fees”."
    if len(heard) < _FEWEST and not (target.supporting or target.opposing):
        more = "say more in its description" if target.description.strip() else "add a description"
        return f"“{target.name}” alone says too little: {more}, or wordings of being for it and against it."
    if {fold(text) for text in target.supporting} & {fold(text) for text in target.opposing}:
        return f"A wording of “{target.name}” stands both for and against it: leave it with one of them."
    empty = next((text for text in (*target.supporting, *target.opposing) if _says_nothing(text)), None)
    if empty is not None:
        return f"The wording “{empty}” of “{target.name}” says nothing in particular: word it with what it is about."
    wide = _matches_everything(target)
    if wide is not None:
        return f"“{wide}” is near almost everything that is written: word it with what it is about."
    same = _same_as(target, others)
    if same is not None:
        return f"“{target.name}” says the same as “{same.name}”: use that one, or take it away first."
    return None


def _says_nothing(wording: str) -> bool:
    return all(is_empty(word) for word in words_in(wording, Span(0, len(wording))))


def _matches_everything(target: Target) -> str | None:
    """The wording that is near what other subjects are worded by."""
    for text in (target.name, *target.supporting, *target.opposing):
        alone = Meanings([Target(text, supporting=(text,))])
        near = [float(alone.near(words_in(other, Span(0, len(other))))[0]) for other in _SUBJECTS]
        if sum(likeness >= _NEAR for likeness in near) > _MOST * len(_SUBJECTS):
            return text
    return None


def _same_as(target: Target, others: Sequence[Target]) -> Target | None:
    own = whole(_described(target))
    for other in others:
        if fold(other.name) == fold(target.name):
            continue
        if float(own @ whole(_described(other))) >= _SAME:
            return other
    return None


def _described(target: Target) -> str:
    return f"{target.name}. {target.description}" if target.description else ". ".join(wordings_of(target))
