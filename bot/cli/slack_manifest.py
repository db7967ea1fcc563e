"""`attache slack-manifest`: what Slack makes the app from."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from bot.cli.running import settings, tell
from news.errors import InputError


def slack_manifest(
    http: Annotated[
        str | None,
        typer.Option(
            "--http",
            metavar="URL",
            help="The bot's public https address, where Slack shall send requests to it; Socket Mode by default.",
        ),
    ] = None,
    install: Annotated[
        str | None,
        typer.Option(
            "--install",
            metavar="URL",
            help="The public https address at which several workspaces install the app; with --http, that one.",
        ),
    ] = None,
    name: Annotated[
        str | None, typer.Option("--name", help="What the app is called; Attaché by default.")
    ] = None,
    commands: Annotated[
        list[str] | None,
        typer.Option(
            "--command",
            metavar="OURS=THEIRS",
            help="Another name for a command, such as digest=news, several times too; "
            "those in ATTACHE_SLACK_COMMANDS by default.",
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="JSON in place of YAML.")] = False,
) -> None:
    """Print the manifest from which Slack makes the app, with all commands and the least scopes."""
    import yaml

    from bot.platforms.slack.manifest import NAME, manifest

    renamed = dict(settings().slack_commands) | dict(map(_renamed, commands or ()))
    made = manifest(name=NAME if name is None else name, http=http, install=install, renamed=renamed)
    if as_json:
        typer.echo(json.dumps(made, ensure_ascii=False, indent=2))
    else:
        typer.echo(yaml.safe_dump(made, sort_keys=False, allow_unicode=True, width=100), nl=False)
    if commands:
        setting = ",".join(f"{ours}={theirs}" for ours, theirs in renamed.items())
        tell(f"attache: set ATTACHE_SLACK_COMMANDS={setting} where `attache run` runs")


def _renamed(text: str) -> tuple[str, str]:
    ours, equals, theirs = (part.strip() for part in text.partition("="))
    if not equals:
        raise InputError(f"{text!r} renames no command: write --command digest=news.")
    return ours, theirs.removeprefix("/")
