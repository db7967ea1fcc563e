"""What Slack takes in blocks and views, counted anew, and what it says of what it does not take.

Faults are worded as in `response_metadata.messages`: what is wrong, and a JSON pointer to it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

BLOCK_COST = 125
"""A divider beside a markdown block took so many characters of the room (slackapi/bolt-js, issue 2509)."""
_COMMON = {"type", "block_id"}
_ELEMENT = {"type", "action_id"}
_SELECTS = {
    kind: {"placeholder", "confirm", "focus_on_load", *extra}
    for kind, extra in {
        "static_select": {"options", "option_groups", "initial_option"},
        "multi_static_select": {"options", "option_groups", "initial_options", "max_selected_items"},
        "external_select": {"min_query_length", "initial_option"},
        "multi_external_select": {"min_query_length", "initial_options", "max_selected_items"},
        "users_select": {"initial_user"},
        "multi_users_select": {"initial_users", "max_selected_items"},
        "channels_select": {"initial_channel", "response_url_enabled"},
        "multi_channels_select": {"initial_channels", "max_selected_items"},
        "conversations_select": {
            "initial_conversation", "default_to_current_conversation", "response_url_enabled", "filter",
        },
        "multi_conversations_select": {
            "initial_conversations", "default_to_current_conversation", "max_selected_items", "filter",
        },
    }.items()
}  # fmt: skip
_ELEMENTS = {
    "button": {"text", "url", "value", "style", "confirm", "accessibility_label"},
    "overflow": {"options", "confirm"},
    "checkboxes": {"options", "initial_options", "confirm", "focus_on_load"},
    "radio_buttons": {"options", "initial_option", "confirm", "focus_on_load"},
    "datepicker": {"initial_date", "confirm", "focus_on_load", "placeholder"},
    "timepicker": {"initial_time", "confirm", "focus_on_load", "placeholder", "timezone"},
    "plain_text_input": {
        "initial_value", "multiline", "min_length", "max_length", "dispatch_action_config", "focus_on_load", "placeholder",
    },
    "number_input": {
        "is_decimal_allowed", "initial_value", "min_value", "max_value", "dispatch_action_config", "focus_on_load",
        "placeholder",
    },
    "url_text_input": {"initial_value", "dispatch_action_config", "focus_on_load", "placeholder"},
    "email_text_input": {"initial_value", "dispatch_action_config", "focus_on_load", "placeholder"},
    "file_input": {"filetypes", "max_files"},
    **_SELECTS,
}  # fmt: skip
_INPUT_ONLY = {"plain_text_input", "number_input", "url_text_input", "email_text_input", "file_input"}
_NO_INPUT = {"button", "overflow"}
_MOST_OPTIONS = {"overflow": 5, "checkboxes": 10, "radio_buttons": 10}
_BLOCKS = {
    "section": {"text", "fields", "accessory", "expand"},
    "header": {"text", "level"},
    "context": {"elements"},
    "actions": {"elements"},
    "divider": set(),
    "image": {"image_url", "slack_file", "alt_text", "title"},
    "input": {"label", "element", "hint", "optional", "dispatch_action"},
    "markdown": {"text"},
    "rich_text": {"elements"},
}
_MARKDOWN = 12_000
_MOST_BLOCKS = {"message": 50, "modal": 100, "home": 100}


@dataclass
class _Reading:
    """Blocks that are gone through, and what is wrong with them."""

    surface: str
    faults: list[str] = field(default_factory=list)

    def say(self, what: str, at: str) -> None:
        self.faults.append(f"[ERROR] {what} [json-pointer:{at}]")

    def string(self, holder: dict, key: str, at: str, most: int, *, needed: bool = True) -> None:
        value = holder.get(key)
        if value is None:
            if needed:
                self.say(f"missing required field: {key}", at)
        elif not isinstance(value, str):
            self.say("must be a string", f"{at}/{key}")
        elif not value:
            self.say("must be more than 0 characters", f"{at}/{key}")
        elif len(value) > most:
            self.say(f"must be less than {most + 1} characters", f"{at}/{key}")

    def keys(self, holder: dict, allowed: set[str], at: str) -> None:
        for key in sorted(holder.keys() - allowed):
            self.say(f"invalid additional property: {key}", at)

    def text(
        self, holder: dict, key: str, at: str, most: int, *, plain: bool = False, needed: bool = True
    ) -> None:
        """A text object."""
        value = holder.get(key)
        if value is None:
            if needed:
                self.say(f"missing required field: {key}", at)
            return
        self.text_object(value, f"{at}/{key}", most, plain=plain)

    def text_object(self, value: object, at: str, most: int, *, plain: bool = False) -> None:
        kinds = ("plain_text",) if plain else ("plain_text", "mrkdwn")
        if not isinstance(value, dict) or value.get("type") not in kinds:
            self.say("failed to match all allowed schemas", at)
            return
        option = "emoji" if value["type"] == "plain_text" else "verbatim"
        self.keys(value, {"type", "text", option}, at)
        if not isinstance(value.get(option, False), bool):
            self.say("must be a boolean", f"{at}/{option}")
        self.string(value, "text", at, most)

    def items(self, holder: dict, key: str, at: str, most: int, least: int = 1) -> Iterator[tuple[str, dict]]:
        """The items of a list that may hold so many."""
        items = holder.get(key)
        if not isinstance(items, list):
            self.say(f"missing required field: {key}", at)
            return
        if len(items) > most:
            self.say(f"no more than {most} items allowed", f"{at}/{key}")
        if len(items) < least:
            self.say(f"no fewer than {least} items allowed", f"{at}/{key}")
        for number, item in enumerate(items):
            yield f"{at}/{key}/{number}", item

    # blocks

    def blocks(self, blocks: object, at: str) -> None:
        if not isinstance(blocks, list):
            self.say("must be an array", at)
            return
        most = _MOST_BLOCKS[self.surface]
        if len(blocks) > most:
            self.say(f"no more than {most} items allowed", at)
        known: set[str] = set()
        for number, block in enumerate(blocks):
            self.block(block, f"{at}/{number}")
            name = block.get("block_id") if isinstance(block, dict) else None
            if name in known:
                self.say(f"block_id already exists: {name}", f"{at}/{number}/block_id")
            known |= {name} - {None}
        if sum(len(each["text"]) for each in _of_type(blocks, "markdown")) > _MARKDOWN:
            self.say(f"must be less than {_MARKDOWN + 1} characters over all markdown blocks", at)

    def block(self, block: object, at: str) -> None:
        kind = block.get("type") if isinstance(block, dict) else None
        if not isinstance(block, dict) or kind not in _BLOCKS or (kind, self.surface) in _NOWHERE:
            self.say(f"unsupported type: {kind}", f"{at}/type")
            return
        self.keys(block, _COMMON | _BLOCKS[kind], at)
        self.string(block, "block_id", at, 255, needed=False)
        match kind:
            case "section":
                self.section(block, at)
            case "header":
                self.text(block, "text", at, 150, plain=True)
            case "context":
                for place, each in self.items(block, "elements", at, 10):
                    if isinstance(each, dict) and each.get("type") == "image":
                        self.image(each, place, {"type"})
                    else:
                        self.text_object(each, place, 3000)
            case "actions":
                self.actions(block, at)
            case "image":
                self.image(block, at, _COMMON | {"title"})
                self.text(block, "title", at, 2000, plain=True, needed=False)
            case "input":
                self.text(block, "label", at, 2000, plain=True)
                self.text(block, "hint", at, 2000, plain=True, needed=False)
                self.element(block.get("element"), f"{at}/element", set(_ELEMENTS) - _NO_INPUT)
            case "markdown":
                self.string(block, "text", at, _MARKDOWN)
            case "rich_text":
                for place, each in self.items(block, "elements", at, 1000):
                    if not str(each.get("type")).startswith("rich_text_"):
                        self.say(f"unsupported type: {each.get('type')}", f"{place}/type")

    def section(self, block: dict, at: str) -> None:
        if block.get("text") is None and block.get("fields") is None:
            self.say("missing required field: text", at)
        self.text(block, "text", at, 3000, needed=False)
        if block.get("fields") is not None:
            for place, each in self.items(block, "fields", at, 10):
                self.text_object(each, place, 2000)
        accessory = block.get("accessory")
        if isinstance(accessory, dict) and accessory.get("type") == "image":
            self.image(accessory, f"{at}/accessory", {"type"})
        elif accessory is not None:
            self.element(accessory, f"{at}/accessory", set(_ELEMENTS) - _INPUT_ONLY)

    def actions(self, block: dict, at: str) -> None:
        known: set[str] = set()
        for place, each in self.items(block, "elements", at, 25):
            self.element(each, place, set(_ELEMENTS) - _INPUT_ONLY)
            name = each.get("action_id") if isinstance(each, dict) else None
            if name in known:
                self.say(f"action_id already exists: {name}", f"{place}/action_id")
            known |= {name} - {None}

    def image(self, image: dict, at: str, more: set[str]) -> None:
        self.keys(image, {"image_url", "slack_file", "alt_text", "block_id"} | more, at)
        self.string(image, "alt_text", at, 2000)
        if image.get("slack_file") is None:
            self.string(image, "image_url", at, 3000)

    # elements

    def element(self, element: object, at: str, kinds: set[str]) -> None:
        kind = element.get("type") if isinstance(element, dict) else None
        if not isinstance(element, dict) or kind not in kinds:
            self.say(f"unsupported type: {kind}", f"{at}/type")
            return
        self.keys(element, _ELEMENT | _ELEMENTS[kind], at)
        self.string(element, "action_id", at, 255, needed=False)
        self.text(element, "placeholder", at, 150, plain=True, needed=False)
        if kind == "button":
            self.text(element, "text", at, 75, plain=True)
            self.string(element, "value", at, 2000, needed=False)
            self.string(element, "url", at, 3000, needed=False)
            if element.get("style") not in (None, "primary", "danger"):
                self.say("must be a valid enum value", f"{at}/style")
        elif "options" in _ELEMENTS[kind] and element.get("option_groups") is None:
            self.options(element, at, kind)
        if kind == "plain_text_input" and not 0 < element.get("max_length", 3000) <= 3000:
            self.say("must be less than 3001", f"{at}/max_length")

    def options(self, element: dict, at: str, kind: str) -> None:
        for place, each in self.items(element, "options", at, _MOST_OPTIONS.get(kind, 100)):
            self.keys(each, {"text", "value", "description", "url"}, place)
            self.text(each, "text", place, 75)
            self.string(each, "value", place, 150)


_NOWHERE = {("markdown", "modal"), ("markdown", "home")}


def _of_type(blocks: list, kind: str) -> list[dict]:
    return [
        each
        for each in blocks
        if isinstance(each, dict) and each.get("type") == kind and isinstance(each.get("text"), str)
    ]


def faults_in_blocks(blocks: object, surface: str = "message", at: str = "/blocks") -> list[str]:
    """What Slack finds wrong in the blocks of a `message`, a `modal` or a `home` tab."""
    reading = _Reading(surface)
    reading.blocks(blocks, at)
    return reading.faults


def faults_in_view(view: object) -> list[str]:
    """What Slack finds wrong in a view."""
    surface = view.get("type") if isinstance(view, dict) else None
    if not isinstance(view, dict) or surface not in ("modal", "home"):
        return [f"[ERROR] unsupported type: {surface} [json-pointer:/view/type]"]
    reading = _Reading(surface)
    allowed = {"type", "blocks", "private_metadata", "callback_id", "external_id"}
    if surface == "modal":
        allowed |= {"title", "submit", "close", "clear_on_close", "notify_on_close", "submit_disabled"}
        reading.text(view, "title", "/view", 24, plain=True)
        reading.text(view, "submit", "/view", 24, plain=True, needed=bool(_inputs(view)))
        reading.text(view, "close", "/view", 24, plain=True, needed=False)
    reading.keys(view, allowed, "/view")
    for key, most in (("private_metadata", 3000), ("callback_id", 255), ("external_id", 255)):
        if view.get(key):
            reading.string(view, key, "/view", most)
    reading.blocks(view.get("blocks"), "/view/blocks")
    return reading.faults


def faults_in_options(payload: object) -> list[str]:
    """What Slack finds wrong in the answer to a `block_suggestion`."""
    reading = _Reading("modal")
    if not isinstance(payload, dict):
        return ["[ERROR] must be an object [json-pointer:]"]
    if "option_groups" in payload:
        for place, group in reading.items(payload, "option_groups", "", 100, 0):
            reading.text(group, "label", place, 75, plain=True)
            reading.options(group, place, "external_select")
    elif payload.get("options") != []:
        reading.options(payload, "", "external_select")
    return reading.faults


def cost_of(blocks: list[dict]) -> int:
    """What the blocks take of the room that a post has for all of them."""
    return BLOCK_COST * len(blocks) + sum(map(_characters, blocks))


def _characters(value: object) -> int:
    """The characters of all texts in it."""
    if isinstance(value, dict):
        own = sum(len(each) for key, each in value.items() if key == "text" and isinstance(each, str))
        return own + sum(_characters(each) for each in value.values())
    return sum(map(_characters, value)) if isinstance(value, list) else 0


def _inputs(view: dict) -> list[dict]:
    return [each for each in view.get("blocks") or [] if each.get("type") == "input"]
