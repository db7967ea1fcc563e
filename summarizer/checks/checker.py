"""Checks sentences against one article: how well the words are borne out, and what is not in it at all."""

from __future__ import annotations

import math
from dataclasses import dataclass

from summarizer.checks.alignment import Alignment
from summarizer.checks.figures import Figures
from summarizer.checks.names import Names
from summarizer.checks.negations import Negations
from summarizer.checks.quoted import QuotedWords
from summarizer.checks.words import key, normalise, read
from summarizer.sentences import find_sentences

_ENOUGH = 0.4
"""How well the words must be laid on the article's: about four breaks or other words in a sentence of twenty."""
_READ = 200_000
"""Characters of an article that are read; what is written from beyond is not borne out."""
_LONGEST = 2_000
"""Characters of a sentence that is looked at."""
_FEWEST = 3
"""Words of a sentence; fewer say nothing that could be checked, unless they are a sentence of the article."""


@dataclass(frozen=True, slots=True)
class Checked:
    """Whether a sentence is borne out by an article."""

    score: float
    """0 to 1: how well the words are borne out; each number, name, quotation or negation that is not halves it."""
    faults: tuple[str, ...]
    """Kinds of what is not in the article: `number`, `name`, `quotation`, `negation`, `overlap`."""

    @property
    def passes(self) -> bool:
        return not self.faults


class Checker:
    """Checks sentences against one article; the article is indexed once."""

    def __init__(self, text: str, *, title: str | None = None) -> None:
        written = f"{title or ''}\n{text}"[:_READ]
        article = read(written)
        # Those of the text as it is written too: in one spelling of marks a sentence may end elsewhere.
        own = (key(normalise(span.of(written))) for span in find_sentences(written))
        self._sentences = frozenset((*article.sentences, *own))
        self._alignment = Alignment(article.words)
        self._checks = (
            ("number", Figures(article)),
            ("name", Names(article)),
            ("quotation", QuotedWords(article)),
            ("negation", Negations(article)),
        )

    def check(self, sentence: str) -> Checked:
        """A sentence of the article passes; any other must be borne out word for word or nearly so."""
        if len(sentence) > _LONGEST:
            whole = key(normalise(sentence)) in self._sentences
            return Checked(1.0, ()) if whole else Checked(0.0, ("overlap",))
        reading = read(sentence)
        if reading.words and key(reading.text) in self._sentences:
            return Checked(1.0, ())
        if len(reading.words) < _FEWEST:
            return Checked(0.0, ("overlap",))
        cost = self._alignment.cost([word.text for word in reading.words])
        laid = math.exp(-cost / math.sqrt(len(reading.words)))
        faults = tuple(kind for kind, check in self._checks if not check.bear_out(reading))
        return Checked(laid / 2 ** len(faults), faults if laid >= _ENOUGH else (*faults, "overlap"))
