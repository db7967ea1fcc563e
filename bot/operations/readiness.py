"""Readiness: whether this process does its work, check by check; each says in one sentence what is not well."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from news.errors import AttacheError

if TYPE_CHECKING:
    from bot.operations.doctor import Soundness

PATIENCE = 5.0
"""Seconds in which the database has to answer."""
GRACE = 10.0
"""Seconds by which a beat may come late on top of the time of two."""


@dataclass(frozen=True, slots=True)
class Check:
    """How one thing is."""

    name: str
    well: bool
    told: str
    """A sentence without a full stop, for the operator; it holds no secret."""


async def of_database(open_soundness: Callable[[], Soundness]) -> Check:
    """Whether it answers, with tables of this version. Never raises."""
    try:
        async with asyncio.timeout(PATIENCE):
            tables = await open_soundness().tables()
    except TimeoutError:
        return Check("database", False, f"it does not answer within {PATIENCE:.0f} seconds")
    except AttacheError as error:
        return Check("database", False, str(error).removesuffix("."))
    except Exception as error:  # noqa: BLE001 - whatever it is, somebody asked how the database fares
        return Check("database", False, f"it cannot be asked ({type(error).__name__})")
    if tables.found != tables.needed:
        found = tables.found or "none"
        return Check(
            "database", False, f"its tables are of version {found}, and this attache needs {tables.needed}"
        )
    return Check("database", True, f"it answers, with tables of version {tables.found}")


def of_heartbeat(last: float | None, now: float, every: float) -> Check:
    """Whether it beats: `last` is when it last did, None where it has not begun; all in seconds of one clock."""
    if last is None:
        return Check("heartbeat", False, "it has not begun yet")
    since = now - last
    if since > 2 * every + GRACE:
        return Check("heartbeat", False, f"its last beat was {since:.0f} seconds ago")
    return Check("heartbeat", True, f"its last beat was {since:.1f} seconds ago")


def of_platform(name: str, connected: bool | None, reason: str) -> Check:
    """Whether it is connected, or known to be away: `connected` is None while the first try is under way."""
    if connected is None:
        return Check(name, False, "it is being connected to")
    if connected:
        return Check(name, True, "connected")
    return Check(name, True, f"known to be away: {reason.removesuffix('.')}")


def as_json(checks: Iterable[Check]) -> dict[str, object]:
    """What is answered."""
    checks = tuple(checks)
    return {
        "ready": all(check.well for check in checks),
        "checks": {check.name: {"well": check.well, "told": check.told} for check in checks},
    }
