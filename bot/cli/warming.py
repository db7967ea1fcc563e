"""Before anybody is listened to: what comes with a first time is done, so that nobody waits for it."""

from __future__ import annotations

import asyncio
import gc
from contextlib import suppress
from typing import TYPE_CHECKING

from news.errors import AttacheError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Mapping

    from bot.ports import Desk
    from bot.wiring import App
    from news.channels import Platform, Workspace

REHEARSAL = 5.0
"""Seconds that the first look-ups may take; what is slower is begun without."""
READY = 5.0
"""Seconds that processes which answer them may take to begin; then this one gets ready to answer them itself."""
_NOBODY = "attache"
"""Stands for an actor where none is known."""


async def warmed(app: App) -> None:
    """Loads what answers need, asks once what is asked most, and leaves what stays out of garbage collection.

    A process that is restarted is asked again the moment that it is there, and much at a time: what it then still had
    to load would make all of them wait.
    """
    from bot.wiring import load_platforms

    platforms = load_platforms(app.settings)
    if platforms:
        # Collecting halfway would take longer with each library.
        gc.disable()
        try:
            _load_work()
            if not await _answered_apart(app):
                await draw()
            with suppress(TimeoutError):
                async with asyncio.timeout(REHEARSAL):
                    for platform in platforms:
                        await _rehearsed(app, platform)
        finally:
            gc.enable()
    leave_out_what_stays()


async def _answered_apart(app: App) -> bool:
    """Whether processes are there that answer look-ups."""
    if app.look_ups is None:
        return False
    try:
        async with asyncio.timeout(READY):
            await app.look_ups.ready()
    except TimeoutError:
        return False
    return True


def leave_out_what_stays() -> None:
    """From garbage collection: looking through all of it takes a tenth of a second and more."""
    gc.collect()
    gc.freeze()


def _load_work() -> None:
    """What the work needs that begins as soon as people may ask: they would wait while it is loaded."""
    import bot.jobs.deliver
    import bot.jobs.lease
    import bot.jobs.notices
    import bot.jobs.reading
    import bot.jobs.rereading
    import bot.platforms.connecting
    import bot.platforms.terminal.messenger
    import bot.schedule  # noqa: F401


async def draw() -> None:
    """Has ready what the first picture needs."""
    import structlog

    from bot.pictures.positions import warm_up

    try:
        await asyncio.to_thread(warm_up)
    except Exception:  # noqa: BLE001  # answers are given in words alone then
        structlog.get_logger("attache").exception("positions cannot be drawn")


async def _rehearsed(app: App, platform: Platform) -> None:
    """Nobody needs it: what fails now is told to whoever asks later."""
    import structlog

    try:
        await _rehearse(app, platform)
    except AttacheError as error:
        structlog.get_logger("attache").info("first look-ups are not rehearsed", error=str(error))
    except Exception:  # noqa: BLE001  # a bug in one of them must not keep all others from being answered
        structlog.get_logger("attache").exception("first look-ups are not rehearsed")


async def _rehearse(app: App, platform: Platform) -> None:
    """Asks the desk what people will ask, in one workspace of theirs; nothing is changed by that, and nobody sees it."""
    from bot.desk import FrontDesk
    from bot.ports import Kind

    async with app.store.read() as uow:
        workspace = await uow.workspaces.first(platform)
    if workspace is None:
        return
    # A desk of its own: what is asked here counts among nobody's questions.
    desk = FrontDesk(
        app.store,
        app.reader,
        app.understanding,
        app.clock,
        timezone=app.settings.timezone,
        look_ups=app.look_ups,
    )
    offered = {kind: await desk.suggest(workspace, kind, "a") for kind in Kind}
    actor = next((one.value for one in offered[Kind.ACTOR]), _NOBODY)
    target = next((one.value for one in offered[Kind.TARGET]), "")
    asked: list[tuple[str, Mapping[str, str]]] = [
        ("whosaid", {"actor": actor}),
        ("whosaid", {"about": "a"}),
        ("actor", {"actor": actor}),
        ("stance", {"actor": actor}),
        ("stance", {"target": target} if target else {"actor": actor}),
        ("digest", {}),
    ]
    # All at one time, as they will come: so the store has its connections, too. What is asked twice goes to two processes.
    times = len(app.look_ups or ()) or 1
    await asyncio.gather(
        *(_asked(desk, workspace, command, options) for command, options in asked for _ in range(times))
    )


def _asked(desk: Desk, workspace: Workspace, command: str, options: Mapping[str, str]) -> Awaitable[None]:
    from news.channels import Channel

    async def ask() -> None:
        with suppress(AttacheError):  # what fails now is told to whoever asks later
            await desk.answer(workspace, Channel(workspace.platform, ""), command, options)

    return ask()
