"""`attache read` and `attache import`: articles that are given rather than fetched."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.cli.running import Failed, run, settings, tell, tell_new
from news.errors import InputError
from news.targets import BUILT_IN

if TYPE_CHECKING:
    from bot.cli.inputs import Input
    from bot.ports import FeedReader
    from bot.settings import Settings
    from news.articles import Article
    from news.briefs import Brief
    from news.targets import Target

Sources = Annotated[
    list[str], typer.Argument(help="Text or HTML files, URLs, .jsonl or .jsonl.gz files.", metavar="INPUT...")
]
if TYPE_CHECKING:
    _Begun = tuple[Input, Article | None, asyncio.Task[Brief] | None]
    """An input, and its brief on the way; without an article where it could not be read."""

_AHEAD = 2 * (os.cpu_count() or 1)
"""Articles that are being read while an earlier one is waited for."""


def read(
    inputs: Sources,
    json: Annotated[bool, typer.Option("--json", help="One JSON line an article.")] = False,
    targets: Annotated[
        Path | None,
        typer.Option(help="YAML list of {name, description, for, against}: what stances are about."),
    ] = None,
) -> None:
    """Show what articles say; nothing is stored."""
    about = _targets_in(targets) if targets is not None else BUILT_IN
    if not run(_read(inputs, about, as_json=json)):
        raise Failed


def import_(
    inputs: Sources,
    workspace: Annotated[str, typer.Option(help="Whose articles they become.")] = "local",
) -> None:
    """Store articles under their own ids, and read them."""
    if not run(_import(inputs, workspace)):
        raise Failed


def _targets_in(path: Path) -> tuple[Target, ...]:
    """The targets of a file. Raises InputError."""
    from bot.answers.target_lists import MOST_BYTES, parse_targets

    try:
        with path.open("rb") as file:
            body = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror or error}.") from None
    return parse_targets(body, str(path))


async def _read(sources: list[str], targets: Sequence[Target], *, as_json: bool) -> bool:
    from bot.wiring import open_reader

    well = True
    progress = _Progress()
    found = settings()
    async with open_reader(found) as reader, aclosing(_begun(sources, reader, found, targets)) as all_begun:
        async for item, article, brief in all_begun:
            if article is None or brief is None:
                well = False
                _show_error(item, as_json=as_json)
            else:
                _show(article, await brief, as_json=as_json)
            progress.advance()
    progress.end()
    return well


async def _begun(
    sources: list[str], reader: FeedReader, found: Settings, targets: Sequence[Target]
) -> AsyncGenerator[_Begun]:
    """The inputs in order, those after one begun to be read while it is waited for."""
    from bot.cli.inputs import read_inputs
    from bot.understanding import make_understanding

    understanding = make_understanding(found)
    begun: asyncio.Queue[_Begun | None] = asyncio.Queue()
    room = asyncio.Semaphore(_AHEAD)

    async def begin() -> None:
        try:
            async for item in read_inputs(sources, reader):
                await room.acquire()
                article = _article(item)
                brief = (
                    asyncio.create_task(understanding.brief(article, targets))
                    if article is not None
                    else None
                )
                begun.put_nowait((item, article, brief))
        finally:
            begun.put_nowait(None)

    beginning = asyncio.create_task(begin())
    try:
        while (held := await begun.get()) is not None:
            yield held
            room.release()
        await beginning
    finally:
        left: list[asyncio.Task[Any]] = [beginning]
        while not begun.empty():
            held = begun.get_nowait()
            if held is not None and held[2] is not None:
                left.append(held[2])
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)


def _article(item: Input) -> Article | None:
    """The draft as an article that nobody stores; it has no time of arrival but the epoch's."""
    from datetime import UTC, datetime

    from news.articles import Article, ArticleId

    draft = item.draft
    if draft is None:
        return None
    return Article(
        id=ArticleId(0),
        key=item.key,
        text=draft.text,
        arrived=datetime.fromtimestamp(0, UTC),
        title=draft.title,
        outlet=draft.outlet,
        url=draft.url,
        published=draft.published,
        byline=draft.byline,
        language=draft.language,
    )


def _show_error(item: Input, *, as_json: bool) -> None:
    assert item.error is not None
    if as_json:
        from bot.cli.as_json import dumps, error_json

        typer.echo(dumps(error_json(item.key, item.error.kind, str(item.error))))
    else:
        tell(f"attache: {item.error}")


def _show(article: Article, brief: Brief, *, as_json: bool) -> None:
    if as_json:
        from bot.cli.as_json import brief_json, dumps

        typer.echo(dumps(brief_json(article, brief)))
        return
    from bot.messages.briefs import brief_message
    from bot.platforms.terminal.output import show_message

    show_message(brief_message(article, brief))


class _Progress:
    """A count on standard error while there is a person to see it and the output goes elsewhere."""

    def __init__(self) -> None:
        self._on = sys.stderr.isatty() and not sys.stdout.isatty()
        self._count = 0

    def advance(self) -> None:
        self._count += 1
        if self._on:
            sys.stderr.write(f"\r\x1b[K{self._count} read")
            sys.stderr.flush()

    def end(self) -> None:
        if self._on:
            sys.stderr.write("\r\x1b[K")


async def _import(sources: list[str], workspace_name: str) -> bool:
    from bot.cli.inputs import read_inputs
    from bot.cli.running import workspace_of
    from bot.jobs.brief import catch_up
    from bot.jobs.lease import Leases
    from bot.roles import STORIES
    from bot.wiring import open_app

    stored, refused = 0, 0
    async with open_app(settings(), make=True) as app:
        workspace, _ = await workspace_of(app, workspace_name)
        batch: list[Input] = []

        async def keep() -> None:
            async with app.store.write() as uow:
                now = await uow.articles.begin_storing(app.clock.now)
                for one in batch:
                    assert one.draft is not None
                    await uow.articles.import_(workspace.id, one.key, one.draft, now=now)
                await uow.commit()
            batch.clear()

        async for item in read_inputs(sources, app.reader):
            if item.draft is None:
                refused += 1
                _show_error(item, as_json=False)
                continue
            batch.append(item)
            stored += 1
            if len(batch) >= 100:
                await keep()
        await keep()
        leases = Leases(app.store, [STORIES])
        async with leases.kept():
            await leases.settled()
            may_place = partial(leases.hold, STORIES)
            read_now = await catch_up(app.store, app.understanding, app.clock, may_place)
        if stored:
            tell_new(app.new)
    if not stored:
        return False
    skipped = f", {refused} could not be read" if refused else ""
    typer.echo(f"{stored} article{'s' * (stored != 1)} imported, {read_now} new or changed{skipped}")
    return not refused
