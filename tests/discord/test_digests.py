"""Whole digests on Discord: within every limit, nothing active, every story named or counted, nothing cut in two.

`python -m tests.discord.test_digests` writes the golden file anew.
"""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.messages.digest import digest_message
from bot.platforms.discord.rendering import render
from news.digests import Digest
from tests.bot.hostile import ACTING, FOREIGN, SEVERAL, acting, cut, digest_of, endless, names_in, tagged
from tests.bot.samples import a_digest, a_full_digest, a_source, a_story
from tests.discord.fake import breaches

GOLDEN = Path(__file__).parents[1] / "golden" / "messages" / "full_digest_discord.txt"
LINK = re.compile(r"\[[^\[\]]*\]\(https?://[^\s()\[\]<>\\\"]+\)")
OURS = re.compile(r"<t:-?\d+:[tDf]>|\*\*|^(?:> |-# |### )", re.MULTILINE)
LEFT_OUT = re.compile(r"([\d,]+) more stor(?:y|ies)(?: and \d+ more parts?)? left out for length")


def embeds_of(digest: Digest, *, key: str | None = "attache-7") -> list[dict]:
    return [embed.to_dict() for embed in render(digest_message(digest), key=key)]


def shown_by(embeds: list[dict]) -> str:
    return "\n".join(f"{e.get('title', '')}\n{e.get('description', '')}" for e in embeds)


def active(text: str) -> str:
    """What is left of markup when all that is escaped, and all that we make ourselves, is taken away."""
    unescaped = re.sub(r"\\[^0-9A-Za-z\s]", "", text)
    bare = OURS.sub("", LINK.sub("", unescaped))
    markup = "".join(re.findall(r"[\\*_~`|<>\[\]@#]|:\S", bare))
    return markup + "".join(acting(text))


def check(digest: Digest) -> None:
    embeds = embeds_of(digest)
    shown = shown_by(embeds)
    assert breaches({"embeds": embeds}) == []
    assert active(shown) == ""
    assert cut(shown) == set()
    named = sum(name in shown for name in names_in(digest))
    counted = sum(int(found.replace(",", "")) for found in LEFT_OUT.findall(shown))
    assert named + counted == len(digest.stories)


def drawn(embeds: list[dict]) -> str:
    """The embeds as text, one under the other."""
    parts = ("title", "description", "footer")
    shown = (
        "\n".join(
            str(embed[part]["text"] if part == "footer" else embed[part]) for part in parts if part in embed
        )
        for embed in embeds
    )
    return "\n==\n".join(shown) + "\n"


def test_a_full_digest_is_as_reviewed():
    assert drawn(embeds_of(a_full_digest())) == GOLDEN.read_text(encoding="utf-8")


@given(SEVERAL, st.integers(0, 2**32))
@settings(max_examples=60, deadline=None)
def test_every_digest_is_within_the_limits_harmless_and_whole(words, seed):
    check(digest_of(Random(seed), words, most=12))


@pytest.mark.parametrize("stories", [0, 1, 8, 9, 25])
def test_the_longest_digests_are_within_the_limits(stories):
    check(endless(stories=stories))


def test_what_is_told_stands_above_the_articles_that_it_refers_to():
    _, story, _ = embeds_of(endless(stories=1))
    named = re.findall(r"\\\[(\d+)\\\] \[Outlet \1\]", story["description"])
    assert set(re.findall(r"\\\[(\d+)\\\]", story["description"])) == set(named)
    assert 2 <= len(named) < 12


@pytest.mark.parametrize("words", ACTING + FOREIGN)
def test_words_in_every_place_of_a_digest_only_read(words):
    story = a_story(
        name=tagged(1, words),
        sources=tuple(
            replace(a_source(n, words), article_key=words, url=f"https://h.example/{words}")
            for n in (1, 2, 3)
        ),
    )
    check(a_digest(title=words, narrowed=words, stories=(story,)))


@given(st.integers(1, 12), st.integers(1, 25))
@settings(max_examples=20, deadline=None)
def test_stories_of_usual_length_are_told_and_not_only_named(sources, stories):
    """Names, addresses and sentences as they are in the news: up to eight stories are all told."""
    long = "https://daily-outlet.example/world/2025/03/12/ministers-meet-in-the-harbour-{}"
    articles = tuple(
        replace(a_source(n, f"Daily Outlet {n}"), url=long.format(n)) for n in range(1, sources + 1)
    )
    story = a_story(sources=articles, articles=sources)
    told = tuple(
        replace(story, name=tagged(n, "Minister sees “no strike to settle”")) for n in range(stories)
    )
    embeds = embeds_of(a_digest(stories=told))
    for embed in embeds[1 : 1 + min(stories, 8)]:
        assert embed["description"].count("Edda Marlow told the Northern Wire") == 1
        assert embed["description"].count("> “There is no strike to settle,”") == 1


if __name__ == "__main__":
    GOLDEN.write_text(drawn(embeds_of(a_full_digest())), encoding="utf-8")
