"""Slack's documented limits on what is posted, checked anew and apart from the code that keeps them."""

from __future__ import annotations

import json
import re

CONTROL = re.compile(r"<https?://[^<>|\s]+\|[^<>]+>|<!date\^\d+\^[{}a-z_ ]+\|[^<>|]+>|<#[CDG][A-Z0-9]+>")
"""All that a text of ours may ask Slack to do."""


def size(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def breaches(payload: dict) -> list[str]:
    """Which of Slack's limits a message breaks, and whether anything acts in it that should not."""
    blocks = payload.get("blocks") or []
    found = [breach for block in blocks for breach in _in_block(block)]
    if not 0 < len(blocks) <= 50:
        found.append("blocks")
    if size(json.dumps(blocks, ensure_ascii=False, separators=(",", ":"))) > 12_000:
        found.append("total")
    if not payload.get("text", "").strip() or size(payload["text"]) > 300:
        found.append("fallback")
    if bare(payload.get("text", "")):
        found.append("fallback acts")
    ids = [block["block_id"] for block in blocks if "block_id" in block]
    if len(ids) != len(set(ids)) or any(not 0 < size(each) <= 255 for each in ids):
        found.append("block id")
    return found


def _in_block(block: dict) -> list[str]:
    match block["type"]:
        case "header":
            return _plain(block["text"], 150)
        case "section":
            return _markup(block["text"]) + _unknown(block, {"text", "expand"})
        case "context":
            elements = block["elements"]
            many = [] if 0 < len(elements) <= 10 else ["context elements"]
            return many + [breach for element in elements for breach in _markup(element)]
        case "actions":
            return _actions(block["elements"])
        case "divider":
            return _unknown(block, set())
        case kind:
            return [f"block {kind}"]


def _unknown(block: dict, known: set[str]) -> list[str]:
    return [f"unknown {name}" for name in block if name not in known | {"type", "block_id"}]


def _plain(text: dict, most: int) -> list[str]:
    found = [] if 0 < size(text["text"]) <= most and text["text"].strip() else ["plain text"]
    return found if (text["type"], text["emoji"]) == ("plain_text", False) else [*found, "not plain"]


def _markup(text: dict) -> list[str]:
    found = [] if 0 < size(text["text"]) <= 3000 and text["text"].strip() else ["text"]
    if (text["type"], text["verbatim"]) != ("mrkdwn", True):
        found.append("not verbatim")
    return [*found, "acts"] if bare(CONTROL.sub("", text["text"])) else found


def bare(text: str) -> list[str]:
    """What Slack might take for an instruction: brackets, and signs that are not written as entities."""
    return re.findall(r"[<]|&(?!amp;|lt;|gt;)|(?<!^)(?<!\n)>", text)


def _actions(elements: list[dict]) -> list[str]:
    found = [] if 0 < len(elements) <= 25 else ["actions"]
    for element in elements:
        found += _plain(element["text"], 75)
        if element["type"] != "button" or not 0 < size(element["value"]) <= 2000:
            found.append("button")
        if not re.fullmatch(r"ask:\d+", element["action_id"]):
            found.append("action id")
    ids = [element["action_id"] for element in elements]
    return found if len(ids) == len(set(ids)) else [*found, "action ids"]
