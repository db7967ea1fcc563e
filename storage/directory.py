"""The directory: names of actors and outlets, each once, by which statements are marked in the index and suggested."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Connection,
    Integer,
    Row,
    Select,
    and_,
    bindparam,
    exists,
    false,
    func,
    or_,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncSession

from news.actors import name_key
from news.channels import WorkspaceId
from news.feeds import FeedId
from news.names import Sought
from news.terms import words_in
from storage.rows import chunks, insert_missing, rows_of, table_of
from storage.search import LONGEST_WORD, MOST_WORDS, outlet_holds
from storage.tables import ActorFeedRow, ActorRow, ActorTokenRow, FeedRow, FollowRow, OutletRow
from storage.types import Id, clean, lookup_key

MOST_FOUND = 500
"""Names that one look-up asks the index for; where more are meant, statements are asked one by one."""
FEW_ALIKE, MOST_ALIKE = 100, 1_000
"""Names with a word in common that are read at first, and at last."""
MOST_BEARERS = 5_000
"""Names of speakers that are read of one surname."""
MOST_FEEDS = 100
"""Feeds of a workspace that one look-up asks the index for."""
LONGEST_BEGINNING = 3
"""Letters of a word under which a frequent name stands ready to be suggested; longer beginnings are few enough to sort."""
FREQUENT = 3
"""The weight from which on a name is frequent: four uses."""
MOST_TYPED = 10
"""Words of a name that are looked for while it is typed."""
SORTED = 200
"""Names that are put in the order of their use, where those that stand ready are too few."""
_LAST = "\U0010ffff"


class Role(StrEnum):
    """As what a name stands in a feed's articles."""

    SPEAKER = "speaker"
    NAMELESS = "nameless"
    REPRESENTED = "represented"


@dataclass(slots=True)
class Uses:
    """The names of some statements, to be entered together."""

    names: dict[str, str] = field(default_factory=dict)
    """How each key is written."""
    counts: Counter[str] = field(default_factory=Counter)
    roles: set[tuple[str, FeedId, Role]] = field(default_factory=set)

    def add(self, key: str, name: str, role: Role, feeds: Iterable[FeedId]) -> None:
        """One statement with this name."""
        if key:
            self.names.setdefault(key, name)
            self.counts[key] += 1
            self.roles.update((key, feed_id, role) for feed_id in feeds)

    def see(self, key: str, name: str, role: Role, feed_id: FeedId) -> None:
        """One statement that was entered before, in one more feed."""
        self.add(key, name, role, (feed_id,))
        self.counts[key] = 0


async def enter(session: AsyncSession, uses: Uses) -> Mapping[str, int]:
    """Enters names; the id of each key."""
    known = await _known(session, uses.counts)
    missing = sorted(uses.counts.keys() - known.keys())
    if missing:
        rows = [
            {"key": key, "unique_key": lookup_key(key), "name": clean(uses.names[key]), "uses": 0}
            for key in missing
        ]
        await insert_missing(session, ActorRow, rows)
        known |= await _known(session, missing)
        tokens = [
            {"token": f"{word} ", "actor_id": known[key].id, "weight": uses.counts[key].bit_length()}
            for key in missing
            for word in _words(key, uses.names[key])
        ]
        await insert_missing(session, ActorTokenRow, tokens)
    await _count(session, [(known[key], more) for key, more in uses.counts.items() if more])
    ids = {key: row.id for key, row in known.items()}
    speakers = sorted({key for key, _, role in uses.roles if role is Role.SPEAKER and len(key.split()) > 1})
    surnames = [{"token": _surname(key.split()[-1]), "actor_id": ids[key], "weight": 0} for key in speakers]
    await insert_missing(session, ActorTokenRow, surnames)
    await insert_missing(
        session,
        ActorFeedRow,
        [
            {"actor_id": ids[key], "feed_id": feed_id, "role": role.value}
            for key, feed_id, role in sorted(uses.roles)
        ],
    )
    return ids


async def enter_outlets(session: AsyncSession, keys: Collection[str]) -> Mapping[str, int]:
    """Enters outlets; the id of each key, 0 of the empty one."""
    wanted = {key for key in keys if key}
    known = await _outlets(session, wanted)
    missing = sorted(wanted - known.keys())
    if missing:
        await insert_missing(session, OutletRow, [{"key": k, "unique_key": lookup_key(k)} for k in missing])
        known |= await _outlets(session, missing)
    return {"": 0, **known}


@dataclass(frozen=True, slots=True)
class Namesakes:
    """Names that are like those of somebody who is looked for."""

    ids: tuple[int, ...] | None
    """Of those that he goes by; None where they are many."""
    surnames: Mapping[str, int]
    """Of his surnames that are names by themselves."""
    bearers: tuple[str, ...]
    """Keys of other names, of speakers in what the workspace follows, that end in one of his surnames."""


def namesakes(connection: Connection, workspace_id: WorkspaceId, sought: Sought) -> Namesakes:
    """The names of whom is sought, and those of one surname."""
    keys = (*sought.within, *sought.alone)
    tokens = {*_rarest((*keys, *sought.surnames)), *map(_surname, sought.surnames)}
    alike = _alike(connection, workspace_id, tokens, FEW_ALIKE)
    if len(alike) <= FEW_ALIKE:
        return Namesakes(_own(sought, alike), _short(sought, alike), _bearers(sought.surnames, alike))
    for place, most in ((0, FEW_ALIKE), (1, FEW_ALIKE), (0, MOST_ALIKE)):
        alike = _alike(connection, workspace_id, _rarest(keys, place), most)
        if len(alike) <= most:
            ids: tuple[int, ...] | None = _own(sought, alike)
            break
    else:
        ids = _own_of_many(connection, sought)
    bearers = [key for word in sought.surnames for key in _bearing(connection, workspace_id, sought, word)]
    return Namesakes(ids, _known_short(connection, sought), tuple(bearers))


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


def _bearers(surnames: Collection[str], alike: Iterable[Row[Any]]) -> tuple[str, ...]:
    keys = (row.key.strip() for row in alike if row.speaks)
    return tuple(key for key in keys if " " in key and key.split()[-1] in surnames)


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
) -> Sequence[str]:
    """Speakers of a surname; not all of them, where the first ones tell that others bear it."""
    found: tuple[str, ...] = ()
    for most in (FEW_ALIKE, MOST_BEARERS):
        alike = _alike(connection, workspace_id, (_surname(surname),), most)
        found = _bearers((surname,), alike)
        if len(alike) <= most or surname not in sought.among(found).surnames:
            break
    return found


def outlets_called(connection: Connection, text: str) -> tuple[int, ...] | None:
    """Outlets that have the text in their name; None where they are many."""
    query = select(OutletRow.id).where(outlet_holds(text, OutletRow.key))
    ids = tuple(connection.scalars(query.limit(MOST_FOUND + 1)))
    return ids if len(ids) <= MOST_FOUND else None


def feeds_if_few(connection: Connection, workspace_id: WorkspaceId) -> tuple[FeedId, ...] | None:
    """The feeds that the workspace follows, where it is quicker to ask the index for them than to look at each
    statement whether it is of one: where their number squared is less than that of all feeds; else None."""
    found = (connection.execute(_FEEDS, {"workspace": workspace_id})).all()
    if not found or len(found) > MOST_FEEDS or len(found) ** 2 >= found[0][1]:
        return None
    return tuple(feed_id for feed_id, _ in found)


def suggested(connection: Connection, workspace_id: WorkspaceId, typed: str, most: int) -> tuple[str, ...]:
    """Names in what the workspace follows that have the typed words, the last of which may go on; the most used first.

    Nothing for nothing, and for words that no name has.
    """
    written, keyed = words_in(typed), list(dict.fromkeys(name_key(typed[:LONGEST_WORD]).split()))
    if not written or not 0 < len(keyed) <= MOST_TYPED or max(map(len, (*written, *keyed))) > LONGEST_WORD:
        return ()
    last = tuple(dict.fromkeys((written[-1], keyed[-1])))
    short = max(map(len, last)) <= LONGEST_BEGINNING
    values: dict[str, Any] = {"workspace": workspace_id}
    values |= {f"word{at}": f"{word} " for at, word in enumerate(keyed[:-1])}
    values |= {f"last{at}": word for at, word in enumerate(last)}
    values |= {f"end{at}": word + _LAST for at, word in enumerate(last)}
    found: dict[str, int] = {}

    def ask(asked: Select[*tuple[Any, ...]], limit: int) -> None:
        found.update((name, uses) for name, uses in connection.execute(asked, values | {"limit": limit}))

    words = len(keyed) - 1
    if short:
        # Of the many names that go on so, the frequent ones stand ready in the order of their weight.
        ask(_suggestions(words, len(last), ready=True, ordered=True), most)
    if len(found) < most:
        ask(_suggestions(words, len(last), ready=False, ordered=not short), SORTED)
    ranked = sorted(found, key=lambda name: (-found[name], name))
    return tuple(ranked[:most])


@lru_cache
def _suggestions(words: int, last: int, *, ready: bool, ordered: bool) -> Select[*tuple[Any, ...]]:
    """Names with so many words, and one that is, or goes on like, one of the last ones."""
    query = (
        select(ActorRow.name, ActorRow.uses)
        .join(ActorTokenRow, ActorTokenRow.actor_id == ActorRow.id)
        .where(_seen(bindparam("workspace", type_=Id), (Role.SPEAKER, Role.REPRESENTED)))
        .where(*(_has(bindparam(f"word{at}")) for at in range(words)))
        .limit(bindparam("limit", type_=Integer))
    )
    places = range(last)
    if ready:
        query = query.where(ActorTokenRow.token.in_([bindparam(f"last{at}") for at in places]))
    else:
        query = query.where(or_(*(_begins(bindparam(f"last{at}"), bindparam(f"end{at}")) for at in places)))
    return query.order_by(ActorTokenRow.weight.desc()) if ordered else query


_FEEDS = (
    select(FollowRow.feed_id, select(func.max(FeedRow.id)).scalar_subquery())
    .where(FollowRow.workspace_id == bindparam("workspace", type_=Id))
    .limit(MOST_FEEDS + 1)
)


async def _known(session: AsyncSession, keys: Collection[str]) -> dict[str, Row[Any]]:
    known: dict[str, Row[Any]] = {}
    by_unique = {lookup_key(key): key for key in keys}
    for some in chunks(sorted(by_unique)):
        rows = await session.execute(
            select(ActorRow.id, ActorRow.unique_key, ActorRow.key, ActorRow.uses, ActorRow.name).where(
                ActorRow.unique_key.in_(some)
            )
        )
        known.update((by_unique[row.unique_key], row) for row in rows_of(rows))
    return known


async def _outlets(session: AsyncSession, keys: Collection[str]) -> dict[str, int]:
    known: dict[str, int] = {}
    by_unique = {lookup_key(key): key for key in keys}
    for some in chunks(sorted(by_unique)):
        rows = await session.execute(
            select(OutletRow.id, OutletRow.unique_key).where(OutletRow.unique_key.in_(some))
        )
        known.update((by_unique[unique], number) for number, unique in rows)
    return known


async def _count(session: AsyncSession, counted: Iterable[tuple[Row[Any], int]]) -> None:
    """Adds to how often names are used; in one order, so that two who count do not wait for each other."""
    ordered = sorted(counted, key=lambda one: one[0].id)
    if not ordered:
        return
    await session.execute(
        update(table_of(ActorRow))
        .where(ActorRow.id == bindparam("of"))
        .values(uses=ActorRow.uses + bindparam("more")),
        [{"of": row.id, "more": more} for row, more in ordered],
    )
    heavier = [
        (row, words, now)
        for row, more in ordered
        if (now := (row.uses + more).bit_length()) != row.uses.bit_length()
        for words in (_words(row.key, row.name),)
    ]
    weights = [
        {"of": row.id, "word": token, "now": now}
        for row, words, now in heavier
        if row.uses
        for token in (*(f"{word} " for word in words), *(_beginnings(words) if now > FREQUENT else ()))
    ]
    if weights:
        await session.execute(
            update(table_of(ActorTokenRow))
            .where(ActorTokenRow.token == bindparam("word"), ActorTokenRow.actor_id == bindparam("of"))
            .values(weight=bindparam("now")),
            weights,
        )
    begun = [
        {"token": token, "actor_id": row.id, "weight": now}
        for row, words, now in heavier
        if now >= FREQUENT > row.uses.bit_length()
        for token in _beginnings(words)
    ]
    await insert_missing(session, ActorTokenRow, begun)


def _words(key: str, name: str) -> list[str]:
    """What a name is found by: its words as they are written, and as the usual spellings of them meet."""
    return list(dict.fromkeys(word[:LONGEST_WORD] for word in (*key.split(), *words_in(name))))


def _beginnings(words: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(word[:length] for word in words for length in range(1, LONGEST_BEGINNING + 1)))


def _surname(word: str) -> str:
    """The token of speakers whose name ends in a word; it begins as no word does."""
    return f"~{word[:LONGEST_WORD]} "


def _begins(word: BindParameter[Any], end: BindParameter[Any]) -> ColumnElement[bool]:
    """Whether a token is a word that goes on like this one, up to the end of those that do."""
    return and_(ActorTokenRow.token >= word, ActorTokenRow.token < end)


def _may_be_known(words: Collection[str]) -> bool:
    return 0 < len(set(words)) <= MOST_WORDS and max(map(len, words)) <= LONGEST_WORD


def _having(words: Sequence[str]) -> ColumnElement[bool]:
    """Whether a name has all these words: found by the longest, which is likely to be the rarest."""
    different = tuple(dict.fromkeys(words))
    if not _may_be_known(different):
        return false()
    return and_(
        _has(f"{max(different, key=len)} "), *(ActorRow.key.contains(f" {word} ") for word in different)
    )


def _has(token: str | BindParameter[Any]) -> ColumnElement[bool]:
    return ActorRow.id.in_(select(ActorTokenRow.actor_id).where(ActorTokenRow.token == token))


def _seen(workspace_id: WorkspaceId | BindParameter[int], roles: Sequence[Role]) -> ColumnElement[bool]:
    """Whether a feed that the workspace follows has articles with the name in one of these roles."""
    return (
        exists()
        .where(ActorFeedRow.actor_id == ActorRow.id, ActorFeedRow.role.in_([role.value for role in roles]))
        .where(FollowRow.feed_id == ActorFeedRow.feed_id, FollowRow.workspace_id == workspace_id)
    )


_ALIKE = (
    select(
        ActorRow.id, ActorRow.key, _seen(bindparam("workspace", type_=Id), (Role.SPEAKER,)).label("speaks")
    )
    .where(
        ActorRow.id.in_(
            select(ActorTokenRow.actor_id).where(ActorTokenRow.token.in_(bindparam("tokens", expanding=True)))
        )
    )
    .limit(bindparam("limit", type_=Integer))
)
"""Names that have one of some words, and whether who bears them speaks in what a workspace follows."""
