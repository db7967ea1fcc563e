"""One sentence's attributions: the patterns of English reporting prose."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from news.spans import Span
from news.statements import Mode
from summarizer.attributions import Attribution, Pattern, merged
from summarizer.clauses import clause_end, is_side_remark
from summarizer.frames import Frame, Token
from summarizer.grammar import Cue, Following, Next, Range, find_cues, following
from summarizer.lexicon import Form, Verb, listed
from summarizer.sources import first_words, is_clause, is_disowned, source_after, subject_before

_ASIDES = listed("who which citing as when while in at during after according with and but where despite")
_LEADS = listed("in on at during then asked after speaking as when with for")
_PARENTHETIC = (Next.END, Next.QUOTE)
_SAY = listed("say add note report explain")
"""Verbs that stand before their subject without a quotation."""
_FINITE = listed("is are was were has had will would can could")
"""Where they follow at once, the verb ended a clause of its own: `the pause they ask for is short`."""
_LISTED_WORDS = 8
_CONNECTED_BY = listed("and by while before after in")


def read_frame(frame: Frame, index: int, previous: Frame | None, used: set[int]) -> list[Attribution]:
    """The attributions of one frame, in reading order.

    `previous` is the frame before in the same paragraph. `used` holds the identities of the quotations
    that are somebody's already, and is added to.
    """
    reading = _Reading(frame, index, previous, used)
    reading.according()
    cues = find_cues(frame.tokens)
    for cue in cues:
        if reading.is_free(cue.at):
            reading.backward(cue)
    for number, cue in enumerate(cues):
        if reading.is_free(cue.at):
            reading.forward(cue, cues[number + 1 :])
    reading.label()
    return sorted(reading.found, key=lambda a: a.content[0])


@dataclass(slots=True)
class _Reading:
    """One frame on the way to its attributions."""

    frame: Frame
    index: int
    previous: Frame | None
    used: set[int]
    found: list[Attribution] = field(default_factory=list)
    covered: set[int] = field(default_factory=set)
    """Tokens that have a role already; each has one at most."""

    @property
    def tokens(self) -> tuple[Token, ...]:
        return self.frame.tokens

    def is_free(self, at: Range) -> bool:
        """Whether no token of the range has a role yet."""
        return self.covered.isdisjoint(range(at.start, at.end))

    def according(self) -> None:
        """`According to Bell, …` and `…, according to Bell.`"""
        tokens = self.tokens
        for i in range(len(tokens) - 2):
            if tokens[i].lower != "according" or tokens[i + 1].lower != "to":
                continue
            source = source_after(tokens, i + 2)
            if source is None:
                continue
            if i <= 1:
                source = _up_to_comma(tokens, source)
            content = [Range(0, i)]
            leads = sum(t.word or t.quotation is not None for t in tokens[:i]) <= 2
            if leads and source.end + 2 < len(tokens):
                content = [Range(source.end, clause_end(self.tokens, self.covered, source.end + 1, ()))]
            elif i and tokens[i - 1].text == "," and self._goes_on(source.end):
                content.append(Range(source.end, len(tokens)))
            self._add(Pattern.ACCORDING, None, content=content, cue=Range(i, i + 2), source=source)
            return

    def _goes_on(self, at: int) -> bool:
        """Whether the clause that an attribution interrupts goes on after the comma at `at`."""
        tokens = self.tokens
        if at + 3 >= len(tokens) or tokens[at].text != ",":
            return False
        return not self._is_aside(at + 1) and tokens[at + 1].lower not in ("a", "an")

    def backward(self, cue: Cue) -> None:
        """A quotation or a clause stands before the one who says it."""
        verb = cue.takes("quote")
        if verb is None or cue.form is Form.ING or verb.particle not in ("", "out"):
            return
        source = subject_before(self.tokens, cue)
        if source is None:
            self._inverted(cue, verb)
        else:
            self._preposed(cue, verb, source)

    def _preposed(self, cue: Cue, verb: Verb, source: Range) -> None:
        if self.tokens[source.start].lower in ("who", "which"):
            return
        after, left = following(self.tokens, cue), source.start
        quoted = self._quotation_before(left)
        if quoted is not None:
            self._quote_before(cue, verb, source, quoted, after)
        elif left == 0 and after.kind is Next.END:
            self._after_previous(cue, verb, source, after)
        elif left and self.tokens[left - 1].text == "," and cue.takes("that") and after.kind in _PARENTHETIC:
            self._clause_before(cue, verb, source, after)

    def _quote_before(self, cue: Cue, verb: Verb, source: Range, quoted: int, after: Following) -> None:
        """`“…,” Bell said, “…”`; `After “a bad night,” Bell said that …` is none."""
        alone = quoted == 0 and self.tokens[0].set_off
        if (after.kind is Next.THAT and not alone) or (after.kind is Next.INLINE and quoted > 0):
            return
        if after.kind is not Next.END and after.kind is not Next.BARE and not self.tokens[quoted].set_off:
            return
        content = [Range(self._content_start(quoted), quoted + 1)]
        if after.kind is Next.QUOTE:
            content.append(self._quotations_from(after.start))
        self._add(
            Pattern.QUOTE_BEFORE,
            verb,
            content=content,
            cue=cue.at,
            source=source,
            open_=True,
        )

    def _clause_before(self, cue: Cue, verb: Verb, source: Range, after: Following) -> None:
        """`The bridge, Bell said, is closed.`"""
        tokens, left, at = self.tokens, source.start, after.start
        before = sum(t.word for t in tokens[:left])
        quotes = any(t.quotation for t in tokens[:left])
        interrupts = at + 1 < len(tokens) and tokens[at].text == ","
        if before < (1 if interrupts else 2) and not quotes:
            return
        if after.kind is Next.QUOTE:
            if tokens[0].lower in _LEADS:
                return
            right = self._quotations_from(at) if tokens[at].set_off else Range(at, len(tokens))
            content = [Range(0, left), right]
        elif interrupts and not self._is_aside(at + 1):
            content = [Range(0, left), Range(at, clause_end(self.tokens, self.covered, at + 1, ()))]
        elif tokens[0].lower in ("as", "when", "if", "while", "after", "speaking", "asked"):
            return
        else:
            content = [Range(0, left)]
        open_ = quotes or tokens[content[-1].end - 1].quotation is not None
        self._add(
            Pattern.CLAUSE_BEFORE,
            verb,
            content=content,
            cue=cue.at,
            source=source,
            open_=open_,
        )

    def _is_aside(self, at: int) -> bool:
        """Whether what follows belongs to the reporting words rather than to what was said."""
        return self.tokens[at].lower.endswith("ing") or self.tokens[at].lower in _ASIDES

    def _inverted(self, cue: Cue, verb: Verb) -> None:
        """`“…,” said Anna Bell` and `Said Anna Bell: “…”`"""
        tokens, left = self.tokens, cue.at.start
        source = source_after(tokens, cue.at.end)
        if cue.helped or cue.form is Form.BASE or source is None or is_clause(tokens, source):
            return
        quoted = self._quotation_before(left)
        after = source.end + 1
        goes_on = (
            after < len(tokens)
            and tokens[after].quotation is not None
            and tokens[source.end].text in {",", ":"}
        )
        if quoted is not None:
            content = [Range(self._content_start(quoted), quoted + 1)]
            if goes_on:
                content.append(self._quotations_from(after))
            self._add(Pattern.QUOTE_BEFORE, verb, content=content, cue=cue.at, source=source, open_=True)
        elif left > 3 and tokens[left - 1].text == "," and verb.lemma in _SAY:
            self._add(Pattern.CLAUSE_INVERTED, verb, content=[Range(0, left)], cue=cue.at, source=source)
        elif left == 0 and goes_on:
            content = [self._quotations_from(after)]
            self._add(Pattern.QUOTE_AFTER, verb, content=content, cue=cue.at, source=source, open_=True)

    def _after_previous(self, cue: Cue, verb: Verb, source: Range, after: Following) -> None:
        """The quotation is the sentence before: `“Why?” Anna Bell asked.`"""
        last = self.previous.tokens[-1].quotation if self.previous and self.previous.tokens else None
        if last is None or id(last) in self.used or len(last.pieces[-1]) < 3:
            return
        self.used.add(id(last))
        self._add(
            Pattern.QUOTE_BEFORE,
            verb,
            before=last.pieces,
            cue=cue.at,
            source=source,
            open_=True,
        )

    def _quotation_before(self, left: int) -> int | None:
        """The index of a quotation that ends right before `left`, set off as speech is."""
        at = left - 1
        apart = at >= 0 and self.tokens[at].text in {",", "—", "–", "-", "--", ".", "!", "?"}
        if apart:
            at -= 1
        if at < 0 or self.tokens[at].quotation is None or at in self.covered:
            return None
        return at if apart or self.tokens[at].set_off else None

    def _content_start(self, quoted: int) -> int:
        """Where content that ends with a quotation begins: with it, or with the clause that it completes."""
        start = quoted
        while start > 0 and start - 1 not in self.covered and self.tokens[quoted - 1].text != ":":
            start -= 1
        return start

    def _quotations_from(self, start: int) -> Range:
        """The quotations from `start` on, with what little joins them."""
        end = start + 1
        while end < len(self.tokens) and (self.tokens[end].quotation or not self.tokens[end].word):
            end += 1
        while end > start + 1 and not self.tokens[end - 1].quotation:
            end -= 1
        return Range(start, end)

    def forward(self, cue: Cue, later: Sequence[Cue]) -> None:
        """The content follows the verb."""
        after = following(self.tokens, cue)
        verb = _reading_of(cue, after.kind)
        if verb is not None and is_disowned(self.tokens, cue):
            self._skip(cue, after, later)
            return
        source = self._subject(cue) if verb is not None else None
        if verb is None or source is None or self._keeps_name_back(after):
            return
        if after.kind is Next.BARE and self.tokens[after.start].lower in _FINITE:
            return
        objective = after.kind is Next.BARE and "bare" not in verb.takes
        if after.kind is Next.QUOTE:
            content = self._quotations_from(after.start)
        elif after.kind is Next.COLON:
            content = Range(after.start, len(self.tokens))
        else:
            comma = objective or is_side_remark(self.tokens, source)
            end = clause_end(self.tokens, self.covered, after.start, later, comma=comma)
            content = Range(after.start, self._past_list(end, later) if objective else end)
        if not content or not self.is_free(content):
            return
        self._add(
            _pattern_of(cue, after.kind, objective=objective),
            verb,
            content=[content],
            cue=cue.at,
            source=source,
            open_=after.kind in (Next.QUOTE, Next.COLON) or self._ends_quoted(content),
        )

    def _skip(self, cue: Cue, after: Following, later: Sequence[Cue]) -> None:
        """Leaves alone what nobody said: `Nothing suggests that Bell agreed`."""
        if after.kind in (Next.THAT, Next.BARE):
            end = clause_end(self.tokens, self.covered, after.start, later, comma=True)
            self.covered.update(range(cue.at.start, end))

    def _past_list(self, end: int, later: Sequence[Cue]) -> int:
        """The end of `Moreau “a fool”, Lund “a liar” and Berg “a thief”`, of which the first ends at `end`."""
        tokens = self.tokens
        while end < len(tokens) and tokens[end - 1].quotation and tokens[end].text in {",", "and"}:
            reach = range(end + 1, min(len(tokens), end + _LISTED_WORDS))
            at = next((i for i in reach if not tokens[i].word), len(tokens))
            if at >= len(tokens) or not tokens[at].quotation or any(end <= c.head < at for c in later):
                break
            end = at + 1
        return end

    def _keeps_name_back(self, after: Following) -> bool:
        """`who asked not to be named` describes a source rather than what it says."""
        asked = [t.lower for t in self.tokens[after.start : after.start + 4]]
        if asked[:1] == ["not"]:
            del asked[0]
        return asked[:2] == ["to", "be"] and asked[2:3] in (["named"], ["identified"], ["quoted"])

    def _ends_quoted(self, content: Range) -> bool:
        return any(t.quotation for t in self.tokens[max(content.start, content.end - 2) : content.end])

    def _subject(self, cue: Cue) -> Range | None:
        """Who says it, or who said what stands before: `Bell smiled [and said that]`, `…, [adding that]`."""
        before = self.tokens[cue.at.start - 1] if cue.at.start else None
        if cue.form is Form.ING and not cue.helped:
            if before is None:
                return None
            return self._participle_source(cue, before)
        source = subject_before(self.tokens, cue)
        if source is None and before is not None and before.text.lower() in {"and", "but", "or", ","}:
            return self._nearest_source(cue.at.start)
        return source if source is not None and source.start not in self.covered else None

    def _participle_source(self, cue: Cue, before: Token) -> Range | None:
        """`with [Bell] saying that …`, else whoever the sentence is about."""
        source = subject_before(self.tokens, cue)
        if source is not None and source.start and self.tokens[source.start - 1].lower == "with":
            return source
        if before.quotation or before.text in {",", "—", "–", "-"} or before.lower in _CONNECTED_BY:
            return self._nearest_source(cue.at.start)
        return None

    def _nearest_source(self, before: int) -> Range | None:
        """The source of the statement that stands before in this frame, else the frame's first words."""
        place = self.tokens[before].span.start
        spans = [a.source[0] for a in self.found if a.source and a.source[0].start < place]
        if not spans:
            first = first_words(self.tokens)
            return first if first is not None and first.end < before else None
        inside = [i for i, t in enumerate(self.tokens) if max(spans).contains(t.span)]
        return Range(inside[0], inside[-1] + 1)

    def label(self) -> None:
        """`Anna Bell: “…”`"""
        tokens = self.tokens
        at = next((i for i, t in enumerate(tokens[:12]) if t.text == ":"), 0)
        if not 0 < at < len(tokens) - 1 or not tokens[at + 1].quotation or not self.is_free(Range(0, at + 2)):
            return
        if all(t.word for t in tokens[:at]) and tokens[0].capital and tokens[at - 1].capital:
            content = [self._quotations_from(at + 1)]
            self._add(
                Pattern.LABEL, None, content=content, cue=Range(at, at + 1), source=Range(0, at), open_=True
            )

    def _add(
        self,
        pattern: Pattern,
        verb: Verb | None,
        *,
        cue: Range,
        source: Range,
        content: Sequence[Range] = (),
        open_: bool = False,
        before: tuple[Span, ...] = (),
    ) -> None:
        spans = merged((*before, *(span for part in content for span in self._content(part))))
        if not spans:
            return
        for part in (*content, cue, source):
            self.covered.update(range(part.start, part.end))
        self.found.append(
            Attribution(
                content=spans,
                cue=(self._span(cue),),
                source=(self._span(source),),
                venue=(),
                mode=verb.mode if verb else Mode.SPEECH,
                pattern=pattern,
                frame=self.index,
                open=open_,
            )
        )

    def _span(self, part: Range) -> Span:
        return Span(self.tokens[part.start].span.start, self.tokens[part.end - 1].span.end)

    def _content(self, part: Range) -> Iterator[Span]:
        """The part's spans without punctuation at its edges, quotations over several paragraphs in full."""
        start, end = part.start, part.end
        while start < end and self.tokens[start].text in {",", ":", "-", "–", "—"}:
            start += 1
        while end > start and self.tokens[end - 1].text in {",", ".", ";", ":", "-", "–", "—"}:
            end -= 1
        if start >= end:
            return
        at = self.tokens[start].span.start
        for token in self.tokens[start:end]:
            if token.quotation is None or id(token.quotation) in self.used:
                continue
            self.used.add(id(token.quotation))
            if len(token.quotation.pieces) > 1:
                if token.span.start > at:
                    yield Span(at, token.span.start)
                yield from token.quotation.pieces
                at = token.span.end
        if self.tokens[end - 1].span.end > at:
            yield Span(at, self.tokens[end - 1].span.end)


def _up_to_comma(tokens: Sequence[Token], source: Range) -> Range:
    """The source before the clause: `According to [the mayor], the bridge …`, an apposition kept."""
    commas = [i for i in range(source.start, source.end) if tokens[i].text == ","]
    if not commas:
        return source
    apposed = tokens[commas[0] + 1].lower in ("a", "an", "who", "which", "whose")
    return Range(
        source.start, commas[1] if apposed and len(commas) > 1 else source.end if apposed else commas[0]
    )


def _reading_of(cue: Cue, kind: Next) -> Verb | None:
    """The verb's reading that fits what follows."""
    if kind in (Next.QUOTE, Next.COLON):
        return cue.takes("quote")
    if kind is Next.INLINE:
        return cue.takes("bare") or cue.takes("quote")
    if kind is Next.BARE:
        return cue.takes("bare") or cue.takes("noun")
    return cue.takes(kind.value) if kind in (Next.THAT, Next.TO) else None


def _pattern_of(cue: Cue, kind: Next, *, objective: bool) -> Pattern:
    if kind in (Next.QUOTE, Next.COLON):
        return Pattern.QUOTE_AFTER
    if cue.form is Form.ING:
        return Pattern.PARTICIPLE
    if kind is Next.THAT:
        return Pattern.THAT
    if kind is Next.TO:
        return Pattern.TO
    return Pattern.OBJECT if objective else Pattern.BARE
