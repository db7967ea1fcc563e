"""`attache schedule`: what is posted where, and when."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.lookups import WorkspaceName
from bot.cli.running import run, settings, tell_new, workspace_of

if TYPE_CHECKING:
    from news.channels import Channel, Workspace

schedule = typer.Typer(rich_markup_mode=None, help="When digests are posted, and where.")


@schedule.command("add")
def add(
    times: Annotated[str, typer.Argument(help="A time of day (09:00) or a cron line ('0 9 * * mon-fri').")],
    channel: Annotated[
        str | None,
        typer.Option(help="`terminal` (in the terminal's workspaces the default), or discord:CHANNEL-ID."),
    ] = None,
    timezone: Annotated[str | None, typer.Option(help="IANA name; the workspace's by default.")] = None,
    title: Annotated[str, typer.Option(help="What the digest is called.")] = "Digest",
    about: Annotated[str | None, typer.Option(help="Only stories with these words.")] = None,
    actor: Annotated[str | None, typer.Option(help="Only stories in which somebody speaks.")] = None,
    outlet: Annotated[str | None, typer.Option(help="Only this outlet's articles.")] = None,
    length: Annotated[
        int | None, typer.Option(min=1, max=25, help="How many stories at most; else 8.")
    ] = None,
    workspace: WorkspaceName = "local",
) -> None:
    """Post a digest to a channel from now on."""
    run(_add(times, channel, timezone, title, (about, actor, outlet, length), workspace))


@schedule.command("list")
def list_(workspace: WorkspaceName = "local") -> None:
    """What is posted, and when next."""
    run(_list(workspace))


@schedule.command("remove")
def remove(number: int, workspace: WorkspaceName = "local") -> None:
    """Post it no longer; NUMBER is the one that `schedule list` shows."""
    run(_remove(number, workspace))


async def _add(
    times: str,
    channel: str | None,
    timezone: str | None,
    title: str,
    narrowed: tuple[str | None, str | None, str | None, int | None],
    workspace_name: str,
) -> None:
    from bot.jobs.slots import cron_of, next_slot
    from bot.messages.subscriptions import subscription_added_message
    from bot.platforms.terminal.output import show_message
    from bot.wiring import open_app
    from news.channels import Narrowing
    from news.errors import InputError

    if not title.strip():
        raise InputError("A digest needs a title: leave --title out to call it Digest.")
    async with open_app(settings(), make=True) as app:
        workspace, here = await workspace_of(app, workspace_name)
        place = _place(channel, workspace, here)
        zone = timezone or workspace.timezone
        cron = cron_of(times)
        due = next_slot(cron, zone, app.clock.now())
        async with app.store.write() as uow:
            subscription = await uow.subscriptions.add(
                workspace.id,
                place,
                cron=cron,
                timezone=zone,
                next_due=due,
                title=title,
                narrowing=Narrowing(*narrowed),
            )
            await uow.commit()
        show_message(subscription_added_message(subscription))
        tell_new(app.new)


def _place(channel: str | None, workspace: Workspace, here: Channel) -> Channel:
    """The channel of that name; `here` is the terminal's."""
    from news.channels import Channel, Platform
    from news.errors import InputError

    if channel is None and workspace.platform is not Platform.TERMINAL:
        raise InputError("Say where to post: --channel discord:CHANNEL-ID, or --channel terminal.")
    if channel in (None, "terminal"):
        return here
    platform, _, external = channel.partition(":")
    if platform != "discord" or not external.isdecimal():
        raise InputError(f"{channel!r} names no channel: use `terminal`, or discord:CHANNEL-ID.")
    return Channel(Platform.DISCORD, external)


async def _list(workspace_name: str) -> None:
    from bot.messages.subscriptions import subscriptions_message
    from bot.platforms.terminal.output import show_message
    from bot.wiring import open_app

    async with open_app(settings()) as app:
        workspace, _ = await workspace_of(app, workspace_name)
        async with app.store.read() as uow:
            found = await uow.subscriptions.of(workspace.id)
        show_message(subscriptions_message(found, workspace.timezone))


async def _remove(number: int, workspace_name: str) -> None:
    from bot.wiring import open_app
    from news.errors import NotFound

    async with open_app(settings()) as app:
        workspace, _ = await workspace_of(app, workspace_name)
        async with app.store.write() as uow:
            found = await uow.subscriptions.of(workspace.id)
            if not 1 <= number <= len(found):
                raise NotFound(f"There is no schedule {number}: `attache schedule list` shows them.")
            await uow.subscriptions.remove(workspace.id, found[number - 1].id)
            await uow.commit()
    typer.echo(f"Schedule {number} removed.")
