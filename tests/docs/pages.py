"""The pages of the documentation, and what stands in them: blocks of code, command lines, links, anchors."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
PAGES = (
    ROOT / "README.md",
    ROOT / "CONTRIBUTING.md",
    ROOT / "CHANGELOG.md",
    ROOT / "SECURITY.md",
    *sorted((ROOT / "docs").glob("*.md")),
)
_FENCE = re.compile(r"^( *)```(\w*)\n(.*?)^\1```$", re.MULTILINE | re.DOTALL)
_INLINE = re.compile(r"`([^`\n]+(?:\n *[^`\n]+)?)`")
_ASSIGNED = r"(?:[A-Z][A-Z_]*=\S* +)*"
_ATTACHE = re.compile(rf"^(?:\$ )?{_ASSIGNED}(?:docker compose exec \w+ )?(?:\.venv/bin/)?(attache(?: .*)?)$")


@dataclass(frozen=True)
class Block:
    """A block of code: its language, empty where none is named, and its lines."""

    language: str
    text: str

    @property
    def lines(self) -> list[str]:
        """Without what they are all indented by."""
        lines = self.text.splitlines()
        indent = min((len(line) - len(line.lstrip()) for line in lines if line.strip()), default=0)
        return [line[indent:] for line in lines]


def text_of(page: Path) -> str:
    """The page as it is written."""
    return page.read_text(encoding="utf-8")


def blocks(text: str) -> list[Block]:
    """Its blocks of code, in order."""
    return [Block(found[2], found[3]) for found in _FENCE.finditer(text)]


def prose(text: str) -> str:
    """The page without its blocks of code."""
    return _FENCE.sub("", text)


def inline(text: str) -> list[str]:
    """What stands between backticks in its prose."""
    return [" ".join(found.split()) for found in _INLINE.findall(prose(text))]


def typed(text: str) -> Iterator[str]:
    """Each line of its blocks that is the command with its words, from `attache` on."""
    for block in blocks(text):
        if block.language == "text":
            continue  # what a program prints
        for line in block.lines:
            if found := _ATTACHE.match(line.rstrip()):
                yield found[1]


def mentioned(text: str) -> Iterator[str]:
    """Each command that its prose names, as in `attache feeds list`."""
    for words in inline(text):
        if found := _ATTACHE.match(words):
            yield found[1]


def links(text: str) -> list[str]:
    """Where it leads to."""
    return re.findall(r"\]\(([^)\s]+)\)", prose(text))


def anchors(text: str) -> set[str]:
    """What can be led to in it, by GitHub's rule: a heading in small letters, without marks, blanks as hyphens."""
    headings = re.findall(r"^#+ (.+)$", prose(text), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-") for heading in headings}
