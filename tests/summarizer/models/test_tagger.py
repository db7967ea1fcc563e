"""The shipped weights: small enough, loaded once, read as far as they say."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from summarizer.models import sessions, tagger, words
from summarizer.models.encoder import MODEL as ENCODER
from summarizer.models.sessions import session
from summarizer.models.tagger import MODEL, tag
from summarizer.models.words import tokenizer
from summarizer.quotations import find_quotations
from summarizer.sentences import find_paragraphs

TEXT = "“The bridge is safe,” Orla Finch told the council. It rained."


def tagged(text: str, *, least: float = 0.6):
    return tag(text, find_paragraphs(text), find_quotations(text), least=least)


def test_weights_stay_under_25_megabytes():
    assert MODEL.stat().st_size <= 25_000_000


def test_parts_of_a_statement_are_spans_of_the_text():
    (found,) = tagged(TEXT).found
    parts = found.cue.of(TEXT), [s.of(TEXT) for s in found.source], [s.of(TEXT) for s in found.content]
    assert parts == ("told", ["Orla Finch"], ["“The bridge is safe,”"])
    assert 0.6 <= found.score <= 1


def test_nothing_is_found_above_every_likelihood():
    assert tagged(TEXT, least=1.1).found == ()


@pytest.mark.parametrize("text", ["", " \n ", "\u200b", "x" * 5_000])
def test_text_without_statements_has_none(text):
    assert (tagged(text).found, tagged(text).end) == ((), len(text))


def test_reading_ends_where_it_says(monkeypatch):
    monkeypatch.setattr(tagger, "_MOST_WINDOWS", 2)
    text = "\n".join([TEXT] * 40)
    tags = tagged(text)
    assert 0 < tags.end < len(text)
    assert tags.found
    assert all(span.end <= tags.end for one in tags.found for span in (one.cue, *one.content))


@pytest.mark.parametrize(
    ("load", "keep"),
    [(lambda: session(MODEL), sessions), (lambda: session(ENCODER), sessions), (tokenizer, words)],
    ids=["tagger", "encoder", "vocabulary"],
)
def test_everything_is_loaded_once(load, keep):
    keep._load.cache_clear()
    with ThreadPoolExecutor(4) as pool:
        assert len({id(found) for found in pool.map(lambda _: load(), range(8))}) == 1
