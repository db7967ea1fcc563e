"""Neighbours: which articles are like one another, among all of a few days; kept up as articles come and go.

The likeness of two articles is the cosine of their terms, weighted by how few articles share them, mixed with that of
their vectors. From it goes a share of how near each has its nearest others: where a whole beat uses the same words,
two articles must be nearer than that to be of one event (local scaling as in CSLS, Conneau et al. 2018).
"""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np

from news.articles import ArticleId
from news.stories import Signature
from summarizer.signatures import SHINGLES

if TYPE_CHECKING:
    from numpy.typing import NDArray

WINDOW = timedelta(hours=72)
"""Articles that are further apart in time are not compared."""
VECTOR_SHARE = 0.45
DAY_APART = 0.03
"""What each day between two articles takes from their likeness: news of an event comes soon."""
SCALING, NEAREST = 0.4, 5
FLOOR = 0.2
"""What the nearest others are taken to be at least: few articles must not look like a quiet beat."""
PRIOR_ARTICLES, PRIOR_SHARE = 60.0, 0.02
"""What is assumed before any article is seen: so many, of which this share has any given term. With two articles
every term then weighs alike, with hundreds the counted frequencies decide."""
COPY = 0.65
"""Shared runs of words from which on one article is a copy or an edit of the other."""
_ASKED, _BY_TERMS, _BY_VECTOR = 30, 40, 30
"""Terms that candidates are sought by, and how many of them are compared in full."""
_COMMON, _LEAST_COMMON = 0.05, 200
"""A term in more articles than this share (and number) finds no candidates."""
_SIZE = 384
_APART = 150
"""Of the signs of two vectors of one direction, as many differ at most: with these, the cosine is about 0.35."""
_NOTHING, _NO_WEIGHT = np.empty(0, np.int64), np.empty(0, np.float32)


@dataclass(slots=True)
class _Terms:
    """An article's terms."""

    numbers: NDArray[np.int64]
    weights: NDArray[np.float32]
    """1 + log of each one's count."""


class Neighbours:
    """The articles of a few days, and which of them are alike."""

    def __init__(self) -> None:
        self._rows: dict[ArticleId, int] = {}
        self._ids: list[ArticleId] = []
        self._terms: list[_Terms] = []
        self._signatures: list[Signature] = []
        self._numbers: dict[int, int] = {}
        """Each term's number, by its hash."""
        self._postings: list[array[int]] = []
        """The rows that have each term."""
        self._shared = np.zeros(0, np.float32)
        """How many articles have each term."""
        self._scratch = np.zeros(0, np.float32)
        """One article's terms while it is compared; otherwise zeros."""
        self._near: dict[int, NDArray[np.float32]] = {}
        self._compared: tuple[int, NDArray[np.int64], NDArray[np.float32]] | None = None
        """The row that was compared last, with whom, and how like it they are."""
        self._when = np.empty(0)
        self._vectors = np.empty((0, _SIZE), np.int8)
        self._signs = np.empty((_SIZE // 64, 0), np.uint64)
        self._scores, self._apart = np.empty(0, np.float32), np.empty(0, np.uint16)
        self._other, self._bits = np.empty(0, np.uint64), np.empty(0, np.uint8)
        """Room for what is counted of each row: taking new room each time costs as long as counting."""
        self._shingles = np.empty((0, SHINGLES), np.uint32)

    def __len__(self) -> int:
        return len(self._rows)

    def __contains__(self, article_id: ArticleId) -> bool:
        return article_id in self._rows

    def when(self, article_id: ArticleId) -> float:
        """Its time, in seconds since 1970."""
        return float(self._when[self._rows[article_id]])

    def add(self, article_id: ArticleId, when: datetime, signature: Signature) -> None:
        """Puts an article in, in the place of what was there under its id."""
        self.drop(article_id)
        self._compact()
        self._compared = None
        row = len(self._ids)
        if row == len(self._when):
            self._grow(max(256, 2 * row))
        terms = self._number(signature)
        vector = _numbers(signature.vector, np.dtype(np.int8), _SIZE)
        self._rows[article_id] = row
        self._ids.append(article_id)
        self._terms.append(terms)
        self._signatures.append(signature)
        self._when[row] = when.timestamp()
        self._vectors[row] = vector
        self._signs[:, row] = np.packbits(vector > 0).view(np.uint64)
        self._shingles[row] = _numbers(signature.shingles, np.dtype(np.uint32), SHINGLES)
        for term in terms.numbers.tolist():
            self._postings[term].append(row)
        self._shared[terms.numbers] += 1

    def drop(self, article_id: ArticleId) -> None:
        """Takes an article out, if it is in."""
        row = self._rows.pop(article_id, None)
        if row is None:
            return
        self._when[row] = np.nan
        self._near.pop(row, None)
        self._compared = None
        self._shared[self._terms[row].numbers] -= 1

    def copied(self, article_id: ArticleId) -> ArticleId | None:
        """The article that this one is a copy or an edit of: the one most like it, the oldest of equals."""
        row = self._rows[article_id]
        if not self._shingles[row].any():
            return None
        rows, _ = self._compare(row)
        shared = (self._shingles[rows] == self._shingles[row]).mean(1)
        alike = [
            (-how, float(self._when[other]), other)
            for how, other in zip(shared, rows, strict=True)
            if how >= COPY
        ]
        return self._ids[min(alike)[2]] if alike else None

    def nearest(self, article_id: ArticleId, count: int, least: float) -> list[ArticleId]:
        """Those most like it, best first, as long as they are that much like it."""
        row = self._rows[article_id]
        rows, likeness = self._compare(row)
        near = []
        for at in np.argsort(-likeness, kind="stable")[: 2 * count].tolist():
            how, other = float(likeness[at]), int(rows[at])
            # How near another one's nearest are costs time: it is asked where it can matter.
            if how - SCALING / 2 * (self._density(row) + FLOOR) < least:
                break
            how -= SCALING / 2 * (self._density(row) + self._density(other))
            if how >= least:
                near.append((-how, self._ids[other]))
        return [other for _, other in sorted(near)[:count]]

    def likeness(self, ids: Sequence[ArticleId]) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
        """How like each is to each, the time between them counted, and which are near enough in time to be compared."""
        rows = np.array([self._rows[article_id] for article_id in ids], np.int64)
        density = np.array([self._density(int(row)) for row in rows], np.float64)
        terms, vectors = self._normal(rows)
        like = (1 - VECTOR_SHARE) * (terms @ terms.T) + VECTOR_SHARE * (vectors @ vectors.T)
        scaled = like.astype(np.float64) - SCALING / 2 * (density[:, None] + density[None, :])
        when = self._when[rows]
        apart = np.abs(when[:, None] - when[None, :])
        return scaled - DAY_APART * apart / 86_400, apart <= WINDOW.total_seconds()

    def introduce(self, article_id: ArticleId) -> None:
        """Lets the others know how near a new article is to them."""
        row = self._rows[article_id]
        rows, likeness = self._compare(row)
        for other, how in zip(rows.tolist(), likeness.tolist(), strict=True):
            near = self._near.get(other)
            if near is not None and how > near[-1]:
                near[-1] = how
                near[::-1].sort()

    def _density(self, row: int) -> float:
        """How near its nearest others are, on average."""
        near = self._near.get(row)
        if near is None:
            _, likeness = self._compare(row)
            near = self._near[row] = np.full(NEAREST, FLOOR, np.float32)
            found = -np.sort(-np.maximum(likeness, FLOOR))[:NEAREST]
            near[: len(found)] = found
        return float(near.mean())

    def _compare(self, row: int) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """The articles that may be like it, and how like they are."""
        if self._compared is None or self._compared[0] != row:
            rows = self._candidates(row)
            vectors = _unit(self._vectors[np.concatenate(([row], rows))].astype(np.float32))
            likeness = (1 - VECTOR_SHARE) * self._shared_terms(row, rows)
            likeness += VECTOR_SHARE * (vectors[1:] @ vectors[0])
            self._compared = row, rows, likeness
        return self._compared[1:]

    def _shared_terms(self, row: int, rows: NDArray[np.int64]) -> NDArray[np.float32]:
        """The cosine of its terms with those of each of the rows."""
        if not len(rows):
            return np.zeros(0, np.float32)
        mine = self._terms[row]
        self._scratch[mine.numbers] = mine.weights * self._rarity(mine.numbers)
        length = np.linalg.norm(self._scratch[mine.numbers])
        held = [self._terms[other] for other in rows.tolist()]
        numbers = np.concatenate([terms.numbers for terms in held] + [_NOTHING])
        worth = np.concatenate([terms.weights for terms in held] + [_NO_WEIGHT]) * self._rarity(numbers)
        row_of = np.repeat(np.arange(len(held)), [len(terms.numbers) for terms in held])
        lengths = np.sqrt(np.bincount(row_of, worth * worth, len(held)))
        dots = np.bincount(row_of, worth * self._scratch[numbers], len(held))
        self._scratch[mine.numbers] = 0
        cosines: NDArray[np.float32] = (dots / np.maximum(lengths * length, 1e-9)).astype(np.float32)
        return cosines

    def _candidates(self, row: int) -> NDArray[np.int64]:
        """Rows that share rare terms with it or whose vectors point the same way, near it in time."""
        count = len(self._ids)
        scores = self._scores[:count]
        scores.fill(0)
        for rows, weight in self._rare(row):
            scores[rows] += weight
        by_terms = self._near_in_time(row, np.flatnonzero(scores))
        apart = self._signs_apart(row)
        by_vector = self._near_in_time(row, np.flatnonzero(apart <= _APART))
        return np.union1d(
            by_terms[_largest(scores[by_terms], _BY_TERMS)],
            by_vector[_largest(-apart[by_vector].astype(np.int32), _BY_VECTOR)],
        )

    def _near_in_time(self, row: int, rows: NDArray[np.int64]) -> NDArray[np.int64]:
        """Those of the rows that may be compared with it; it is none of them, nor is one that was dropped."""
        near = np.abs(self._when[rows] - self._when[row]) <= WINDOW.total_seconds()
        kept: NDArray[np.int64] = rows[near & (rows != row)]
        return kept

    def _signs_apart(self, row: int) -> NDArray[np.uint16]:
        """How many signs of each row's vector differ from this one's."""
        count = len(self._ids)
        other, bits, differ = self._other[:count], self._bits[:count], self._apart[:count]
        differ.fill(0)
        # Three counts of 64 fit a byte: adding bytes to bytes is several times as fast as widening each.
        for words in (self._signs[:3, :count], self._signs[3:, :count]):
            some = np.zeros(count, np.uint8)
            for word in words:
                np.bitwise_xor(word, word[row], out=other)
                np.bitwise_count(other, out=bits)
                some += bits
            differ += some
        return differ

    def _rare(self, row: int) -> list[tuple[NDArray[np.uint32], float]]:
        """The rows that have each of its rarest terms, and what sharing it counts."""
        terms = self._terms[row]
        rarity = self._rarity(terms.numbers)
        worth = terms.weights * rarity * rarity
        most = max(_LEAST_COMMON, _COMMON * len(self._rows))
        asked = np.argsort(-worth, kind="stable")
        asked = asked[self._shared[terms.numbers[asked]] <= most][:_ASKED]
        # Copies: while a view of it lives, in the frame of a failure that is being told, too, an array cannot grow.
        return [(np.array(self._postings[terms.numbers[at]], np.uint32), float(worth[at])) for at in asked]

    def _rarity(self, numbers: NDArray[np.int64]) -> NDArray[np.float32]:
        total = len(self._rows) + PRIOR_ARTICLES
        rare: NDArray[np.float32] = np.log(total / (self._shared[numbers] + PRIOR_ARTICLES * PRIOR_SHARE))
        rare[rare < 0] = 0
        return rare

    def _normal(self, rows: NDArray[np.int64]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Unit vectors of the rows' terms, over the terms that they have, and of their meaning."""
        held = [self._terms[row] for row in rows.tolist()]
        distinct, column = np.unique(np.concatenate([terms.numbers for terms in held]), return_inverse=True)
        dense = np.zeros((len(held), len(distinct)), np.float32)
        at = np.repeat(np.arange(len(held)), [len(terms.numbers) for terms in held])
        dense[at, column] = np.concatenate([terms.weights for terms in held])
        dense *= self._rarity(distinct)
        return _unit(dense), _unit(self._vectors[rows].astype(np.float32))

    def _number(self, signature: Signature) -> _Terms:
        """The signature's terms by their numbers; new ones get one."""
        count = len(signature.terms) // 5
        hashes = np.frombuffer(signature.terms, np.uint32, count)
        counts = np.frombuffer(signature.terms, np.uint8, count, offset=4 * count)
        numbers = np.empty(count, np.int64)
        for at, term in enumerate(hashes.tolist()):
            number = self._numbers.setdefault(term, len(self._postings))
            if number == len(self._postings):
                self._postings.append(array("I"))
            numbers[at] = number
        if len(self._postings) > len(self._shared):
            more = np.zeros(2 * len(self._postings) - len(self._shared), np.float32)
            self._shared = np.concatenate((self._shared, more))
            self._scratch = np.zeros(len(self._shared), np.float32)
        return _Terms(numbers, (1 + np.log(np.maximum(counts, 1))).astype(np.float32))

    def _grow(self, size: int) -> None:
        more = size - len(self._when)
        self._when = np.concatenate((self._when, np.full(more, np.nan)))
        self._vectors = np.concatenate((self._vectors, np.zeros((more, _SIZE), np.int8)))
        self._signs = np.concatenate((self._signs, np.zeros((_SIZE // 64, more), np.uint64)), axis=1)
        self._shingles = np.concatenate((self._shingles, np.zeros((more, SHINGLES), np.uint32)))
        self._scores, self._apart = np.empty(size, np.float32), np.empty(size, np.uint16)
        self._other, self._bits = np.empty(size, np.uint64), np.empty(size, np.uint8)

    def _compact(self) -> None:
        """Numbers the rows anew once most of them are gone."""
        if len(self._ids) < 2 * len(self._rows) + 1_000:
            return
        kept = sorted(self._rows.values())
        fresh = Neighbours()
        for row in kept:
            when = datetime.fromtimestamp(self._when[row], UTC)
            fresh.add(self._ids[row], when, self._signatures[row])
        self.__dict__.update(fresh.__dict__)


def _numbers(held: bytes, kind: np.dtype[Any], count: int) -> NDArray[Any]:
    """So many numbers; zeros, which are like nothing, where there are others, as another version may have made them."""
    return np.frombuffer(held, kind) if len(held) == count * kind.itemsize else np.zeros(count, kind)


def _unit(rows: NDArray[np.float32]) -> NDArray[np.float32]:
    lengths = np.sqrt(np.einsum("ij,ij->i", rows, rows))
    units: NDArray[np.float32] = rows / np.maximum(lengths, 1e-9)[:, None]
    return units


def _largest(values: NDArray[np.float32] | NDArray[np.int32], count: int) -> NDArray[np.int64]:
    """Where the largest values stand."""
    if len(values) <= count:
        return np.arange(len(values))
    return np.argpartition(-values, count)[:count].astype(np.int64)
