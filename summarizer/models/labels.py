"""What the tagger says of words; the order is the order of its outputs."""

from __future__ import annotations

from enum import IntEnum


class Cue(IntEnum):
    """Whether a word is a cue's first, a later one, or none."""

    OUTSIDE = 0
    FIRST = 1
    LATER = 2


class Link(IntEnum):
    """What a word is to one cue."""

    NOTHING = 0
    SOURCE_FIRST = 1
    SOURCE_LATER = 2
    CONTENT_FIRST = 3
    CONTENT_LATER = 4
