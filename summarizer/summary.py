"""The extractive summary: those of the article's own sentences that together hold most of what a summary would.

Of all sets of up to three sentences the one is taken that would share most with a summary written by a person, were one
there: each word and each pair of words counts as much as it is likely to stand in one, once, and length counts against it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, islice

from news.briefs import SummarySentence
from news.spans import Span, words_of
from news.statements import Mode, Statement
from summarizer.frames import Frame, Places
from summarizer.lexicon import listed
from summarizer.salience import Item, is_common, items, likelihoods, stems, survey
from summarizer.standing import has_names, stands_alone
from summarizer.trimming import trim

ENGINE = "extract 2"
_READ = 400
"""Sentences looked at; news comes first."""
_FIRST = 10
"""Of those that may stand in a summary, the first so many are weighed against each other."""
_CHARACTERS = 2_000
"""Of one sentence; none of a summary has more."""
_WANTED = 65
"""Words of a summary written by a person, about."""
_PAIRS = 2.0
"""What a pair of words counts beside a word."""
_SAID, _EARLY, _PERSONAL = 0.015, 0.02, -0.05
"""What somebody's statement adds, an early place, and an `I` or `we` that no quotation explains.

These five were chosen on the development parts of summ-summeval and summ-writers; others near them do as well.
"""
_SAME = 0.6
"""Share of the shorter sentence's words that makes two say the same."""
_PRONOUNS = listed("he she they it")
_SELF = listed("i i'm i've we we're we've my our me you your")


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A sentence that may stand in the summary."""

    span: Span
    held: frozenset[Item]
    length: int
    """In words."""
    merit: float
    """What counts for it beside its words."""


def summarize(
    text: str, frames: Sequence[Frame], *, title: str | None = None, statements: Sequence[Statement] = ()
) -> tuple[SummarySentence, ...]:
    """Up to three sentences, verbatim and trimmed at their edges, in reading order; fewer for a short text."""
    frames = frames[:_READ]
    spans = [trim(text, frame.span) for frame in frames]
    candidates = list(islice(_candidates(text, frames, spans, statements), _FIRST))
    if not candidates:
        return ()
    seen = survey([text[span.start : min(span.end, span.start + _CHARACTERS)] for span in spans])
    wanted = frozenset[Item]().union(*(candidate.held for candidate in candidates))
    likely = likelihoods(wanted, seen, len(spans), title=title)
    worth = {item: value * (1.0 if isinstance(item, str) else _PAIRS) for item, value in likely.items()}
    most = 1 if len(frames) < 3 else 2 if len(frames) < 6 else 3
    chosen = _choose(candidates, worth, most)
    return tuple(SummarySentence(candidates[i].span.of(text), candidates[i].span) for i in chosen)


def _candidates(
    text: str, frames: Sequence[Frame], spans: Sequence[Span], statements: Sequence[Statement]
) -> Iterator[_Candidate]:
    names = has_names(frames)
    told, unclear = _statements_in(text, frames, statements)
    for place, (frame, span) in enumerate(zip(frames, spans, strict=True)):
        # Without capitals nobody's name is known, so that it is missing from a sentence says nothing.
        if (names and place in unclear) or not stands_alone(text, frame, span, first=place == 0, names=names):
            continue
        stemmed = stems(span.of(text))
        merit = _EARLY / (1 + place) + _SAID * (place in told)
        merit += _PERSONAL * any(token.lower in _SELF for token in frame.tokens)
        yield _Candidate(span, items(stemmed), len(stemmed), merit)


def _statements_in(
    text: str, frames: Sequence[Frame], statements: Sequence[Statement]
) -> tuple[set[int], set[int]]:
    """The sentences in which somebody with a name says something, and those that only say `he said`."""
    places = Places(frames)
    told, unclear = set[int](), set[int]()
    for statement in statements:
        at = places.at(statement.cue[0].start) if statement.cue else None
        if at is None:
            continue
        speaker = statement.speaker
        if words_of(text, statement.source).lower() in _PRONOUNS:
            name = speaker.name.split()[-1:] if speaker is not None else []
            if not name or name[0] not in frames[at].span.of(text)[:_CHARACTERS]:
                unclear.add(at)
        if speaker is not None and not speaker.anonymous and statement.mode is Mode.SPEECH:
            told.add(at)
    return told, unclear


def _choose(candidates: Sequence[_Candidate], worth: Mapping[Item, float], most: int) -> tuple[int, ...]:
    """The best set of at most so many, in reading order; the earliest of equals.

    What a set holds is counted from what its sentences hold alone, in twos and in threes.
    """
    held = [candidate.held for candidate in candidates]
    alone = [_sum(items, worth) for items in held]
    shared = {(i, j): _sum(held[i] & held[j], worth) for i, j in combinations(range(len(candidates)), 2)}
    content = [_content(items) for items in held]
    apart = {(i, j) for i, j in shared if not _says_same(content[i], content[j])}
    best, chosen = float("-inf"), tuple[int, ...]()
    for size in range(1, most + 1):
        for group in combinations(range(len(candidates)), size):
            pairs = list(combinations(group, 2))
            if any(pair not in apart for pair in pairs):
                continue
            value = sum(alone[i] for i in group) - sum(shared[pair] for pair in pairs)
            if size == 3:
                value += _sum(held[group[0]] & held[group[1]] & held[group[2]], worth)
            length = sum(candidates[i].length for i in group)
            score = 2 * value / (length + _WANTED) + sum(candidates[i].merit for i in group)
            if score > best + 1e-9:
                best, chosen = score, group
    return chosen


def _sum(held: frozenset[Item], worth: Mapping[Item, float]) -> float:
    """In an order that is always the same: the last digits of a sum depend on it."""
    return sum(sorted(worth[item] for item in held))


def _says_same(one: set[str], other: set[str]) -> bool:
    return len(one & other) > _SAME * max(1, min(len(one), len(other)))


def _content(held: frozenset[Item]) -> set[str]:
    return {item for item in held if isinstance(item, str) and not is_common(item)}
