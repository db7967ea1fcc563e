"""Where commands can be given: look-ups wherever the bot is, what changes a server there alone."""

from __future__ import annotations

from typing import Final

from discord import app_commands

SERVERS: Final = app_commands.AppCommandContext(guild=True, dm_channel=False, private_channel=False)
EVERYWHERE: Final = app_commands.AppCommandContext(guild=True, dm_channel=True, private_channel=False)
"""Also in a direct message to the bot."""
INSTALLED: Final = app_commands.AppInstallationType(guild=True, user=False)
"""By a server that invited the bot, not by single users: what is read belongs to a server."""
