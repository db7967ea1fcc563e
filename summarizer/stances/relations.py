"""Who of a sentence's actors does what to whom, and who is said to be what by whom, as far as its words tell."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from summarizer.lexicon import listed, verbs
from summarizer.stances.mentions import FIRST, SOURCE, TARGET, Mention
from summarizer.stances.polar import Cue, Kind

_RANKS = (1.0, 0.35, 0.15)
"""What the nearest mention on a side counts, the next, and the one behind that."""
_DECAY = 14.0
"""Words over which nearness falls to a third."""
_BARRIER = 0.6
"""What is left of nearness across a cue or the end of a clause."""
_DENIED = -0.7
"""What a denial makes of a cue."""
_CLAUSE_ENDS = listed("; : — – but although though while whereas because ( )")
_FROM = listed("from by among")
_TOWARD = listed("of for on against to toward towards with in over at about")
_POSSESSIVE = listed("'s ' his her its their")
_QUOTES = listed("\" “ ” „ «»")
_BREAKS = listed(", ; . : — – and or but who which that said")
_EXPECTATIONS = listed("expected supposed rumoured rumored once former formerly previously used ex")
_CONCESSIONS = listed("although though while despite whereas")
_EXPECTED, _CONCEDED = 0.4, 0.5
_WITHIN_AN_OBJECT = 4
_PREFER = listed("choose chose chooses chosen choosing prefer prefers preferred picked pick picks favour favours favored favors favoured back backed backs endorse endorsed endorses support supported supports")
_REPORTED = listed("said says say told tells adding added argued wrote")
_BEFORE_A_SPEAKER = 3
_WITHIN_A_SUBJECT = 8
Weighed = list[tuple[Mention, float]]


@dataclass(slots=True)
class Relations:
    """Sums over a sentence's cues, from -2 to 2 each."""

    named: frozenset[str] = frozenset()
    """The actors who are named in the sentence."""
    acts: dict[tuple[str, str], float] = field(default_factory=lambda: defaultdict(float))
    """Actor towards actor."""
    said: dict[tuple[str | None, str], float] = field(default_factory=lambda: defaultdict(float))
    """Speaker, None for the writer, about an actor."""
    tone: dict[str | None, float] = field(default_factory=lambda: defaultdict(float))
    """All that each speaker's words tell, whomever they are about."""


def relate(words: Sequence[str], mentions: Sequence[Mention], cues: Sequence[Cue]) -> Relations:
    """The relations that the cues among words in lower case tell."""
    relations = Relations(
        frozenset(m.actor for m in mentions if not m.guessed and words[m.start] not in FIRST)
    )
    speakers = _speakers(words, mentions)
    cues = _composed(words, mentions, cues)
    for cue in cues:
        sign = (_DENIED if cue.denied else 1.0) * _actual(words, cue)
        speaker = speakers[cue.start]
        relations.tone[speaker] += sign * (cue.valence.toward or cue.valence.of)
        left = _side(words, cues, cue, [m for m in reversed(mentions) if m.start < cue.start])
        right = _side(words, cues, cue, [m for m in mentions if m.start > cue.start])
        if cue.valence.toward:
            _act(relations, words, cue, sign * cue.valence.toward, speaker, left, right)
        if cue.valence.of and not (cue.passive and cue.valence.toward):
            for actor, weight in _described(cue, left, right):
                relations.said[speaker, actor.actor] += sign * cue.valence.of * weight
        elif cue.valence.toward < 0 and cue.kind is Kind.VERB and not cue.passive:
            for actor, weight in left[:1]:
                relations.said[speaker, actor.actor] += 0.3 * sign * cue.valence.toward * weight
    return relations


def _composed(words: Sequence[str], mentions: Sequence[Mention], cues: Sequence[Cue]) -> list[Cue]:
    """The cues, what is done to a doing made one with it: to `condemn attacks on` somebody is to be for him."""
    kept: list[Cue] = []
    for cue in cues:
        last = kept[-1] if kept else None
        if last and _governs(words, mentions, last, cue):
            against = (last.valence.toward < 0) != last.denied
            kept[-1] = replace(cue, denied=cue.denied != against)
        else:
            kept.append(cue)
    return kept


def _governs(words: Sequence[str], mentions: Sequence[Mention], verb: Cue, cue: Cue) -> bool:
    """Whether a verb's object is what a noun, an -ing form or an infinitive tells."""
    between = words[verb.end : cue.start]
    return (
        verb.kind is Kind.VERB
        and not verb.passive
        and bool(verb.valence.toward and cue.valence.toward)
        and len(between) <= _WITHIN_AN_OBJECT
        and (_is_of_somebody(words, cue) or (cue.kind is Kind.VERB and words[cue.start].endswith("ing")))
        and not (cue.end < len(words) and words[cue.end] in _FROM)
        and not any(word in _BREAKS for word in between)
        and not any(verb.end <= mention.start < cue.start and mention.end < cue.start for mention in mentions)
    )


def _is_of_somebody(words: Sequence[str], cue: Cue) -> bool:
    """Whether what is done has somebody as its object, as in `criticism of`, not as in `her rival`."""
    after = words[cue.end] if cue.end < len(words) else ""
    return after == "of" if cue.kind is Kind.ROLE else cue.kind is Kind.NOUN and after in _TOWARD


def _actual(words: Sequence[str], cue: Cue) -> float:
    """What a cue counts, less where it was only expected, or where `but` takes it back."""
    before = words[max(0, cue.start - 5) : cue.start]
    worth = _EXPECTED if any(word in _EXPECTATIONS for word in before) else 1.0
    ahead = words[cue.end :]
    if "but" in ahead and ahead[ahead.index("but") + 1 : ahead.index("but") + 2] != ["also"]:
        worth *= _CONCEDED
    opening = words[: cue.start]
    if opening[:1] and opening[0] in _CONCESSIONS and "," not in opening:
        worth *= _CONCEDED
    return worth


def _act(
    relations: Relations, words: Sequence[str], cue: Cue, worth: float, speaker: str | None, left: Weighed, right: Weighed
) -> None:
    for agent, one in (agents := _agents(words, cue, left, right)):
        for patient, other in _patients(words, cue, left, right):
            bound = agent.guessed and patient.guessed and {SOURCE, TARGET} <= relations.named
            if agent.actor != patient.actor and agent.start != patient.start and not bound:
                relations.acts[agent.actor, patient.actor] += worth * one * other
    if not agents:
        for patient, weight in _patients(words, cue, left, right):
            if cue.valence.of < 0:
                relations.said[speaker, patient.actor] -= 0.5 * worth * weight
            else:
                relations.said[None, patient.actor] += 0.5 * worth * weight


def _agents(words: Sequence[str], cue: Cue, left: Weighed, right: Weighed) -> Weighed:
    after = words[cue.end : cue.end + _WITHIN_A_SUBJECT]
    if cue.passive:
        return right if "by" in after else []
    if cue.kind is Kind.NOUN and after and after[0] in _FROM:
        return right
    return left


def _patients(words: Sequence[str], cue: Cue, left: Weighed, right: Weighed) -> Weighed:
    after = words[cue.end] if cue.end < len(words) else ""
    before = words[cue.start - 1] if cue.start else ""
    if cue.passive or (cue.kind is Kind.NOUN and after in _FROM):
        return left
    if cue.kind is Kind.ROLE and before in _POSSESSIVE and after not in _TOWARD:
        return left + right
    if not right or "whom" in words[max(0, cue.start - _WITHIN_A_SUBJECT) : cue.start]:
        return left[1:] + right
    return right


def _described(cue: Cue, left: Weighed, right: Weighed) -> Weighed:
    if cue.kind is Kind.VERB:
        return left[:2]
    return left[:2] + [(actor, 0.5 * weight) for actor, weight in right[:1]]


def _side(words: Sequence[str], cues: Sequence[Cue], cue: Cue, mentions: Sequence[Mention]) -> Weighed:
    """The mentions on one side of a cue, the nearest first, with what their nearness counts."""
    found: Weighed = []
    rank, at = 0, -1
    for mention in mentions:
        if rank >= len(_RANKS):
            break
        start, end = (mention.end, cue.start) if mention.start < cue.start else (cue.end, mention.start)
        crossed = sum(word in _CLAUSE_ENDS for word in words[start:end]) + sum(
            start <= other.start < end and other.valence.toward != 0 for other in cues
        )
        crossed += 2 * any(word in _REPORTED for word in words[start:end])
        weight = _RANKS[rank] * mention.weight * math.exp(-max(0, end - start) / _DECAY) * _BARRIER**crossed
        if words[cue.start] in _PREFER and _second_choice(words, cue, mention):
            weight *= -2.0
        found.append((mention, weight))
        if mention.start != at and not mention.guessed:
            rank += 1
        at = mention.start
    return found


def _second_choice(words: Sequence[str], cue: Cue, mention: Mention) -> bool:
    """Whether the mention is what somebody else was preferred to."""
    between = words[cue.end : mention.start]
    return "over" in between or "rather" in between or "instead" in between or (
        words[cue.start].startswith("prefer") and "to" in between
    )


def _speakers(words: Sequence[str], mentions: Sequence[Mention]) -> list[str | None]:
    """Whose words each word belongs to, as far as reporting verbs tell; None is the writer."""
    speakers: list[str | None] = [None] * len(words)
    for at, word in enumerate(words):
        if word == "according":
            speaker = _first(m for m in mentions if at < m.start <= at + _BEFORE_A_SPEAKER)
            if speaker:
                speakers = [speaker.actor] * len(words)
        elif word in verbs():
            _give(speakers, words, mentions, at)
    if any(word in _QUOTES for word in words):
        for at, inside in enumerate(_quoted(words)):
            if inside and speakers[at] is None:
                speakers[at] = SOURCE
    return speakers


def _give(speakers: list[str | None], words: Sequence[str], mentions: Sequence[Mention], at: int) -> None:
    """To whom a reporting verb gives the words behind it or before it."""
    left = _first(m for m in reversed(mentions) if m.end <= at and m.weight >= 0.6)
    right = _first(m for m in mentions if m.start > at)
    inverted = at > 0 and (words[at - 1] == "," or words[at - 1] in _QUOTES)
    if inverted and right and right.start - at <= _BEFORE_A_SPEAKER:
        speakers[:at] = [right.actor] * at
    elif left and at - left.end <= _WITHIN_A_SUBJECT:
        speakers[at + 1 :] = [left.actor] * (len(words) - at - 1)
        before = words[left.start - 1] if left.start else ""
        if before == "," or before in _QUOTES:
            speakers[: left.start] = [left.actor] * left.start


def _quoted(words: Sequence[str]) -> Iterator[bool]:
    inside = False
    for word in words:
        if word in _QUOTES:
            inside = word == "“" or (word == '"' and not inside)
        yield inside


def _first(mentions: Iterator[Mention]) -> Mention | None:
    return next(mentions, None)
