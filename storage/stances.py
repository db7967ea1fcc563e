"""Stances: the repository that finds them as positions through time, and adds those that are found later."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from news.articles import ArticleId
from news.channels import WorkspaceId
from news.ledger import Standing, StandingPage
from news.queries import StanceQuery
from news.stances import Stance
from news.targets import Target
from storage.indexing import enter_held
from storage.pages import put_in, take_out
from storage.rows import table_of
from storage.sqlite_driver import look
from storage.stance_rows import add_stances, held_of, key_of
from storage.standings import find_changes, find_standings
from storage.tables import ArticleRow, BriefRow, StanceRow


class SqlStances:
    """Stances in the database; a workspace sees those in what it follows, on targets that count for it."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def standings(self, workspace_id: WorkspaceId, query: StanceQuery) -> StandingPage:
        """Where actors stand on targets, those with the newest articles first.

        Who asks for a state finds all who speak for it, together; who asks for an actor finds what is that actor's own.
        Raises InputError where several targets may be meant, or too many actors.
        """
        return await look(self._session, lambda connection: find_standings(connection, workspace_id, query))

    async def latest(self, workspace_id: WorkspaceId, actor: str, most: int = 5) -> tuple[Standing, ...]:
        """The actor's standings with the newest articles."""
        page = await self.standings(workspace_id, StanceQuery(actor=actor, limit=most))
        return page.standings

    async def changes(
        self,
        workspace_id: WorkspaceId,
        since: datetime,
        until: datetime,
        *,
        first: Collection[ArticleId] = (),
    ) -> tuple[Standing, ...]:
        """Standings that have a turn by what arrived from `since` on, as they were known at `until`; those with the newest
        articles first. Also those that were not known before and that one of the articles `first` tells of."""
        return await look(
            self._session,
            lambda connection: find_changes(connection, workspace_id, since, until, first=first),
        )

    async def replace(
        self,
        article_id: ArticleId,
        version: int,
        targets: Sequence[Target],
        stances: Sequence[Stance],
        *,
        length: int,
    ) -> bool:
        """Keeps the article's stances on these targets in the place of those it had, beside its others.

        False, and nothing is kept, where the article's brief is of another version by now, or its text has another length:
        it was reduced for its age. Stances on a workspace's target that was taken away are left out.
        """
        held = (
            select(ArticleRow.id, ArticleRow.moment, ArticleRow.outlet_key)
            .join(BriefRow, BriefRow.article_id == ArticleRow.id)
            .where(ArticleRow.id == article_id, BriefRow.version == version, BriefRow.length == length)
            .with_for_update(of=ArticleRow)
        )
        row = (await self._session.execute(held)).first()
        if row is None:
            return False
        keys = {(target.owner, key_of(target.name)) for target in targets}
        query = select(StanceRow.id, StanceRow.owner, StanceRow.target_key).where(
            StanceRow.article_id == article_id
        )
        known = (await self._session.execute(query)).all()
        old = [number for number, owner, key in known if (owner, key) in keys]
        if old:
            await take_out(self._session, [article_id])
        await self._session.execute(delete(table_of(StanceRow)).where(StanceRow.id.in_(old)))
        last = select(func.coalesce(func.max(StanceRow.place), -1)).where(StanceRow.article_id == article_id)
        place = (await self._session.scalars(last)).one() + 1
        kept = [stance for stance in stances if (stance.owner, key_of(stance.target)) in keys]
        rows = await add_stances(self._session, [(row, place, kept)])
        if old or rows:
            await put_in(self._session, [article_id])
        await enter_held(self._session, [held_of(one) for one in rows])
        return True
