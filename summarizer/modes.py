"""Whether reporting words tell of something said, thought or intended."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from news.statements import Mode
from summarizer.lexicon import lines, verbs

_WORD = re.compile(r"\w+(?:[’'-]\w+)*")


_BEFORE_NOUNS = frozenset(("a", "an", "the", "his", "her", "its", "their", "no", "any", "of"))


def mode_of(cue: str) -> Mode:
    """What the last reporting verb of the cue says, else the last noun or adjective; speech where none is known.

    `said in an opinion piece` is speech, `has no plans` an intention, although `plans` may be a verb.
    """
    words = [word.lower().replace("’", "'") for word in _WORD.findall(cue)]
    nouns: list[Mode] = []
    for at in range(len(words) - 1, -1, -1):
        noun = _attitudes().get(words[at])
        if noun is not None:
            nouns.append(noun)
            if at and words[at - 1] in _BEFORE_NOUNS:
                continue
        after = words[at + 1] if at + 1 < len(words) else ""
        mode = next((v.mode for v in verbs().get(words[at], ()) if v.particle in ("", after)), None)
        if mode is not None:
            return mode
    return nouns[0] if nouns else Mode.SPEECH


@cache
def _attitudes() -> Mapping[str, Mode]:
    """Nouns and adjectives that tell of thoughts and intentions, to what they tell of."""
    found = {}
    for line in lines("attitudes.txt"):
        mode, _, held = line.partition("|")
        found.update(dict.fromkeys(held.split(), Mode(mode.strip())))
    return found
