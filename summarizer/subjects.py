"""Who says what a tagger gives to nobody: `Ruritania holds the port and [claims] to have won`."""

from __future__ import annotations

from news.spans import Span
from summarizer.frames import Frame
from summarizer.grammar import AUXILIARIES, DETERMINERS, NOBODY, SUBJECTS, is_adverb
from summarizer.lexicon import listed, verbs, words

_JOINS = listed("and but")
_NAME_WORDS, _REACH = 6, 60
"""Words of a name, and tokens after it that the reporting words may stand away."""


def joined_subject(frame: Frame, cue: Span) -> Span | None:
    """The name or pronoun that the sentence begins with, where a verb of it and the reporting verb are joined."""
    tokens = frame.tokens
    at = next((i for i, t in enumerate(tokens[:_REACH]) if t.span.start == cue.start), 0)
    if at < 2 or tokens[at - 1].lower not in _JOINS or tokens[at].lower not in verbs():
        return None
    end = 0
    while end < min(at, _NAME_WORDS) and tokens[end].capital:
        end += 1
    first, after = tokens[0].lower, tokens[end].lower
    if (
        not end
        or is_adverb(tokens[0])
        or first in words("function_words") - DETERMINERS - (SUBJECTS - {"you"})
    ):
        return None
    verb = (
        after in AUXILIARIES
        or after in verbs()
        or after.endswith(("ed", "es", "s"))
        or is_adverb(tokens[end])
    )
    if first in NOBODY or not verb or (end == 1 and first in DETERMINERS):
        return None
    return Span(tokens[0].span.start, tokens[end - 1].span.end)
