"""The verbs put together. Nothing heavy is imported before a verb runs."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from importlib.metadata import version as distribution_version
from typing import Annotated

import typer

from bot.cli import articles, lookups, serve, shell, store
from bot.cli.actors import actor, actors
from bot.cli.discord_invite import discord_invite
from bot.cli.doctor import doctor
from bot.cli.feeds import feeds
from bot.cli.health import health
from bot.cli.prune import prune
from bot.cli.running import run, settings, tell_new
from bot.cli.schedule import schedule
from bot.cli.slack_manifest import slack_manifest
from bot.cli.targets import targets
from bot.cli.unread import articles as articles_group
from bot.cli.workspaces import workspaces

app = typer.Typer(
    rich_markup_mode=None,
    add_completion=False,
    pretty_exceptions_enable=False,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="A press attaché: news digests, who said what and who stands where, every line with its source.",
)
db = typer.Typer(rich_markup_mode=None, help="The database.")


@app.callback()
def attache(
    context: typer.Context,
    version: Annotated[bool, typer.Option("--version", help="Show the version and exit.")] = False,
) -> None:
    """A press attaché: news digests, who said what and who stands where, every line with its source."""
    if version:
        typer.echo(f"attache {distribution_version('attache')}")
        raise typer.Exit
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())
        raise typer.Exit


def help_(
    context: typer.Context,
    words: Annotated[
        list[str] | None, typer.Argument(metavar="[COMMAND]...", help="Such as `feeds add`.")
    ] = None,
) -> None:
    """What `--help` says, of all or of one command."""
    from news.errors import InputError

    above, group = context.parent, context.parent.command if context.parent else None
    assert above is not None
    for word in words or []:
        found = getattr(group, "commands", {}).get(word)
        if found is None:
            raise InputError(
                f"There is no command {' '.join(words or [])!r}: {above.command_path} --help lists them."
            )
        above, group = type(above)(found, info_name=word, parent=above), found
    assert group is not None
    typer.echo(group.get_help(above))


@db.command("upgrade")
def upgrade() -> None:
    """Bring the database to this program's version; what is in it stays."""
    from bot.cli.bar import Bar
    from bot.wiring import upgrade_database

    with Bar() as bar:
        version, new = run(upgrade_database(settings(), bar))
    tell_new(new)
    typer.echo(f"The database is at version {version}.")


@cache
def build(demo: Callable[[], None]) -> typer.Typer:
    """The whole command; `demo` comes from outside, for the verbs and the sample wire are strangers."""
    app.command("demo")(demo)
    app.command("run")(serve.run_bot)
    app.command("shell")(shell.shell)
    app.command("digest")(lookups.digest)
    app.command("whosaid")(lookups.whosaid)
    app.command("stance")(lookups.stance)
    app.command("actor")(actor)
    app.command("stories")(lookups.stories)
    app.command("read")(articles.read)
    app.command("import")(articles.import_)
    app.add_typer(articles_group, name="articles")
    app.add_typer(feeds, name="feeds")
    app.add_typer(actors, name="actors")
    app.add_typer(schedule, name="schedule")
    app.add_typer(targets, name="targets")
    app.add_typer(workspaces, name="workspaces")
    db.command("prune")(prune)
    app.add_typer(db, name="db")
    app.command("doctor")(doctor)
    app.command("health")(health)
    app.command("discord-invite")(discord_invite)
    app.command("slack-manifest")(slack_manifest)
    app.command("backup")(store.backup)
    app.command("restore")(store.restore)
    app.command("dump")(store.dump)
    app.command("load")(store.load)
    app.command("help")(help_)
    return app
