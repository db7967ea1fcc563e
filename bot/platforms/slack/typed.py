"""What somebody typed behind a slash command, as they meant it: Slack escapes some of it and adds links of its own."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass

from news.channels import Platform

_LINK = re.compile(r"<([^<>|]*)(?:\|([^<>]*))?>")
_PRIVATE = re.compile(r"(?:^|\s)(?:--|—|–)private(?=\s|$)", re.IGNORECASE)
"""Two hyphens become a dash on many keyboards."""


@dataclass(frozen=True, slots=True)
class Typed:
    """A line, and who is to see its answer."""

    line: str
    private: bool = False
    """Whether only the one who typed it, by `--private` at either end."""


def read(text: str) -> Typed:
    """What stands behind a slash command. A link is its address, a channel is `slack:C…`, a person their name."""
    line = " ".join(_plain(text).split())
    for found in _PRIVATE.finditer(line):
        before, after = line[: found.start()].strip(), line[found.end() :].strip()
        if not before or not after:
            return Typed(before or after, private=True)
    return Typed(line)


def _plain(text: str) -> str:
    """The text without Slack's escapes; what was escaped is no link, whatever it looks like then."""
    words, end = "", 0
    for found in _LINK.finditer(text):
        words += _unescaped(text[end : found.start()]) + _unescaped(_meant(found[1], found[2] or ""))
        end = found.end()
    return words + _unescaped(text[end:])


def _unescaped(text: str) -> str:
    """The three signs that Slack escapes, and no more: `&eacute;` is what somebody typed."""
    return re.sub(r"&(?:amp|lt|gt);", lambda found: html.unescape(found[0]), text)


def _meant(target: str, label: str) -> str:
    match target[:1]:
        case "#":
            return f"{Platform.SLACK}:{target[1:]}"
        case "@":
            return f"@{label or target[1:]}"
        case "!":
            name = label or target[1:].partition("^")[0]
            return name if name.startswith("@") else f"@{name}"
    scheme, _, address = target.partition(":")
    return address if scheme in ("mailto", "tel") else target
