"""What a button of any platform can ask: a command line that looks up, and changes nothing."""

from __future__ import annotations

import re

from bot.grammar import Parsed, parse
from news.errors import GrammarError

MAY_BE_ASKED = frozenset({"digest", "whosaid", "stance", "actor", "help"})
"""Commands that a button can stand for."""
OLD = "This button is of an older kind and works no longer: ask again with a command."
_NUMBER = re.compile(r"[1-9][0-9]{0,5}")


def meant(line: str, page: str | None = None) -> Parsed:
    """What a line asks, with that page where one is given. Raises GrammarError for a line of no use."""
    try:
        parsed = parse(line)
    except GrammarError as error:
        raise GrammarError(OLD) from error
    if page is not None:
        parsed.options["page"] = page
    if parsed.command not in MAY_BE_ASKED or not _NUMBER.fullmatch(parsed.options.get("page", "1")):
        raise GrammarError(OLD)
    return parsed
