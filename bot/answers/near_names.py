"""Whom somebody may have meant who asked for a name that finds nothing."""

from __future__ import annotations

import difflib
from collections.abc import Awaitable, Callable
from typing import TypeVar

from bot.repositories import UnitOfWork
from news.actors import fold
from news.channels import Workspace
from news.names import without_title

Found = TypeVar("Found")

_MOST = 3
_BEGINNING = 3
"""Letters that a misspelt name has right."""
_WORDS = 4
"""Words of a name that are looked up."""


async def by_name(
    uow: UnitOfWork,
    workspace: Workspace,
    name: str,
    ask: Callable[[str], Awaitable[Found]],
    is_empty: Callable[[Found], bool],
) -> tuple[Found, tuple[str, ...]]:
    """What is found of a name, and names like it where nobody is called so.

    A name that nobody bears is asked for without its title, too.
    """
    found = await ask(name)
    if not is_empty(found) or await uow.actors.is_borne(workspace.id, name):
        return found, ()
    if (untitled := without_title(name)) != name:
        again = await ask(untitled)
        if not is_empty(again):
            return again, ()
    return found, await _like(uow, workspace, name)


async def _like(uow: UnitOfWork, workspace: Workspace, actor: str) -> tuple[str, ...]:
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
