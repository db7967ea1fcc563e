"""`attache db prune`: what is too old is taken away now."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.running import run, settings
from news.errors import InputError
from news.retention import LEAST, Keep, Retained

if TYPE_CHECKING:
    from bot.settings import Settings

_AGE = re.compile(r"([0-9]{1,5})([dwy])")
_DAYS = {"d": 1, "w": 7, "y": 365}


def prune(
    older: Annotated[
        str | None, typer.Option(help="400d, 60w or 2y; ATTACHE_KEEP_DAYS where it is left out.")
    ] = None,
    drop_statements: Annotated[
        bool, typer.Option("--drop-statements", help="Keep no statements of articles that are too old.")
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would go.")] = False,
    vacuum: Annotated[
        bool,
        typer.Option("--vacuum", help="Then give the room back to the disk; nobody can write meanwhile."),
    ] = False,
) -> None:
    """Take away articles, digests and notices that are too old; statements stay, with their sentences."""
    found = settings()
    keep = _keep(found, older, drop_statements=drop_statements)
    run(_prune(found, keep, dry_run=dry_run, vacuum=vacuum and not dry_run))


def _keep(found: Settings, older: str | None, *, drop_statements: bool) -> Keep:
    """What is asked for, else what is set. Raises InputError."""
    statements = found.keep_statements and not drop_statements
    if older is not None:
        return Keep(parse_age(older), statements)
    if found.keep_days is None:
        raise InputError("Say how old: --older 400d, or set ATTACHE_KEEP_DAYS.")
    return Keep(timedelta(days=found.keep_days), statements)


def parse_age(text: str) -> timedelta:
    """`400d`, `60w` or `2y`. Raises InputError, also for less than what digests need."""
    match = _AGE.fullmatch(text.strip().lower())
    days = int(match[1]) * _DAYS[match[2]] if match else 0
    if not LEAST.days <= days <= 36_500:
        raise InputError(f"{text} is no age to go by: write 400d, 60w or 2y, and {LEAST.days}d at least.")
    return timedelta(days=days)


async def _prune(found: Settings, keep: Keep, *, dry_run: bool, vacuum: bool) -> None:
    from bot.jobs.retention import count_old, retain
    from bot.wiring import open_app, vacuum_database

    async with open_app(found) as app:
        done = await (count_old if dry_run else retain)(app.store, app.clock, keep)
    typer.echo(told(done, keep, would=dry_run))
    if vacuum:
        typer.echo(_given_back(await vacuum_database(found)))


def told(done: Retained, keep: Keep, *, would: bool = False) -> str:
    """What went, or would go, in one line."""
    from bot.messages.wording import counted

    articles = counted(done.dropped, "article")
    if done.statements:
        articles += f" with {counted(done.statements, 'statement')}"
    gone = [
        part
        for number, part in (
            (done.dropped, articles),
            (done.digests, counted(done.digests, "digest")),
            (done.notices, counted(done.notices, "notice")),
        )
        if number
    ]
    parts = []
    if gone:
        first, last = ", ".join(gone[:-1]), gone[-1]
        parts.append(f"{first} and {last}" if first else last)
        parts[0] += " would go" if would else " went"
    if done.reduced:
        left = "would be left" if would else "are left"
        articles = counted(done.reduced, "article")
        parts.append(f"of {articles} only the sentences around what was said in them {left}")
    return f"Older than {counted(keep.span.days, 'day')}: {'; '.join(parts) or 'nothing'}."


def _given_back(sizes: tuple[int, int] | None) -> str:
    from bot.operations.judging import size

    if sizes is None:
        return "PostgreSQL uses the room again by itself."
    before, after = sizes
    return f"The database takes {size(after)}; it took {size(before)}."
