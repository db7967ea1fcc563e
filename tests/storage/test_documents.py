"""Digests as they are stored: what is kept reads back, and so does what was kept before positions were told."""

from __future__ import annotations

import json
from random import Random

import pytest

from news.digests import Digest
from storage.documents import as_json, from_json
from tests.bot.hostile import ACTING, FOREIGN, digest_of
from tests.bot.samples import a_digest, a_full_digest, an_edited_story
from tests.bot.standings import a_digest_of_positions


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
