"""To whom or where something was said: `Izvestia`, `at a conference in Kyiv`, `on Telegram`."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import replace

from news.spans import Span
from summarizer.attributions import Attribution, merged
from summarizer.frames import Frame, Token
from summarizer.grammar import DETERMINERS, SUBJECTS, WEEKDAYS, is_adverb, is_time
from summarizer.lexicon import listed, verbs, words

_LONGEST = 500
"""Tokens of a sentence beyond which nothing is looked for."""
_MOST_TOKENS = 22
"""Of one phrase; a longer one is not understood."""
_PLACED = listed("in on at during via through from over before to with outside inside under by")
_PERSONAL = listed("him her us me you them himself herself themselves")
"""Who is meant by these the venue does not tell."""
_ADDRESSING = listed(
    "tell tells told telling inform informs informed informing remind reminds reminded reminding reassure reassures"
    " reassured reassuring assure assures assured assuring warn warns warned warning ask asks asked asking"
)
"""After these stands who was told."""
_SPEAKING = listed("speaking writing talking testifying appearing tweeting posting answering")
"""Participles before a venue that stands apart: `Speaking at a rally, …`."""
_ENDS = listed(
    "that as when while after because if whether how why what which who whose where about following amid regarding"
    " saying adding calling announcing despite and but or"
)
_CUT = listed("dated published released aired broadcast posted held given")
"""Participles that lead from a venue to a time: `in an interview [published] on Monday`."""
_NOT_SAID_THERE = listed(
    "response reply reaction part turn addition fact private public general particular particularly condition"
    " background behalf record jest anger light case order detail details advance wake line course time spite past"
    " future present end beginning total effect smile laugh shrug sigh favour favor"
)
_MEANS = listed("phone telephone email e-mail letter text fax radio video mail videolink")
"""Without a determiner after `by`, `via`: `by phone`."""


def find_venue(
    text: str, frame: Frame, cue: Sequence[Span], source: Sequence[Span], content: Sequence[Span]
) -> tuple[Span, ...]:
    """The words of the sentence that tell to whom or where it was said; empty where none do.

    Works from the spans of a statement alone: what follows the reporting verb or an inverted source, what
    leads up to the source, and what stands apart with a participle. Times are left out, and so is whom only a
    pronoun names.
    """
    tokens = frame.tokens
    if len(tokens) > _LONGEST:
        return ()
    taken = _places(tokens, (*source, *content))
    cued = sorted(_places(tokens, cue) - taken)
    if not tokens or not (cued or taken):
        return ()
    found: list[tuple[int, int]] = []
    if cued:
        head = next((i for i in cued if tokens[i].lower in _ADDRESSING), None)
        verb = head if head is not None else next((i for i in cued if tokens[i].lower in verbs()), cued[0])
        found.extend(_after(tokens, verb + 1, taken, addressed=head is not None))
    if not found:
        found.extend(_apart(tokens, taken | set(cued)))
    spans = [Span(tokens[a].span.start, tokens[b - 1].span.end) for a, b in found]
    return _joined(text, spans)


def with_venues(
    text: str, frames: Sequence[Frame], attributions: Sequence[Attribution]
) -> tuple[Attribution, ...]:
    """The attributions, each with its venue; those of headings have none."""
    return tuple(
        a
        if a.frame is None
        else replace(a, venue=find_venue(text, frames[a.frame], a.cue, a.source, a.content))
        for a in attributions
    )


def _places(tokens: Sequence[Token], spans: Sequence[Span]) -> set[int]:
    """The tokens that the spans touch."""
    starts = [t.span.start for t in tokens]
    touched: set[int] = set()
    for span in spans:
        at = max(0, bisect_left(starts, span.start) - 1)
        while at < len(tokens) and tokens[at].span.start < span.end:
            if tokens[at].span.end > span.start:
                touched.add(at)
            at += 1
    return touched


def _after(
    tokens: Sequence[Token], at: int, taken: set[int], *, addressed: bool
) -> Iterator[tuple[int, int]]:
    """Addressee and phrases after the verb, an inverted source passed over."""
    while at < len(tokens) and (at in taken and tokens[at].quotation is None):
        at += 1  # `said [Bell] in an interview`
    if at in taken:
        return
    if addressed:
        end = _addressee_end(tokens, at, taken)
        if _is_addressee(tokens[at:end]):
            yield at, end
        at = max(at, end)
    for _ in range(6):
        while at < len(tokens) and at not in taken and _is_loose(tokens, at):
            at += 1
        stop = _phrase_end(tokens, at, taken)
        if stop is None:
            return
        if _is_venue(tokens[at:stop]):
            yield at + (tokens[at].lower == "to"), stop
        at = stop


def _apart(tokens: Sequence[Token], covered: set[int]) -> Iterator[tuple[int, int]]:
    """`In an interview with Reuters, …` before everything, `…, speaking at a rally` after a comma."""
    openings = [0] + [i + 1 for i in range(len(tokens) - 1) if tokens[i].text == "," and i + 1 not in covered]
    for opening in openings[:8]:
        at = opening
        if at in covered:
            continue
        speaking = tokens[at].lower in _SPEAKING
        at += speaking
        if opening and not speaking:
            continue
        while at < len(tokens) and at not in covered and _is_loose(tokens, at):
            at += 1
        while (end := _phrase_end(tokens, at, covered)) is not None:
            closed = (
                end >= len(tokens)
                or end in covered
                or tokens[end].lower in _CUT
                or not tokens[end].word
                or _is_loose(tokens, end)
            )
            if closed and _is_venue(tokens[at:end]):
                yield at + (tokens[at].lower == "to"), end
                return
            at = end
            while at < len(tokens) and at not in covered and _is_loose(tokens, at):
                at += 1


def _is_loose(tokens: Sequence[Token], at: int) -> bool:
    """Whether a comma, a time or an adverb stands here, which is passed over."""
    token = tokens[at]
    if token.text == ",":
        after = tokens[at + 1] if at + 1 < len(tokens) else None
        return after is not None and after.lower in _PLACED | _SPEAKING
    if is_time(token) and not _is_titled(tokens, at):
        return True
    dated = token.lower in ("on", "in", "at", "late", "early", "over") and _is_dated(tokens, at + 1)
    return dated or is_adverb(token)


def _is_dated(tokens: Sequence[Token], at: int) -> bool:
    """Whether a time begins here: `on [Monday]`, `over the [weekend]`."""
    if at < len(tokens) and tokens[at].lower in ("the", "a", "late", "early"):
        at += 1
    return at < len(tokens) and is_time(tokens[at]) and not _is_titled(tokens, at)


def _is_titled(tokens: Sequence[Token], at: int) -> bool:
    """Whether a time is part of a name: `the [Sunday] Courier`, `the [Evening] Post`."""
    beside = at + 1 < len(tokens) and tokens[at + 1].capital and not is_time(tokens[at + 1])
    before = tokens[at - 1] if at else None
    led = before is not None and (
        before.lower in ("the", "to", "told", "with") or before.lower.endswith("'s") or before.capital
    )
    goes_on = before is not None and before.capital and before.lower not in WEEKDAYS
    return tokens[at].capital and (beside or goes_on) and led


def _addressee_end(tokens: Sequence[Token], at: int, taken: set[int]) -> int:
    """Where the words end that name who was told."""
    end = at
    while end < len(tokens) and end not in taken and end - at < _MOST_TOKENS:
        token, first = tokens[end], end == at
        if not token.word or token.lower in _ENDS | _CUT or token.lower in SUBJECTS - {"you", "it"}:
            break
        if token.lower in _PLACED or _is_dated(tokens, end) or (is_adverb(token) and not first):
            break
        if not first and token.lower in DETERMINERS and tokens[end - 1].lower not in ("of", "for"):
            break
        end += 1
    return _without_late(tokens, at, end)


def _without_late(tokens: Sequence[Token], at: int, end: int) -> int:
    """The end less what belongs to a time after it: `[late] on Sunday`."""
    while end > at and tokens[end - 1].lower in ("late", "early", "later", "earlier"):
        end -= 1
    return end


def _is_addressee(part: Sequence[Token]) -> bool:
    lower = [t.lower for t in part]
    if not part or lower[0] in _PERSONAL | SUBJECTS or lower[0] in ("to", "that", "not"):
        return False
    return any(t.capital for t in part) or not words("addressees").isdisjoint(lower)


def _phrase_end(tokens: Sequence[Token], at: int, taken: set[int]) -> int | None:
    """Where the prepositional phrase that begins at `at` ends; None where none does."""
    if at >= len(tokens) or at in taken or tokens[at].lower not in _PLACED:
        return None
    end = at + 1
    while end < len(tokens) and end not in taken and end - at < _MOST_TOKENS:
        token = tokens[end]
        if not token.word or token.lower in _ENDS | _CUT or (token.lower in SUBJECTS and end > at + 1):
            break
        if end > at + 1 and (_is_dated(tokens, end) or _is_pure_time(tokens, end)):
            break
        end += 1
    end = _without_late(tokens, at + 1, end)
    return end if end > at + 1 else None


def _is_pure_time(tokens: Sequence[Token], at: int) -> bool:
    dated = tokens[at].lower in ("on", "in", "at", "late", "early", "earlier", "over") and _is_dated(
        tokens, at + 1
    )
    numbered = tokens[at].text[0].isdigit()
    return dated or (
        is_time(tokens[at]) and tokens[at].capital and not numbered and not _is_titled(tokens, at)
    )


def _is_venue(part: Sequence[Token]) -> bool:
    """Whether a prepositional phrase tells of an occasion, a medium, somebody spoken to, or a place by name."""
    preposition, inside = part[0].lower, part[1:]
    lower = [t.lower for t in inside]
    core = [w for w in lower if w not in DETERMINERS]
    if not core or core[0] in _NOT_SAID_THERE or all(is_time(t) for t in inside) or _is_plain_time(lower):
        return False
    if preposition == "to":
        return _is_addressee(inside)
    if preposition == "with":
        return not words("addressees").isdisjoint(lower) and "interview" in lower
    if preposition in ("by", "via"):
        return core[0] in _MEANS or (preposition == "via" and _is_named(inside))
    head = next((i for i, w in enumerate(lower) if w in _PLACED | {"of", "for", "against"}), len(lower))
    first = [t.lower for t in inside[:head]]
    if not words("venues").isdisjoint(first):
        return True
    return preposition in ("in", "on", "at", "outside", "inside", "from") and _is_named(inside[:head])


def _is_plain_time(lower: Sequence[str]) -> bool:
    return any(
        w in ("weekend", "week", "month", "year", "years", "days", "weeks", "hours") for w in lower[-2:]
    )


def _is_named(part: Sequence[Token]) -> bool:
    """Whether a place has a name of its own: `[Kyiv]`, `the [White House]`."""
    named = [t for t in part if t.word and t.lower not in DETERMINERS]
    return bool(named) and named[-1].capital and named[0].capital and not is_time(named[0])


def _joined(text: str, spans: Sequence[Span]) -> tuple[Span, ...]:
    """The spans in order, those with only a space between them as one."""
    joined: list[Span] = []
    for span in merged(spans):
        if joined and text[joined[-1].end : span.start].isspace():
            joined[-1] = Span(joined[-1].start, span.end)
        else:
            joined.append(span)
    return tuple(joined)
