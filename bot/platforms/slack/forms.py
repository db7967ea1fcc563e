"""The form that adds a schedule: how it is laid out, and the options that it stands for when it is sent off."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from bot.platforms.slack.blocks import Block
from bot.platforms.slack.limits import shortened
from bot.platforms.slack.menus import ZONE, menu, option
from bot.platforms.slack.rendering import Post
from bot.ports import Kind
from bot.time_grammar import cron_of, zone_named
from bot.words import LONGEST_VALUE
from news.addresses import SLACK_DIRECT
from news.channels import Platform
from news.errors import InputError

FORM = "schedule"
"""The `callback_id` of the form."""
CHANNEL, TIME, DAYS, TIMEZONE, TITLE, ABOUT, ACTOR, OUTLET = (
    "channel", "time", "days", "timezone", "title", "about", "actor", "outlet",
)  # fmt: skip
"""Its fields, by `block_id`."""
_DAYS = {
    "mon": "Monday", "tue": "Tuesday", "wed": "Wednesday", "thu": "Thursday", "fri": "Friday", "sat": "Saturday",
    "sun": "Sunday",
}  # fmt: skip
_WEEKDAYS = 5
_LONGEST_TITLE = 100
_LONGEST_ERROR = 500

View = dict[str, Any]


def schedule_form(channel: str, timezone: str | None, *, postable: bool = True) -> View:
    """The empty form, for who typed in `channel`, which is chosen already where it is `postable`.

    `timezone` is the workspace's, where it is known.
    """
    chosen = option(timezone, timezone) if timezone else None
    return {
        "type": "modal",
        "callback_id": FORM,
        "private_metadata": json.dumps({"channel": channel}),
        "title": _plain("Add a schedule"),
        "submit": _plain("Add"),
        "close": _plain("Cancel"),
        "blocks": [
            _field(CHANNEL, "Channel", _channels(channel if postable else "")),
            _field(TIME, "Time", {"type": "timepicker", "action_id": TIME, "initial_time": "09:00"}),
            _field(DAYS, "Days", _days()),
            _field(TIMEZONE, "Time zone", menu(ZONE, "A time zone, or a city", chosen), optional=True),
            _field(TITLE, "Title", _line(TITLE, _LONGEST_TITLE), optional=True),
            _field(ABOUT, "Topic", _line(ABOUT, LONGEST_VALUE), "Only stories with these words", optional=True),
            _field(
                ACTOR, "Speaker", menu(Kind.ACTOR, "Only stories in which they speak"), optional=True
            ),
            _field(OUTLET, "Outlet", menu(Kind.OUTLET, "Only this outlet's articles"), optional=True),
        ],
    }  # fmt: skip


def result_of(post: Post) -> View:
    """What became of it, in the form's place."""
    blocks = [block for block in post.blocks if block["type"] != "actions"]
    return {
        "type": "modal", "callback_id": f"{FORM}:done", "title": _plain("Schedule"), "close": _plain("Close"),
        "blocks": blocks,
    }  # fmt: skip


def typed_in(view: Mapping[str, Any]) -> str:
    """The channel that the form was asked for in; empty on the Home tab."""
    try:
        return str(json.loads(view.get("private_metadata") or "{}").get("channel") or "")
    except (ValueError, AttributeError):
        return ""


def options_of(view: Mapping[str, Any], user: str) -> dict[str, str]:
    """What `schedule add` is told, as it would be typed."""
    fields = {block_id: _value(held) for block_id, held in _state(view).items()}
    channel, days, time = fields.pop(CHANNEL, ""), fields.pop(DAYS, ""), fields.pop(TIME, "")
    told = {name: text for name, text in fields.items() if text and name in _NAMED}
    where = {"channel": f"{Platform.SLACK}:{channel}"} if channel else {}
    return {"action": "add", "times": f"{days} {time}".strip(), **where, **told, "by": user}


_NAMED = frozenset({TIMEZONE, TITLE, ABOUT, ACTOR, OUTLET})


def faults_in(options: Mapping[str, str]) -> dict[str, str]:
    """What is wrong with the times and the zone, by field: of other errors nobody knows the field."""
    faults = {}
    for field, check, name in ((TIME, cron_of, "times"), (TIMEZONE, zone_named, "timezone")):
        try:
            if name in options:
                check(options[name])
        except InputError as error:
            faults[field] = str(error)
    return faults


def errors_of(faults: Mapping[str, str]) -> dict[str, Any]:
    """The acknowledgement that shows sentences at their fields."""
    return {
        "response_action": "errors",
        "errors": {field: shortened(text, _LONGEST_ERROR) for field, text in faults.items()},
    }


def _channels(channel: str) -> Block:
    """Direct messages are left out: Slack would offer those with other people, too."""
    offered = channel and not channel.startswith(SLACK_DIRECT)
    initial = {"initial_conversation": channel} if offered else {}
    return {
        "type": "conversations_select",
        "action_id": CHANNEL,
        "filter": {"include": ["public", "private", "mpim"], "exclude_bot_users": True},
        **initial,
    }


def _days() -> Block:
    choices = [{"text": _plain(name), "value": day} for day, name in _DAYS.items()]
    return {
        "type": "checkboxes",
        "action_id": DAYS,
        "options": choices,
        "initial_options": choices[:_WEEKDAYS],
    }


def _line(name: str, most: int) -> Block:
    return {"type": "plain_text_input", "action_id": name, "max_length": most}


def _field(block_id: str, label: str, element: Block, hint: str = "", *, optional: bool = False) -> Block:
    block = {
        "type": "input", "block_id": block_id, "label": _plain(label), "element": element, "optional": optional,
    }  # fmt: skip
    return block | ({"hint": _plain(hint)} if hint else {})


def _plain(text: str) -> Block:
    return {"type": "plain_text", "text": text, "emoji": False}


def _state(view: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """What each field holds."""
    values = (view.get("state") or {}).get("values") or {}
    return {block_id: next(iter(held.values()), {}) for block_id, held in values.items()}


def _value(held: Mapping[str, Any]) -> str:
    """As it would be typed; empty where nothing was filled in."""
    chosen = held.get("selected_option")
    if isinstance(chosen, dict):
        return str(chosen.get("value") or "")
    if isinstance(held.get("selected_options"), list):
        return ",".join(_known(held["selected_options"]))
    for name in ("selected_conversation", "selected_time", "value"):
        if held.get(name):
            return str(held[name]).strip()
    return ""


def _known(options: Iterable[Mapping[str, Any]]) -> list[str]:
    return [str(each.get("value")) for each in options if each.get("value") in _DAYS]
