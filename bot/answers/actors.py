"""Actors: who somebody is, and what a workspace is told of names."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace

from bot.answers.near_names import by_name
from bot.ports import Clock
from bot.repositories import Store, UnitOfWork
from news.answers import QuotePage
from news.channels import Workspace
from news.errors import InputError
from news.ledger import Standing
from news.names import ActorNames, NameChange, Relation, Undone, names_of
from news.profiles import ActorProfile
from news.queries import StatementQuery

NEWEST = 3
"""Statements that are shown of an actor."""
POSITIONS = 5
"""Positions likewise."""


async def find_actor(
    store: Store, workspace: Workspace, name: str
) -> tuple[ActorProfile, QuotePage, tuple[Standing, ...]]:
    """Who somebody is in what the workspace follows, with the newest statements that stand in their articles, and the
    latest positions. Where a name finds nothing, its title is left out, or names are told that are like it."""
    async with store.read() as uow:
        (profile, page, standings), like = await by_name(
            uow, workspace, name, lambda asked: _known(uow, workspace, asked), _is_nobody
        )
    return profile, replace(page, like=like), standings


_Known = tuple[ActorProfile, QuotePage, tuple[Standing, ...]]


async def _known(uow: UnitOfWork, workspace: Workspace, name: str) -> _Known:
    profile = await uow.actors.profile(workspace.id, name)
    page = await uow.briefs.statements(workspace.id, StatementQuery(actor=name, limit=NEWEST, standing=True))
    standings: tuple[Standing, ...] = ()
    with suppress(InputError):  # a name of too many for positions, and for statements not
        standings = await uow.stances.latest(workspace.id, name, POSITIONS)
    return profile, page, standings


def _is_nobody(known: _Known) -> bool:
    profile, _, standings = known
    return not profile.total and not standings


async def list_names(store: Store, workspace: Workspace) -> tuple[NameChange, ...]:
    """What was told and stands, newest first."""
    async with store.read() as uow:
        return (await uow.actors.changes(workspace.id))[::-1]


async def join_names(
    store: Store, clock: Clock, workspace: Workspace, actor: str, name: str
) -> tuple[NameChange, ActorNames, tuple[str, ...]]:
    """`name` and its names are the actor's from now on.

    Returns what is kept, all names of the actor, and those of the two that nobody bears in what the workspace
    follows. Raises AlreadyThere, InputError.
    """
    async with store.write() as uow:
        change = await uow.actors.tell(workspace.id, actor, name, Relation.SAME, now=clock.now())
        names = names_of(await uow.actors.changes(workspace.id), change.actor)
        both = (change.actor, change.name)
        strangers = tuple([each for each in both if not await uow.actors.is_borne(workspace.id, each)])
        await uow.commit()
    return change, names, strangers


async def split_names(
    store: Store, clock: Clock, workspace: Workspace, actor: str, name: str
) -> tuple[NameChange, ...]:
    """`name` is the actor's no longer: returns the changes that said so and stand no more.

    Where none did, the name is set apart, and that change is returned. Raises AlreadyThere, InputError.
    """
    async with store.write() as uow:
        taken = await uow.actors.take_away(workspace.id, actor, name, now=clock.now())
        if not taken:
            taken = (await uow.actors.tell(workspace.id, actor, name, Relation.APART, now=clock.now()),)
        await uow.commit()
    return taken


async def undo_names(store: Store, clock: Clock, workspace: Workspace) -> Undone:
    """Takes back what was told last. Raises NotFound."""
    async with store.write() as uow:
        undone = await uow.actors.undo(workspace.id, now=clock.now())
        await uow.commit()
    return undone
