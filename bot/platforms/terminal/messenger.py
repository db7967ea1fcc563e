"""Posts to the terminal's channel: standard output of the running bot."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from bot.messages.message import Message
from news.channels import Channel, Platform
from news.errors import DeliveryError, DeliveryUnknown


class TerminalMessenger:
    """Implements `bot.ports.Messenger`; `show` writes a message where a person sees it."""

    platform = Platform.TERMINAL

    def __init__(self, show: Callable[[Message], None]) -> None:
        self._show = show

    async def send(self, channel: Channel, message: Message, *, key: str) -> str:
        """Prints it. Raises DeliveryError when nobody reads standard output any more."""
        try:
            self._show(message)
        except OSError as error:
            raise DeliveryError(f"standard output cannot be written: {error.strerror}") from error
        return key

    async def find(self, channel: Channel, *, key: str, after: datetime) -> str | None:
        """A terminal keeps no record that could be asked: raises DeliveryUnknown."""
        raise DeliveryUnknown(
            "it was being printed when the bot stopped; a terminal cannot be asked about it"
        )

    async def complete(self, channel: Channel, message: Message, *, key: str, receipt: str) -> None:
        """Nothing: here all of a message is printed at once."""
