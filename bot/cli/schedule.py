"""`attache schedule`: what is posted where, and when; the same as `schedule` in a chat."""

from __future__ import annotations

from typing import Annotated

import typer

from bot.cli.lookups import AsJson, WorkspaceName
from bot.cli.running import parse_workspace, run, settings, tell_new, workspace_of

schedule = typer.Typer(rich_markup_mode=None, help="When digests are posted, and where.")

Number = Annotated[int, typer.Argument(min=1, help="The one that `schedule list` shows.")]
Place = Annotated[
    str | None,
    typer.Option(
        "--channel",
        help="`terminal` (in the terminal's workspaces the default), discord:CHANNEL-ID, or slack:CHANNEL-ID.",
    ),
]
Zone = Annotated[str | None, typer.Option("--timezone", help="IANA name; the workspace's by default.")]
Title = Annotated[str | None, typer.Option("--title", help="What the digest is called; else Digest.")]
About = Annotated[str | None, typer.Option("--about", help="Only stories with these words.")]
Actor = Annotated[str | None, typer.Option("--actor", help="Only stories in which somebody speaks.")]
Outlet = Annotated[str | None, typer.Option("--outlet", help="Only this outlet's articles.")]
Shape = Annotated[
    str | None, typer.Option("--form", help="message: one post; thread: a post with a thread of its stories.")
]
_LENGTH = "How many stories at most, from 1 to 25; else 8."


@schedule.command("add")
def add(
    times: Annotated[
        list[str],
        typer.Argument(
            help="09:00, weekdays 09:00, mon,wed 18:30, 09:00, 18:00, every 6 hours, or a cron line: '0 9 * * mon-fri'."
        ),
    ],
    channel: Place = None,
    timezone: Zone = None,
    title: Title = None,
    about: About = None,
    actor: Actor = None,
    outlet: Outlet = None,
    length: Annotated[int | None, typer.Option(min=1, max=25, help=_LENGTH)] = None,
    form: Shape = None,
    workspace: WorkspaceName = "local",
) -> None:
    """Post a digest to a channel from now on."""
    _refuse_blank(title)
    _require_place(channel, workspace)
    options = _options(
        "add", times=" ".join(times), channel=channel, timezone=timezone, title=title, form=form
    )
    options |= _options("add", about=about, actor=actor, outlet=outlet, length=length)
    run(_answer(options, workspace, make=True))


@schedule.command("change")
def change(
    number: Number,
    times: Annotated[list[str] | None, typer.Argument(help="New times, as for `schedule add`.")] = None,
    channel: Place = None,
    timezone: Zone = None,
    title: Title = None,
    about: About = None,
    actor: Actor = None,
    outlet: Outlet = None,
    length: Annotated[str | None, typer.Option(help=_LENGTH)] = None,
    form: Shape = None,
    workspace: WorkspaceName = "local",
) -> None:
    """Change what is given, and leave the rest; `none` takes a filter away."""
    _refuse_blank(title)
    when = " ".join(times) if times else None
    options = _options("change", number=number, times=when, channel=channel, timezone=timezone, title=title)
    options |= _options("change", about=about, actor=actor, outlet=outlet, length=length, form=form)
    run(_answer(options, workspace))


@schedule.command("list")
def list_(json: AsJson = False, workspace: WorkspaceName = "local") -> None:
    """What is posted, and when next."""
    run(_list_as_json(workspace) if json else _answer(_options("list"), workspace))


@schedule.command("pause")
def pause(number: Number, workspace: WorkspaceName = "local") -> None:
    """Post it no longer, until it is resumed."""
    run(_answer(_options("pause", number=number), workspace))


@schedule.command("resume")
def resume(number: Number, workspace: WorkspaceName = "local") -> None:
    """Post it again, from its next time on."""
    run(_answer(_options("resume", number=number), workspace))


@schedule.command("remove")
def remove(number: Number, workspace: WorkspaceName = "local") -> None:
    """Take it away."""
    run(_answer(_options("remove", number=number), workspace))


@schedule.command("preview")
def preview(number: Number, workspace: WorkspaceName = "local") -> None:
    """Show what it would post now; nothing is posted."""
    run(_answer(_options("preview", number=number), workspace))


@schedule.command("now")
def now(number: Number, workspace: WorkspaceName = "local") -> None:
    """Have the running bot post it at once, besides its times."""
    run(_answer(_options("now", number=number), workspace))


@schedule.command("timezone")
def timezone(
    name: Annotated[
        str | None, typer.Argument(help="An IANA name, or a city; without it, it is shown.")
    ] = None,
    workspace: WorkspaceName = "local",
) -> None:
    """On whose clocks times are shown, and meant by default."""
    run(_answer(_options("timezone", timezone=name), workspace))


def _options(action: str, **given: str | int | None) -> dict[str, str]:
    return {"action": action, **{name: str(value) for name, value in given.items() if value is not None}}


def _refuse_blank(title: str | None) -> None:
    from news.errors import InputError

    if title is not None and not title.strip():
        raise InputError("A digest needs a title: leave --title out to call it Digest.")


def _require_place(channel: str | None, workspace: str) -> None:
    """A server's digest is not for the terminal that it is scheduled in, unless that is said."""
    from news.errors import InputError

    if channel is None and parse_workspace(workspace)[0] != "terminal":
        raise InputError(
            "Say where to post: --channel discord:CHANNEL-ID, --channel slack:CHANNEL-ID, or --channel terminal."
        )


async def _answer(options: dict[str, str], workspace_name: str, *, make: bool = False) -> None:
    """Brings it to the desk, as every surface does."""
    from bot.platforms.terminal.output import show_message
    from bot.wiring import open_app

    async with open_app(settings(), make=make) as app:
        workspace, here = await workspace_of(app, workspace_name)
        show_message(await app.desk.answer(workspace, here, "schedule", options))
        tell_new(app.new)


async def _list_as_json(workspace_name: str) -> None:
    from bot.answers.schedules import list_schedules
    from bot.cli.as_json import dumps, subscription_json
    from bot.wiring import open_app

    async with open_app(settings()) as app:
        workspace, _ = await workspace_of(app, workspace_name)
        for number, subscription in enumerate(await list_schedules(app.store, workspace), start=1):
            typer.echo(dumps(subscription_json(number, subscription)))
