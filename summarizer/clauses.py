"""The words and marks of a sentence, one by one, as figures are read from them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from news.spans import Span

_TOKEN = re.compile(r"(?:[^\W\d_]\.){2,}|[^\W_]+(?:[.,’'-][^\W_]+)*|[^\w\s]|_")


@dataclass(frozen=True, slots=True)
class Word:
    """A word or a mark of a sentence."""

    text: str
    lower: str
    start: int
    end: int

    @property
    def is_word(self) -> bool:
        """Whether it begins with a letter."""
        return self.text[0].isalpha()

    @property
    def capital(self) -> bool:
        """Whether it begins with a capital letter."""
        return self.text[0].isupper()


def words_in(text: str, sentence: Span) -> tuple[Word, ...]:
    """The words and marks of a sentence in reading order."""
    return tuple(
        Word(found.group(), found.group().lower().replace("’", "'"), found.start(), found.end())
        for found in _TOKEN.finditer(text, sentence.start, sentence.end)
    )
