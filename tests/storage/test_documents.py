"""Digests and parts of briefs as they are stored: what is kept reads back, and so does what was kept before positions were told."""

from __future__ import annotations

import json
from random import Random

import pytest

from news.briefs import Flag, SummarySentence
from news.digests import Digest
from news.figures import Bound, Figure, FigureKind
from news.spans import Span
from storage.briefs import Figures, Flags, Summary
from storage.documents import as_json, from_json, from_text
from tests.bot.hostile import ACTING, FOREIGN, digest_of
from tests.bot.samples import a_digest, a_full_digest, an_edited_story
from tests.bot.standings import a_digest_of_positions

SPAN = Span(3, 9)
HUGE = 1e19
"""JSONB gives it back as a whole number."""


def stored(digest: Digest) -> dict:
    return json.loads(json.dumps(as_json(Digest, digest)))


@pytest.mark.parametrize(
    "digest",
    [
        a_digest(),
        a_full_digest(),
        a_digest(stories=(an_edited_story(),)),
        a_digest_of_positions(),
        digest_of(Random(5), [words for words in (*ACTING, *FOREIGN) if "\ud83d" not in words], most=6),
    ],
)
def test_a_digest_reads_back_as_it_was(digest):
    assert from_json(Digest, stored(digest)) == digest


def test_a_digest_from_before_positions_were_told_reads_as_one_without_any():
    document = stored(a_digest())
    del document["positions"]
    for story in document["stories"]:
        del story["positions"]
    assert from_json(Digest, document) == a_digest()


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (Summary, (SummarySentence("“Half” a \u20ac, 😀.", SPAN), SummarySentence("Made.", None))),
        (Flags, (Flag("headline", "It has a number that the text does not have.", (SPAN,)),)),
        (
            Figures,
            (Figure(FigureKind.COUNT, HUGE, "", SPAN, SPAN, "shell", what=(SPAN,), bound=Bound.ABOUT),),
        ),
        (Summary, ()),
    ],
)
def test_text_is_read_as_what_the_database_makes_of_it(kind, value):
    stored = json.dumps(as_json(kind, value))
    whole = stored.replace("1e+19", "10000000000000000000")
    assert from_text(kind, stored) == from_text(kind, whole) == from_json(kind, json.loads(whole)) == value
