"""`attache targets`: what positions are about; the same as `targets` in a chat."""

from __future__ import annotations

from typing import Annotated

import typer

from bot.cli.lookups import AsJson, WorkspaceName, show_answer
from bot.cli.outputs import write_file
from bot.cli.running import run, settings, tell_new, workspace_of

targets = typer.Typer(rich_markup_mode=None, help="What positions are about.")

Name = Annotated[list[str], typer.Argument(metavar="NAME", help="What it is called, or some words of it.")]


@targets.command("list")
def list_(json: AsJson = False, workspace: WorkspaceName = "local") -> None:
    """Your own targets and those that are built in."""
    run(_list(json, workspace))


@targets.command("show")
def show(name: Name, json: AsJson = False, workspace: WorkspaceName = "local") -> None:
    """One target with its wordings, and how far reading for it is."""
    run(_show(" ".join(name), json, workspace))


@targets.command("add")
def add(
    name: Name,
    description: Annotated[str | None, typer.Option(help="What it means, in a sentence.")] = None,
    supporting: Annotated[
        list[str] | None,
        typer.Option("--for", help="Ways of being for it, parted by semicolons; may be given several times."),
    ] = None,
    opposing: Annotated[
        list[str] | None, typer.Option("--against", help="Ways of being against it, likewise.")
    ] = None,
    workspace: WorkspaceName = "local",
) -> None:
    """Keep positions on something from now on, and on what was read before."""
    from bot.target_grammar import added_by_words

    given = {
        "description": description,
        "for": ";".join(supporting or ()),
        "against": ";".join(opposing or ()),
    }
    options = {option: value for option, value in given.items() if value}
    run(_answer(added_by_words(name) | options, workspace, make=True))


@targets.command("remove")
def remove(
    name: Annotated[list[str], typer.Argument(metavar="NAME", help="Its whole name.")],
    workspace: WorkspaceName = "local",
) -> None:
    """Take one of your own away with the positions on it, or hide one that is built in."""
    run(_answer({"action": "remove", "name": " ".join(name)}, workspace))


@targets.command("import")
def import_(
    file: Annotated[
        str, typer.Argument(metavar="FILE", help="YAML: a list of name, description, for and against.")
    ],
    workspace: WorkspaceName = "local",
) -> None:
    """Add the targets of a list."""
    run(_import(file, workspace))


@targets.command("export")
def export(
    file: Annotated[
        str, typer.Argument(metavar="[FILE]", help="Where to write; standard output by default.")
    ] = "-",
    workspace: WorkspaceName = "local",
) -> None:
    """Write your own targets as a list (YAML)."""
    write_file(file, run(_export(workspace)))


async def _answer(options: dict[str, str], workspace_name: str, *, make: bool = False) -> None:
    from bot.wiring import open_app

    async with open_app(settings(), make=make) as app:
        workspace, channel = await workspace_of(app, workspace_name)
        await show_answer(app, workspace, channel, "targets", options)
        tell_new(app.new)


async def _list(json: bool, workspace_name: str) -> None:
    from bot.answers.targets import list_targets
    from bot.cli.as_json import dumps
    from bot.cli.stances_json import target_json
    from bot.wiring import open_app

    if not json:
        await _answer({"action": "list"}, workspace_name)
        return
    async with open_app(settings()) as app:
        workspace, _ = await workspace_of(app, workspace_name)
        for listed in await list_targets(app.store, workspace):
            typer.echo(dumps(target_json(listed)))


async def _show(name: str, json: bool, workspace_name: str) -> None:
    from bot.answers.targets import show_target
    from bot.cli.as_json import dumps
    from bot.cli.stances_json import target_json
    from bot.wiring import open_app

    if not json:
        await _answer({"action": "show", "name": name}, workspace_name)
        return
    async with open_app(settings()) as app:
        workspace, _ = await workspace_of(app, workspace_name)
        typer.echo(dumps(target_json(await show_target(app.store, workspace, name))))


async def _import(file: str, workspace_name: str) -> None:
    from bot.cli.inputs import bytes_of
    from bot.platforms.terminal.output import show_message
    from bot.wiring import open_app

    body = bytes_of(file)
    async with open_app(settings(), make=True) as app:
        workspace, channel = await workspace_of(app, workspace_name)
        show_message(await app.desk.import_targets(workspace, channel, body, file))
        tell_new(app.new)


async def _export(workspace_name: str) -> bytes:
    from bot.answers.targets import export_targets
    from bot.wiring import open_app

    async with open_app(settings()) as app:
        workspace, _ = await workspace_of(app, workspace_name)
        _, content = await export_targets(app.store, workspace)
    return content
