"""Menus whose options are looked up while somebody types."""

from __future__ import annotations

from typing import Any

from bot.messages.harmless import harmless
from bot.platforms.slack.limits import LABEL, length, shortened
from bot.ports import Kind

ACTION = "suggest:"
"""How the id of such a menu begins; a `Kind`, or `ZONE`, follows, and whatever tells it from others behind a colon."""
ZONE = "zone"
MOST = 100
"""Options that Slack takes."""
VALUE = 150
"""Characters of what an option stands for."""
Option = dict[str, Any]


def menu(kind: Kind | str, words: str, chosen: Option | None = None) -> dict[str, Any]:
    """A menu that offers what may be meant; `words` stand in it until something is chosen."""
    element: dict[str, Any] = {
        "type": "external_select",
        "action_id": f"{ACTION}{kind}",
        "min_query_length": 0,
        "placeholder": {"type": "plain_text", "text": words, "emoji": False},
    }
    return element | ({"initial_option": chosen} if chosen else {})


def option(name: str, value: str) -> Option | None:
    """One choice; None where Slack does not take what it stands for."""
    label = shortened(" ".join(harmless(name).split()), LABEL)
    whole = value.encode("utf-8", "ignore").decode() == value  # no half of a surrogate pair
    if not label or not whole or not 0 < length(value) <= VALUE:
        return None
    return {"text": {"type": "plain_text", "text": label, "emoji": False}, "value": value}
