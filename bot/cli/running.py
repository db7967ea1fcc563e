"""How a verb runs: settings, logs, the event loop, and one clear line when it cannot."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Coroutine
from contextlib import suppress
from typing import TYPE_CHECKING, Any, TypeVar

from bot.messages.harmless import harmless
from news.errors import AttacheError, InputError

if TYPE_CHECKING:
    from bot.settings import Settings
    from bot.wiring import App
    from news.channels import Channel, Workspace

T = TypeVar("T")


class Failed(AttacheError):
    """The verb has said what failed; only the exit status remains to be set."""


def settings() -> Settings:
    """The settings, with logging set up by them."""
    from bot.logs import set_up_logs
    from bot.settings import load_settings, secrets_of

    found = load_settings()
    set_up_logs(found.log_level, found.log_format, secrets_of(found))
    return found


def run(main: Coroutine[Any, Any, T]) -> T:
    """Runs the verb's coroutine to its end."""
    return asyncio.run(main)


def tell(message: str) -> None:
    """One line on standard error, where that takes it; what strangers wrote in it has no effect on the terminal."""
    with suppress(OSError, ValueError):
        sys.stderr.write(harmless(" ".join(message.split())) + "\n")


def tell_new(path: str | None) -> None:
    """Says where a database was made, if one was: its address may have been mistyped."""
    if path is not None:
        tell(f"attache: made a new database at {path}")


def parse_workspace(name: str) -> tuple[str, str]:
    """`local` is a workspace of the terminal, `discord:123` a guild, `slack:T1` a workspace. Returns platform and external id."""
    platform, colon, external = name.partition(":")
    if not colon:
        return "terminal", name
    if platform not in {"terminal", "discord", "slack"} or not external:
        raise InputError(
            f"{name!r} names no workspace: use a plain name, discord:GUILD-ID, or slack:TEAM-ID."
        )
    return platform, external


async def workspace_of(app: App, name: str) -> tuple[Workspace, Channel]:
    """The workspace of that name, and the terminal's channel in it."""
    from news.channels import Channel, Platform

    if not name.strip():
        raise InputError("A workspace needs a name: leave --workspace out for `local`.")
    platform, external = parse_workspace(name.strip())
    workspace = await app.desk.workspace(Platform(platform), external)
    return workspace, Channel(Platform.TERMINAL, workspace.external_id)
