"""`attache articles`: those that could not be read, and having them read again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.lookups import AsJson
from bot.cli.running import Failed, run, settings, tell

if TYPE_CHECKING:
    from collections.abc import Sequence

    from news.articles import ArticleId
    from news.reading import GivenUp

articles = typer.Typer(rich_markup_mode=None, help="Articles that could not be read.")


@articles.command("unread")
def unread(json: AsJson = False) -> None:
    """List the articles that could not be read, newest first, and why."""
    found = run(_given_up())
    if json:
        from bot.cli.as_json import dumps, given_up_json

        for one in found:
            typer.echo(dumps(given_up_json(one)))
        return
    from bot.messages.unread import unread_message
    from bot.platforms.terminal.output import show_message

    show_message(unread_message(found))


@articles.command("retry")
def retry(
    ids: Annotated[
        list[str] | None, typer.Argument(help="Their ids; all of them by default.", metavar="[ID]...")
    ] = None,
) -> None:
    """Have articles read again that could not be read."""
    if not run(_retry(ids or [])):
        raise Failed


async def _given_up() -> tuple[GivenUp, ...]:
    from bot.wiring import open_app

    async with open_app(settings()) as app, app.store.read() as uow:
        return await uow.articles.given_up()


async def _retry(ids: Sequence[str]) -> bool:
    """Whether nothing went wrong: each is there, and is read or handed out."""
    from bot.jobs.reading import retry_given_up
    from bot.wiring import open_app, open_jobs

    async with open_app(settings()) as app, open_jobs(app) as jobs:
        async with app.store.read() as uow:
            given_up = await uow.articles.given_up()
        chosen = [one for one in given_up if not ids or one.key in ids]
        missing = sorted(set(ids) - {one.key for one in chosen})
        for key in missing:
            tell(
                f"attache: {key} is no article that could not be read: `attache articles unread` lists them."
            )
        numbers: list[ArticleId] = [one.article_id for one in chosen]
        done, handed_out = await retry_given_up(app.store, app.clock, app.understanding, jobs, numbers)
    left = len(chosen) - done
    if jobs is not None:
        typer.echo(f"{handed_out} handed out to whoever reads (`attache run`)")
        return not missing
    typer.echo(f"{done} read" + (f", {left} could not be read again" if left else ""))
    return not missing and not left
