"""Judging: how bad it is what a store says about itself, and what to do about it. Pure; times are handed in."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from bot.messages.wording import counted
from news.soundness import (
    Database,
    FileRoom,
    Finding,
    Grade,
    Integrity,
    Life,
    Read,
    ServerRoom,
    Tables,
    Waiting,
    Walk,
)

MIB, GIB = 2**20, 2**30
LEAST_FREE = 64 * MIB
"""Of a disk; with less, the next day's articles may not fit."""
LONG_LOG = 256 * MIB
"""What a write-ahead log does not grow to while somebody tidies up."""
MUCH_UNUSED = 256 * MIB
LATE = timedelta(minutes=10)
"""After so long what is due is overdue: the heartbeat comes every few seconds, and a post takes as long as that."""
SLOW = timedelta(hours=1)
"""As `LATE`, of feeds and of reading, which have much to do after a rest; and of a transaction."""
_RESTORE = "stop the bot and restore the newest backup (`attache restore`)"
_START = "start `attache run`; if it runs, its log says why"
_READ = {
    Read.ALL: "read through, nothing wrong",
    Read.SMALL: "the small tables are read through, nothing wrong; --thorough reads the large ones too",
    Read.BOOKS: "no broken index, no wrong checksum in the server's books",
}


def of_database(database: Database) -> Iterator[Finding]:
    """Which it is; that it answered at all is well."""
    yield Finding("database", Grade.OK, f"{database.kind} {database.version}, {database.place}")


def of_tables(tables: Tables) -> Iterator[Finding]:
    """Whether program and tables fit."""
    if tables.found == tables.needed:
        yield Finding("tables", Grade.OK, f"version {tables.found}, which this attache works with")
    elif tables.found is None:
        yield Finding("tables", Grade.PROBLEM, "there are none yet", "make them with `attache db upgrade`")
    elif tables.newer:
        yield Finding(
            "tables",
            Grade.PROBLEM,
            f"version {tables.found} is of a newer attache than this one, which works with {tables.needed}",
            "install the newer attache, or set ATTACHE_DATABASE_URL to another database",
        )
    else:
        yield Finding(
            "tables",
            Grade.PROBLEM,
            f"version {tables.found}, and this attache works with {tables.needed}",
            "bring them there with `attache db upgrade`; what is in them stays",
        )


def of_integrity(integrity: Integrity) -> Iterator[Finding]:
    """What the database itself finds wrong."""
    for complaint in integrity.complaints:
        mend = "see its log; REINDEX mends an index" if integrity.read is Read.BOOKS else _RESTORE
        yield Finding("integrity", Grade.PROBLEM, f"the database says: {complaint}", mend)
    if integrity.aged_collation:
        yield Finding(
            "integrity",
            Grade.WARNING,
            "the system sorts texts by other rules than the indexes were made with",
            "REINDEX DATABASE, then ALTER DATABASE … REFRESH COLLATION VERSION",
        )
    if not integrity.complaints:
        yield Finding("integrity", Grade.OK, _READ[integrity.read])


def of_walk(check: str, rows: str, walk: Walk) -> Iterator[Finding]:
    """What is wrong with rows; `rows` is what they are called."""
    seen = f"{_many(walk.looked, rows)} looked at"
    for fault in walk.faults:
        example = f", such as {fault.examples[0]}" if fault.examples else ""
        told = f"{fault.what} ({fault.count:,}{example})"
        if fault.harmless:
            yield Finding(
                check, Grade.WARNING, told, "they only take room; report it as a bug if there come more"
            )
        else:
            yield Finding(check, Grade.PROBLEM, told, f"{_RESTORE}, or report it as a bug")
    if not walk.faults:
        part = "" if walk.whole else " (a sample; --thorough looks at all)"
        yield Finding(check, Grade.OK, f"{seen}, nothing wrong{part}")


def of_index(walk: Walk) -> Iterator[Finding]:
    """Whether searches find what there is."""
    if not walk.faults:
        yield from of_walk("index", "row", walk)
    for fault in walk.faults:
        example = f", such as {fault.examples[0]}" if fault.examples else ""
        yield Finding(
            "index",
            Grade.PROBLEM,
            f"{fault.what} ({fault.count:,}{example})",
            "stop the bot and run `attache doctor --repair`, which makes the index anew",
        )


def of_file(room: FileRoom) -> Iterator[Finding]:
    """Whether an SQLite file can be written and has room."""
    if room.unwritable:
        yield Finding(
            "disk",
            Grade.PROBLEM,
            f"{', '.join(room.unwritable)} may not be written",
            "give them to the user that runs attache",
        )
    if room.log > LONG_LOG:
        yield Finding(
            "disk",
            Grade.WARNING,
            f"the write-ahead log has grown to {size(room.log)}",
            "somebody reads without an end: restart whatever has the database open",
        )
    if not room.write_ahead:
        yield Finding(
            "disk",
            Grade.WARNING,
            "the file is not in WAL mode, so those who read and those who write wait for each other",
            "stop the bot, then run PRAGMA journal_mode=WAL in sqlite3",
        )
    yield _space(room)


def _space(room: FileRoom) -> Finding:
    left = f"{size(room.disk_free)} free beside the {size(room.size)} of the database"
    if room.disk_free < LEAST_FREE:
        return Finding("disk", Grade.PROBLEM, left, "make room, or soon nothing can be stored")
    if room.disk_free < room.size + room.log:
        return Finding(
            "disk", Grade.WARNING, left, "a backup needs as much: make room, or write it elsewhere"
        )
    if room.unused > max(MUCH_UNUSED, room.size // 4):
        return Finding(
            "disk", Grade.OK, f"{left}, of which {size(room.unused)} are empty and will be used again"
        )
    return Finding("disk", Grade.OK, left)


def of_server(room: ServerRoom, now: datetime) -> Iterator[Finding]:
    """Whether a PostgreSQL database can be written, holds any text, and is kept tidy."""
    if room.read_only:
        yield Finding(
            "server", Grade.PROBLEM, "it may only be read", "set ATTACHE_DATABASE_URL to the primary server"
        )
    if room.encoding != "UTF8":
        yield Finding(
            "server",
            Grade.PROBLEM,
            f"its encoding is {room.encoding}, which does not hold every text",
            "make one with ENCODING 'UTF8', and move everything by `attache dump` and `attache load`",
        )
    if not room.vacuums:
        yield Finding(
            "server",
            Grade.WARNING,
            "autovacuum is off, so dead rows stay",
            "turn it on in the server's settings",
        )
    for table in room.dead:
        yield Finding(
            "server",
            Grade.WARNING,
            f"{table.table} has {table.dead:,} dead rows beside {table.live:,}",
            f"VACUUM {table.table}; should they come again, let autovacuum work more",
        )
    if room.transaction_since is not None and now - room.transaction_since > SLOW:
        yield Finding(
            "server",
            Grade.WARNING,
            f"a transaction has been open for {lasting(now - room.transaction_since)}",
            "end it: dead rows are kept for it",
        )
    yield Finding("server", Grade.OK, f"{size(room.size)}, {room.encoding}")


def of_life(life: Life, now: datetime) -> Iterator[Finding]:
    """Whether the bot keeps up."""
    yield _feeds(life, now)
    yield _reading(life.unread, now)
    if life.given_up.count:
        told = f"{_many(life.given_up.count, 'article')} could not be read"
        advice = "`attache articles unread` says why; `attache articles retry` has them read again"
        yield Finding("reading", Grade.WARNING, told, advice)
    yield from _platforms(life, now)
    yield from _posting(life, now)


def _feeds(life: Life, now: datetime) -> Finding:
    if not life.feeds:
        return Finding("feeds", Grade.OK, "none is followed yet")
    told = (
        f"{_many(life.feeds, 'feed')}"
        + f", {life.failing:,} failing" * bool(life.failing)
        + f", {life.ended:,} ended" * bool(life.ended)
    )
    if _is_late(life.feeds_due, now, SLOW):
        return Finding("feeds", Grade.WARNING, f"{told}; {_since(life.feeds_due, 'due', now)}", _START)
    working = life.feeds - life.ended
    if life.failing > 1 and life.failing == working:
        return Finding(
            "feeds", Grade.WARNING, told, "as all of them fail, look at this machine's own network"
        )
    if life.failing or life.ended:
        return Finding("feeds", Grade.OK, f"{told}: `attache feeds list` shows which")
    return Finding("feeds", Grade.OK, told)


def _reading(unread: Waiting, now: datetime) -> Finding:
    if not unread.count:
        return Finding("reading", Grade.OK, "every article has been read")
    told = _since(unread, "to read", now, "article")
    if _is_late(unread, now, SLOW):
        return Finding("reading", Grade.WARNING, told, _START)
    return Finding("reading", Grade.OK, told)


def _platforms(life: Life, now: datetime) -> Iterator[Finding]:
    for each in life.unreached:
        told = f"{each.platform.capitalize()} has not been connected for {lasting(now - each.since)} ({each.reason.rstrip('.')})"
        advice = "while it runs, `attache run` tries again and then posts what is due"
        yield Finding("platforms", Grade.WARNING, told, advice)


def _posting(life: Life, now: datetime) -> Iterator[Finding]:
    asked = "`attache run` asks the platform what became of them; if it runs, see its log"
    late = [
        (_since(waiting, state, now, what), advice)
        for waiting, what, state, most, advice in (
            (life.overdue, "digest", "due", LATE, _START),
            (life.pending, "post", "waiting", SLOW, _START),
            (life.sending, "post", "being sent", LATE, asked),
        )
        if _is_late(waiting, now, most)
    ]
    if life.stopped.count:
        told = _since(life.stopped, "stopped by a lost channel", now, "schedule")
        late.append((told, "`attache schedule list` shows why: mend that, then `attache schedule resume` it"))
    for told, advice in late:
        yield Finding("posting", Grade.WARNING, told, advice)
    if not late:
        schedules = sum(life.subscriptions.values())
        yield Finding("posting", Grade.OK, f"{_many(schedules, 'schedule')}, nothing overdue")


def _is_late(waiting: Waiting, now: datetime, most: timedelta) -> bool:
    return waiting.since is not None and now - waiting.since > most


def _since(waiting: Waiting, state: str, now: datetime, what: str = "") -> str:
    """`1 digest due for 3 hours`; `2 digests due, the first for 3 hours`."""
    many = _many(waiting.count, what) if what else f"{waiting.count:,}"
    if waiting.since is None:
        return f"{many} {state}"
    first = "" if waiting.count == 1 else ", the first"
    return f"{many} {state}{first} for {lasting(now - waiting.since)}"


def _many(number: int, what: str) -> str:
    return counted(number, what).replace(str(number), f"{number:,}", 1)


def size(amount: int) -> str:
    """`12 KB`, `340 MB`, `3.4 GB`: in units of 1,024, rounded."""
    if amount >= GIB:
        return f"{amount / GIB:.1f} GB"
    return f"{amount / MIB:.0f} MB" if amount >= MIB else f"{-(-amount // 1024)} KB"


def lasting(span: timedelta) -> str:
    """`5 minutes`, `3 hours`, `12 days`; rounded down."""
    minutes = max(int(span.total_seconds() // 60), 0)
    if minutes < 120:
        return counted(minutes, "minute")
    return counted(minutes // 60, "hour") if minutes < 48 * 60 else counted(minutes // 1440, "day")
