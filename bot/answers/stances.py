"""Where actors stand, and on what."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.answers.near_names import by_name
from bot.answers.targets import find_target
from bot.repositories import Store, UnitOfWork
from news.channels import Workspace
from news.ledger import StandingPage
from news.queries import StanceQuery
from news.rereading import Progress


@dataclass(frozen=True, slots=True)
class Stances:
    """A page of positions, and what helps where there are none."""

    page: StandingPage
    like: tuple[str, ...] = ()
    """Names that may be meant, where nobody of the name that was asked for is known here."""
    reading: tuple[Progress, ...] = ()
    """Targets that were asked for and that articles are still being read for."""


async def find_stances(store: Store, workspace: Workspace, query: StanceQuery) -> Stances:
    """Positions in what the workspace follows, those with the newest articles first; where nobody bears the name, of
    the name without its title. Raises NotFound for a target that nobody knows."""
    async with store.read() as uow:
        if query.target is not None:
            query = replace(query, target=(await find_target(uow, workspace, query.target)).name)
        page, like = await _page(uow, workspace, query)
        progress = await uow.targets.progress(workspace.id)
        reading = tuple(each for each in progress if query.target in (None, each.target))
    return Stances(page, like, reading)


async def _page(
    uow: UnitOfWork, workspace: Workspace, query: StanceQuery
) -> tuple[StandingPage, tuple[str, ...]]:
    if not query.actor:
        return await uow.stances.standings(workspace.id, query), ()
    return await by_name(
        uow,
        workspace,
        query.actor,
        lambda name: uow.stances.standings(workspace.id, replace(query, actor=name)),
        lambda found: not found.total,
    )
