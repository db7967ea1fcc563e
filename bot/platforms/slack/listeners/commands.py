"""Slash commands: one for each of ours, and `/attache` for all of them."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from typing import Any

import structlog
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.context.async_context import AsyncBoltContext

from bot.grammar import LOOK_UPS, parse
from bot.platforms.sentences import CLOSING
from bot.platforms.slack.answering import Asked, Office
from bot.platforms.slack.failures import OUTDATED
from bot.platforms.slack.listeners.acknowledged import until_acknowledged
from bot.platforms.slack.listeners.schedules import open_form
from bot.platforms.slack.names import ANY, NAMES
from bot.platforms.slack.typed import Typed, read
from news.errors import AttacheError

log = structlog.get_logger(__name__)

Hearing = Callable[..., Awaitable[None]]
_FORM = "schedule"
"""This command alone opens a form instead of an answer."""


def hear_commands(app: AsyncApp, office: Office) -> None:
    """Answers every command of ours, and says so of one that is not."""
    for name in NAMES:
        app.command(office.names.slash(name))(until_acknowledged(_hearing(office, name)))

    @app.command(re.compile(""))
    @until_acknowledged
    async def of_another_version(ack: AsyncAck, command: dict[str, Any]) -> None:
        log.warning("slack asked for a command of another version", command=command.get("command"))
        await ack(OUTDATED)


def _hearing(office: Office, name: str) -> Hearing:
    async def hear(ack: AsyncAck, command: dict[str, Any], context: AsyncBoltContext) -> None:
        asked = office.asked(name, context)
        if not office.take(asked):
            await ack(CLOSING)
            return
        await ack()

        async def answer() -> None:
            typed = read(str(command.get("text") or ""))
            line = typed.line if name == ANY else f"{name} {typed.line}".strip()
            if line.removeprefix("/").lower() == _FORM:
                office.admit(asked, _FORM)
                office.check(asked, _FORM)
                await open_form(office, asked, str(command.get("trigger_id") or ""))
                return
            await _answer(office, asked, line or "help", typed)

        await office.work(asked, command, answer)

    return hear


async def _answer(office: Office, asked: Asked, line: str, typed: Typed) -> None:
    try:
        parsed = parse(line)
    except AttacheError:
        office.admit(asked, "")  # what cannot be read counts as well
        raise
    office.admit(asked, parsed.command, parsed.options.get("action", ""))
    office.check(asked, parsed.command)
    if parsed.command == "schedule" and parsed.options.get("action") == "add":
        parsed.options["by"] = asked.user
    await office.answer(asked, parsed, public=parsed.command in LOOK_UPS and not typed.private)
