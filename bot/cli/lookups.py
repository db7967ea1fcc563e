"""One-shot look-ups: each command of the chat as a verb, for people and, with `--json`, for programs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.outputs import write_file
from bot.cli.running import run, settings, workspace_of

if TYPE_CHECKING:
    from bot.wiring import App
    from news.channels import Channel, Workspace

Words = Annotated[list[str] | None, typer.Argument(metavar="[WORD]...")]
Since = Annotated[str | None, typer.Option(help="3d, 12h, monday, or an ISO date or time.")]
Until = Annotated[str | None, typer.Option(help="As --since; up to then.")]
Outlet = Annotated[str | None, typer.Option(help="Only this outlet's articles.")]
About = Annotated[str | None, typer.Option(help="Words that must occur.")]
Page = Annotated[int | None, typer.Option(min=1, max=999_999, help="Older ones: 2, 3, …")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
WorkspaceName = Annotated[str, typer.Option(help="Whose feeds count.")]


def digest(
    about: Words = None,
    actor: Annotated[str | None, typer.Option(help="Who must speak in the story.")] = None,
    since: Since = None,
    until: Until = None,
    outlet: Outlet = None,
    json: AsJson = False,
    workspace: WorkspaceName = "local",
) -> None:
    """What is new since the last digest, else in 24 hours."""
    given = _options(actor=actor, since=since, until=until, outlet=outlet)
    options = merged("digest", about, given)
    run(_digest(options, json, workspace))


def whosaid(
    actor: Words = None,
    about: About = None,
    since: Since = None,
    until: Until = None,
    outlet: Outlet = None,
    page: Page = None,
    json: AsJson = False,
    workspace: WorkspaceName = "local",
) -> None:
    """Who said what, newest first, in their own words."""
    number = None if page is None else str(page)
    given = _options(about=about, since=since, until=until, outlet=outlet, page=number)
    run(_whosaid(merged("whosaid", actor, given), json, workspace))


def stance(
    actor: Words = None,
    target: Annotated[str | None, typer.Option(help="What the positions are about.")] = None,
    since: Since = None,
    until: Until = None,
    page: Page = None,
    json: AsJson = False,
    picture: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Draw them through time, as PNG, into a file.")
    ] = None,
    dark: Annotated[bool, typer.Option("--dark", help="Draw on dark ground.")] = False,
    workspace: WorkspaceName = "local",
) -> None:
    """Where somebody stands on what, since when, and in which words."""
    if picture is not None:
        _require_png(picture)
    number = None if page is None else str(page)
    given = _options(target=target, since=since, until=until, page=number)
    run(_stance(merged("stance", actor, given), json, picture, dark, workspace))


def stories(
    json: AsJson = False,
    everything: Annotated[bool, typer.Option("--all", help="Of all time, not of 24 hours.")] = False,
    since: Since = None,
    until: Until = None,
    workspace: WorkspaceName = "local",
) -> None:
    """Which articles tell the same event."""
    run(_stories(_options(since=since, until=until), everything, json, workspace))


def _options(**options: str | None) -> dict[str, str]:
    return {name: value for name, value in options.items() if value is not None}


async def _digest(options: dict[str, str], json: bool, workspace_name: str) -> None:
    from bot.answers.stories import digest_on_demand
    from bot.cli.as_json import digest_json, dumps
    from bot.grammar import story_query
    from bot.wiring import open_app

    if not json:
        await _answer("digest", options, workspace_name)
        return
    async with open_app(settings()) as app:
        workspace, channel = await workspace_of(app, workspace_name)
        query = story_query(options, app.clock.now(), workspace.timezone)
        found = await digest_on_demand(app.store, app.clock, workspace, channel, query)
        typer.echo(dumps(digest_json(found)))


async def _whosaid(options: dict[str, str], json: bool, workspace_name: str) -> None:
    from bot.answers.statements import who_said
    from bot.cli.as_json import dumps, quotes_json
    from bot.grammar import statement_query
    from bot.wiring import open_app

    if not json:
        await _answer("whosaid", options, workspace_name)
        return
    async with open_app(settings()) as app:
        workspace, _ = await workspace_of(app, workspace_name)
        query = statement_query(options, app.clock.now(), workspace.timezone)
        typer.echo(dumps(quotes_json(await who_said(app.store, workspace, query))))


async def _stance(
    options: dict[str, str], json: bool, picture: Path | None, dark: bool, workspace_name: str
) -> None:
    from dataclasses import replace

    from bot.answers.stances import find_stances
    from bot.cli.as_json import dumps
    from bot.cli.stances_json import standings_json
    from bot.grammar import stance_query
    from bot.platforms.terminal.output import show_message
    from bot.stance_desk import told, told_with_picture
    from bot.wiring import open_app
    from news.errors import InputError

    async with open_app(settings()) as app:
        workspace, _ = await workspace_of(app, workspace_name)
        now = app.clock.now()
        found = await find_stances(app.store, workspace, stance_query(options, now, workspace.timezone))
        message = told(found, workspace)
        if picture is not None:
            if not found.page.standings:
                raise InputError(f"There is no position to draw: {picture} is not written.")
            message = await told_with_picture(found, workspace, now, dark=dark)
            write_file(str(picture), message.attachments[0].content)
            if str(picture) == "-":
                return
            message = replace(message, attachments=())
        if json:
            typer.echo(dumps(standings_json(found.page, found.reading)))
        else:
            show_message(message)


def _require_png(file: Path) -> None:
    """A name that promises another kind of picture is refused; one without an ending promises nothing."""
    from news.errors import InputError

    if file.suffix.lower() not in {"", ".png"}:
        raise InputError(f"Pictures are PNG: let {file.name} end in .png.")


async def _stories(options: dict[str, str], everything: bool, json: bool, workspace_name: str) -> None:
    from dataclasses import replace
    from datetime import timedelta

    from bot.answers.stories import find_stories
    from bot.cli.as_json import dumps, story_json
    from bot.grammar import story_query
    from bot.messages.stories import stories_message
    from bot.platforms.terminal.output import show_message
    from bot.wiring import open_app

    async with open_app(settings()) as app:
        workspace, _ = await workspace_of(app, workspace_name)
        if not everything and not options:
            options = {"since": (app.clock.now() - timedelta(hours=24)).isoformat()}
        query = story_query(options, app.clock.now(), workspace.timezone)
        found = await find_stories(app.store, workspace, replace(query, limit=None))
        if json:
            for story in found:
                typer.echo(dumps(story_json(story)))
        else:
            show_message(stories_message(found, workspace.timezone))


async def _answer(command: str, options: dict[str, str], workspace_name: str) -> None:
    from bot.wiring import open_app

    async with open_app(settings()) as app:
        workspace, channel = await workspace_of(app, workspace_name)
        await show_answer(app, workspace, channel, command, options)


async def show_answer(
    app: App, workspace: Workspace, channel: Channel, command: str, options: dict[str, str]
) -> None:
    """Answers one command on standard output."""
    from bot.platforms.terminal.output import show_message

    show_message(await app.desk.answer(workspace, channel, command, options))


def merged(command: str, words: list[str] | None, given: dict[str, str]) -> dict[str, str]:
    """The options given as such, and those that the words hold when they are read as in a chat."""
    from bot.grammar import parse
    from bot.messages.commands import typed
    from news.errors import GrammarError

    told = parse(" ".join([command, *map(typed, words)])).options if words else {}
    if twice := sorted(told.keys() & given.keys()):
        raise GrammarError(f"There is more than one {twice[0]}: give it once.")
    return told | given
