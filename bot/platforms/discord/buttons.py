"""Buttons that ask again: how discord.py shows them, and hears them whoever sent the message."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import discord
from discord import ui

from bot.platforms.discord.admitting import admitted
from bot.platforms.discord.choices import Buttons, meant
from bot.platforms.discord.failures import tell, tell_failure
from bot.platforms.sentences import CLOSING

if TYPE_CHECKING:
    from bot.platforms.discord.client import AttacheClient


def view_of(buttons: Buttons) -> ui.View | None:
    """The buttons as discord.py sends them; None without any."""
    if not buttons.shown:
        return None
    view = ui.View(timeout=None)
    for label, custom_id in buttons.shown:
        view.add_item(Again(ui.Button(label=label, custom_id=custom_id)))
    view.stop()  # so that discord.py keeps nothing of it, either
    return view


class Again(ui.DynamicItem[ui.Button[Any]], template=r"(?s).*"):
    """Any button of any message of ours, also of one that another process sent."""

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction[Any], item: ui.Item[Any], match: re.Match[str], /
    ) -> Again:
        """The button that was pressed."""
        assert isinstance(item, ui.Button)
        return cls(item)

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Shows what the button asks for."""
        client: AttacheClient = interaction.client
        if not client.take(interaction):
            await tell(interaction, CLOSING)
            return
        try:
            asked = meant(self.custom_id, footer_of(interaction.message))
            if await admitted(client.allowance, interaction, asked.command):
                await client.press(interaction, asked)
        except Exception as error:  # noqa: BLE001  # it is told, and logged where it is no sentence for a reader
            await tell_failure(interaction, error)


def footer_of(message: discord.Message | None) -> str:
    """The text under the message's last embed."""
    embeds = message.embeds if message is not None else []
    return (embeds[-1].footer.text or "") if embeds else ""
