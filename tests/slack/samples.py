"""Blocks, views and refusals as tests use them."""

from __future__ import annotations

import pytest
from slack_sdk.errors import SlackApiError

POST = "chat.postMessage"
METADATA = {"event_type": "digest", "event_payload": {"key": "d-1"}}


def a_section(text="Hello", **more):
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}, **more}


def a_button(label, action_id, **more):
    text = {"type": "plain_text", "text": label}
    return {"type": "actions", "elements": [{"type": "button", "text": text, "action_id": action_id, **more}]}


def a_modal(**more):
    blocks = [
        {
            "type": "input", "block_id": "feed", "label": {"type": "plain_text", "text": "Feed"},
            "element": {"type": "plain_text_input", "action_id": "url"},
        },
        {
            "type": "input", "block_id": "who", "label": {"type": "plain_text", "text": "Actor"}, "optional": True,
            "element": {"type": "external_select", "action_id": "actor", "min_query_length": 1},
        },
    ]  # fmt: skip
    title = {"type": "plain_text", "text": "Follow a feed"}
    return {
        "type": "modal", "callback_id": "follow", "title": title, "submit": title, "blocks": blocks, **more,
    }  # fmt: skip


def refusal(error):
    """The SDK's error for an answer that is not ok."""
    return pytest.raises(SlackApiError, match=f"'error': '{error}'")
