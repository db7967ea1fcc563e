"""The help: how commands are written, and what they answer."""

from __future__ import annotations

from bot.messages.commands import COMMANDS, TIMES, Command
from bot.messages.message import Message, Note, Sources, Style, Text, plain


def help_message(command: str | None = None) -> Message:
    """Every listed command in a line; or one of them with its example."""
    if command is not None and command in COMMANDS:
        return _one(COMMANDS[command])
    lines = tuple(
        (Text(each.usage, Style.STRONG), Text(f"   {each.meaning}"))
        for each in COMMANDS.values()
        if each.listed
    )
    return Message(plain("What you can ask"), (Sources(lines), Note(plain(f"Times: {TIMES}."))))


def _one(command: Command) -> Message:
    return Message(
        (Text(command.usage, Style.STRONG),),
        (Sources((plain(command.meaning), plain(f"For example: {command.example}"))),),
    )
