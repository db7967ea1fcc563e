"""What stands for an article that nobody can read, so that it keeps nothing else waiting."""

from __future__ import annotations

from typing import TYPE_CHECKING

from news.briefs import Brief, Flag
from news.reading import UNREAD
from news.stories import Signature

if TYPE_CHECKING:
    from news.articles import Article

_VECTOR = 384
"""Numbers of a signature's vector; all zero, it is like no other."""


def unread_brief(article: Article, reason: str) -> tuple[Brief, Signature]:
    """A brief that says so, and a signature that is like no other; `reason` is a sentence."""
    flag = Flag(UNREAD, reason)
    brief = Brief(article.id, article.version, len(article.text), article.language, flags=(flag,))
    return brief, Signature(terms=b"", vector=bytes(_VECTOR), shingles=b"")
