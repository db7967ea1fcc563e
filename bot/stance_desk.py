"""The part of the desk that answers `stance` and `targets`, whatever platform it was given on."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from functools import lru_cache, partial
from typing import TYPE_CHECKING

import structlog

from bot.answers import targets
from bot.answers.stances import Stances, find_stances
from bot.grammar import stance_query
from bot.messages.message import Attachment
from bot.messages.stances import stances_message
from bot.messages.targets import (
    target_added_message,
    target_message,
    target_removed_message,
    targets_exported_message,
    targets_imported_message,
    targets_message,
)
from bot.target_grammar import asked_target, told_target
from news.channels import Platform

if TYPE_CHECKING:
    from bot.messages.message import Message
    from bot.ports import Clock, Understanding
    from bot.repositories import Store
    from news.channels import Channel, Workspace
    from news.ledger import Standing

log = structlog.get_logger(__name__)

Options = Mapping[str, str]
PICTURE = "positions.png"
_REMEMBERED = 8
"""Pictures that are not drawn again when they are asked for once more."""
_FRESH = timedelta(minutes=5)
"""For so long: then its end is another."""
_drawing = ThreadPoolExecutor(1, thread_name_prefix="drawing")
"""One picture at a time: each takes some thirty megabytes meanwhile, and two of them, in turns, come no earlier."""


class StanceDesk:
    """Answers `stance` and `targets` from the store."""

    def __init__(self, store: Store, understanding: Understanding, clock: Clock) -> None:
        self._store = store
        self._understanding = understanding
        self._clock = clock

    async def stance(self, workspace: Workspace, here: Channel, options: Options) -> Message:
        """Where actors stand, with a picture where one can be shown. Raises AttacheError."""
        query = stance_query(options, self._clock.now(), workspace.timezone)
        found = await find_stances(self._store, workspace, query)
        if here.platform is not Platform.TERMINAL and found.page.standings:
            try:
                return await told_with_picture(found, workspace, self._clock.now())
            except Exception:  # the words say the same, and must not be lost with it
                log.exception("positions not drawn")
        return told(found, workspace)

    async def targets(self, workspace: Workspace, here: Channel, options: Options) -> Message:
        """What became of it. Raises AttacheError for what the reader can mend."""
        store, zone = self._store, workspace.timezone
        match options.get("action", "list"):
            case "show":
                return target_message(
                    await targets.show_target(store, workspace, asked_target(options)), zone
                )
            case "add":
                wanted = told_target(options)
                added = await targets.add_target(store, self._understanding, self._clock, workspace, wanted)
                return target_added_message(added, zone)
            case "remove":
                removed = await targets.remove_target(store, workspace, asked_target(options))
                return target_removed_message(removed, zone)
            case "export":
                return targets_exported_message(*await targets.export_targets(store, workspace), zone)
        return targets_message(await targets.list_targets(store, workspace), zone)

    async def import_targets(self, workspace: Workspace, body: bytes, source: str) -> Message:
        """Adds the targets of a list; `source` names it in errors. Raises AttacheError."""
        imported = await targets.import_targets(
            self._store, self._understanding, self._clock, workspace, body, source
        )
        return targets_imported_message(imported, workspace.timezone)


def told(found: Stances, workspace: Workspace) -> Message:
    """The answer in words."""
    return stances_message(found.page, workspace.timezone, like=found.like, reading=found.reading)


@lru_cache(maxsize=_REMEMBERED)
def _drawn(standings: tuple[Standing, ...], timezone: str, now: datetime, dark: bool) -> bytes:
    """As `draw_positions`; what one asks about, others ask about."""
    from bot.pictures.positions import draw_positions

    return draw_positions(standings, timezone=timezone, now=now, dark=dark)


def _soon(now: datetime) -> datetime:
    """The end of the five minutes that it is in: in a picture of days nobody sees the difference."""
    return now + (datetime.min.replace(tzinfo=now.tzinfo) - now) % _FRESH


async def told_with_picture(
    found: Stances, workspace: Workspace, now: datetime, *, dark: bool = True
) -> Message:
    """The answer with a picture, in which each mark has the number that its words have in the answer.

    It is drawn in a thread of its own: that takes a tenth of a second, in which others are answered. Most people see a
    chat on dark ground, and who does not reads it as well.
    """
    from bot.pictures.positions import describe_positions, numbered

    standings, zone = found.page.standings, workspace.timezone
    drawing = partial(_drawn, standings, zone, _soon(now), dark)
    drawn = await asyncio.get_running_loop().run_in_executor(_drawing, drawing)
    picture = Attachment(PICTURE, drawn, describe_positions(standings, timezone=zone, now=now))
    return stances_message(
        found.page,
        zone,
        like=found.like,
        reading=found.reading,
        picture=picture,
        marks=numbered(standings),
    )
