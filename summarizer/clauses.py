"""Where the clause that somebody is reported as saying ends."""

from __future__ import annotations

from collections.abc import Sequence

from summarizer.frames import Token
from summarizer.grammar import DETERMINERS, SUBJECTS, Cue, Range
from summarizer.lexicon import Form, listed

_CONDITIONS = listed("if unless provided except including only")
_OTHERS = listed("many some most critics analysts experts observers others")
_SUBORDINATORS = listed("when as after although though while if because since before")


def clause_end(
    tokens: Sequence[Token], covered: set[int], start: int, later: Sequence[Cue], *, comma: bool = False
) -> int:
    """Where the content that begins at `start` ends; at the next comma already, if `comma`."""
    depth = 0
    for at in range(start, len(tokens)):
        token = tokens[at]
        depth += (token.text in {"(", "["}) - (token.text in {")", "]"})
        if at in covered or token.text == ";" or depth < 0:
            return at
        if at == start:
            continue
        if token.text == "," and _ends_at_comma(tokens, at + 1, later, comma=comma):
            return at
        if token.lower in ("and", "but", "while") and _begins_attribution(tokens, at + 1, later):
            return at - 1 if tokens[at - 1].text == "," else at
    return len(tokens)


def _ends_at_comma(tokens: Sequence[Token], at: int, later: Sequence[Cue], *, comma: bool) -> bool:
    """Whether the content ends at a comma before `at`. Conditions are never cut off."""
    if at >= len(tokens):
        return True
    if comma and tokens[at].lower not in _CONDITIONS:
        return True
    if tokens[at].lower == "despite" or _comments(tokens, at):
        return True
    if tokens[at].lower == "with":
        return any(cue.form is Form.ING and not cue.helped and cue.at.start > at for cue in later)
    begins = _begins_attribution(tokens, at, later)
    participle = begins and any(cue.at.start == at and cue.form is Form.ING for cue in later)
    return participle or tokens[at].lower == "according" or _turns(tokens, at)


def _comments(tokens: Sequence[Token], at: int) -> bool:
    """Whether the writer adds what others hold: `…, which many believe is untrue`."""
    if tokens[at].lower not in ("which", "who") or at + 1 >= len(tokens):
        return False
    return tokens[at + 1].lower in _OTHERS


def _turns(tokens: Sequence[Token], at: int) -> bool:
    """Whether the writer takes over: `…, but the council had …`; `but only if` goes on with what was said."""
    if at + 1 >= len(tokens) or tokens[at].lower not in ("but", "though", "although", "while"):
        return False
    after = tokens[at + 1]
    return after.capital or after.lower in SUBJECTS or after.lower in DETERMINERS - {"no", "any"}


def _begins_attribution(tokens: Sequence[Token], at: int, later: Sequence[Cue]) -> bool:
    if at >= len(tokens):
        return False
    if tokens[at].lower == "according":
        return True
    return any(cue.at.start == at and cue.form is not Form.BASE for cue in later)


def is_side_remark(tokens: Sequence[Token], source: Range) -> bool:
    """Whether the reporting clause is itself a remark that ends at the next comma: `As Bell said …,`."""
    if source.start == 0:
        return False
    if tokens[source.start].lower in ("who", "which"):
        return tokens[source.start - 1].text in {",", ")"}
    stops = (i for i in range(source.start) if tokens[i].text in {",", ";", "(", "—"})
    return tokens[max(stops, default=-1) + 1].lower in _SUBORDINATORS
