"""What a message's choices become on Slack, and what is meant when one of them is taken.

Nothing is remembered for a button: its value holds the command line. So it works for as long as its message is
there, whatever became of the process that sent it. What a press can ask is what anyone may type.
"""

from __future__ import annotations

from collections.abc import Sequence

from bot.grammar import Parsed
from bot.messages.harmless import harmless
from bot.messages.message import Choice
from bot.platforms import asking_again
from bot.platforms.slack import limits
from bot.platforms.slack.blocks import Block
from bot.platforms.slack.limits import length, shortened

ACTION = "ask:"
"""How the id of every such button's action begins; its number follows."""

LONGEST = 5000
"""Ours, over the lines of all buttons of one message: they take room from its words."""


def actions(choices: Sequence[Choice]) -> list[Block]:
    """The choices as a block of buttons, or no block; what no button can hold is left out."""
    labels: dict[str, str] = {}
    room = LONGEST
    for choice in choices[: limits.BUTTONS]:
        label = shortened(harmless(choice.label), limits.LABEL)
        fits = 0 < length(choice.command) <= min(limits.VALUE, room) and _is_whole(choice.command)
        if fits and label.strip() and choice.command not in labels:
            labels[choice.command] = label
            room -= length(choice.command)
    buttons = [_button(number, *each) for number, each in enumerate(labels.items())]
    return [{"type": "actions", "elements": buttons}] if buttons else []


def meant(value: str) -> Parsed:
    """What the button with this value asks. Raises GrammarError for one of no use."""
    return asking_again.meant(value)


def _button(number: int, command: str, label: str) -> Block:
    words = {"type": "plain_text", "text": label, "emoji": False}
    return {"type": "button", "text": words, "action_id": f"{ACTION}{number}", "value": command}


def _is_whole(text: str) -> bool:
    """Whether no half of a surrogate pair is in it."""
    return text.encode("utf-8", "ignore").decode() == text
