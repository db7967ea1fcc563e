"""A bot that costs little: it reads documents in its own process, and articles by a rule of one line.

For the tests, which have seconds; what is stored and posted, and in which order, is as ever.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any

from news.articles import Article
from news.briefs import Brief, SummarySentence
from news.spans import Span
from news.stances import Stance
from news.statements import Kind, Statement
from news.stories import Signature
from news.targets import Target

_QUOTED = re.compile("“[^”]*”")


class Skimmer:
    """A summarizer: what is quoted is a statement, the first line is the summary, and no article is like another."""

    def brief(self, article: Article, targets: Sequence[Target]) -> Brief:
        text = article.text
        statements = tuple(Statement((Span(*found.span()),), Kind.DIRECT) for found in _QUOTED.finditer(text))
        line = text.partition("\n")[0]
        summary = (SummarySentence(line, Span(0, len(line))),)
        return Brief(
            article.id, article.version, len(text), article.language, summary=summary, statements=statements
        )

    def positions(
        self, article: Article, statements: Sequence[Statement], targets: Sequence[Target]
    ) -> tuple[Stance, ...]:
        return ()

    def fault(self, target: Target, others: Sequence[Target]) -> str | None:
        return None

    def sign(self, article: Article) -> Signature:
        return Signature(terms=b"", vector=bytes(384), shingles=b"")


@asynccontextmanager
async def _skimming(*_: object, **__: object) -> AsyncIterator[Any]:
    from bot.understanding import ThreadedUnderstanding
    from summarizer.stories import Clusterer

    made = ThreadedUnderstanding(Skimmer(), Clusterer)
    try:
        yield made
    finally:
        made.close()


def lighten() -> None:
    """From now on this process's bot is such a one."""
    import bot.wiring
    from feeds.workers import Workers

    async def run(self: Workers, function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        return await asyncio.to_thread(function, *args, **kwargs)

    Workers.run = run
    bot.wiring.open_understanding = _skimming
