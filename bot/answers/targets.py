"""The targets that a workspace keeps positions on: list, show, add, remove, import and export."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from bot.answers.target_lists import parse_targets, write_targets
from bot.messages.targets import Imported, Listed
from bot.ports import Clock, Understanding
from bot.repositories import Store, UnitOfWork
from news.channels import Workspace
from news.errors import AlreadyThere, InputError, NotFound
from news.queries import StanceQuery
from news.rereading import Progress
from news.target_names import built_in, target_key, unknown_target
from news.targets import Target


async def list_targets(store: Store, workspace: Workspace) -> tuple[Listed, ...]:
    """All that positions are kept on here, the workspace's own first."""
    async with store.read() as uow:
        targets = await uow.targets.of(workspace.id)
        reading = await _reading(uow, workspace)
        own_first = sorted(targets, key=lambda target: target.owner is None)
        return tuple([await _listed(uow, workspace, target, reading) for target in own_first])


async def show_target(store: Store, workspace: Workspace, words: str) -> Listed:
    """One of them. Raises NotFound."""
    async with store.read() as uow:
        target = await find_target(uow, workspace, words)
        return await _listed(uow, workspace, target, await _reading(uow, workspace))


async def find_target(uow: UnitOfWork, workspace: Workspace, words: str) -> Target:
    """The target that the words mean. Raises NotFound, which names those that may be meant; InputError where several do."""
    found = await uow.targets.find(workspace.id, words)
    if found is None:
        raise NotFound(unknown_target(await uow.targets.of(workspace.id), words))
    return found


async def add_target(
    store: Store, understanding: Understanding, clock: Clock, workspace: Workspace, target: Target
) -> Target:
    """Keeps positions on it from now on, also those of articles that were read before; the target as it is kept.

    A name alone brings back one that is built in and was taken away. Raises AlreadyThere, and InputError for one that
    positions could not be told apart for.
    """
    async with store.read() as uow:
        targets = await uow.targets.of(workspace.id)
    key = target_key(target.name)
    if any(target_key(other.name) == key and other.owner is not None for other in targets):
        raise AlreadyThere(f"There is a target {target.name} already: remove it to change it.")
    bare = not (target.description or target.supporting or target.opposing)
    if not (bare and built_in(key)):
        others = [other for other in targets if target_key(other.name) != key]
        if refusal := await understanding.fault(target, others):
            raise InputError(refusal)
    async with store.write() as uow:
        added = await uow.targets.add(workspace.id, target, now=clock.now())
        await uow.commit()
    return added


async def remove_target(store: Store, workspace: Workspace, name: str) -> Target:
    """Takes one away: one of the workspace's own with the positions on it, one that is built in for this workspace
    alone. Raises NotFound."""
    async with store.write() as uow:
        removed = await uow.targets.remove(workspace.id, name)
        await uow.commit()
    return removed


async def export_targets(store: Store, workspace: Workspace) -> tuple[tuple[Target, ...], bytes]:
    """The workspace's own targets, and the same as a list that `import_targets` takes."""
    async with store.read() as uow:
        own = tuple(target for target in await uow.targets.of(workspace.id) if target.owner is not None)
    return own, write_targets(own)


async def import_targets(
    store: Store, understanding: Understanding, clock: Clock, workspace: Workspace, body: bytes, source: str
) -> Imported:
    """Adds the targets of a list, each of them by itself. Raises InputError for what is no list."""
    listed = await asyncio.to_thread(parse_targets, body, source)
    added: list[Target] = []
    refused: list[str] = []
    already = 0
    for target in listed:
        try:
            added.append(await add_target(store, understanding, clock, workspace, target))
        except AlreadyThere:
            already += 1
        except InputError as error:
            refused.append(f"{target.name}: {error}")
    return Imported(tuple(added), already, tuple(refused))


async def _listed(
    uow: UnitOfWork, workspace: Workspace, target: Target, reading: Mapping[str, Progress]
) -> Listed:
    page = await uow.stances.standings(workspace.id, StanceQuery(target=target.name, limit=1))
    return Listed(target, page.total, reading.get(target.name))


async def _reading(uow: UnitOfWork, workspace: Workspace) -> dict[str, Progress]:
    """Targets that articles are still being read for."""
    return {each.target: each for each in await uow.targets.progress(workspace.id)}
