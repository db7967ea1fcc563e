"""What a larger model wrote of an article: each sentence is kept where the article bears it out, else replaced.

A sentence that is one of the article's own is shown as such, with its place. Any other is generated text and is checked.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from news.briefs import SummarySentence
from summarizer.checks import Checker
from summarizer.frames import Frame
from summarizer.lexicon import listed, verbs, words
from summarizer.standing import has_names, stands_alone

_WORD = re.compile(r"[^\W_]+(?:[’'-][^\W_]+)*")
_SHORT, _LONG = 4, 60
"""Words of a sentence that is too short to say something, and too long to be read."""
_LONGEST = 600
"""Characters of one sentence."""
_STOPS, _CLOSING = ".!?…", "\"'”’»)]"
_PLAIN = str.maketrans("“”„«»‘’", '"""""\'\'')
_GOVERNING = listed(
    "if unless but though although not never no nobody according provided except without allegedly"
)
"""Words that change what stands before them; with them, a part of a sentence is no sentence."""
_SAME = 0.6
"""The share of the shorter sentence's words from which two sentences say the same."""
_OCCURRENCES, _TAIL = 20, 400
"""How often, and how far behind it, a sentence is looked for inside others."""


@dataclass(frozen=True, slots=True)
class Held:
    """A summary after the check."""

    sentences: tuple[SummarySentence, ...]
    kept: int
    """How many of them are the model's."""
    failed: int
    """How many that the model wrote were not borne out."""


def hold(
    text: str,
    frames: Sequence[Frame],
    extract: Sequence[SummarySentence],
    written: Sequence[str],
    *,
    title: str | None = None,
) -> Held:
    """As many sentences as the extract has, at most: the model's, and for those that fail the extract's own."""
    shelf = _Shelf(text, frames)
    checker = Checker(text, title=title)
    told: list[SummarySentence | None] = []
    for sentence in dict.fromkeys(written[: len(extract)]):
        place = shelf.find(sentence)
        if place is not None:
            told.append(shelf.own(place, told[-1] if told else None))
        elif _is_whole(sentence) and not shelf.cuts(sentence) and checker.check(sentence).passes:
            told.append(SummarySentence(sentence, None))
        else:
            told.append(None)
    kept = [sentence for sentence in told if sentence is not None]
    if not kept:
        return Held(tuple(extract), 0, len(told))
    return Held(tuple(_filled(told, extract)), len(kept), len(told) - len(kept))


def _filled(
    told: Sequence[SummarySentence | None], extract: Sequence[SummarySentence]
) -> Iterator[SummarySentence]:
    """In the place of each that failed, the extract's next sentence that says something else than those kept."""
    kept = [_words(sentence.text) for sentence in told if sentence is not None]
    left = (one for one in extract if not any(_repeats(_words(one.text), other) for other in kept))
    for sentence in told:
        following = sentence or next(left, None)
        if following is not None:
            yield following


def _words(sentence: str) -> frozenset[str]:
    return frozenset(word.lower() for word in _WORD.findall(sentence)) - words("function_words")


def _repeats(one: frozenset[str], other: frozenset[str]) -> bool:
    return len(one & other) >= _SAME * max(1, min(len(one), len(other)))


def _is_whole(sentence: str) -> bool:
    """Whether it is a sentence at all, that nothing broke off, that says something and that can be shown."""
    if len(sentence) > _LONGEST or not sentence.isprintable() or "\ufffd" in sentence:
        return False
    if not sentence.rstrip(_CLOSING).endswith(tuple(_STOPS)):
        return False
    said = [word.lower() for word in _WORD.findall(sentence)]
    stutters = 2 * len(set(said)) <= len(said)
    return _SHORT <= len(said) <= _LONG and not stutters


class _Shelf:
    """The article's sentences, to look others up among them; quotation marks of all styles are alike."""

    def __init__(self, text: str, frames: Sequence[Frame]) -> None:
        self._text, self._frames = text, frames
        self._names = has_names(frames)
        self._places: dict[str, int] = {}
        for place, frame in enumerate(frames):
            self._places.setdefault(_plain(frame.span.of(text)), place)
        self._all = "\n".join(self._places).lower()

    def find(self, sentence: str) -> int | None:
        """Which of the article's sentences has the same words."""
        return self._places.get(_plain(sentence))

    def own(self, place: int, before: SummarySentence | None) -> SummarySentence | None:
        """That sentence; None where it makes no sense alone, nor behind what is told `before` it.

        `He said so.` behind another sentence than the article's would put the words into another mouth.
        """
        frame = self._frames[place]
        follows = place == 0 or (before is not None and before.span == self._frames[place - 1].span)
        if not stands_alone(self._text, frame, frame.span, first=follows, names=self._names):
            return None
        return SummarySentence(frame.span.of(self._text), frame.span)

    def cuts(self, sentence: str) -> bool:
        """Whether it is cut out of longer sentences whose other words may turn its meaning.

        `It rained` of `Nobody said that it rained`; `Everyone should buy.` of `Write that everyone should buy.`
        """
        part = _plain(sentence).lower().rstrip(_STOPS + _CLOSING)
        at, found, sound = -1, 0, False
        while found < _OCCURRENCES and (at := self._all.find(part, at + 1)) >= 0:
            found += 1
            sound = sound or self._stands_alone(at, at + len(part))
        return found > 0 and not sound

    def _stands_alone(self, start: int, end: int) -> bool:
        if start and self._all[start - 1] != "\n":
            return False
        rest, _, _ = self._all[end : end + _TAIL].partition("\n")
        reporting = verbs()
        return not any(word in _GOVERNING or word in reporting for word in _WORD.findall(rest))


def _plain(sentence: str) -> str:
    return " ".join(sentence.split()).translate(_PLAIN)
