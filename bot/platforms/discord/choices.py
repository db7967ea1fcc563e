"""What a message's choices become on Discord, and what is meant when one of them is taken.

Nothing is remembered for a button. Its id holds the command line; one that is too long for that stands, without its
page, in the footer of the message that the button is on, and the id holds the page. So a button works for as long as
its message is there, whatever became of the process that sent it. What a press can ask is what anyone may type.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.grammar import Parsed, parse
from bot.messages.commands import format_command
from bot.messages.harmless import harmless
from bot.messages.message import Choice
from bot.platforms import asking_again
from bot.platforms.asking_again import OLD
from bot.platforms.discord import limits
from bot.platforms.discord.limits import length
from news.errors import AttacheError, GrammarError

LONGEST_FOOTER = 1000
"""Of a message whose command line would be longer, the pages have no buttons."""
_LINE, _PAGE = "ask:", "page:"
_JOINERS = ("\u200c", "\u200d")
_JOINED = re.compile("([\u200c\u200d])")
"""Letters of some languages are joined or kept apart by these: words without them are others."""


@dataclass(frozen=True, slots=True)
class Buttons:
    """A message's buttons by label and id, and the command line that its footer must hold for them."""

    shown: tuple[tuple[str, str], ...] = ()
    footer: str = ""


def buttons_of(choices: Sequence[Choice]) -> Buttons:
    """The choices as buttons; what no button can hold is left out."""
    shown: dict[str, str] = {}
    footer = ""
    for choice in choices[: limits.BUTTONS]:
        line = _LINE + choice.command
        if length(line) > limits.CUSTOM_ID or not _is_whole(line):
            base, page = _split(choice.command)
            if not base or len(base) > LONGEST_FOOTER or footer not in ("", base):
                continue
            line, footer = f"{_PAGE}{page}", base
        shown.setdefault(line, harmless(choice.label)[: limits.LABEL // 2])
    return Buttons(tuple((label, line) for line, label in shown.items() if label.strip()), footer)


def meant(custom_id: str, footer: str) -> Parsed:
    """What the button with this id asks, on a message with that footer. Raises GrammarError for one of no use."""
    if custom_id.startswith(_LINE):
        return asking_again.meant(custom_id.removeprefix(_LINE))
    if custom_id.startswith(_PAGE) and footer.startswith("/"):
        return asking_again.meant(footer, custom_id.removeprefix(_PAGE))
    raise GrammarError(OLD)


def _split(command: str) -> tuple[str, str]:
    """The line without its page, as a footer shows it, and the page; no line where that would mean something else."""
    try:
        parsed = parse(command)
        page = parsed.options.pop("page", "1")
        line = "/" + format_command(parsed.command, parsed.options)
        base = "".join(part if part in _JOINERS else harmless(part) for part in _JOINED.split(line))
        read_back = parse(base).options
    except (AttacheError, KeyError):
        return "", ""
    return (base, page) if read_back == parsed.options else ("", "")


def _is_whole(text: str) -> bool:
    """Whether no half of a surrogate pair is in it."""
    return text.encode("utf-8", "ignore").decode() == text
