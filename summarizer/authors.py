"""Who writes the summary: a larger model where one is set, and the extract wherever that fails."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from threading import Lock

from news.briefs import Flag, SummarySentence
from news.errors import WritingError
from news.statements import Statement
from summarizer import summary
from summarizer.frames import Frame
from summarizer.models.writing import Writer
from summarizer.written import hold


@dataclass(frozen=True, slots=True)
class Summary:
    """A summary, what made it, and what a reader should know about that."""

    sentences: tuple[SummarySentence, ...]
    engine: str = summary.ENGINE
    flags: tuple[Flag, ...] = ()


class Author:
    """Makes summaries. A failing model is told once, until it has worked again; `tell` gets a sentence."""

    def __init__(self, writer: Writer | None = None, tell: Callable[[str], None] | None = None) -> None:
        self._writer = writer
        self._tell = tell
        self._lock = Lock()
        self._failing = False

    def summarize(
        self,
        text: str,
        frames: Sequence[Frame],
        *,
        title: str | None = None,
        statements: Sequence[Statement] = (),
    ) -> Summary:
        """The summary; never raises for a text that is a string."""
        extract = summary.summarize(text, frames, title=title, statements=statements)
        if self._writer is None or not extract:
            return Summary(extract)
        engine = self._writer.engine
        try:
            written = self._writer.write(text)
        except WritingError as error:
            self._failed(str(error))
            return Summary(extract, flags=(Flag("summary", f"{error} The summary is an extract."),))
        self._failing = False
        held = hold(text, frames, extract, written, title=title)
        flags = (Flag("summary", _failures(engine, held.kept, held.failed)),) if held.failed else ()
        return Summary(held.sentences, f"{engine}, checked" if held.kept else summary.ENGINE, flags)

    def _failed(self, reason: str) -> None:
        with self._lock:
            known, self._failing = self._failing, True
        if self._tell is not None and not known:
            self._tell(f"{reason} Until it can be used, summaries are extracts.")


def _failures(engine: str, kept: int, failed: int) -> str:
    if not kept:
        return f"Nothing that {engine} wrote is borne out by the article: the summary is an extract."
    which = f"{failed} of {kept + failed} sentences"
    return f"{which} that {engine} wrote {'is' if failed == 1 else 'are'} not borne out by the article and left out."
