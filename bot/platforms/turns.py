"""Parts of a message that look for room one after the other, whatever a platform measures room in."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain, zip_longest
from typing import Any, Protocol, Self, TypeVar


class Room(Protocol):
    """What a part takes, or may take: characters, say."""

    def __sub__(self, other: Self, /) -> Self: ...


R = TypeVar("R", bound=Room)


class Filling(Protocol[R]):
    """A part that is being filled. Its units are numbered from 0, in the order in which they are shown."""

    sources: list[int]
    """The units that are sources."""
    chosen: list[int]
    """Those that are shown, in order."""
    size: R
    """What it takes so far."""

    def words_in_turn(self) -> Sequence[int]:
        """The other units, one after the other as they look for room."""

    def keep(self, number: int, room: R) -> R:
        """Shows the unit with the sources that it refers to if there is room for that; what it takes."""

    def widen(self, number: int, room: R) -> R:
        """Shows one of the chosen units in full if there is room for that; what it takes."""


F = TypeVar("F", bound=Filling[Any])


def fill_in_turns(parts: Iterable[F], room: R, holds: Callable[[R, R], bool]) -> list[F]:
    """Shows as many parts as find room with nothing in them, and fills these in turns; `holds(room, size)` says whether
    a room is large enough."""
    shown: list[F] = []
    for part in parts:
        if holds(room, part.size):
            room -= part.size
            shown.append(part)
    firsts = (part.sources[:1] for part in shown)
    words = (part.words_in_turn() for part in shown)
    others = (part.sources[1:] for part in shown)
    for part, number in chain(_in_turns(shown, firsts), _in_turns(shown, words), _in_turns(shown, others)):
        room -= part.keep(number, room)
    for part in shown:
        for number in part.chosen:
            room -= part.widen(number, room)
    return shown


def _in_turns(parts: Sequence[F], numbers: Iterable[Sequence[int]]) -> Iterator[tuple[F, int]]:
    """Each part's first unit, then each part's second, and so on."""
    for turn in zip_longest(*numbers):
        yield from ((part, number) for part, number in zip(parts, turn, strict=True) if number is not None)
