"""Whether an article is about an armed conflict: only such are read for the targets that are built in.

They are generic in their parties, and so a port's dispute has talks, a mediator and humanitarian access, too.
"""

from __future__ import annotations

import re
from functools import cache

from summarizer.lexicon import lines

_ENOUGH = 2
_SHORT = 60
"""Words of an article of which one is enough."""
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_FOREIGN = re.compile(r"\bforeign (?=ministers?\b|ministry\b|secretary\b|affairs\b)")


def is_about_conflict(text: str) -> bool:
    """Whether it has words of wars, or of two kinds of what states do about them."""
    found = _WORD.findall(_FOREIGN.sub("foreign-", text.lower()))
    words = frozenset(found)
    total = sum(weight for weight, kind in _kinds() if not kind.isdisjoint(words))
    return total >= (_ENOUGH if len(found) > _SHORT else 1)


@cache
def _kinds() -> tuple[tuple[int, frozenset[str]], ...]:
    rows = (line.split("|") for line in lines("conflict.txt"))
    return tuple((int(number), frozenset(words.split())) for number, words in rows)
