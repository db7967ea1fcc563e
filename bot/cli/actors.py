"""`attache actor` and `attache actors`: who somebody is, and which names are one actor's."""

from __future__ import annotations

from typing import Annotated

import typer

from bot.cli.lookups import AsJson, Words, WorkspaceName, merged, show_answer
from bot.cli.running import run, settings, workspace_of

actors = typer.Typer(rich_markup_mode=None, help="Names that are one actor's, and names that are not.")


def actor(name: Words = None, json: AsJson = False, workspace: WorkspaceName = "local") -> None:
    """Who someone is: names, whom they speak for, how often and what they said last."""
    run(_actor(merged("actor", name, {}), json, workspace))


@actors.command("list")
def list_(json: AsJson = False, workspace: WorkspaceName = "local") -> None:
    """What was told of names, newest first."""
    run(_list(json, workspace))


@actors.command("alias")
def alias(
    names: Annotated[list[str] | None, typer.Argument(metavar="ACTOR as NAME")] = None,
    workspace: WorkspaceName = "local",
) -> None:
    """NAME is another name of ACTOR."""
    run(_actors(["alias", *(names or ())], workspace))


@actors.command("merge")
def merge(
    names: Annotated[list[str] | None, typer.Argument(metavar="NAME into ACTOR")] = None,
    workspace: WorkspaceName = "local",
) -> None:
    """NAME and all its other names are ACTOR's."""
    run(_actors(["merge", *(names or ())], workspace))


@actors.command("split")
def split(
    names: Annotated[list[str] | None, typer.Argument(metavar="NAME from ACTOR")] = None,
    workspace: WorkspaceName = "local",
) -> None:
    """NAME is ACTOR's no longer; where it was not, it is set apart."""
    run(_actors(["split", *(names or ())], workspace))


@actors.command("undo")
def undo(workspace: WorkspaceName = "local") -> None:
    """Take back what was told last."""
    run(_actors(["undo"], workspace))


async def _actors(words: list[str], workspace_name: str) -> None:
    from bot.grammar import parse
    from bot.messages.commands import typed
    from bot.wiring import open_app

    options = parse(" ".join(["actors", *map(typed, words)])).options
    async with open_app(settings()) as app:
        workspace, channel = await workspace_of(app, workspace_name)
        await show_answer(app, workspace, channel, "actors", options)


async def _list(json: bool, workspace_name: str) -> None:
    from bot.answers.actors import list_names
    from bot.cli.as_json import dumps, name_change_json
    from bot.wiring import open_app

    if not json:
        await _actors(["list"], workspace_name)
        return
    async with open_app(settings()) as app:
        workspace, _ = await workspace_of(app, workspace_name)
        for change in await list_names(app.store, workspace):
            typer.echo(dumps(name_change_json(change)))


async def _actor(options: dict[str, str], json: bool, workspace_name: str) -> None:
    from bot.answers.actors import find_actor
    from bot.cli.as_json import dumps, profile_json
    from bot.grammar import asked_actor
    from bot.wiring import open_app

    name = asked_actor(options)
    async with open_app(settings()) as app:
        workspace, channel = await workspace_of(app, workspace_name)
        if json:
            typer.echo(dumps(profile_json(*await find_actor(app.store, workspace, name))))
        else:
            await show_answer(app, workspace, channel, "actor", options)
