"""Stances: who is named in an article as being for or against a target, and in which words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from news.spans import Span
from news.stances import Stance
from news.statements import Kind, Mode, Statement
from news.targets import BUILT_IN, Target
from summarizer.attributions import Attribution
from summarizer.frames import Frame, Places
from summarizer.models.positions import Held, pieces_of, read_positions
from summarizer.speakers import find_speakers
from summarizer.stances.actors import actor_of
from summarizer.stances.asking import Asked, asked_for
from summarizer.stances.conflict import is_about_conflict
from summarizer.stances.naming import is_modifier, with_name
from summarizer.stances.passages import find_passages

ENGINE = "positions 3"
LEAST = 0.98
"""How sure the reader must be of a position for it to be told."""


@dataclass(frozen=True, slots=True)
class Found:
    """Words that name somebody with a position on a target; the span of `held` is into the article."""

    sentence: Span
    target: Target
    held: Held


def find_stances(
    text: str, frames: Sequence[Frame], statements: Sequence[Statement], targets: Sequence[Target]
) -> tuple[Stance, ...]:
    """The stances of an article on the targets in reading order, for each actor and target the surest one.

    `frames` are those of the body. Targets that are built in are of armed conflicts, and are found in articles on such
    alone. What somebody says in quotation marks of another's position is no evidence of it.
    """
    if not is_about_conflict(text):
        targets = [target for target in targets if target not in BUILT_IN]
    if not targets:
        return ()
    quoted = [span for s in statements if s.kind is not Kind.INDIRECT for span in s.content]
    found = [
        one
        for one in _found(text, frames, asked_for(tuple(targets)))
        if one.held.score >= LEAST
        and not any(span.contains(one.held.span) for span in quoted)
        and not is_modifier(text, one.held.span)
    ]
    best: dict[tuple[str, Target], Stance] = {}
    for one, (actor, voice, state) in _with_actors(text, frames, found):
        stance = Stance(
            actor,
            one.target.name,
            one.held.position,
            (one.sentence,),
            round(one.held.score, 2),
            voice,
            state,
            one.target.owner,
        )
        key = (state or actor, one.target)
        if key not in best or best[key].confidence < stance.confidence:
            best[key] = stance
    return tuple(sorted(best.values(), key=lambda stance: stance.evidence[0]))


def _found(text: str, frames: Sequence[Frame], asked: Asked) -> Iterator[Found]:
    for passage in find_passages(text, frames):
        start = passage.span.start
        for targets in asked.of(text, passage):
            read = read_positions([_told(target) for target, _ in targets], passage.span.of(text))
            rivals = [held for some in read for held in some]
            for (target, is_told), some in zip(targets, read, strict=True):
                for held in some if is_told else ():
                    span = Span(held.span.start + start, held.span.end + start)
                    sentence = next((s for s in passage.sentences if s.contains(span)), None)
                    if sentence is not None and _is_surest(held, rivals):
                        yield Found(sentence, target, replace(held, span=span))


def _is_surest(held: Held, rivals: Sequence[Held]) -> bool:
    """Whether the words are not read as somebody with a position on another target, and with more certainty."""
    return all(rival.score <= held.score for rival in rivals if rival.span.overlaps(held.span))


@lru_cache(maxsize=2_000)
def _told(target: Target) -> tuple[int, ...]:
    """The target as the reader was trained to be asked for it."""
    pieces = pieces_of(target.name, target.description, target.supporting, target.opposing)
    return tuple(pieces)


def _with_actors(
    text: str, frames: Sequence[Frame], found: Sequence[Found]
) -> Iterator[tuple[Found, tuple[str, str | None, str | None]]]:
    """Each with whose position it is, who spoke in that name, and the state; without those whom nobody can tell."""
    places = Places(frames)
    attributions = [
        Attribution(
            (),
            (),
            (with_name(text, one.held.span),),
            Mode.SPEECH,
            one.held.score,
            places.at(one.held.span.start),
        )
        for one in found
    ]
    for one, speaker in zip(found, find_speakers(text, frames, attributions), strict=True):
        actor = actor_of(speaker) if speaker is not None else None
        if speaker is not None and actor is not None:
            yield one, (*actor, speaker.state)
