"""What is looked at every few seconds: the bot's memory, feeds that are late, and articles that wait."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import numpy as np
from sqlalchemy import func, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine

from bot import apart
from news.errors import StoreError
from storage.tables import ArticleRow, DeliveryRow, FeedRow
from tests.evaluation.processes import below, runs

EVERY = 5.0
"""Seconds between two looks."""


@dataclass(frozen=True, slots=True)
class Memory:
    """What a process holds, in MB."""

    resident: float = 0.0
    """Of the bot's own process and of those that answer look-ups for it; 0 where it is gone."""
    anonymous: float = 0.0
    """Of these, what is no file's."""
    threads: int = 0
    """Of the bot's own process."""
    workers: float = 0.0
    """Of its worker processes together."""
    own: float = 0.0
    """What of `resident` is the bot's own process's."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """What the store says."""

    late: float = 0.0
    """Seconds of the bot's clock that the latest feed is behind its time."""
    feeds_late: int = 0
    unread: int = 0
    unsent: int = 0


@dataclass(frozen=True, slots=True)
class Sample:
    """One look."""

    at: float
    life: int
    memory: Memory
    waiting: Waiting
    loop_late: float = 0.0
    """Milliseconds that this measurement itself was late at most since the last look: what times bear in any case."""


async def waiting(engine: AsyncEngine, now: datetime) -> Waiting:
    """What waits by that time; nothing where the database does not say. The engine is one that stays open: to make one held
    up all who asked for thirty milliseconds."""
    due = select(func.count(), func.min(FeedRow.next_check)).where(
        FeedRow.next_check <= now, FeedRow.ended.is_(False)
    )
    unread = select(func.count()).where(ArticleRow.briefed < ArticleRow.version)
    unsent = select(func.count()).where(DeliveryRow.state.in_(("pending", "sending")))
    try:
        async with engine.connect() as connection:
            feeds, first = (await connection.execute(due)).one()
            late = 0.0 if first is None else (now - first).total_seconds()
            return Waiting(
                late, feeds, await connection.scalar(unread) or 0, await connection.scalar(unsent) or 0
            )
    except (DBAPIError, StoreError, OSError):
        return Waiting()


def memory(pid: int) -> Memory:
    """Of a process and of what it began; nothing where it is gone."""
    own = _status(pid)
    if not own:
        return Memory()
    answering, workers = [own], 0.0
    for child in below(pid):
        if runs(child, apart.PROGRAM):
            answering.append(_status(child))
        else:
            workers += _status(child).get("VmRSS", 0)
    resident, anonymous = (sum(one.get(name, 0) for one in answering) for name in ("VmRSS", "RssAnon"))
    return Memory(resident / 1024, anonymous / 1024, own["Threads"], workers / 1024, own["VmRSS"] / 1024)


def _status(pid: int) -> dict[str, int]:
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return {}
    kept = (line.partition(":") for line in lines)
    found = {
        name: int(value.split()[0]) for name, _, value in kept if name in ("VmRSS", "RssAnon", "Threads")
    }
    return found if "VmRSS" in found else {}


def thirds(samples: Sequence[Sample]) -> dict[str, float]:
    """The mean of resident memory in each third of the time, and how much an hour it grows over the last two."""
    return _thirds([(one.at, one.memory.resident) for one in samples if one.memory.resident])


def own_thirds(samples: Sequence[Sample]) -> dict[str, float]:
    """As `thirds`, of the bot's own process alone."""
    return _thirds([(one.at, one.memory.own) for one in samples if one.memory.own])


def _thirds(values: Sequence[tuple[float, float]]) -> dict[str, float]:
    if len(values) < 6:
        return {}
    begin, end = values[0][0], values[-1][0]
    third = (end - begin) / 3 or 1.0
    parts = [[mb for at, mb in values if n <= min((at - begin) / third, 2.999) < n + 1] for n in range(3)]
    later = [(at, mb) for at, mb in values if at >= begin + third]
    slope = float(np.polyfit(*zip(*later, strict=True), 1)[0]) * 3600
    names = ("first", "middle", "last")
    means = {name: round(float(np.mean(part)), 1) for name, part in zip(names, parts, strict=True) if part}
    return {**means, "mb_an_hour": round(slope, 1), "most": round(max(mb for _, mb in values), 1)}
