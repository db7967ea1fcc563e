"""The words that name a holder of a position."""

from __future__ import annotations

import pytest

from news.spans import Span
from summarizer.stances.naming import is_modifier, with_name


def span_of(text: str, words: str) -> Span:
    start = text.index(words)
    return Span(start, start + len(words))


@pytest.mark.parametrize(
    ("text", "words", "named"),
    [
        (
            "The Ruritanian president, Orla Finch, refused.",
            "The Ruritanian president",
            "The Ruritanian president, Orla Finch",
        ),
        ("A minister, Tom de Vries, agreed.", "A minister", "A minister"),
        ("The mayor, Finch, agreed.", "The mayor", "The mayor"),
        ("The mayor, Orla Finch, and the union agreed.", "The mayor", "The mayor"),
        ("The mayor, Greenpeace, and the union agreed.", "The mayor", "The mayor"),
        ("The mayor, Orla Finch, Tom Bell and others agreed.", "The mayor", "The mayor"),
        ("The president, Wednesday, agreed.", "The president", "The president"),
        ("The mayor, who agreed, left.", "The mayor", "The mayor"),
        ("The mayor, On Monday he left", "The mayor", "The mayor"),
        ("Orla Finch, Tom Bell, and others", "Orla Finch", "Orla Finch"),
        ("The mayor", "The mayor", "The mayor"),
    ],
)
def test_a_role_is_named_by_the_name_behind_it(text, words, named):
    assert with_name(text, span_of(text, words)).of(text) == named


@pytest.mark.parametrize(
    ("text", "adjective"),
    [
        ("Ruritania sent it, and she rejected the Ruritanian plan for talks.", "Ruritanian"),
        ("She had a Ukrainian proposal.", "Ukrainian"),
        ("The Turkish parliament votes.", "Turkish"),
        ("The Maltese minister said so.", "Maltese"),
    ],
)
def test_an_adjective_names_nobody(text, adjective):
    assert is_modifier(text, span_of(text, adjective))


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Kazakhstan rejects the plan.", "Kazakhstan"),
        ("Japan gave its consent.", "Japan"),
        ("Sudan will not sign.", "Sudan"),
        ("Nolan and Bell agree.", "Nolan"),
        ("Iran strongly opposes it.", "Iran"),
        ("Pakistan firmly backed it.", "Pakistan"),
        ("Erdogan struck a deal.", "Erdogan"),
        ("The Taliban reject it.", "Taliban"),
        ("The Vatican became silent.", "Vatican"),
        ("the Ukrainian strongly opposes it", "Ukrainian"),
        ("Ruritania plan", "Ruritania"),
        ("The Ruritanian", "Ruritanian"),
        ("the Ruritanian government agrees", "Ruritanian government"),
    ],
)
def test_a_name_is_no_adjective(text, name):
    assert not is_modifier(text, span_of(text, name))
