"""What a modal holds when it is sent off: what was filled in, or else what stood there from the beginning."""

from __future__ import annotations

_SINGLE = {
    "users_select": "user", "channels_select": "channel", "conversations_select": "conversation", "datepicker": "date",
    "timepicker": "time",
}  # fmt: skip
_MANY = {
    "multi_users_select": "users",
    "multi_channels_select": "channels",
    "multi_conversations_select": "conversations",
}
_OF_OPTIONS = ("multi_static_select", "multi_external_select", "checkboxes")
_OF_OPTION = ("static_select", "external_select", "radio_buttons", "overflow")


def an_option(element: dict, chosen: str) -> dict:
    """An option by its label or value; of a menu that the app fills, one that is called so."""
    groups = element.get("option_groups") or [{"options": element.get("options", [])}]
    for option in (each for group in groups for each in group["options"]):
        if chosen in (option["text"]["text"], option["value"]):
            return option
    if "external" not in element["type"]:
        raise LookupError(f"no option is called {chosen!r}")
    return {"text": {"type": "plain_text", "text": chosen[:75]}, "value": chosen}


def state_of(view: dict, values: dict) -> dict:
    """`state.values` of a view; raises LookupError for a field that is not there, ValueError for one left empty."""
    left, state = dict(values), {}
    for block in view["blocks"]:
        element = block.get("element") or block.get("accessory")
        if not element or element["type"] in ("button", "image"):
            continue
        label = (block.get("label") or {}).get("text")
        named = next(
            (each for each in (element["action_id"], block["block_id"], label) if each in left), None
        )
        value = _given(element, left.pop(named)) if named else _initial(element)
        optional = block["type"] != "input" or block.get("optional")
        if not optional and not any(value[key] for key in value if key != "type"):
            raise ValueError(f"{label!r} is left empty; the client would not send that")
        state[block["block_id"]] = {element["action_id"]: value}
    if left:
        raise LookupError(f"no such fields: {sorted(left)}")
    return state


def _given(element: dict, value: object) -> dict:
    kind = element["type"]
    if kind in _OF_OPTION:
        return {"type": kind, "selected_option": an_option(element, str(value)) if value else None}
    if kind in _OF_OPTIONS:
        return {"type": kind, "selected_options": [an_option(element, each) for each in value]}
    if kind in _SINGLE:
        return {"type": kind, f"selected_{_SINGLE[kind]}": value}
    if kind in _MANY:
        return {"type": kind, f"selected_{_MANY[kind]}": value}
    return {"type": kind, "value": value or None}


def _initial(element: dict) -> dict:
    kind = element["type"]
    if kind in _OF_OPTION:
        return {"type": kind, "selected_option": element.get("initial_option")}
    if kind in _OF_OPTIONS:
        return {"type": kind, "selected_options": element.get("initial_options", [])}
    if kind in _SINGLE:
        return {"type": kind, f"selected_{_SINGLE[kind]}": element.get(f"initial_{_SINGLE[kind]}")}
    if kind in _MANY:
        return {"type": kind, f"selected_{_MANY[kind]}": element.get(f"initial_{_MANY[kind]}", [])}
    return {"type": kind, "value": element.get("initial_value")}
