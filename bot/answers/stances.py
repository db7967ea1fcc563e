"""Where actors stand, and on what."""

from __future__ import annotations

import difflib
from dataclasses import dataclass, replace

from bot.answers.targets import find_target
from bot.repositories import Store, UnitOfWork
from news.actors import fold
from news.channels import Workspace
from news.ledger import StandingPage
from news.queries import StanceQuery
from news.rereading import Progress

_NEAR = 3
"""Names that are offered where nobody is called as typed."""
_BEGINNING = 3
"""Letters that a misspelt name has right."""


@dataclass(frozen=True, slots=True)
class Stances:
    """A page of positions, and what helps where there are none."""

    page: StandingPage
    like: tuple[str, ...] = ()
    """Names that may be meant, where nobody of the name that was asked for is known here."""
    reading: tuple[Progress, ...] = ()
    """Targets that were asked for and that articles are still being read for."""


async def find_stances(store: Store, workspace: Workspace, query: StanceQuery) -> Stances:
    """Positions in what the workspace follows, those with the newest articles first. Raises NotFound for a target that
    nobody knows."""
    async with store.read() as uow:
        if query.target is not None:
            query = replace(query, target=(await find_target(uow, workspace, query.target)).name)
        page = await uow.stances.standings(workspace.id, query)
        progress = await uow.targets.progress(workspace.id)
        reading = tuple(each for each in progress if query.target in (None, each.target))
        like = await _like(uow, workspace, query.actor) if query.actor and not page.total else ()
    return Stances(page, like, reading)


async def _like(uow: UnitOfWork, workspace: Workspace, actor: str) -> tuple[str, ...]:
    """Names that are nearly the one that was typed; none where somebody bears that."""
    if await uow.actors.is_borne(workspace.id, actor):
        return ()
    begun = {
        name
        for word in actor.split()[:4]
        for name in await uow.actors.suggest(workspace.id, word[:_BEGINNING])
    }
    names: dict[str, str] = {}
    for name in sorted(begun):
        for each in (name, name.split()[-1]):
            names.setdefault(fold(each), name)
    close = difflib.get_close_matches(fold(actor), names, n=_NEAR)
    return tuple(dict.fromkeys(names[each] for each in close))
