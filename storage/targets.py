"""Targets: which ones count for a workspace and for an article, and how far old articles were read for new ones."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, bindparam, delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from news.articles import ArticleId
from news.channels import WorkspaceId
from news.errors import AlreadyThere, InputError, NotFound
from news.rereading import Progress
from news.target_names import (
    MOST_TARGETS,
    built_in,
    checked_target,
    find_target,
    suggest_targets,
    target_key,
    that_count,
    unknown_target,
)
from news.targets import BUILT_IN, Target
from storage.documents import from_json
from storage.pages import drop_pages
from storage.rows import chunks, rows_of, table_of
from storage.sqlite_driver import look
from storage.tables import (
    EntryRow,
    FollowRow,
    StanceRow,
    TargetRow,
    WorkspaceRow,
)
from storage.types import Id, clean, lookup_key

OWN, HIDDEN, RESTORED = "own", "hidden", "restored"
_Wordings = tuple[str, ...]


class SqlTargets:
    """Targets in the database. Changes of one workspace are made one after the other."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def of(self, workspace_id: WorkspaceId) -> tuple[Target, ...]:
        """What counts for the workspace: those that are built in and that it did not take away, then its own in the
        order in which they were added."""
        return await look(self._session, lambda connection: counting(connection, workspace_id))

    async def find(self, workspace_id: WorkspaceId, words: str) -> Target | None:
        """The one that the words mean here. Raises InputError, which names them, where several may be meant."""
        return find_target(await self.of(workspace_id), clean(words))

    async def suggest(self, workspace_id: WorkspaceId, typed: str, *, most: int = 25) -> tuple[str, ...]:
        """Names that go on like what is typed; all of them for nothing typed."""
        return suggest_targets(await self.of(workspace_id), clean(typed), most)

    async def add(self, workspace_id: WorkspaceId, target: Target, *, now: datetime) -> Target:
        """Adds a target of the workspace's own, in the place of one that is built in under that name.

        A name alone brings back one that is built in and was taken away. Raises AlreadyThere; InputError for what is too
        long or too much.
        """
        target = checked_target(_cleaned(target))
        await self._take_turn(workspace_id)
        key = lookup_key(target_key(target.name))
        row, given = await self._row(workspace_id, key), built_in(target_key(target.name))
        bare = not (target.description or target.supporting or target.opposing)
        if (row is not None and row.kind == OWN) or (
            given and bare and (row is None or row.kind == RESTORED)
        ):
            raise AlreadyThere(
                f"There is a target “{(given or target).name}” already: remove it to change it."
            )
        if bare and given is not None:
            self._put(row, workspace_id, RESTORED, Target(given.name), now)
            await self._session.flush()
            return given
        if await self._count(workspace_id) >= MOST_TARGETS:
            raise InputError(f"A workspace has at most {MOST_TARGETS} targets of its own: remove some first.")
        self._put(row, workspace_id, OWN, target, now)
        await self._session.flush()
        return replace(target, owner=workspace_id)

    async def remove(self, workspace_id: WorkspaceId, name: str) -> Target:
        """Takes a target away: one of its own with its positions, one that is built in for this workspace alone.

        Raises NotFound, which names the nearest.
        """
        await self._take_turn(workspace_id)
        name, targets = clean(name), await self.of(workspace_id)
        known = next((one for one in targets if target_key(one.name) == target_key(name)), None)
        if known is None:
            raise NotFound(unknown_target(targets, name))
        key, given = lookup_key(target_key(name)), built_in(target_key(name))
        row = await self._row(workspace_id, key)
        if known.owner is None:
            self._put(row, workspace_id, HIDDEN, Target(known.name), None)
        else:
            await drop_pages(self._session, workspace_id, key)
            await drop_stances(self._session, workspace_id, key)
            if given is not None:  # it counts again, and nothing may have been read for it meanwhile
                self._put(row, workspace_id, RESTORED, Target(given.name), None)
            else:
                await self._session.delete(row)
        await self._session.flush()
        return known

    async def for_articles(self, ids: Sequence[ArticleId]) -> Mapping[ArticleId, tuple[Target, ...]]:
        """What each article is read for: what counts for the workspaces that see it, and for one that nobody sees what is
        built in."""
        found: dict[ArticleId, tuple[Target, ...]] = dict.fromkeys(ids, BUILT_IN)
        for some in chunks(sorted(found)):
            rows = await self._changed(some)
            if rows:
                seen = await self._seen(list(rows))
                found |= {i: _read_for(changed, seen[i]) for i, changed in rows.items()}
        return found

    async def progress(self, workspace_id: WorkspaceId) -> tuple[Progress, ...]:
        """The workspace's targets for which articles that were read before wait, in the order in which they were added."""
        rows = await self._session.scalars(
            rows_of_targets(workspace_id).where(TargetRow.waiting).order_by(TargetRow.made, TargetRow.id)
        )
        return tuple(Progress(row.name, row.done, row.total) for row in rows)

    async def _take_turn(self, workspace_id: WorkspaceId) -> None:
        await self._session.get(WorkspaceRow, workspace_id, with_for_update=True)

    async def _row(self, workspace_id: WorkspaceId, key: str) -> TargetRow | None:
        return (
            await self._session.scalars(rows_of_targets(workspace_id).where(TargetRow.key == key))
        ).one_or_none()

    async def _count(self, workspace_id: WorkspaceId) -> int:
        own = select(func.count()).where(TargetRow.workspace_id == workspace_id, TargetRow.kind == OWN)
        return (await self._session.scalars(own)).one()

    def _put(
        self,
        row: TargetRow | None,
        workspace_id: WorkspaceId,
        kind: str,
        target: Target,
        now: datetime | None,
    ) -> None:
        """Writes a row, in the place of what stood there; its articles are read from the newest on."""
        row = row if row is not None else TargetRow(workspace_id=workspace_id)
        row.kind, row.made = kind, now
        row.name, row.key = target.name, lookup_key(target_key(target.name))
        row.description = target.description
        row.supporting, row.opposing = list(target.supporting), list(target.opposing)
        row.waiting, row.done, row.total = kind != HIDDEN, 0, None
        row.reached_moment = row.reached_id = None
        self._session.add(row)

    async def _changed(self, ids: Sequence[ArticleId]) -> dict[ArticleId, list[TargetRow]]:
        """Of each article the rows of workspaces that see it which change what it is read for."""
        pairs = (
            select(EntryRow.article_id, TargetRow.id)
            .join(FollowRow, FollowRow.feed_id == EntryRow.feed_id)
            .join(TargetRow, TargetRow.workspace_id == FollowRow.workspace_id)
            .where(EntryRow.article_id.in_(ids), TargetRow.kind.in_((OWN, HIDDEN)))
            .distinct()
            .order_by(TargetRow.id)
        )
        found = (await self._session.execute(pairs)).all()
        rows: dict[int, TargetRow] = {}
        for some in chunks(sorted({number for _, number in found})):
            query = select(TargetRow).where(TargetRow.id.in_(some))
            rows.update((row.id, row) for row in await self._session.scalars(query))
        changed: defaultdict[ArticleId, list[TargetRow]] = defaultdict(list)
        for article_id, number in found:
            if article_id is not None:
                changed[article_id].append(rows[number])
        return changed

    async def _seen(self, ids: Sequence[ArticleId]) -> Counter[ArticleId]:
        """How many workspaces see each article."""
        counts = (
            select(EntryRow.article_id, func.count(FollowRow.workspace_id.distinct()))
            .join(FollowRow, FollowRow.feed_id == EntryRow.feed_id)
            .where(EntryRow.article_id.in_(ids))
            .group_by(EntryRow.article_id)
        )
        rows = await self._session.execute(counts)
        return Counter({article_id: count for article_id, count in rows if article_id is not None})


async def drop_stances(session: AsyncSession, owner: WorkspaceId, key: str) -> None:
    """Takes away the stances on a workspace's own target."""
    table = table_of(StanceRow)
    await session.execute(delete(table).where(table.c.owner == owner, table.c.target_key == key))


def counting(connection: Connection, workspace_id: WorkspaceId) -> tuple[Target, ...]:
    """As `SqlTargets.of`."""
    rows = rows_of(connection.execute(_CHANGES, {"workspace": workspace_id}))
    own = [_target(workspace_id, row) for row in rows if row.kind == OWN]
    return that_count(own, [row.key for row in rows if row.kind == HIDDEN])


_CHANGES = (
    select(
        TargetRow.kind,
        TargetRow.name,
        TargetRow.key,
        TargetRow.description,
        TargetRow.supporting,
        TargetRow.opposing,
    )
    .where(TargetRow.workspace_id == bindparam("workspace", type_=Id), TargetRow.kind.in_((OWN, HIDDEN)))
    .order_by(TargetRow.made, TargetRow.id)
)


def rows_of_targets(workspace_id: WorkspaceId | None) -> Select[TargetRow]:
    """What the workspace changed, or the set that is built in."""
    return select(TargetRow).where(
        TargetRow.workspace_id.is_(None) if workspace_id is None else TargetRow.workspace_id == workspace_id
    )


def _read_for(changed: Sequence[TargetRow], seen: int) -> tuple[Target, ...]:
    """What an article is read for that so many workspaces see; some of them changed their targets."""
    without = Counter(row.key for row in changed)
    given = (one for one in BUILT_IN if without[lookup_key(target_key(one.name))] < seen)
    return (*given, *(own_target(row) for row in changed if row.kind == OWN))


def own_target(row: TargetRow) -> Target:
    """A workspace's own."""
    assert row.workspace_id is not None
    return _target(row.workspace_id, row)


def _target(owner: WorkspaceId, row: TargetRow | Row[Any]) -> Target:
    return Target(
        row.name,
        row.description,
        from_json(_Wordings, row.supporting),
        from_json(_Wordings, row.opposing),
        owner,
    )


def _cleaned(target: Target) -> Target:
    return Target(
        clean(target.name),
        clean(target.description),
        tuple(map(clean, target.supporting)),
        tuple(map(clean, target.opposing)),
    )
