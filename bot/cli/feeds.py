"""`attache feeds`: what the workspace follows, and what a feed parses to."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.lookups import AsJson, WorkspaceName, show_answer
from bot.cli.outputs import write_file
from bot.cli.running import Failed, run, settings, tell, tell_new, workspace_of

if TYPE_CHECKING:
    from bot.ports import FeedReader
    from news.feeds import Fetched

MOST_BYTES = 16 * 2**20
"""A larger file is no feed."""

feeds = typer.Typer(rich_markup_mode=None, help="Follow feeds; see how they fare; see what one parses to.")


@feeds.command("add")
def add(
    url: Annotated[
        str, typer.Argument(metavar="URL", help="The feed's address, or that of a page which names it.")
    ],
    outlet: Annotated[
        str | None, typer.Option(help="The outlet's name, where the feed's title is not it.")
    ] = None,
    folder: Annotated[str | None, typer.Option(help="Where to keep it in the list.")] = None,
    workspace: WorkspaceName = "local",
) -> None:
    """Read a feed and follow it from now on."""
    given = {"outlet": outlet, "folder": folder}
    options = {name: value for name, value in given.items() if value}
    run(_feeds({"action": "add", "url": url, **options}, workspace))


@feeds.command("remove")
def remove(
    feed: Annotated[
        str, typer.Argument(metavar="FEED", help="Its address, or its name where no other has it.")
    ],
    workspace: WorkspaceName = "local",
) -> None:
    """Follow a feed no longer; what was read from it stays stored."""
    run(_feeds({"action": "remove", "url": feed}, workspace))


@feeds.command("list")
def list_(json: AsJson = False, workspace: WorkspaceName = "local") -> None:
    """The feeds and how they fare."""
    run(_list(json, workspace))


@feeds.command("notices")
def notices(
    where: Annotated[
        str | None,
        typer.Argument(
            metavar="[here|off]", help="`here` is the terminal of `attache run`, `off` is nobody."
        ),
    ] = None,
    workspace: WorkspaceName = "local",
) -> None:
    """Who is told when a feed has failed for a day, or has ended."""
    run(_notices(where, workspace))


@feeds.command("import")
def import_(
    file: Annotated[str, typer.Argument(metavar="FILE", help="OPML, as other readers write it.")],
    workspace: WorkspaceName = "local",
) -> None:
    """Follow all feeds that a list names."""
    run(_import(file, workspace))


@feeds.command("export")
def export(
    file: Annotated[
        str, typer.Argument(metavar="[FILE]", help="Where to write; standard output by default.")
    ] = "-",
    workspace: WorkspaceName = "local",
) -> None:
    """Write the feeds as a list (OPML) that other readers take."""
    write_file(file, run(_export(workspace)))


@feeds.command("check")
def check(
    sources: Annotated[list[str], typer.Argument(metavar="FILE-OR-URL...")],
    json: AsJson = False,
) -> None:
    """Show what feeds parse to; nothing is stored."""
    if not run(_check(sources, json)):
        raise Failed


async def _feeds(options: dict[str, str], workspace_name: str) -> None:
    from bot.wiring import open_app

    async with open_app(settings(), make=options["action"] == "add") as app:
        workspace, channel = await workspace_of(app, workspace_name)
        await show_answer(app, workspace, channel, "feeds", options)
        tell_new(app.new)


async def _list(json: bool, workspace_name: str) -> None:
    from bot.answers.feeds import list_feeds
    from bot.cli.as_json import dumps, feed_json
    from bot.wiring import open_app

    if not json:
        await _feeds({"action": "list"}, workspace_name)
        return
    async with open_app(settings()) as app:
        workspace, _ = await workspace_of(app, workspace_name)
        for follow in await list_feeds(app.store, workspace):
            typer.echo(dumps(feed_json(follow)))


async def _notices(where: str | None, workspace_name: str) -> None:
    from bot.grammar import parse
    from bot.messages.commands import typed

    line = " ".join(["feeds notices", *([typed(where)] if where else [])])
    await _feeds(parse(line).options, workspace_name)


async def _import(file: str, workspace_name: str) -> None:
    from bot.cli.inputs import bytes_of
    from bot.platforms.terminal.output import show_message
    from bot.wiring import open_app

    body = bytes_of(file)
    async with open_app(settings(), make=True) as app:
        workspace, channel = await workspace_of(app, workspace_name)
        show_message(await app.desk.import_feeds(workspace, channel, body, file))
        tell_new(app.new)


async def _export(workspace_name: str) -> bytes:
    from bot.answers.feeds import export_list
    from bot.wiring import open_app

    async with open_app(settings()) as app:
        workspace, _ = await workspace_of(app, workspace_name)
        _, content = await export_list(app.store, app.reader, workspace)
    return content


async def _check(sources: list[str], json: bool) -> bool:
    from bot.cli.as_json import dumps, fetched_json, unfetched_json
    from bot.messages.feeds import fetched_message
    from bot.platforms.terminal.output import show_message
    from bot.wiring import open_reader
    from news.errors import AttacheError

    well = True
    async with open_reader(settings()) as reader:
        for source in sources:
            try:
                fetched = await _fetched(source, reader)
            except AttacheError as error:
                well = False
                if json:
                    typer.echo(dumps(unfetched_json(source, getattr(error, "kind", "feed"), str(error))))
                else:
                    tell(f"attache: {error}")
                continue
            if json:
                typer.echo(dumps(fetched_json(source, fetched)))
            else:
                show_message(fetched_message(source, fetched))
    return well


async def _fetched(source: str, reader: FeedReader) -> Fetched:
    """The feed at an address or in a file. Raises FeedError or UnreadableInput."""
    from news.errors import ParseError
    from news.feeds import Feed, FeedId, Fetched

    if not source.lower().startswith(("http://", "https://")):
        return await reader.parse(_bytes_of(source), source)
    update = await reader.fetch(Feed(id=FeedId(0), url=source))
    if not isinstance(update, Fetched):
        raise ParseError(source, f"{source} has ended: the server says it is gone.")
    return update


def _bytes_of(source: str) -> bytes:
    """A file's bytes; what is no file, such as a pipe, could be read for ever. Raises UnreadableInput."""
    from bot.cli.inputs import bytes_of
    from news.errors import UnreadableInput

    try:
        path = Path(source)
        special = path.exists() and not path.is_file() and not path.is_dir()
        large = path.is_file() and path.stat().st_size > MOST_BYTES
    except (OSError, ValueError):
        special = large = False  # `bytes_of` says what is wrong
    if special:
        raise UnreadableInput("missing", f"{source} is no file: save the feed in one and name that.")
    if large:
        raise UnreadableInput("too_large", f"{source} is larger than {MOST_BYTES >> 20} MiB: no feed is.")
    return bytes_of(source)
