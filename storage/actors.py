"""Names of actors: what a workspace was told of them, and whom a name that is asked for finds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, Select, bindparam, case, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from news.actors import name_key
from news.channels import WorkspaceId
from news.errors import AlreadyThere, InputError, NotFound
from news.names import (
    MOST_NAMES,
    NameChange,
    Relation,
    Sought,
    Undone,
    checked_name,
    links_between,
    names_of,
    pair_of,
    seek,
)
from news.profiles import ActorProfile, Voice, profile_of
from storage.asking import Ask
from storage.fulltext import Search
from storage.namesakes import Namesakes, namesakes
from storage.rows import chunks
from storage.search import is_speaker, speaks, stands
from storage.sqlite_driver import look
from storage.suggestions import suggested
from storage.tables import ActorNameRow, ArticleRow, StatementRow, WorkspaceRow
from storage.types import Id, clean, lookup_key

MOST_CHANGES = 1_000
"""Changes of a workspace that stand: each look-up by an actor reads them."""


class SqlActors:
    """Changes to names in the database. Those of one workspace are made one after the other."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def changes(self, workspace_id: WorkspaceId) -> tuple[NameChange, ...]:
        """The changes that stand, oldest first."""
        return await look(self._session, lambda connection: standing_changes(connection, workspace_id))

    async def tell(
        self, workspace_id: WorkspaceId, actor: str, name: str, relation: Relation, *, now: datetime
    ) -> NameChange:
        """Keeps what was told of the two names, in the place of what stood of them.

        Raises AlreadyThere for what stands, InputError for names that are none, or too many.
        """
        actor, name = checked_name(clean(actor)), checked_name(clean(name))
        if name_key(actor) == name_key(name):
            raise InputError(f"{actor} and {name} are spellings of one name: give two names that differ.")
        await self._take_turn(workspace_id)
        await self._check_room(workspace_id, actor, name, relation)
        row = _row(workspace_id, actor, name, relation, now)
        before = (await self._session.scalars(_of(workspace_id).where(_same_pair(row)))).one_or_none()
        if before is not None:
            if (before.relation, before.actor_key) == (row.relation, row.actor_key):
                raise AlreadyThere(f"{name} and {actor}: that was told already, as actors list shows.")
            await self._end([before], "change", now)
        self._session.add(row)
        await self._session.flush()
        return _change(row)

    async def take_away(
        self, workspace_id: WorkspaceId, actor: str, name: str, *, now: datetime
    ) -> tuple[NameChange, ...]:
        """Ends the changes that make `name` another name of `actor`, and returns them; none when it is not."""
        await self._take_turn(workspace_id)
        links = links_between(await self.changes(workspace_id), actor, name)
        rows = await self._session.scalars(
            _of(workspace_id).where(ActorNameRow.id.in_([c.id for c in links]))
        )
        await self._end(rows.all(), "split", now)
        return links

    async def undo(self, workspace_id: WorkspaceId, *, now: datetime) -> Undone:
        """Takes back the newest change that stands; what it replaced stands again.

        Where a split took names away since, these come back instead. Raises NotFound when there is nothing.
        """
        await self._take_turn(workspace_id)
        newest = (await self._session.scalars(_of(workspace_id, newest_first=True).limit(1))).first()
        split = await self._session.scalar(
            select(func.max(ActorNameRow.undone)).where(
                ActorNameRow.workspace_id == workspace_id, ActorNameRow.undone_by == "split"
            )
        )
        if split is not None and (newest is None or split > newest.made):
            ended = _ended(workspace_id, "split").where(ActorNameRow.undone == split)
            return Undone(restored=await self._restore((await self._session.scalars(ended)).all()))
        if newest is None:
            raise NotFound("There is nothing to undo: no names were joined or set apart here.")
        await self._end([newest], "undo", now)
        replaced = (
            _ended(workspace_id, "change")
            .where(_same_pair(newest), ActorNameRow.undone == newest.made, ActorNameRow.id < newest.id)
            .order_by(ActorNameRow.id.desc())
            .limit(1)
        )
        restored = await self._restore((await self._session.scalars(replaced)).all())
        return Undone((_change(newest),), restored)

    async def profile(self, workspace_id: WorkspaceId, asked: str) -> ActorProfile:
        """Who the actor is in what the workspace follows; what was taken out of an article tells nothing of it."""
        return await look(self._session, lambda connection: _profile(connection, workspace_id, asked))

    async def is_borne(self, workspace_id: WorkspaceId, name: str) -> bool:
        """Whether somebody of that name, or in that name, speaks in what the workspace follows."""
        return await look(self._session, lambda connection: _is_borne(connection, workspace_id, clean(name)))

    async def suggest(self, workspace_id: WorkspaceId, typed: str, *, most: int = 25) -> tuple[str, ...]:
        """Names in what the workspace follows that have the typed words, the last of which may go on; the most used
        first. Nothing for what no name has."""
        return await look(
            self._session, lambda connection: suggested(connection, workspace_id, clean(typed), most)
        )

    async def _take_turn(self, workspace_id: WorkspaceId) -> None:
        await self._session.get(WorkspaceRow, workspace_id, with_for_update=True)

    async def _check_room(self, workspace_id: WorkspaceId, actor: str, name: str, relation: Relation) -> None:
        changes = await self.changes(workspace_id)
        if len(changes) >= MOST_CHANGES:
            raise InputError(f"A workspace keeps {MOST_CHANGES} changes to names: undo some first.")
        one, other = names_of(changes, actor), names_of(changes, name)
        if relation is Relation.SAME and len({*one.names, *other.names}) > MOST_NAMES:
            raise InputError(f"An actor has at most {MOST_NAMES} names: split some away first.")
        walls = (
            {*one.apart, *other.apart} if relation is Relation.SAME else max(one.apart, other.apart, key=len)
        )
        if len(walls) + (relation is Relation.APART) > MOST_NAMES:
            raise InputError(f"At most {MOST_NAMES} names are set apart from an actor: undo some first.")

    async def _end(self, rows: Sequence[ActorNameRow], by: str, now: datetime) -> None:
        for row in rows:
            row.undone, row.undone_by = now, by
        await self._session.flush()

    async def _restore(self, rows: Sequence[ActorNameRow]) -> tuple[NameChange, ...]:
        for row in rows:
            row.undone = row.undone_by = None
        await self._session.flush()
        return tuple(map(_change, rows))


def _profile(connection: Connection, workspace_id: WorkspaceId, asked: str) -> ActorProfile:
    found = meant(connection, workspace_id, asked) or Meant(seek((), asked), ())
    sought, spoken = found.sought, _spoken(workspace_id, found)
    dated = case((ArticleRow.published.is_not(None), StatementRow.moment))
    rows = connection.execute(
        select(
            StatementRow.speaker_name,
            StatementRow.affiliation,
            func.max(case((is_speaker(sought), 1), else_=0)),
            func.count(),
            func.min(dated),
            func.max(dated),
        )
        .join(ArticleRow, ArticleRow.id == StatementRow.article_id)
        .where(StatementRow.id.in_(spoken.newest(connection, limited=False).scalar_subquery()), stands())
        .group_by(StatementRow.speaker_name, StatementRow.affiliation)
        .order_by(func.max(StatementRow.moment).desc(), StatementRow.speaker_name, StatementRow.affiliation),
        spoken.values(connection),
    )
    voices = (Voice(name or "", whose, bool(own), *more) for name, whose, own, *more in rows)
    return profile_of(asked, sought.names, voices)


def _is_borne(connection: Connection, workspace_id: WorkspaceId, name: str) -> bool:
    sought = seek((), name)
    search = _spoken(workspace_id, _meant(sought, namesakes(connection, workspace_id, sought)))
    return connection.scalars(search.newest(connection), search.values(connection, 1)).first() is not None


def _spoken(workspace_id: WorkspaceId, found: Meant) -> Search:
    """Statements of the actor, or in its name, in what the workspace follows."""
    ask = Ask(actors=found.ids, speakers=found.speakers)
    return Search(ask, workspace_id, () if found.is_exact else (speaks(found.sought),))


@dataclass(frozen=True, slots=True)
class Meant:
    """Whom an asked name finds."""

    sought: Sought
    ids: tuple[int, ...] | None
    """The names, as the index has them, that the actor's statements may bear; None where they are many."""
    speakers: tuple[int, ...] = ()
    """Names that are the actor's where they speak for themselves."""

    @property
    def is_exact(self) -> bool:
        """Whether all that bears these names is the actor's; else each statement has to be looked at."""
        return self.ids is not None and not self.sought.apart


def meant(connection: Connection, workspace_id: WorkspaceId, asked: str | None) -> Meant | None:
    """Whom an asked name finds in what the workspace follows; None where nobody is asked for."""
    name = clean(asked or "").strip()
    if not name:
        return None
    sought = seek(standing_changes(connection, workspace_id), name)
    alike = namesakes(connection, workspace_id, sought)
    return _meant(sought.among(_others(connection, workspace_id, sought, alike.bearers)), alike)


def _others(
    connection: Connection, workspace_id: WorkspaceId, sought: Sought, bearers: Mapping[str, int]
) -> list[str]:
    """Of each surname that somebody else speaks under, one who does. The directory remembers names longer than that."""
    found = []
    for surname in sought.surnames:
        others = {
            number: key
            for key, number in bearers.items()
            if key.split()[-1] == surname and surname not in sought.among((key,)).surnames
        }
        for some in chunks(tuple(others)):
            search = Search(Ask(actors=(), speakers=tuple(some)), workspace_id)
            said = connection.scalars(search.newest(connection), search.values(connection, 1)).first()
            if said is not None:
                found.append(others[some[0]])
                break
    return found


def _meant(sought: Sought, alike: Namesakes) -> Meant:
    known = () if alike.ids is None else map(alike.surnames.get, sought.surnames)
    return Meant(sought, alike.ids, tuple(number for number in known if number is not None))


def whom(connection: Connection, workspace_id: WorkspaceId, asked: str | None) -> Sought | None:
    """As `meant`, for who does not ask the index."""
    found = meant(connection, workspace_id, asked)
    return None if found is None else found.sought


def standing_changes(connection: Connection, workspace_id: WorkspaceId) -> tuple[NameChange, ...]:
    """As `SqlActors.changes`."""
    rows = connection.execute(_STANDING, {"workspace": workspace_id})
    return tuple(
        NameChange(number, actor, name, Relation(relation), made)
        for number, actor, name, relation, made in rows
    )


_STANDING = (
    select(ActorNameRow.id, ActorNameRow.actor, ActorNameRow.name, ActorNameRow.relation, ActorNameRow.made)
    .where(ActorNameRow.workspace_id == bindparam("workspace", type_=Id), ActorNameRow.undone.is_(None))
    .order_by(ActorNameRow.made, ActorNameRow.id)
)


def _of(workspace_id: WorkspaceId, *, newest_first: bool = False) -> Select[ActorNameRow]:
    """The workspace's rows that stand."""
    order = (ActorNameRow.made, ActorNameRow.id)
    return (
        select(ActorNameRow)
        .where(ActorNameRow.workspace_id == workspace_id, ActorNameRow.undone.is_(None))
        .order_by(*(column.desc() if newest_first else column.asc() for column in order))
    )


def _ended(workspace_id: WorkspaceId, by: str) -> Select[ActorNameRow]:
    """The workspace's rows that stand no longer for this reason."""
    return select(ActorNameRow).where(ActorNameRow.workspace_id == workspace_id, ActorNameRow.undone_by == by)


def _same_pair(row: ActorNameRow) -> ColumnElement[bool]:
    return ActorNameRow.pair_key == row.pair_key


def _row(workspace_id: WorkspaceId, actor: str, name: str, relation: Relation, now: datetime) -> ActorNameRow:
    return ActorNameRow(
        workspace_id=workspace_id,
        actor=actor,
        actor_key=name_key(actor),
        name=name,
        name_key=name_key(name),
        pair_key=lookup_key("\n".join(pair_of(actor, name))),
        relation=relation.value,
        made=now,
        undone=None,
        undone_by=None,
    )


def _change(row: ActorNameRow) -> NameChange:
    return NameChange(row.id, row.actor, row.name, Relation(row.relation), row.made)
