"""Words in quotation marks: whether they stand in quotation marks of the article, too."""

from __future__ import annotations

import re
from itertools import chain

from summarizer.checks.words import Reading, key
from summarizer.quotations import Quotation, find_quotations

_MARKS = re.compile(r"[\"“”„‟«»'‘’‚‹›]")
_EDGES = " .,;:!?-…"


class QuotedWords:
    """What an article has in quotation marks."""

    def __init__(self, article: Reading) -> None:
        held = (_words(article.text, quotation) for quotation in find_quotations(article.text))
        self._text = "\n".join(chain([""], (f" {words} " for words in held), [""]))
        self._whole = f" {key(article.text)} "

    def bear_out(self, sentence: Reading) -> bool:
        """Whether every quotation of the sentence stands in one of the article, word for word."""
        quotations = find_quotations(sentence.text)
        if not quotations or f" {key(sentence.text)} " in self._whole:
            return True
        return all(self._has(_words(sentence.text, quotation)) for quotation in quotations)

    def _has(self, words: str) -> bool:
        return bool(words) and f" {words} " in self._text


def _words(text: str, quotation: Quotation) -> str:
    """The words between the marks, spaced and folded; a comma or stop at the end belongs to the sentence around."""
    spaced = " ".join(key(_MARKS.sub(" ' ", piece.of(text)[1:])) for piece in quotation.pieces)
    return " ".join(part for part in spaced.split() if part != "'").strip(_EDGES)
