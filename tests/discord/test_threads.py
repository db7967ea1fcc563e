"""A digest as a thread: an opening that names the stories, and all of each story in messages of its own."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.messages.digest import digest_message
from bot.messages.message import Heading, Message, Note, Paragraph, Saying, Sources, Text, plain
from bot.platforms.discord.rendering import render, render_thread
from news.digests import Digest
from tests.bot.hostile import SEVERAL, cut, digest_of, endless
from tests.bot.samples import a_digest, a_full_digest
from tests.discord.fake import breaches
from tests.discord.test_digests import active, shown_by
from tests.discord.test_rendering import MESSAGES

KEY = "attache-7"


def thread_of(message: Message) -> tuple[list[dict], list[list[dict]]]:
    opening, told = render_thread(message, key=KEY)
    return [embed.to_dict() for embed in opening], [[embed.to_dict() for embed in one] for one in told]


def check(message: Message) -> None:
    opening, told = thread_of(message)
    assert [breaches({"embeds": embeds}) for embeds in (opening, *told)] == [[]] * (len(told) + 1)
    assert [embeds[-1].get("footer") for embeds in (opening, *told)] == [
        {"text": KEY},
        *({"text": f"{KEY}-{number}"} for number in range(1, len(told) + 1)),
    ]


def check_digest(digest: Digest) -> None:
    message = digest_message(digest)
    check(message)
    opening, told = thread_of(message)
    shown = "\n".join(map(shown_by, (opening, *told)))
    assert active(shown) == ""
    assert cut(shown) == set()


def test_the_opening_names_the_stories_and_ends_with_the_notes():
    opening, told = thread_of(digest_message(a_digest()))
    assert [embed["description"] for embed in opening] == [
        """### **Morning digest** · <t:1741762800:f> · 2 stories from 5 articles, 4 outlets

**1** · Minister sees “no strike to settle” in harbour · 3 outlets, 4 articles
**2** · 港湾スト、三日目に入る 🚢 — ferries to the islands are cancelled until further notice, operators say · 1 outlet, 1 article""",
        """-# 2 more stories had news; those above are carried by the most outlets
-# 12 feeds read, 11 well, 1 failing: Harbour Post since <t:1741590000:D> (feeds list shows why)""",
    ]
    assert [[embed["title"] for embed in embeds] for embeds in told] == [
        ["1 · Minister sees “no strike to settle” in harbour"],
        [
            "2 · 港湾スト、三日目に入る 🚢 — ferries to the islands are cancelled until further notice, operators say"
        ],
    ]


def test_a_story_reads_as_it_does_in_one_message():
    message = digest_message(a_full_digest())
    _, stories = thread_of(message)
    in_one = [embed.to_dict() for embed in render(message)]
    assert [embed["description"] for [embed] in stories] == [e["description"] for e in in_one[1:3]]


def test_a_digest_without_stories_is_its_opening():
    message = digest_message(a_digest(stories=(), articles=0, outlets=0))
    opening, told = thread_of(message)
    assert told == []
    assert opening == [embed.to_dict() for embed in render(message, key=KEY)]


def test_nothing_of_a_long_story_is_left_out():
    said = tuple(Saying(plain(f"Speaker {n}"), plain(f"word {n} " * 60)) for n in range(40))
    sources = Sources(tuple((Text(f"[{n}] "), Text(f"Outlet {n} " + "x" * 150)) for n in range(40)), more=3)
    blocks = (Heading(plain("Long"), 1), Paragraph(plain("First.")), *said, sources, Note(plain("All well")))
    message = Message(plain("Digest"), (*blocks[:-1], blocks[-1]))
    check(message)
    opening, told = thread_of(message)
    shown = "\n".join(map(shown_by, told))
    assert [shown.count(f"**Speaker {n}**") + shown.count(f"Speaker {n}\n") for n in range(40)] == [1] * 40
    assert [shown.count(f"Outlet {n} x") for n in range(40)] == [1] * 40
    assert "left out" not in shown
    assert shown.endswith("and 3 more articles")
    assert [embeds[0].get("title") for embeds in told] == ["1 · Long", *[None] * (len(told) - 1)]
    assert opening[-1]["description"] == "-# All well"


def test_more_stories_than_a_message_has_embeds_are_all_told():
    blocks = [b for n in range(30) for b in (Heading(plain(f"Story {n}"), n), Paragraph(plain("It was so.")))]
    opening, told = thread_of(Message(plain("Digest"), tuple(blocks)))
    assert [embeds[0]["title"] for embeds in told] == [f"{n} · Story {n}" for n in range(30)]
    assert "**29** · Story 29" in opening[0]["description"]


def test_words_that_no_embed_holds_are_counted_and_not_cut():
    blocks = (Heading(plain("Big"), 1), Saying(plain("Venn"), plain("x" * 5_000)), Paragraph(plain("Short.")))
    _, told = thread_of(Message(plain("Digest"), blocks))
    assert [embed["description"] for embeds in told for embed in embeds] == [
        "Short.\n-# … 1 more left out for length"
    ]


@pytest.mark.parametrize("stories", [0, 1, 8, 25])
def test_the_longest_digests_are_within_the_limits(stories):
    check_digest(endless(stories=stories))


@given(SEVERAL, st.integers(0, 2**32))
@settings(max_examples=40, deadline=None)
def test_every_thread_is_within_the_limits_harmless_and_whole(words, seed):
    check_digest(digest_of(Random(seed), words, most=12))


@given(MESSAGES)
@settings(max_examples=30, deadline=None)
def test_any_message_can_be_a_thread(message):
    check(message)
