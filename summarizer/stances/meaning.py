"""Meaning: how near the words of an article are to the wordings of targets, word by word."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from news.spans import Span
from news.targets import BUILT_IN, Target
from summarizer.clauses import Word, words_in
from summarizer.lexicon import listed, words

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Numbers = NDArray[np.float32]

TABLE = Path(__file__).parents[1] / "models" / "encoder" / "words.npy"
_MOST_PIECES = 8
"""Pieces of one word that are looked at."""
_EMPTY = (
    words("function_words")
    | words("times")
    | listed(
        "a an the of for to in on at by with from and or but not no is are was were be been being has have had will would"
        " can could may might must shall should do does did that this these those it its he his she her they their them we"
        " our us i my you your who which whose what when where why how than then there here as if so such very more most"
        " much many some any each every all both few other another own same only just also even still yet now new next last"
        " first one two three four five per cent percent about over under into out up down off again further once ever never"
        " said says say told make makes made take takes took get gets give gives"
    )
)
"""Words that say nothing of what a sentence is about."""
_WEAK = listed(
    "plan plans proposal proposals measure measures bill law laws government minister ministers country countries state"
    " states national public people year years month months week weeks time way side sides group party parliament"
    " president members member use using set long term big large small high low level number system general part place"
    " let allow keep hold put end stop ban bar limit raise cut lift less support oppose back thing things issue issues"
    " matter matters everything anything something nothing everyone anyone news policy politics decision decisions action actions change changes"
)
"""Words that say little."""
_LITTLE = 0.35
"""What a weak word weighs beside 1 for others ..."""
_NAME = 0.6
"""... and a name: parties to a conflict are named whatever is written of them."""
_LOW, _HIGH = 0.22, 0.72
"""Likeness of two words (a cosine) that counts for nothing, and that counts as the same."""
_OTHER_NAME = 0.4
"""What remains of likeness where a name is only like another."""
_AS_ONE = 0.9
_BORROWS = 0.55
"""How like a built-in target (a cosine) one without wordings must be to have its wordings."""


def is_empty(word: Word) -> bool:
    """Whether it is no word, or one that says nothing wherever it stands."""
    return not word.is_word or word.lower in _EMPTY


def counts(word: Word) -> bool:
    """Whether the word says what a sentence is about."""
    return not is_empty(word) and len(word.lower) > 1


def is_weak(word: Word) -> bool:
    """Whether it says little."""
    return word.lower in _WEAK


def wordings_of(target: Target) -> tuple[str, ...]:
    """Everything that a target is worded by."""
    found = (target.name, *target.supporting, *target.opposing, target.description)
    return tuple(text for text in found if text.strip())


@dataclass(frozen=True, slots=True)
class _Wording:
    target: int
    start: int
    end: int
    """Where its words stand in the table of all."""


class Meanings:
    """Targets, ready to be compared with sentences."""

    def __init__(self, targets: Sequence[Target]) -> None:
        import numpy as np

        self.targets = tuple(with_wordings(target) for target in targets)
        self._wordings: list[_Wording] = []
        table: list[Word] = []
        weights: list[float] = []
        for index, target in enumerate(self.targets):
            for text in wordings_of(target):
                held = [word for word in words_in(text, Span(0, len(text))) if counts(word)]
                own = [_weight(word) for word in held]
                if held:
                    self._wordings.append(_Wording(index, len(table), len(table) + len(held)))
                    table.extend(held)
                    weights.extend(weight / sum(own) for weight in own)
        self._words = _vectors_of([word.lower for word in table])
        self._weights = np.array(weights, np.float32)
        self._starts = np.array([wording.start for wording in self._wordings], np.int64)
        self._of = np.array([wording.target for wording in self._wordings], np.int64)

    def near(self, sentence: Sequence[Word]) -> Numbers:
        """How near the sentence is to each target, from 0 to 1: the share of its best wording that stands there."""
        import numpy as np

        scores = np.zeros(len(self.targets), np.float32)
        held = [word for word in sentence if counts(word)]
        if not held or not self._wordings:
            return scores
        like = np.clip((_vectors_of([w.lower for w in held]) @ self._words.T - _LOW) / (_HIGH - _LOW), 0, 1)
        named = [at for at, word in enumerate(held) if word.capital and word is not sentence[0]]
        like[named] = np.where(like[named] > _AS_ONE, like[named], like[named] * _OTHER_NAME)
        np.maximum.at(scores, self._of, np.add.reduceat(like.max(axis=0) * self._weights, self._starts))
        return scores

    def like(self, sentences: Sequence[str]) -> Numbers:
        """How like each target is to the sentence that it is most like: cosines of vectors, which know the context."""
        import numpy as np

        wordings = [_told(target) for target in self.targets]
        starts = np.cumsum([0, *(len(told) for told in wordings[:-1])])
        held = np.stack([_sentence(sentence) for sentence in sentences])
        found: Numbers = np.maximum.reduceat((np.concatenate(wordings) @ held.T).max(axis=1), starts)
        return found


def with_wordings(target: Target) -> Target:
    """The target; one without wordings has those of the built-in one that it is most like, if it is like one."""
    if target.supporting or target.opposing:
        return target
    own = whole(f"{target.name}. {target.description}")
    near, likest = max(
        ((float(own @ vector), one) for one, vector in _built_in()), key=lambda found: found[0]
    )
    if near < _BORROWS:
        return target
    return replace(target, supporting=likest.supporting, opposing=likest.opposing)


@cache
def _built_in() -> tuple[tuple[Target, Numbers], ...]:
    return tuple((one, whole(f"{one.name}. {one.description}")) for one in BUILT_IN)


@lru_cache(maxsize=500)
def _told(target: Target) -> Numbers:
    """A vector of what the target is, and of each of its wordings."""
    import numpy as np

    told = (f"{target.name}. {target.description}", *target.supporting, *target.opposing)
    return np.stack([whole(text) for text in told])


@lru_cache(maxsize=16)
def _sentence(text: str) -> Numbers:
    """A sentence's vector; the last of a passage comes again in the next."""
    from summarizer.models.encoder import embed

    return embed(text)


@lru_cache(maxsize=2_000)
def whole(text: str) -> Numbers:
    """The vector of a text as a whole."""
    from summarizer.models.encoder import embed

    return embed(text)


def _weight(word: Word) -> float:
    if is_weak(word):
        return _LITTLE
    return _NAME if word.capital and word.start else 1.0


def _vectors_of(table: Sequence[str]) -> Numbers:
    """A vector of length 1 for each word, of zeros for one that has no pieces."""
    import numpy as np

    found = [_vector(word) for word in table]
    return np.stack(found) if found else np.zeros((0, _table().shape[1]), np.float32)


@lru_cache(maxsize=50_000)
def _vector(word: str) -> Numbers:
    import numpy as np

    from summarizer.models.words import tokenizer

    pieces = tokenizer().encode(word, add_special_tokens=False).ids[:_MOST_PIECES]
    if not pieces:
        return np.zeros(_table().shape[1], np.float32)
    mean = _table()[pieces].astype(np.float32).mean(axis=0)
    found: Numbers = mean / max(float(np.linalg.norm(mean)), 1e-6)
    return found


@cache
def _table() -> NDArray[np.int8]:
    import numpy as np

    found: NDArray[np.int8] = np.load(TABLE)
    return found


def telling(text: str) -> Iterator[Word]:
    """The words of a text that say what it is about."""
    return (word for word in words_in(text, Span(0, len(text))) if counts(word) and not is_weak(word))
