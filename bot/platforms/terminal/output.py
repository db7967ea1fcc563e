"""Writing to the terminal: a message rendered for what stands at the other end of standard output."""

from __future__ import annotations

import shutil
import sys
import textwrap

from bot.messages.harmless import harmless
from bot.messages.message import Message
from bot.platforms.terminal.rendering import NARROWEST, render

WIDEST = 110
"""Lines longer than this are hard to read, however wide the window is."""
PIPED = 100


def show_message(message: Message) -> None:
    """Prints it: with colours and as wide as the window in a terminal, plain and 100 wide elsewhere."""
    sys.stdout.write(rendered(message))
    sys.stdout.flush()


def show_error(sentence: str) -> None:
    """Tells on standard error: in a terminal wrapped between words, elsewhere one line."""
    line = harmless(" ".join(sentence.split()))
    if sys.stderr.isatty():
        width = max(min(shutil.get_terminal_size().columns, WIDEST), NARROWEST)
        line = textwrap.fill(line, width, break_long_words=False, break_on_hyphens=False)
    sys.stderr.write(line + "\n")


def rendered(message: Message) -> str:
    """The message as standard output would show it, ending in a newline."""
    terminal = sys.stdout.isatty()
    width = min(shutil.get_terminal_size().columns, WIDEST) if terminal else PIPED
    return render(message, width=width, color=terminal).rstrip("\n") + "\n"


def has_person() -> bool:
    """Whether somebody types at standard input; it may be closed altogether."""
    return sys.stdin is not None and sys.stdin.isatty()
