"""The help: how commands are written, and what they answer."""

from __future__ import annotations

from bot.messages.commands import COMMANDS, TIMES, Command
from bot.messages.message import Message, Note, Sources, Style, Text, plain


def help_message(command: str | None = None, *, fields: bool = False) -> Message:
    """Every listed command in a line; or one of them with its example.

    `fields` is whether the platform shows a command's options by itself, as fields to fill in.
    """
    if command is not None and command in COMMANDS:
        return _one(COMMANDS[command], fields=fields)
    lines = tuple(
        (Text(_written(each, fields=fields), Style.STRONG), Text(f"   {each.meaning}"))
        for each in COMMANDS.values()
    )
    return Message(plain("What you can ask"), (Sources(lines), Note(plain(f"Times: {TIMES}."))))


def _one(command: Command, *, fields: bool) -> Message:
    example = command.filled_in if fields else command.example
    return Message(
        (Text(_written(command, fields=fields), Style.STRONG),),
        (Sources((plain(command.meaning), plain(f"For example: {example}"))),),
    )


def _written(command: Command, *, fields: bool) -> str:
    return f"/{command.name}" if fields else command.usage
