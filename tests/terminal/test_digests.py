"""Whole digests in a terminal: nothing active, everything told, no line too wide but for addresses."""

from __future__ import annotations

import re
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from bot.messages.digest import digest_message
from bot.platforms.terminal.rendering import NARROWEST, render
from news.digests import Digest
from tests.bot.hostile import SEVERAL, acting, cut, digest_of, endless, names_in

OURS = re.compile(r"\x1b\[[\d;]*m|\x1b\]8;(?:id=\d+)?;(?:https?://[^\x00-\x20\x7f]*)?\x1b\\")


def check(digest: Digest, width: int, *, color: bool = False) -> None:
    shown = render(digest_message(digest), width=width, color=color)
    assert acting(OURS.sub("", shown)) == []
    assert cut(shown) == set()
    assert [name for name in names_in(digest) if name not in shown] == []


def check_widths(digest: Digest, width: int) -> None:
    """Only an address is wider than the terminal, and stands alone or at the end of its line."""
    addresses = {source.url for story in digest.stories for source in story.sources}
    for line in render(digest_message(digest), width=width, color=False).splitlines():
        copied = any(line.endswith(url) for url in addresses if url)
        assert copied or cell_len(line) <= max(width, NARROWEST)


@given(SEVERAL, st.integers(0, 2**32), st.sampled_from([24, 60, 80, 100, 140]), st.booleans())
@settings(max_examples=40, deadline=None)
def test_every_digest_is_harmless_and_whole(words, seed, width, color):
    check(digest_of(Random(seed), words, most=3), width, color=color)


@pytest.mark.parametrize("width", [40, 60, 80, 100, 140])
def test_the_longest_digest_is_told_in_full_and_no_wider_than_the_terminal(width):
    digest = endless(stories=5)
    check(digest, width)
    check_widths(digest, width)


def test_the_longest_digest_names_every_story():
    check(endless(), 100)
