"""Stances: who is named in an article as being for or against a target, and in which words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from news.spans import Span
from news.stances import Stance
from news.statements import Kind, Mode, Statement
from news.targets import Target
from summarizer.attributions import Attribution
from summarizer.clauses import words_in
from summarizer.frames import Frame, Places
from summarizer.models.positions import Held, is_trained, read_positions
from summarizer.speakers import find_speakers
from summarizer.stances.actors import actor_of
from summarizer.stances.meaning import Meanings, meanings_of
from summarizer.stances.passages import Passage, find_passages

ENGINE = "positions 1"
LEAST = 0.5
"""How likely a position must be to be told."""
_NEAR = 0.3
"""How near a sentence must be to a target for its passage to be read for it ..."""
_MOST_TARGETS = 4
"""... and of the targets of one owner the nearest so many: passages are about few things."""


@dataclass(frozen=True, slots=True)
class Found:
    """Words that name somebody with a position on a target; the span of `held` is into the article."""

    passage: Passage
    target: Target
    held: Held


def find_stances(
    text: str, frames: Sequence[Frame], statements: Sequence[Statement], targets: Sequence[Target]
) -> tuple[Stance, ...]:
    """The stances of an article on the targets in reading order, for each actor and target the likeliest one.

    `frames` are those of the body. Without weights to read with none is told. What somebody says in quotation marks of
    another's position is no evidence of it.
    """
    if not targets or not is_trained():
        return ()
    meanings = meanings_of(tuple(targets))
    quoted = [span for s in statements if s.kind is not Kind.INDIRECT for span in s.content]
    found = [
        one
        for one in _found(text, frames, meanings)
        if not any(span.contains(one.held.span) for span in quoted)
    ]
    best: dict[tuple[str, Target], Stance] = {}
    for one, (actor, voice, state) in _with_actors(text, frames, found):
        stance = Stance(
            actor,
            one.target.name,
            one.held.position,
            (_sentence_of(one),),
            round(one.held.score, 2),
            voice,
            state,
            one.target.owner,
        )
        key = (state or actor, one.target)
        if key not in best or best[key].confidence < stance.confidence:
            best[key] = stance
    return tuple(sorted(best.values(), key=lambda stance: stance.evidence[0]))


def _found(text: str, frames: Sequence[Frame], meanings: Meanings) -> Iterator[Found]:
    for passage in find_passages(text, frames):
        for target in _targets_of(text, passage, meanings):
            for held in read_positions(_told(target), passage.span.of(text), least=LEAST):
                start = passage.span.start
                span = Span(held.span.start + start, held.span.end + start)
                yield Found(passage, target, replace(held, span=span))


def _targets_of(text: str, passage: Passage, meanings: Meanings) -> Iterator[Target]:
    """What the passage may be about: of each owner's targets the nearest few."""
    import numpy as np

    near = np.max([meanings.near(words_in(text, sentence)) for sentence in passage.sentences], axis=0)
    taken: dict[int | None, int] = {}
    for index in np.argsort(-near, kind="stable"):
        target = meanings.targets[index]
        if near[index] < _NEAR:
            return
        taken[target.owner] = taken.get(target.owner, 0) + 1
        if taken[target.owner] <= _MOST_TARGETS:
            yield target


def _told(target: Target) -> str:
    """The target as the reader was trained to be asked for it."""
    parts = [f"{target.name}. {target.description}"]
    if target.supporting:
        parts.append(f"For: {'; '.join(target.supporting[:2])}.")
    if target.opposing:
        parts.append(f"Against: {target.opposing[0]}.")
    return " ".join(parts)


def _with_actors(
    text: str, frames: Sequence[Frame], found: Sequence[Found]
) -> Iterator[tuple[Found, tuple[str, str | None, str | None]]]:
    """Each with whose position it is, who spoke in that name, and the state; without those whom nobody can tell."""
    places = Places(frames)
    attributions = [
        Attribution(
            (),
            (),
            (one.held.span,),
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


def _sentence_of(found: Found) -> Span:
    place = found.held.span.start
    return next((s for s in found.passage.sentences if s.start <= place < s.end), found.passage.span)
