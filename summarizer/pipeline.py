"""From an article to its brief, as named steps."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING

from news.articles import Article
from news.briefs import Brief, Flag
from news.figures import Figure
from news.spans import Span
from news.stances import Stance
from news.statements import Statement
from news.stories import Signature
from news.targets import Target
from summarizer import headline, speakers, statements, venues
from summarizer.authors import Author
from summarizer.figures import find_figures
from summarizer.frames import Frame, find_frames
from summarizer.language import find_language, reads_as_english
from summarizer.layout import find_headings
from summarizer.quotations import Quotation, Quoted, find_quotations
from summarizer.sentences import find_paragraphs
from summarizer.signatures import sign
from summarizer.stances.faults import fault_of
from summarizer.stances.find import ENGINE as STANCES
from summarizer.stances.find import find_stances
from summarizer.wrapping import unwrapped

if TYPE_CHECKING:
    from summarizer.models.writing import Writer

_READ = 200_000
"""Characters that are read, some thirty thousand words: what is longer is no article."""
_HALF = re.compile("[\ud800-\udfff]")
"""Half of a surrogate pair, which no encoding takes and so no library does."""


class Pipeline:
    """Reads articles; never raises for a text that is a string, and is pure but for a `writer` of summaries.

    `tell` gets a sentence when the writer begins to fail.
    """

    def __init__(self, writer: Writer | None = None, *, tell: Callable[[str], None] | None = None) -> None:
        self._author = Author(writer, tell)

    def brief(self, article: Article, targets: Sequence[Target] = ()) -> Brief:
        """Lays the text out, then finds its language, its statements with their speakers, its figures, where actors stand on
        the targets, and a summary.

        What its headline says and its text does not bear out is flagged.
        """
        text, title = unwrapped(_readable(article.text)), _readable(article.title or "") or None
        paragraphs = find_paragraphs(text)
        quotations = find_quotations(text)
        headings = find_headings(text, paragraphs, title)
        frames = find_frames(text, paragraphs, quotations, skip=headings)
        found = find_language(text)
        language = article.language or found
        english = reads_as_english(text, found)
        figures: tuple[Figure, ...] = ()
        flags: tuple[Flag, ...] = ()
        stances: tuple[Stance, ...] = ()
        if english:
            stated, end = _statements(text, paragraphs, quotations, frames)
            figures = find_figures(text, [frame.span for frame in frames])
            stances = find_stances(text, frames, stated, targets)
            if title and not article.partial:
                flags = headline.headline_flags(title, text, stated)
        else:
            stated, end = statements.find_spoken(text, frames), len(text)
        kept = tuple(s for s in stated if s.withheld is None)
        condensed = self._author.summarize(text, frames, title=title, statements=kept)
        return Brief(
            article_id=article.id,
            version=article.version,
            length=len(article.text),
            language=language,
            summary=condensed.sentences,
            statements=kept,
            withheld=tuple(s for s in stated if s.withheld is not None),
            stances=stances,
            flags=(*_flags(article, language, end, english=english), *flags, *condensed.flags),
            figures=figures,
            engines=_engines(condensed.engine) | ({"stances": STANCES} if english and targets else {}),
        )

    def positions(
        self, article: Article, statements: Sequence[Statement], targets: Sequence[Target]
    ) -> tuple[Stance, ...]:
        """Where actors stand on the targets, of an article whose statements are known."""
        text, title = unwrapped(_readable(article.text)), _readable(article.title or "") or None
        if not reads_as_english(text, find_language(text)):
            return ()
        paragraphs = find_paragraphs(text)
        headings = find_headings(text, paragraphs, title)
        frames = find_frames(text, paragraphs, find_quotations(text), skip=headings)
        return find_stances(text, frames, statements, targets)

    def fault(self, target: Target, others: Sequence[Target]) -> str | None:
        """Why no positions can be told apart for the target beside the others, in a sentence; None where they can."""
        return fault_of(target, others)

    def sign(self, article: Article) -> Signature:
        """What the article is compared with others by."""
        return sign(_readable(article.title or ""), _readable(article.text))


def _readable(text: str) -> str:
    """As much of a text as is read, with nothing in it that a library fails at."""
    return _HALF.sub("\ufffd", text[:_READ])


def _statements(
    text: str, paragraphs: tuple[Span, ...], quotations: tuple[Quotation, ...], frames: tuple[Frame, ...]
) -> tuple[tuple[Statement, ...], int]:
    """The statements, and how far the text was read for them."""
    found, end = statements.find_attributions(text, paragraphs, quotations, frames)
    attributions = venues.with_venues(text, frames, found)
    who = speakers.find_speakers(text, frames, attributions)
    quoted = Quoted(quotations)
    stated = tuple(
        statements.to_statement(text, attribution, speaker, quoted)
        for attribution, speaker in zip(attributions, who, strict=True)
    )
    return stated, end


def _flags(article: Article, language: str | None, end: int, *, english: bool) -> Iterator[Flag]:
    length = len(article.text)
    if min(end, _READ) < length:
        yield Flag("length", f"Only the first {min(end, _READ):,} of {length:,} characters were read.")
    if not english:
        yield _foreign(language)


def _foreign(language: str | None) -> Flag:
    name = f"The text seems to be in “{language}”" if language else "The text seems not to be in English"
    return Flag("language", f"{name}: only its quotations were read, without their speakers.")


def _engines(summary: str) -> dict[str, str]:
    try:
        library = version("sentencex")
    except PackageNotFoundError:
        library = "unknown"
    return {
        "sentences": f"sentencex {library}",
        "summary": summary,
        "statements": statements.ENGINE,
        "speakers": speakers.ENGINE,
    }
