"""Whom a name finds in the directory, and who else bears his surname."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Integer, Row, Text, and_, bindparam, false, select

from news.channels import WorkspaceId
from news.names import Sought
from storage.directory import MOST_FOUND, Role, has_token, seen, surname_token
from storage.rows import any_of, rows_of
from storage.search import LONGEST_WORD, MOST_WORDS
from storage.tables import ActorRow, ActorTokenRow
from storage.types import Id, Many, lookup_key

FEW_ALIKE, MOST_ALIKE = 100, 1_000
"""Names with a word in common that are read at first, and at last."""
MOST_BEARERS = 5_000
"""Names of speakers that are read of one surname."""


@dataclass(frozen=True, slots=True)
class Namesakes:
    """Names that are like those of somebody who is looked for."""

    ids: tuple[int, ...] | None
    """Of those that he goes by; None where they are many."""
    surnames: Mapping[str, int]
    """Of his surnames that are names by themselves."""
    bearers: Mapping[str, int]
    """Other names, of speakers in what the workspace follows, that end in one of his surnames; by their keys."""


def namesakes(connection: Connection, workspace_id: WorkspaceId, sought: Sought) -> Namesakes:
    """The names of whom is sought, and those of one surname."""
    keys = (*sought.within, *sought.alone)
    tokens = {*_rarest((*keys, *sought.surnames)), *map(surname_token, sought.surnames)}
    alike = _alike(connection, workspace_id, tokens, FEW_ALIKE)
    if len(alike) <= FEW_ALIKE:
        return Namesakes(_own(sought, alike), _short(sought, alike), _bearers(sought.surnames, alike))
    first = ((0, FEW_ALIKE),) if sought.surnames else ()  # without surnames, that was asked just now
    for place, most in (*first, (1, FEW_ALIKE), (0, MOST_ALIKE)):
        alike = _alike(connection, workspace_id, _rarest(keys, place), most)
        if len(alike) <= most:
            ids: tuple[int, ...] | None = _own(sought, alike)
            break
    else:
        ids = _own_of_many(connection, sought)
    bearers: dict[str, int] = {}
    for word in sought.surnames:
        bearers |= _bearing(connection, workspace_id, sought, word)
    return Namesakes(ids, _known_short(connection, sought), bearers)


def _rarest(keys: Iterable[str], place: int = 0) -> set[str]:
    """A token of each key. A long word is likely to be rare; where it is not (`ministry`), the one in the next place may be."""
    ordered = (sorted(set(key.split()), key=lambda word: (-len(word), word)) for key in keys)
    return {f"{words[min(place, len(words) - 1)]} " for words in ordered if _may_be_known(words)}


def _alike(
    connection: Connection, workspace_id: WorkspaceId, tokens: Collection[str], most: int
) -> list[Row[Any]]:
    """Names that have one of the tokens: so many, or one more where there are more."""
    if not tokens:
        return []
    values = {"tokens": sorted(tokens), "workspace": workspace_id, "limit": most + 1}
    return rows_of(connection.execute(_ALIKE, values))


def _own(sought: Sought, alike: Iterable[Row[Any]]) -> tuple[int, ...] | None:
    alone, within = {f" {key} " for key in sought.alone}, [set(key.split()) for key in sought.within if key]
    own = [row.id for row in alike if row.key in alone or any(one <= set(row.key.split()) for one in within)]
    return tuple(sorted(own)) if len(own) <= MOST_FOUND else None


def _short(sought: Sought, alike: Iterable[Row[Any]]) -> dict[str, int]:
    surnames = {f" {word} ": word for word in sought.surnames}
    return {surnames[row.key]: row.id for row in alike if row.key in surnames}


def _bearers(surnames: Collection[str], alike: Iterable[Row[Any]]) -> dict[str, int]:
    keys = ((row.key.strip(), row.id) for row in alike if row.speaks)
    return {key: number for key, number in keys if " " in key and key.split()[-1] in surnames}


def _own_of_many(connection: Connection, sought: Sought) -> tuple[int, ...] | None:
    """As `_own`, where many names share a word: the database looks at all their words."""
    own: set[int] = set()
    for key in filter(None, sought.within):
        own |= set(connection.scalars(select(ActorRow.id).where(_having(key.split())).limit(MOST_FOUND + 1)))
    whole = [lookup_key(f" {key} ") for key in sought.alone]
    own |= set(connection.scalars(select(ActorRow.id).where(ActorRow.unique_key.in_(whole))))
    return tuple(sorted(own)) if len(own) <= MOST_FOUND else None


def _known_short(connection: Connection, sought: Sought) -> dict[str, int]:
    named = {lookup_key(f" {word} "): word for word in sought.surnames}
    exact = select(ActorRow.id, ActorRow.unique_key).where(ActorRow.unique_key.in_(named))
    return {named[key]: number for number, key in connection.execute(exact)} if named else {}


def _bearing(
    connection: Connection, workspace_id: WorkspaceId, sought: Sought, surname: str
) -> dict[str, int]:
    """Speakers of a surname; not all of them, where the first ones tell that others bear it."""
    found: dict[str, int] = {}
    for most in (FEW_ALIKE, MOST_BEARERS):
        alike = _alike(connection, workspace_id, (surname_token(surname),), most)
        found = _bearers((surname,), alike)
        if len(alike) <= most or surname not in sought.among(found).surnames:
            break
    return found


def _may_be_known(words: Collection[str]) -> bool:
    return 0 < len(set(words)) <= MOST_WORDS and max(map(len, words)) <= LONGEST_WORD


def _having(words: Sequence[str]) -> ColumnElement[bool]:
    """Whether a name has all these words: found by the longest, which is likely to be the rarest."""
    different = tuple(dict.fromkeys(words))
    if not _may_be_known(different):
        return false()
    return and_(
        has_token(f"{max(different, key=len)} "), *(ActorRow.key.contains(f" {word} ") for word in different)
    )


_NEAR = (
    select(ActorTokenRow.actor_id)
    .where(any_of(ActorTokenRow.token, bindparam("tokens", type_=Many(Text))))
    .distinct()
    .limit(bindparam("limit", type_=Integer))
    .subquery()
)
"""Cut here: PostgreSQL would otherwise look for the feeds of all names at once."""
_ALIKE = select(
    ActorRow.id,
    ActorRow.key,
    seen(bindparam("workspace", type_=Id), (Role.SPEAKER,)).label("speaks"),
).join(_NEAR, _NEAR.c.actor_id == ActorRow.id)
"""Names that have one of some words, and whether who bears them speaks in what a workspace follows."""
