"""`attache feeds`: what the workspace follows, and what a feed parses to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.lookups import AsJson, WorkspaceName, show_answer
from bot.cli.running import Failed, run, settings, tell, workspace_of

if TYPE_CHECKING:
    from bot.ports import FeedReader
    from news.feeds import Fetched

feeds = typer.Typer(rich_markup_mode=None, help="Follow feeds; see how they fare; see what one parses to.")


@feeds.command("add")
def add(
    url: str,
    outlet: Annotated[
        str | None, typer.Option(help="The outlet's name, where the feed's title is not it.")
    ] = None,
    workspace: WorkspaceName = "local",
) -> None:
    """Read a feed and follow it from now on."""
    options = {"action": "add", "url": url} | ({"outlet": outlet} if outlet else {})
    run(_feeds(options, workspace))


@feeds.command("remove")
def remove(url: str, workspace: WorkspaceName = "local") -> None:
    """Follow a feed no longer; what was read from it stays stored."""
    run(_feeds({"action": "remove", "url": url}, workspace))


@feeds.command("list")
def list_(json: AsJson = False, workspace: WorkspaceName = "local") -> None:
    """The feeds and how they fare."""
    run(_list(json, workspace))


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

    async with open_app(settings()) as app:
        workspace, channel = await workspace_of(app, workspace_name)
        await show_answer(app, workspace, channel, "feeds", options)


async def _list(json: bool, workspace_name: str) -> None:
    from bot.answers.feeds import list_feeds
    from bot.cli.as_json import dumps, feed_json
    from bot.wiring import open_app

    if not json:
        await _feeds({"action": "list"}, workspace_name)
        return
    async with open_app(settings()) as app:
        workspace, _ = await workspace_of(app, workspace_name)
        for feed in await list_feeds(app.store, workspace):
            typer.echo(dumps(feed_json(feed)))


async def _check(sources: list[str], json: bool) -> bool:
    from bot.cli.as_json import dumps, error_json, fetched_json
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
                    typer.echo(dumps(error_json(source, getattr(error, "kind", "feed"), str(error))))
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
    from bot.cli.inputs import bytes_of
    from news.errors import ParseError
    from news.feeds import Feed, FeedId, Fetched

    if not source.startswith(("http://", "https://")):
        return await reader.parse(bytes_of(source), source)
    update = await reader.fetch(Feed(id=FeedId(0), url=source))
    if not isinstance(update, Fetched):
        raise ParseError(source, f"{source} has ended: the server says it is gone.")
    return update
