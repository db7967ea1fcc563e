"""`attache workspaces`: who follows feeds here, and how one of them is forgotten."""

from __future__ import annotations

import signal
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.bar import Bar
from bot.cli.lookups import AsJson
from bot.cli.running import Failed, parse_workspace, run, settings
from bot.cli.store import Yes, ended_by
from bot.messages.harmless import harmless
from news.errors import InputError, NotFound

if TYPE_CHECKING:
    from datetime import datetime

    from bot.settings import Settings
    from news.channels import Workspace
    from news.leaving import Erased, Known

workspaces = typer.Typer(rich_markup_mode=None, help="Who follows feeds here, and how one is forgotten.")

OUTSIDE = "Backups and dumps that were made before are outside and hold it still: delete them, too."


@workspaces.command("list")
def list_(json: AsJson = False) -> None:
    """The workspaces, on whatever platform, with how much is stored for each."""
    from json import dumps

    for known in run(_known(settings())):
        typer.echo(dumps(_as_json(known), ensure_ascii=False) if json else harmless(line_of(known)))


@workspaces.command("forget")
def forget(
    name: Annotated[str, typer.Argument(metavar="NAME", help="As `workspaces list` has it.")],
    yes: Yes = False,
) -> None:
    """Erase all that a workspace left. What others see, too, stays; backups are outside."""
    found = settings()
    workspace, would = run(_look(found, name))
    if not yes:
        _ask(name_of(workspace), would)
    with ended_by(signal.SIGTERM):
        erased = run(_forget(found, workspace))
    typer.echo(harmless(told(name_of(workspace), erased)))
    typer.echo(OUTSIDE)


async def _known(found: Settings) -> tuple[Known, ...]:
    from bot.wiring import open_app

    async with open_app(found) as app, app.store.read() as uow:
        return await uow.forgetting.known(client_id=found.slack_client_id)


async def _look(found: Settings, name: str) -> tuple[Workspace, Erased]:
    """The workspace, and what would be erased. Raises NotFound; nothing is made."""
    from bot.wiring import open_app
    from news.channels import Platform

    platform, external = parse_workspace(name.strip())
    async with open_app(found) as app, app.store.read() as uow:
        workspace = await uow.workspaces.find(Platform(platform), external)
        if workspace is None:
            raise NotFound(
                f"There is no workspace {name}: `attache workspaces list` shows those that are here."
            )
        return workspace, await uow.forgetting.count(workspace.id)


async def _forget(found: Settings, workspace: Workspace) -> Erased:
    from bot.jobs.forget import forget
    from bot.wiring import open_app, scrubbing

    with Bar() as bar:
        async with open_app(found) as app:
            scrub = scrubbing(found, bar)
            erased = await forget(app.store, app.clock, workspace.id, scrub=scrub.scrub, watch=bar)
        await scrub.empty_log()
    return erased


def _ask(name: str, would: Erased) -> None:
    """Raises Failed unless a person types the name."""
    from bot.platforms.terminal.output import has_person

    if not has_person():
        raise InputError(f"All of {name} would be erased, and nobody is here to be asked: add --yes.")
    typer.echo(harmless(f"This erases {counts_of(would)} for good. {OUTSIDE}"), err=True)
    typed = typer.prompt(
        harmless(f"Type {name} to erase all that it left"), default="", show_default=False, err=True
    )
    if typed.strip() != name:
        raise Failed("nothing was erased.")


def name_of(workspace: Workspace) -> str:
    """What the workspace is called on the command line."""
    from news.channels import Platform

    own = workspace.platform is Platform.TERMINAL
    return workspace.external_id if own else f"{workspace.platform}:{workspace.external_id}"


def line_of(known: Known) -> str:
    """The workspace in one line."""
    from bot.messages.wording import counted

    zone = known.workspace.timezone
    installed = {True: "installed", False: "not installed", None: ""}[known.installed]
    parts = (
        f"since {_shown(known.since, zone)}" if known.since else "since long ago",
        counted(known.feeds, "feed"),
        counted(known.schedules, "schedule"),
        counted(known.articles, "article"),
        f"last digest {_shown(known.last_digest, zone)}" if known.last_digest else "no digest yet",
        installed,
    )
    return f"{name_of(known.workspace)}  {' · '.join(part for part in parts if part)}"


def _shown(moment: datetime, zone: str) -> str:
    from bot.messages.wording import local

    at = local(moment, zone)
    return f"{at.day} {at:%b %Y, %H:%M}"


def _as_json(known: Known) -> dict[str, object]:
    from bot.cli.json_values import time_json

    workspace = known.workspace
    return {
        "name": name_of(workspace),
        "platform": workspace.platform.value,
        "external_id": workspace.external_id,
        "timezone": workspace.timezone,
        "since": time_json(known.since),
        "feeds": known.feeds,
        "schedules": known.schedules,
        "articles": known.articles,
        "last_digest": time_json(known.last_digest),
        "installed": known.installed,
    }


def told(name: str, erased: Erased) -> str:
    """What was erased, in one line."""
    from bot.messages.wording import counted

    under_way = ""
    if erased.posting:
        it = (
            "was on its way and may still appear"
            if erased.posting == 1
            else "were on their way and may still appear"
        )
        under_way = f" {counted(erased.posting, 'post')} {it}."
    return f"{name} is forgotten: {counts_of(erased)} erased.{under_way}"


def counts_of(erased: Erased) -> str:
    """What went, or would go, those that are none left out."""
    from bot.messages.wording import counted

    articles = counted(erased.articles, "article")
    if erased.statements:
        articles += f" with {counted(erased.statements, 'statement')}"
    parts = [
        part
        for number, part in (
            (erased.feeds, counted(erased.feeds, "feed")),
            (erased.articles, articles),
            (erased.schedules, counted(erased.schedules, "schedule")),
            (erased.digests, counted(erased.digests, "digest")),
            (erased.notices, counted(erased.notices, "notice")),
            (erased.names, f"{counted(erased.names, 'change')} of names"),
            (erased.targets, counted(erased.targets, "target")),
            (erased.installations, counted(erased.installations, "token")),
        )
        if number
    ]
    if not parts:
        return "nothing but its name"
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"
