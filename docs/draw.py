"""Draws the README's picture (the digest) and the text of docs/demo.md (all of it) from the demo's true output: `make picture`."""

from __future__ import annotations

import os
import pty
import re
import subprocess
import sys
from pathlib import Path

from rich.console import Console
from rich.terminal_theme import MONOKAI
from rich.text import Text

ROOT = Path(__file__).resolve().parent.parent
PICTURE = ROOT / "docs" / "digest.svg"
BEGIN, END = "<!-- demo -->", "<!-- /demo -->"
WIDTH = 100
COMMAND = [sys.executable, "-m", "bot", "demo"]


def plain_output() -> str:
    """What the demo prints into a pipe."""
    return subprocess.run(
        COMMAND, capture_output=True, text=True, check=True, stdin=subprocess.DEVNULL
    ).stdout


def terminal_output() -> str:
    """What the demo prints into a terminal of WIDTH columns, colours and all."""
    ours, theirs = pty.openpty()
    environment = os.environ | {"COLUMNS": str(WIDTH), "TERM": "xterm-256color", "COLORTERM": "truecolor"}
    environment.pop("NO_COLOR", None)
    with subprocess.Popen(COMMAND, stdout=theirs, stdin=subprocess.DEVNULL, env=environment):
        os.close(theirs)
        chunks = []
        while True:
            try:
                chunk = os.read(ours, 65536)
            except OSError:  # the other end is closed
                break
            if not chunk:
                break
            chunks.append(chunk)
    os.close(ours)
    return b"".join(chunks).decode("utf-8").replace("\r\n", "\n")


def draw(ansi: str) -> str:
    """The output as an SVG picture that loads nothing from elsewhere."""
    with open(os.devnull, "w") as nowhere:
        console = Console(
            record=True, width=WIDTH, file=nowhere, force_terminal=True, color_system="truecolor"
        )
        console.print(Text.from_ansi(ansi), soft_wrap=True)
        svg = console.export_svg(title="attache demo", theme=MONOKAI, unique_id="attache")
    return re.sub(r"@font-face\s*\{.*?\}\s*", "", svg, flags=re.DOTALL)


def into_page(output: str) -> None:
    """Puts the output between the page's marks."""
    page = ROOT / "docs" / "demo.md"
    text = page.read_text(encoding="utf-8")
    before, rest = text.split(BEGIN)
    _, after = rest.split(END)
    page.write_text(f"{before}{BEGIN}\n```text\n{output.strip()}\n```\n{END}{after}", encoding="utf-8")


if __name__ == "__main__":
    digest = terminal_output().split("\n> /whosaid")[0]
    PICTURE.write_text(draw(digest), encoding="utf-8")
    into_page(plain_output())
