"""`attache backup`, `restore`, `dump` and `load`: everything in the store as a file, and back."""

from __future__ import annotations

import asyncio
import signal
import sys
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, BinaryIO

import typer

from bot.cli.bar import Bar
from bot.cli.running import Failed, run, settings
from news.errors import InputError

if TYPE_CHECKING:
    from bot.jobs.restored import Outstanding

Force = Annotated[bool, typer.Option("--force", help="Also in the place of a file that is there.")]
Yes = Annotated[bool, typer.Option("--yes", help="Do not ask.")]


def backup(
    file: Annotated[
        Path | None,
        typer.Argument(
            help="Where to; by default a name with the time, beside the SQLite database or else in this folder."
        ),
    ] = None,
    force: Force = False,
) -> None:
    """Write everything that is stored to a file, while the bot runs."""
    _run(_backup(file, force))


def restore(
    file: Annotated[str, typer.Argument(metavar="FILE", help="A backup or a dump; `-` for standard input.")],
    yes: Yes = False,
) -> None:
    """Go back to a backup. What is stored now is kept in a file; nothing is posted twice."""
    _run(_restore(file, yes))


def dump(
    file: Annotated[
        str,
        typer.Argument(
            metavar="[FILE]", help="Where to, packed if it ends in .gz; standard output by default."
        ),
    ] = "-",
    force: Force = False,
) -> None:
    """Write everything that is stored as JSON Lines, which either kind of database takes."""
    _run(_dump(file, force))


def load(
    file: Annotated[str, typer.Argument(metavar="FILE", help="A dump or a backup; `-` for standard input.")],
    replace: Annotated[
        bool, typer.Option("--replace", help="In the place of what is stored, which is kept in a file.")
    ] = False,
    yes: Yes = False,
) -> None:
    """Fill an empty database with a dump, as it was."""
    _run(_load(file, replace, yes))


async def _backup(file: Path | None, force: bool) -> None:
    from bot.wiring import back_up

    with Bar() as bar:
        written = await back_up(settings(), file, force=force, watch=bar)
    typer.echo(f"Everything is backed up in {written.path} ({_size(written.size)}).")


async def _dump(file: str, force: bool) -> None:
    from bot.wiring import dump_store, dump_to_file

    if file == "-":
        with Bar(shown=not sys.stdout.isatty()) as bar:
            await dump_store(settings(), sys.stdout.buffer, watch=bar)
        return
    with Bar() as bar:
        written = await dump_to_file(settings(), Path(file), force=force, watch=bar)
    typer.echo(f"{written.rows:,} rows are dumped to {written.path} ({_size(written.size)}).")


async def _restore(file: str, yes: bool) -> None:
    from bot.jobs.restored import leave_out
    from bot.wiring import SystemClock, open_copy

    clock = SystemClock()
    with Bar() as bar:
        async with open_copy(settings(), _given(file), replace=True, watch=bar) as ready:
            bar.clear()
            if not ready.empty and not yes:
                _ask(ready.articles, file, ready.where)
            put = await ready.put(lambda uow: leave_out(uow, clock.now()))
    typer.echo(f"{_articles(ready.articles)} restored from {_named(file)}.{_kept(put.kept)}")
    typer.echo(_left_out(put.done))


async def _load(file: str, replace: bool, yes: bool) -> None:
    from bot.jobs.restored import outstanding
    from bot.wiring import SystemClock, open_copy

    clock = SystemClock()
    with Bar() as bar:
        async with open_copy(settings(), _given(file), replace=replace, watch=bar) as ready:
            bar.clear()
            if not ready.empty and not yes:
                _ask(ready.articles, file, ready.where)
            put = await ready.put(lambda uow: outstanding(uow, clock.now()))
    typer.echo(f"{_articles(ready.articles)} loaded from {_named(file)}.{_kept(put.kept)}")
    if put.done.schedules or put.done.posts:
        typer.echo(_waiting(put.done))


def _run(main: Coroutine[Any, Any, None]) -> None:
    """As `run`; SIGTERM ends it as Ctrl-C does, with nothing left behind."""
    try:
        run(_stoppable(main))
    except asyncio.CancelledError:
        raise typer.Exit(128 + signal.SIGTERM) from None


async def _stoppable(main: Coroutine[Any, Any, None]) -> None:
    task = asyncio.current_task()
    assert task is not None
    with suppress(RuntimeError, ValueError):  # only a process's main thread hears of signals
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
    await main


def _given(file: str) -> Path | BinaryIO:
    if file != "-":
        return Path(file)
    if sys.stdin is None or not hasattr(sys.stdin, "buffer"):
        raise InputError("There is no standard input: name a file.")
    return sys.stdin.buffer


def _named(file: str) -> str:
    return "standard input" if file == "-" else file


def _ask(articles: int, file: str, where: str) -> None:
    """Raises Failed unless a person agrees."""
    from bot.messages.harmless import harmless
    from bot.platforms.terminal.output import has_person

    if file == "-" or not has_person():
        raise InputError(f"Something is stored in {where}, and nobody is here to be asked: add --yes.")
    question = (
        f"Put {_articles(articles)} of {file} in the place of everything in {where}? What is there is kept"
    )
    with _interruptible():
        if not typer.confirm(harmless(question), err=True):
            raise Failed("nothing was changed.")


@contextmanager
def _interruptible() -> Iterator[None]:
    """Ctrl-C ends a question at once; otherwise the event loop would hear of it only after the answer."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _articles(number: int) -> str:
    return f"{number:,} article{'s' * (number != 1)}"


def _kept(path: Path | None) -> str:
    return f" What was stored before is kept in {path}." if path else ""


def _size(size: int) -> str:
    from rich.filesize import decimal

    return decimal(size)


def _left_out(left_out: Outstanding) -> str:
    schedules, posts = left_out.schedules, left_out.posts
    if not schedules and not posts:
        return "No digest was due since: all go on as scheduled."
    due = f"{schedules} schedule{'s' * (schedules != 1)} came due since" if schedules else ""
    under_way = f"{posts} post{'s' * (posts != 1)} on their way then" if posts else ""
    return (
        f"Not posted, as it may have been already: {' and '.join(filter(None, (due, under_way)))}; "
        "the next digests tell what came since."
    )


def _waiting(waiting: Outstanding) -> str:
    return (
        f"{waiting.schedules} schedules are due and {waiting.posts} posts on their way: the bot posts them when it runs. "
        "If another has posted them meanwhile, use `attache restore` in the place of `load`."
    )
