"""Why a value cannot be used, in our words: what pydantic says is meant for who writes the program."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

_SAID = {
    "int_parsing": "give a whole number",
    "int_parsing_size": "give a smaller number",
    "int_type": "give a whole number",
    "int_from_float": "give a whole number",
    "float_parsing": "give a number",
    "float_type": "give a number",
    "finite_number": "give a number",
    "bool_parsing": "give true or false",
    "bool_type": "give true or false",
    "greater_than": "give a number above {gt}",
    "greater_than_equal": "give {ge} or more",
    "less_than": "give a number below {lt}",
    "less_than_equal": "give {le} or less",
}


def reason(error: ErrorDetails) -> str:
    """What to give in place of the value, without a full stop; what is not known here as pydantic words it."""
    said = _SAID.get(error["type"])
    if said is None:
        return error["msg"].removeprefix("Value error, ")
    bounds = {
        name: f"{bound:g}" for name, bound in error.get("ctx", {}).items() if isinstance(bound, int | float)
    }
    return said.format_map(bounds)
