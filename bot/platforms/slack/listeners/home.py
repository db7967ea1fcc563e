"""The Home tab: what is posted when, the latest digest, and how the feeds fare."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.context.async_context import AsyncBoltContext

from bot.grammar import Parsed
from bot.platforms.slack.answering import Asked, Office
from bot.platforms.slack.blocks import Block, context, divider, section
from bot.platforms.slack.failures import told_of
from bot.platforms.slack.listeners.acknowledged import until_acknowledged
from bot.platforms.slack.listeners.schedules import COMMAND, open_form
from bot.platforms.slack.markup import escape
from bot.platforms.slack.rendering import render, render_error
from bot.platforms.slack.tabs import Tabs
from news.channels import Platform
from news.errors import InputError

ADD, REFRESH = "home:schedule", "home:refresh"
"""The `action_id`s of its buttons."""
_PARTS = (
    (Parsed("schedule", {"action": "list"}), 24),
    (Parsed("digest", {}), 42),
    (Parsed("feeds", {"action": "list"}), 24),
)
"""What is asked for it, and the most blocks of each answer: Slack takes 100."""


def hear_home(app: AsyncApp, office: Office) -> None:
    """Shows it when it is opened, and anew when somebody wants that."""
    tabs = Tabs()

    @app.event("app_home_opened")
    @until_acknowledged
    async def opened(event: dict[str, Any], body: dict[str, Any], context: AsyncBoltContext) -> None:
        asked = office.asked("home", context)
        if event.get("tab", "home") == "home" and office.take(asked):
            await office.work(asked, body, lambda: _publish(office, asked, tabs, event))

    @app.action(REFRESH)
    @until_acknowledged
    async def refresh(ack: AsyncAck, body: dict[str, Any], context: AsyncBoltContext) -> None:
        await ack()
        asked = office.asked("home", context)
        if office.take(asked):
            await office.work(asked, body, lambda: _publish(office, asked, tabs, body))

    @app.action(ADD)
    @until_acknowledged
    async def add(ack: AsyncAck, body: dict[str, Any], context: AsyncBoltContext) -> None:
        await ack()
        asked = office.asked("home", context)
        if office.take(asked):
            await office.work(asked, body, lambda: _open(office, asked, str(body.get("trigger_id") or "")))


async def _open(office: Office, asked: Asked, trigger: str) -> None:
    office.admit(asked, COMMAND)
    office.check(asked, COMMAND)
    await open_form(office, asked, trigger)


async def _publish(office: Office, asked: Asked, tabs: Tabs, happened: dict[str, Any]) -> None:
    office.admit(asked, "home")

    async def look_up() -> dict[str, Any]:
        return {"type": "home", "blocks": await _blocks(office, asked)}

    known = (happened.get("view") or {}).get("hash")
    await tabs.show(office.requests(asked), asked.team, asked.user, look_up, known)


async def _blocks(office: Office, asked: Asked) -> list[Block]:
    buttons = _buttons(may_add=_may_add(office, asked))
    try:
        workspace = await office.desk.known(Platform.SLACK, asked.team)
    except Exception as error:  # noqa: BLE001  # it is told, and logged where it is no sentence for a reader
        return [buttons, *render_error(told_of(error, asked.what)).blocks]
    if workspace is None:
        first = f"{office.names.slash('feeds')} add https://…"
        return [buttons, section(f"Nothing is read here yet. Follow a feed first: `{escape(first)}`")]
    parts = await asyncio.gather(*(_part(office, asked, parsed, most) for parsed, most in _PARTS))
    blocks = [buttons]
    for part in parts:
        blocks += [divider(), *part]
    return blocks


async def _part(office: Office, asked: Asked, parsed: Parsed, most: int) -> Sequence[Block]:
    """One answer; what goes wrong with it is told in its place."""
    try:
        [post] = render(await office.ask(asked, parsed))
    except Exception as error:  # noqa: BLE001  # it is told, and logged where it is no sentence for a reader
        [post] = [render_error(told_of(error, f"home: {parsed.command}"))]
    blocks = [block for block in post.blocks if block["type"] != "actions"]  # here is nowhere to answer
    if len(blocks) <= most:
        return blocks
    more = f"{office.names.slash(parsed.command)}{' list' if parsed.options else ''}"
    return [*blocks[:most], context(f"… and more: `{escape(more)}`")]


def _may_add(office: Office, asked: Asked) -> bool:
    try:
        office.check(asked, COMMAND)
    except InputError:
        return False
    return True


def _buttons(*, may_add: bool) -> Block:
    shown = [("Add a schedule", ADD)] if may_add else []
    return {
        "type": "actions",
        "elements": [
            {"type": "button", "action_id": action, "text": {"type": "plain_text", "text": label, "emoji": False}}
            for label, action in (*shown, ("Refresh", REFRESH))
        ],
    }  # fmt: skip
