"""Buttons that ask again, on whatever message of ours they stand."""

from __future__ import annotations

import re
from typing import Any

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.context.async_context import AsyncBoltContext

from bot.platforms.sentences import CLOSING
from bot.platforms.slack.answering import Office, is_by
from bot.platforms.slack.buttons import ACTION, meant
from bot.platforms.slack.listeners.acknowledged import until_acknowledged


def hear_buttons(app: AsyncApp, office: Office) -> None:
    """Answers a press: in the place of its message for who asked for that, and privately for anybody else."""

    @app.action(re.compile(f"^{re.escape(ACTION)}"))
    @until_acknowledged
    async def press(
        ack: AsyncAck, action: dict[str, Any], body: dict[str, Any], context: AsyncBoltContext
    ) -> None:
        asked = office.asked("button", context)
        taken = office.take(asked)
        await ack()
        if not taken:
            await asked.tell(CLOSING)
            return

        async def answer() -> None:
            parsed = meant(str(action.get("value") or ""))
            office.admit(asked, parsed.command)
            private = bool((body.get("container") or {}).get("is_ephemeral"))
            own = private or is_by(action.get("block_id"), asked.user)
            await office.answer(asked, parsed, replacing=own)

        if asked.reply is not None:  # on a view there is nowhere to answer
            await office.work(asked, body, answer)
