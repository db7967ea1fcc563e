"""Rereading: how far articles that were read before a target was there have come to be read for it."""

from __future__ import annotations

from collections import defaultdict

from sqlalchemy import ColumnElement, and_, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from news.channels import WorkspaceId
from news.rereading import Place, Read, Rereading, next_of
from news.target_names import built_in
from news.targets import BUILT_IN
from storage.briefs import told_statements
from storage.rows import article_of, briefed_version, rows_of, statement_of, visible
from storage.tables import ArticleRow, BriefRow, EntryRow, FollowRow, StatementRow, TargetRow, VersionRow
from storage.targets import OWN, RESTORED, own_target, rows_of_targets


class SqlRereading:
    """What waits to be read for targets, in the database."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def next(self, *, after: WorkspaceId | None = None) -> Rereading | None:
        """What waits: of the next workspace behind `after`, in turn; those that are built in come first in a round."""
        waiting = select(TargetRow.workspace_id).where(TargetRow.waiting)
        last = -1 if after is None else after
        place = func.coalesce(TargetRow.workspace_id, 0)
        order = waiting.order_by(place <= last, place).limit(1)
        first = (await self._session.execute(order)).first()
        if first is None:
            return None
        (workspace_id,) = first
        rows = await self._session.scalars(
            rows_of_targets(workspace_id).where(TargetRow.waiting).order_by(TargetRow.id)
        )
        return next_of([_waiting(row) for row in rows])

    async def count_articles(self, workspace_id: WorkspaceId | None) -> int:
        """Articles that were read, of those that the workspace sees; of all for None."""
        query = select(func.count()).select_from(BriefRow)
        if workspace_id is not None:
            seen = (
                select(EntryRow.article_id)
                .join(FollowRow, FollowRow.feed_id == EntryRow.feed_id)
                .where(FollowRow.workspace_id == workspace_id)
                .distinct()
            )
            query = query.where(BriefRow.article_id.in_(seen))
        return (await self._session.scalars(query)).one()

    async def articles(self, of: Rereading, limit: int) -> tuple[Read, ...]:
        """The next articles, newest first, up to where others wait."""
        query = (
            select(ArticleRow, VersionRow)
            .join(VersionRow, briefed_version())
            .order_by(ArticleRow.moment.desc(), ArticleRow.id.desc())
            .limit(limit)
        )
        if of.workspace_id is not None:
            query = query.where(visible(of.workspace_id, ArticleRow.id))
        if of.place is not None:
            query = query.where(_behind(of.place))
        if of.meets is not None:
            query = query.where(~_behind(of.meets))
        found = [article_of(row, version) for row, version in await self._session.execute(query)]
        said = defaultdict(list)
        told = told_statements().where(StatementRow.article_id.in_([article.id for article in found]))
        for row in rows_of(await self._session.execute(told)):
            said[row.article_id].append(statement_of(row))
        return tuple(Read(article, tuple(said[article.id])) for article in found)

    async def begin(self, of: Rereading, total: int) -> None:
        """Keeps how many articles there are."""
        await self._session.execute(
            update(TargetRow)
            .where(TargetRow.id.in_(of.numbers), TargetRow.total.is_(None))
            .values(total=total)
        )

    async def advance(self, of: Rereading, place: Place | None, done: int) -> None:
        """Keeps that so many more articles were read, the last of them at `place`; None at the end."""
        values: dict[str, object] = {"done": TargetRow.done + done}
        values |= (
            {"waiting": False, "reached_moment": None, "reached_id": None}
            if place is None
            else {"reached_moment": place.moment, "reached_id": place.article_id}
        )
        same = (
            TargetRow.reached_id.is_(None)
            if of.place is None
            else TargetRow.reached_id == of.place.article_id
        )
        await self._session.execute(
            update(TargetRow).where(TargetRow.id.in_(of.numbers), TargetRow.waiting, same).values(values)
        )


def _behind(place: Place) -> ColumnElement[bool]:
    """Whether an article comes after the place, from the newest on."""
    older = ArticleRow.moment < place.moment
    return or_(older, and_(ArticleRow.moment == place.moment, ArticleRow.id < place.article_id))


def _waiting(row: TargetRow) -> Rereading:
    if row.workspace_id is None:
        targets = BUILT_IN
    else:
        given = built_in(row.key) if row.kind == RESTORED else None
        targets = (own_target(row),) if row.kind == OWN else () if given is None else (given,)
    reached = row.reached_moment, row.reached_id
    place = None if reached[0] is None or reached[1] is None else Place(reached[0], reached[1])
    return Rereading(row.workspace_id, (row.id,), targets, place)
