"""The directory: names of actors and outlets, each once, by which statements are marked in the index and suggested."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Connection,
    Row,
    bindparam,
    exists,
    func,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncSession

from news.channels import WorkspaceId
from news.feeds import FeedId
from news.terms import words_in
from storage.rows import chunks, insert_missing, rows_of, table_of
from storage.search import LONGEST_WORD, outlet_holds
from storage.tables import ActorFeedRow, ActorRow, ActorTokenRow, FeedRow, FollowRow, OutletRow
from storage.types import Id, clean, lookup_key

MOST_FOUND = 500
"""Names that one look-up asks the index for; where more are meant, statements are asked one by one."""
MOST_FEEDS = 100
"""Feeds of a workspace that one look-up asks the index for."""
LONGEST_BEGINNING = 3
"""Letters of a word under which a frequent name stands ready to be suggested; longer beginnings are few enough to sort."""
FREQUENT = 3
"""The weight from which on a name is frequent: four uses."""


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
    surnames = [
        {"token": surname_token(key.split()[-1]), "actor_id": ids[key], "weight": 0} for key in speakers
    ]
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


def surname_token(word: str) -> str:
    """The token of speakers whose name ends in a word; it begins as no word does."""
    return f"~{word[:LONGEST_WORD]} "


def has_token(token: str | BindParameter[Any]) -> ColumnElement[bool]:
    """Whether a name is found by a token."""
    return ActorRow.id.in_(select(ActorTokenRow.actor_id).where(ActorTokenRow.token == token))


def seen(workspace_id: WorkspaceId | BindParameter[int], roles: Sequence[Role]) -> ColumnElement[bool]:
    """Whether a feed that the workspace follows has, or had, articles with the name in one of these roles."""
    return (
        exists()
        .where(ActorFeedRow.actor_id == ActorRow.id, ActorFeedRow.role.in_([role.value for role in roles]))
        .where(FollowRow.feed_id == ActorFeedRow.feed_id, FollowRow.workspace_id == workspace_id)
    )
