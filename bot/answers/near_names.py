"""Whom somebody may have meant who asked for a name that finds nothing."""

from __future__ import annotations

import difflib

from bot.repositories import UnitOfWork
from news.actors import fold
from news.channels import Workspace

_MOST = 3
_BEGINNING = 3
"""Letters that a misspelt name has right."""
_WORDS = 4
"""Words of a name that are looked up."""


async def names_like(uow: UnitOfWork, workspace: Workspace, actor: str) -> tuple[str, ...]:
    """Names that are nearly the one that was typed; none where somebody bears that."""
    if await uow.actors.is_borne(workspace.id, actor):
        return ()
    begun = {
        name
        for word in actor.split()[:_WORDS]
        for name in await uow.actors.suggest(workspace.id, word[:_BEGINNING])
    }
    names: dict[str, str] = {}
    for name in sorted(begun):
        for each in (name, name.split()[-1]):
            names.setdefault(fold(each), name)
    close = difflib.get_close_matches(fold(actor), names, n=_MOST)
    return tuple(dict.fromkeys(names[each] for each in close))
