"""`attache doctor`: whether the store is sound, the settings can work, and the bot keeps up."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.lookups import AsJson
from bot.cli.running import Failed, run, settings

if TYPE_CHECKING:
    from news.soundness import Finding


def doctor(
    json: AsJson = False,
    thorough: Annotated[
        bool, typer.Option("--thorough", help="Look at every row and page, however long that takes.")
    ] = False,
    repair: Annotated[
        bool,
        typer.Option("--repair", help="First make the search index anew; nobody can write meanwhile."),
    ] = False,
) -> None:
    """Look whether all is well, and say what to do where it is not; nothing is changed without --repair."""
    from news.soundness import Grade

    if repair:
        run(_repair())
    findings = run(_examine(thorough=thorough))
    _show(findings, json=json)
    if any(finding.grade is Grade.PROBLEM for finding in findings):
        raise Failed


async def _repair() -> None:
    from bot.cli.bar import Bar
    from bot.wiring import soundness_of

    with Bar() as bar:
        await soundness_of(settings()).rebuild_index(bar)


async def _examine(*, thorough: bool) -> tuple[Finding, ...]:
    from bot.operations.doctor import examine
    from bot.wiring import SystemClock, soundness_of
    from news.errors import InputError
    from news.soundness import Finding, Grade

    try:
        found = settings()
    except InputError as error:
        return (Finding("settings", Grade.PROBLEM, str(error).removesuffix(".")),)
    return await examine(found, lambda: soundness_of(found), SystemClock().now(), thorough=thorough)


def _show(findings: tuple[Finding, ...], *, json: bool) -> None:
    from bot.cli.as_json import dumps, soundness_json
    from bot.messages.soundness import soundness_message
    from bot.platforms.terminal.output import show_message

    if json:
        typer.echo(dumps(soundness_json(findings)))
    else:
        show_message(soundness_message(findings))
