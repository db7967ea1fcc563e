"""Whose position it is that somebody told: a spokesman's words are those of the body that he speaks for."""

from __future__ import annotations

import re

from news.names import without_title
from news.statements import Speaker
from summarizer.lexicon import listed

_NOBODY = listed(
    "analyst analysts expert experts observer observers critic critics some many others people it this that they we i"
    " you he she both one these those which who what there"
)
"""Who is named so takes no position that anybody could follow."""
_FOR_WHOM = re.compile(r"(?:spokes\w+|mouthpiece) (?:for|of) (?:the )?(.+)", re.IGNORECASE)
_SPEAKING_FOR = listed("spokesman spokeswoman spokesperson spokesmen spokespeople press")


def actor_of(speaker: Speaker) -> tuple[str, str | None] | None:
    """Whose position it is, and who spoke in that name; None where it is nobody's."""
    name = speaker.name.lower().split()
    if not name or set(name) <= _NOBODY or name[-1] in _NOBODY or len(speaker.name) < 2:
        return None
    if for_whom := _FOR_WHOM.match(speaker.name):
        return without_title(for_whom[1]), None
    called = set(speaker.mention.lower().replace("’", "'").split())
    if speaker.affiliation and (speaker.anonymous or called & _SPEAKING_FOR):
        return speaker.affiliation, None if speaker.anonymous else speaker.name
    return speaker.name, None
