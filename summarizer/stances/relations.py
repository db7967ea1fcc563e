"""Who of a sentence's actors does what to whom, and who is said to be what by whom, as far as its words tell."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import accumulate

from summarizer.lexicon import listed
from summarizer.stances.mentions import FIRST, SOURCE, TARGET, Mention
from summarizer.stances.polar import Cue, Kind
from summarizer.stances.voices import speakers

_RANKS = (1.0, 0.35, 0.15)
"""What the nearest mention on a side counts, the next, and the one behind that."""
_DECAY, _FARTHEST = 14.0, 40
"""Words over which nearness falls to a third, and beyond which nothing is looked for."""
_BARRIER = 0.6
"""What is left of nearness across a cue or the end of a clause; twice across `said`."""
_DENIED = -0.7
"""What a denial makes of a cue."""
_PASSED_OVER = -2.0
"""What nearness becomes for whom another is preferred to."""
_UNNAMED = 0.5
"""What counts of a cue whose agent is not told."""
_ABOUT_AN_AGENT = 0.3
"""What being against somebody says of oneself to whoever tells of it."""
_SURELY = 0.5
_EXPECTED, _CONCEDED = 0.4, 0.5
_WITHIN_AN_OBJECT, _WITHIN_A_SUBJECT, _WITHIN_A_VERB = 4, 8, 5
_CLAUSE_ENDS = listed("; : — – but although though while whereas because ( )")
_BREAKS = listed(", ; . : — – and or but who which that said")
_REPORTED = listed("said says say told tells adding added argued wrote")
_EXPECTATIONS = listed("expected supposed rumoured rumored once former formerly previously used ex")
_CONCESSIONS = listed("although though while despite whereas")
_FROM = listed("from by among")
_TOWARD = listed("of for on against to toward towards with in over at about")
_POSSESSIVE = listed("'s ' his her its their")
_INSTEAD_OF = listed("over rather instead")
_PREFER = listed(
    "choose chose chooses chosen choosing prefer prefers preferred pick picks picked favour favours favoured favor favors"
    " favored back backs backed endorse endorses endorsed support supports supported"
)
Weighed = list[tuple[Mention, float]]


@dataclass(slots=True)
class Relations:
    """Sums over a sentence's cues."""

    named: frozenset[str] = frozenset()
    """The actors who are named in the sentence."""
    acts: dict[tuple[str, str], float] = field(default_factory=lambda: defaultdict(float))
    """Actor towards actor."""
    said: dict[tuple[str | None, str], float] = field(default_factory=lambda: defaultdict(float))
    """Speaker, None for the writer, about an actor."""
    tone: float = 0.0
    """All that the words tell, whomever they are about."""


@dataclass(frozen=True, slots=True)
class _Side:
    """What lies between a cue and the mentions on either side of it."""

    words: Sequence[str]
    mentions: Sequence[Mention]
    barriers: Sequence[int]
    """How many cues and ends of clauses stand before each word."""
    reports: Sequence[int]
    """How many reporting verbs do."""

    def left(self, cue: Cue) -> Weighed:
        """The mentions before a cue, the nearest first, with what their nearness counts."""
        return self._ranked(cue, (m for m in reversed(self.mentions) if m.start < cue.start))

    def right(self, cue: Cue) -> Weighed:
        """Those behind its first word: an object may stand inside it, as in `threw Bell under the bus`."""
        return self._ranked(cue, (m for m in self.mentions if m.start > cue.start))

    def _ranked(self, cue: Cue, mentions: Iterable[Mention]) -> Weighed:
        found: Weighed = []
        rank, last = 0, -1
        for mention in mentions:
            start, end = (mention.end, cue.start) if mention.start < cue.start else (cue.end, mention.start)
            if rank >= len(_RANKS) or end - start > _FARTHEST:
                break
            weight = _RANKS[rank] * mention.weight * math.exp(-max(0, end - start) / _DECAY)
            weight *= _BARRIER ** self._crossed(start, max(start, end))
            if self.words[cue.start] in _PREFER and self._is_passed_over(cue, mention):
                weight *= _PASSED_OVER
            found.append((mention, weight))
            if mention.start != last and not mention.guessed:
                rank += 1
            last = mention.start
        return found

    def _crossed(self, start: int, end: int) -> int:
        reported = self.reports[end] > self.reports[start]
        return self.barriers[end] - self.barriers[start] + 2 * reported

    def _is_passed_over(self, cue: Cue, mention: Mention) -> bool:
        between = self.words[cue.end : mention.start]
        preferred = self.words[cue.start].startswith("prefer")
        return any(word in _INSTEAD_OF or (preferred and word == "to") for word in between)


def relate(words: Sequence[str], mentions: Sequence[Mention], cues: Sequence[Cue]) -> Relations:
    """The relations that the cues among words in lower case tell."""
    named = frozenset(m.actor for m in mentions if not m.guessed and words[m.start] not in FIRST)
    relations, voices = Relations(named), speakers(words, mentions)
    told: list[tuple[float, frozenset[str]]] = []
    cues = _composed(words, mentions, cues)
    side = _Side(words, mentions, _barriers(words, cues), _counted(word in _REPORTED for word in words))
    for cue in cues:
        factor = (_DENIED if cue.denied else 1.0) * _actual(words, cue)
        left, right, speaker = side.left(cue), side.right(cue), voices[cue.start]
        agents, patients = _agents(words, cue, left, right), _patients(words, cue, left, right)
        told.append((factor * (cue.valence.toward or cue.valence.of), _surely_between(cue, agents, patients)))
        _note_acts(relations, cue, factor, agents, patients)
        if not agents:
            _note_received(relations, cue, factor, speaker, patients)
        _note_words(relations, cue, factor, speaker, left, right)
    relations.tone = _tone(told)
    return relations


def _note_acts(relations: Relations, cue: Cue, factor: float, agents: Weighed, patients: Weighed) -> None:
    both_named = {SOURCE, TARGET} <= relations.named
    for agent, one in agents:
        for patient, other in patients:
            one_person = both_named and agent.guessed and patient.guessed
            if agent.actor != patient.actor and agent.start != patient.start and not one_person:
                relations.acts[agent.actor, patient.actor] += factor * cue.valence.toward * one * other


def _note_words(
    relations: Relations, cue: Cue, factor: float, speaker: str | None, left: Weighed, right: Weighed
) -> None:
    if cue.valence.of and not (cue.passive and cue.valence.toward):
        described = _nearest(left, 2)
        if cue.kind is not Kind.VERB:
            described += [(mention, weight / 2) for mention, weight in _nearest(right, 1)]
        for mention, weight in described:
            relations.said[speaker, mention.actor] += factor * cue.valence.of * weight
    elif cue.valence.toward < 0 and cue.kind is Kind.VERB and not cue.passive:
        for agent, weight in _nearest(left, 1):
            relations.said[speaker, agent.actor] += _ABOUT_AN_AGENT * factor * cue.valence.toward * weight


def _surely_between(cue: Cue, agents: Weighed, patients: Weighed) -> frozenset[str]:
    """The two of whom a cue tells, where that is clear."""
    if not cue.valence.toward or not agents or not patients:
        return frozenset()
    (agent, one), (patient, other) = (max(side, key=lambda w: w[1]) for side in (agents, patients))
    clear = not agent.guessed and not patient.guessed and one * other > _SURELY
    return frozenset((agent.actor, patient.actor)) if clear else frozenset()


def _tone(told: Sequence[tuple[float, frozenset[str]]]) -> float:
    """The sum of what the cues tell, without those about somebody whose part both actors are known to take or not."""
    pairs = {pair for _, pair in told}
    shared = {
        other
        for pair in pairs
        for other in pair - {SOURCE, TARGET}
        if {frozenset((other, SOURCE)), frozenset((other, TARGET))} <= pairs
    }
    return sum(value for value, pair in told if not pair & shared)


def _nearest(found: Weighed, places: int) -> Weighed:
    """The mentions at the nearest places; a pronoun is two of them at one place."""
    starts = list(dict.fromkeys(mention.start for mention, _ in found))[:places]
    return [(mention, weight) for mention, weight in found if mention.start in starts]


def _note_received(
    relations: Relations, cue: Cue, factor: float, speaker: str | None, patients: Weighed
) -> None:
    """What is told of whom somebody unnamed acted on: who tells of a victim is for him."""
    for patient, weight in patients:
        received = _UNNAMED * factor * cue.valence.toward * weight
        if cue.valence.of < 0:
            relations.said[speaker, patient.actor] -= received
        else:
            relations.said[None, patient.actor] += received


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
        return [(m, w) for m, w in left if m.start != left[0][0].start] + right if left else right
    return right


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
    """Whether what a verb is done to is what a noun or an -ing form tells, with nobody named in between."""
    if verb.kind is not Kind.VERB or verb.passive or not (verb.valence.toward and cue.valence.toward):
        return False
    between = words[verb.end : cue.start]
    if len(between) > _WITHIN_AN_OBJECT or any(word in _BREAKS for word in between):
        return False
    after = words[cue.end] if cue.end < len(words) else ""
    doing = (
        (cue.kind is Kind.VERB and words[cue.start].endswith("ing") and after not in _FROM)
        or (cue.kind is Kind.NOUN and after in _TOWARD)
        or (cue.kind is Kind.ROLE and after == "of")
    )
    return doing and not any(m.start >= verb.end and m.end < cue.start for m in mentions)


def _actual(words: Sequence[str], cue: Cue) -> float:
    """What a cue counts, less where it was only expected or once so, or where `but` takes it back."""
    worth = 1.0
    if any(word in _EXPECTATIONS for word in words[max(0, cue.start - _WITHIN_A_VERB) : cue.start]):
        worth *= _EXPECTED
    ahead = words[cue.end :]
    if "but" in ahead and "also" not in ahead[ahead.index("but") : ahead.index("but") + 2]:
        worth *= _CONCEDED
    if words[0] in _CONCESSIONS and "," not in words[: cue.start]:
        worth *= _CONCEDED
    return worth


def _barriers(words: Sequence[str], cues: Iterable[Cue]) -> list[int]:
    acting = {cue.start for cue in cues if cue.valence.toward}
    return _counted((word in _CLAUSE_ENDS) + (at in acting) for at, word in enumerate(words))


def _counted(found: Iterable[int]) -> list[int]:
    """How many stand before each word, and before the end."""
    return [0, *accumulate(found)]
