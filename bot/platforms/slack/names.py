"""What our commands are called in a workspace: two apps cannot have one name, so a name can be another there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from bot.messages.message import Block, Heading, Hint, Line, Message, Note, Paragraph, Remark, Saying, Sources
from bot.platforms.slack.manifest import OWN, command_names

ANY = OWN
"""The command that takes every other one behind it."""
HELP = "help"
"""Slack keeps `/help` for itself: it stands behind `ANY`."""
NAMES = tuple(command_names({}))


@dataclass(frozen=True, slots=True)
class Names:
    """The commands by our names and by the workspace's. Raises InputError for names that cannot be."""

    given: Mapping[str, str] = field(default_factory=dict)
    """The workspace's names by ours, without slashes, where they differ."""

    def __post_init__(self) -> None:
        command_names(self.given)

    def slash(self, name: str) -> str:
        """What is typed in the workspace for our command, with its slash."""
        return "/" + self.given.get(name, name)

    def line(self, typed: str) -> str:
        """A line of ours as it is typed in the workspace, without its slash."""
        name, space, rest = typed.partition(" ")
        if name == HELP:
            return f"{self.slash(ANY)[1:]} {typed}"
        return self.slash(name)[1:] + space + rest

    def in_message(self, message: Message) -> Message:
        """The message with the commands that it names as they are called in the workspace."""
        blocks = tuple(self._block(block) for block in message.blocks)
        return replace(message, title=self._line(message.title), blocks=blocks)

    def _block(self, block: Block) -> Block:
        match block:
            case Heading(line=line, aside=aside):
                return replace(block, line=self._line(line), aside=self._line(aside))
            case Paragraph(line=line, further=further):
                return replace(block, line=self._line(line), further=self._lines(further))
            case Sources(items=items):
                return replace(block, items=self._lines(items))
            case Saying():
                return block  # of articles, which name no commands
            case Remark(line=line) | Note(line=line):
                return replace(block, line=self._line(line))

    def _lines(self, lines: tuple[Line, ...]) -> tuple[Line, ...]:
        return tuple(map(self._line, lines))

    def _line(self, line: Line) -> Line:
        return tuple(replace(one, text=self.line(one.text)) if isinstance(one, Hint) else one for one in line)
