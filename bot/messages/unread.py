"""What is said of articles that could not be read: one line each, and why."""

from __future__ import annotations

from collections.abc import Sequence

from bot.messages.message import Message, Saying, Style, Text, plain
from bot.messages.wording import counted
from news.reading import GivenUp


def unread_message(found: Sequence[GivenUp]) -> Message:
    """All of them, newest first."""
    if not found:
        return Message(plain("Every article could be read"))
    title = f"{counted(len(found), 'article')} could not be read"
    return Message(plain(title), tuple(map(_line, found)))


def _line(one: GivenUp) -> Saying:
    named = ", ".join(part for part in (one.title, one.outlet) if part)
    return Saying(
        who=(Text(one.key, Style.STRONG), Text(f"  {named}" if named else "")), words=plain(one.reason)
    )
