"""`attache backup`, `restore`, `dump` and `load`: everything in the store as a file, and back."""

from __future__ import annotations

import os
import shutil
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, TYPE_CHECKING, Annotated

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
    with ended_by(signal.SIGTERM):
        run(_backup(file, force))


def restore(
    file: Annotated[str, typer.Argument(metavar="FILE", help="A backup or a dump; `-` for standard input.")],
    yes: Yes = False,
) -> None:
    """Go back to a backup. What is stored now is kept in a file; nothing is posted twice."""
    with ended_by(signal.SIGTERM), _at_hand(file) as path:
        run(_restore(path, _named(file), yes))


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
    with ended_by(signal.SIGTERM):
        run(_dump(file, force))


def load(
    file: Annotated[str, typer.Argument(metavar="FILE", help="A dump or a backup; `-` for standard input.")],
    replace: Annotated[
        bool, typer.Option("--replace", help="In the place of what is stored, which is kept in a file.")
    ] = False,
    yes: Yes = False,
) -> None:
    """Fill an empty database with a dump, as it was."""
    with ended_by(signal.SIGTERM), _at_hand(file) as path:
        run(_load(path, _named(file), replace, yes))


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


async def _restore(path: Path, name: str, yes: bool) -> None:
    from bot.jobs.restored import leave_out
    from bot.wiring import SystemClock, open_copy

    clock = SystemClock()
    with Bar() as bar:
        async with open_copy(settings(), path, name, replace=True, watch=bar) as ready:
            bar.clear()
            if not ready.empty and not yes:
                _ask(ready.articles, name, ready.where)
            put = await ready.put(lambda uow: leave_out(uow, clock.now()))
    typer.echo(f"{_articles(ready.articles)} restored from {name}.{_kept(put.kept)}")
    typer.echo(_left_out(put.done))


async def _load(path: Path, name: str, replace: bool, yes: bool) -> None:
    from bot.jobs.restored import outstanding
    from bot.wiring import SystemClock, open_copy

    clock = SystemClock()
    with Bar() as bar:
        async with open_copy(settings(), path, name, replace=replace, watch=bar) as ready:
            bar.clear()
            if not ready.empty and not yes:
                _ask(ready.articles, name, ready.where)
            put = await ready.put(lambda uow: outstanding(uow, clock.now()))
    typer.echo(f"{_articles(ready.articles)} loaded from {name}.{_kept(put.kept)}")
    if put.done.schedules or put.done.posts:
        typer.echo(_waiting(put.done))


@contextmanager
def ended_by(*signals: signal.Signals) -> Iterator[None]:
    """They end what is done here as Ctrl-C ends it: with nothing left behind."""
    if threading.current_thread() is not threading.main_thread():  # which hears of no signals
        yield
        return
    before = {number: signal.signal(number, signal.default_int_handler) for number in signals}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def _at_hand(file: str) -> Iterator[Path]:
    """The file; of what comes through a pipe a copy, for it is read more than once. Raises InputError."""
    if file != "-" and (os.path.isfile(file) or os.path.isdir(file) or not os.path.exists(file)):
        yield Path(file)
        return
    with TemporaryDirectory(prefix="attache-", ignore_cleanup_errors=True) as folder:
        copied = Path(folder, "given")
        try:
            with _opened(file) as given, copied.open("xb") as out:
                shutil.copyfileobj(given, out)
        except OSError as error:
            raise InputError(
                f"{_named(file)} cannot be copied to {folder} ({error.strerror}): give a file."
            ) from None
        yield copied


def _opened(file: str) -> AbstractContextManager[IO[bytes]]:
    if file != "-":
        return Path(file).open("rb")
    if sys.stdin is None or not hasattr(sys.stdin, "buffer"):
        raise InputError("There is no standard input: name a file.")
    return nullcontext(sys.stdin.buffer)


def _named(file: str) -> str:
    return "standard input" if file == "-" else file


def _ask(articles: int, name: str, where: str) -> None:
    """Raises Failed unless a person agrees."""
    from bot.messages.harmless import harmless
    from bot.platforms.terminal.output import has_person

    if not has_person():
        raise InputError(f"Something is stored in {where}, and nobody is here to be asked: add --yes.")
    question = (
        f"Put {_articles(articles)} of {name} in the place of everything in {where}? What is there is kept"
    )
    # The event loop would hear of Ctrl-C only after the answer.
    with ended_by(signal.SIGINT):
        if not typer.confirm(harmless(question), err=True):
            raise Failed("nothing was changed.")


def _articles(number: int) -> str:
    return f"{number:,} article{'s' * (number != 1)}"


def _kept(path: Path | None) -> str:
    return f" What was stored before is kept in {path}." if path else ""


def _size(size: int) -> str:
    from rich.filesize import decimal

    return decimal(size)


def _left_out(left_out: Outstanding) -> str:
    if not left_out.schedules and not left_out.posts:
        return "Nothing was due to be posted since: all goes on as scheduled."
    return (
        f"What may have been posted since is not posted again ({_listed(left_out)}): "
        "the next digests tell what came since."
    )


def _waiting(waiting: Outstanding) -> str:
    return (
        f"The bot will post what is due now ({_listed(waiting)}). "
        "Where another bot has posted it meanwhile, use `attache restore` in the place of `load`."
    )


def _listed(outstanding: Outstanding) -> str:
    counted = ((outstanding.schedules, "schedule"), (outstanding.posts, "post"))
    return ", ".join(f"{number} {name}{'s' * (number != 1)}" for number, name in counted if number)
