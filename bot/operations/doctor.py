"""The doctor: asks a store and the settings one thing after the other, and says what is wrong and what to do.

Each check fails by itself: a store that is broken in one place still answers about the others.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import structlog

from bot.messages.wording import counted
from bot.operations.judging import (
    of_database,
    of_file,
    of_index,
    of_integrity,
    of_life,
    of_server,
    of_tables,
    of_walk,
)
from news.channels import Platform
from news.errors import AttacheError, StoreBusy
from news.soundness import FileRoom, Finding, Grade

if TYPE_CHECKING:
    from bot.settings import Settings
    from news.soundness import Database, Integrity, Life, ServerRoom, Tables, Walk

log = structlog.get_logger(__name__)

Check = Callable[[], Awaitable[Iterable[Finding]]]


class Soundness(Protocol):
    """What a store can be asked about itself. Raises StoreError and its kinds."""

    async def database(self) -> Database:
        """Which database answers."""
        ...

    async def tables(self) -> Tables:
        """Of which version its tables are."""
        ...

    async def integrity(self, *, whole: bool = False) -> Integrity:
        """What the database itself finds wrong."""
        ...

    async def rows(self, *, whole: bool = False) -> Walk:
        """Rows that lack what they belong to, or contradict each other."""
        ...

    async def spans(self, *, whole: bool = False) -> Walk:
        """Statements that point outside their text."""
        ...

    async def index(self, *, whole: bool = False) -> Walk:
        """What searches are quick by, held against what it is made of."""
        ...

    async def room(self) -> FileRoom | ServerRoom | None:
        """What it takes, and what is left; None where nothing lasts."""
        ...

    async def life(self, now: datetime) -> Life:
        """What waits, fails and is overdue."""
        ...


async def examine(
    settings: Settings, open_soundness: Callable[[], Soundness], now: datetime, *, thorough: bool = False
) -> tuple[Finding, ...]:
    """Everything that there is to say, in the order in which it matters. Never raises.

    What cannot be looked at is not: no tables without a database, no rows in tables of another version.
    """
    findings = list(of_settings(settings))
    try:
        doctor = _Doctor(settings, open_soundness(), now, thorough=thorough)
    except AttacheError as error:
        return (*findings, _failed("database", error))
    findings += await _asked("database", doctor.database)
    if findings[-1].grade is not Grade.OK:
        return tuple(findings)
    tables = await _asked("tables", doctor.tables)
    checks: dict[str, Check] = {"integrity": doctor.integrity, "disk": doctor.room}
    if tables[-1].grade is Grade.OK:
        checks |= {
            "rows": doctor.rows,
            "statements": doctor.spans,
            "index": doctor.index,
            "life": doctor.life,
        }
    findings += tables
    for name, check in checks.items():
        findings += await _asked(name, check)
    return tuple(findings)


@dataclass(frozen=True, slots=True)
class _Doctor:
    """The checks, each of which asks and judges."""

    settings: Settings
    soundness: Soundness
    now: datetime
    thorough: bool

    async def database(self) -> Iterable[Finding]:
        return of_database(await self.soundness.database())

    async def tables(self) -> Iterable[Finding]:
        return of_tables(await self.soundness.tables())

    async def integrity(self) -> Iterable[Finding]:
        return of_integrity(await self.soundness.integrity(whole=self.thorough))

    async def rows(self) -> Iterable[Finding]:
        return of_walk("rows", "row", await self.soundness.rows(whole=self.thorough))

    async def spans(self) -> Iterable[Finding]:
        return of_walk("statements", "statement", await self.soundness.spans(whole=self.thorough))

    async def index(self) -> Iterable[Finding]:
        return of_index(await self.soundness.index(whole=self.thorough))

    async def room(self) -> Iterable[Finding]:
        room = await self.soundness.room()
        if room is None:
            return ()
        return of_file(room) if isinstance(room, FileRoom) else of_server(room, self.now)

    async def life(self) -> Iterable[Finding]:
        life = await self.soundness.life(self.now)
        # Whoever was killed said no more, and may have been meant to reach it no longer.
        ours = tuple(each for each in life.unreached if _reaches(self.settings, each.platform))
        life = replace(life, unreached=ours)
        return (*of_life(life, self.now), *_of_platforms(self.settings, life.subscriptions))


async def _asked(name: str, check: Check) -> list[Finding]:
    """What the check finds; where it fails, that."""
    try:
        return list(await check())
    except AttacheError as error:
        return [_failed(name, error)]
    except Exception as error:  # a broken store may break whatever reads it
        log.debug("check broke", check=name, exc_info=True)
        reason = (str(error).strip() or type(error).__name__).splitlines()[0]
        told = f"this could not be looked at ({reason})"
        return [Finding(name, Grade.PROBLEM, told, "restore the newest backup, or report it as a bug")]


def _failed(name: str, error: AttacheError) -> Finding:
    """What cannot be looked at; the sentence of an error ends in what to do."""
    told, _, advice = str(error).removesuffix(".").rpartition(": ")
    grade = Grade.WARNING if isinstance(error, StoreBusy) else Grade.PROBLEM
    return Finding(name, grade, told, advice) if told else Finding(name, grade, advice)


def of_settings(settings: Settings) -> Iterator[Finding]:
    """Settings that each are what they should be, and cannot work all the same."""
    wrong = [*_hosts(settings), *_addresses(settings), *_model(settings)]
    yield from wrong
    if not wrong:
        yield Finding("settings", Grade.OK, "nothing in them that cannot work")


def _hosts(settings: Settings) -> Iterator[Finding]:
    for host in sorted(settings.private_hosts):
        if "/" in host:
            told = f"ATTACHE_PRIVATE_HOSTS has {host}, which is no host"
            yield Finding("settings", Grade.PROBLEM, told, "name it as feeds.example or feeds.example:8080")


def _addresses(settings: Settings) -> Iterator[Finding]:
    web = ("http", "https")
    for name, schemes in (
        ("discord_api_url", web),
        ("discord_gateway_url", ("ws", "wss")),
        ("slack_api_url", web),
    ):
        address = getattr(settings, name)
        if address and not address.startswith(tuple(f"{scheme}://" for scheme in schemes)):
            told = f"ATTACHE_{name.upper()} is no address of that kind"
            yield Finding("settings", Grade.PROBLEM, told, f"let it begin with {schemes[1]}://")


def _model(settings: Settings) -> Iterator[Finding]:
    model = settings.summary_model
    if model is None:
        return
    folder = Path(model).expanduser()
    if folder.is_absolute() and not folder.is_dir():
        told = f"ATTACHE_SUMMARY_MODEL names {model}, which is no folder here, so extracts are shown"
        yield Finding("settings", Grade.WARNING, told, "name the folder that the model was saved in")
    if importlib.util.find_spec("torch") is None:
        told = "ATTACHE_SUMMARY_MODEL needs PyTorch, which is not installed, so extracts are shown"
        yield Finding("settings", Grade.WARNING, told, "install attache with its extra `models`")


def _reaches(settings: Settings, platform: str) -> bool:
    """Whether the settings say how to."""
    if platform == Platform.DISCORD:
        return settings.discord_token is not None
    return settings.slack_bot_token is not None or settings.slack_client_id is not None


def _of_platforms(settings: Settings, subscriptions: Mapping[str, int]) -> Iterator[Finding]:
    for platform, name, token in (
        (Platform.DISCORD, "Discord", "discord_token"),
        (Platform.SLACK, "Slack", "slack_bot_token"),
    ):
        count = subscriptions.get(platform, 0)
        if count and not _reaches(settings, platform):
            told = f"{counted(count, 'schedule')} to {name}, and ATTACHE_{token.upper()} is not set"
            mending = "set it where `attache run` runs, or nothing is posted"
            yield Finding("settings", Grade.WARNING, told, mending)
