"""Messages become embeds that are within Discord's limits, whole, and harmless."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.messages.actors import profile_message
from bot.messages.message import (
    Choice,
    Form,
    Heading,
    Link,
    Message,
    Moment,
    Note,
    Paragraph,
    Remark,
    Saying,
    Sources,
    Style,
    Text,
    plain,
)
from bot.messages.statements import statements_message
from bot.platforms.discord.rendering import render, render_error
from news.names import ActorNames
from news.profiles import ActorProfile, Counted
from tests.bot.samples import KYIV, a_page, a_quote
from tests.discord.fake import breaches
from tests.discord.hostile import WORDS

NOON = datetime(2025, 1, 1, 12, tzinfo=UTC)
MOMENTS = st.builds(Moment, st.datetimes(timezones=st.just(UTC)), st.sampled_from(Form))
INLINES = (
    st.builds(Text, WORDS, st.sampled_from(Style))
    | st.builds(Link, WORDS, WORDS | st.just("https://a.b/c"))
    | MOMENTS
)
LINES = st.lists(INLINES, max_size=4).map(tuple)
LONG = st.integers(1, 5000).map(lambda n: plain("x😀*" * n))
BLOCKS = st.one_of(
    st.builds(Heading, LINES | LONG, st.none() | st.integers(1, 99), LINES),
    st.builds(Paragraph, LINES | LONG, st.lists(LINES, max_size=3).map(tuple)),
    st.builds(Remark, LINES | LONG),
    st.builds(Saying, LINES, LINES | LONG, LINES, LINES | LONG, st.lists(LINES, max_size=12).map(tuple)),
    st.builds(Sources, st.lists(LINES, max_size=12).map(tuple), st.integers(0, 99)),
    st.builds(Note, LINES),
)
MESSAGES = st.builds(
    Message,
    LINES | LONG,
    st.lists(BLOCKS, max_size=40).map(tuple),
    choices=st.lists(st.builds(Choice, WORDS, WORDS), max_size=2).map(tuple),
)


def a_saying(words, *, who="Orla Venn"):
    return Saying(
        (Text(who, Style.STRONG),), (Text(words, Style.VERBATIM),), (Text("reported", Style.QUIET),)
    )


def a_story(rank, *, sayings=3, length=300):
    link = Link("[1]", f"https://herald.example/{rank}")
    said = [a_saying("“" + f"word{rank} " * (length // 6) + "”") for _ in range(sayings)]
    sources = Sources(((Text("[1] "), Link("Daily Herald", f"https://herald.example/{rank}")),))
    return [Heading(plain(f"Story {rank}"), rank), Paragraph((Text("What happened. "), link)), *said, sources]


@given(MESSAGES, st.none() | st.just("attache-123"))
@settings(max_examples=100, deadline=None)
def test_every_message_is_within_the_limits(message, key):
    embeds = [embed.to_dict() for embed in render(message, key=key)]
    assert breaches({"embeds": embeds}) == []
    assert embeds[-1].get("footer", {}).get("text") == key


def test_a_digest_looks_like_this():
    message = Message(
        (Text("Digest", Style.STRONG), Text(" · "), Moment(NOON, Form.FULL), Text(" · 1 story")),
        (
            Heading(plain("Ministry: “no talks yet”"), 1, plain("2 outlets")),
            Paragraph((Text("It said so. "), Link("[1]", "https://h.example/1"))),
            Saying(
                (Text("Orla Venn", Style.STRONG), Text(", for the ministry", Style.QUIET)),
                (Text("“No talks yet,”", Style.VERBATIM),),
                (Link("[1]", "https://h.example/1"), Text(" "), Link("[2]", "https://elsewhere.example")),
            ),
            Sources(
                (
                    (Text("[1] "), Link("Daily Herald", "https://h.example/1"), Text(", "), Moment(NOON)),
                    (Text("[2] "), Text("Wire")),
                )
            ),
            Note(plain("2 feeds read, all well")),
            Note(plain("Digest 7")),
        ),
    )
    title, story, closing = (embed.to_dict() for embed in render(message, key="attache-7"))
    assert title["description"] == "### **Digest** · <t:1735732800:f> · 1 story"
    assert story["title"] == "1 · Ministry: “no talks yet”"
    assert story["description"] == (
        "-# 2 outlets\n\n"
        "It said so. \\[1\\]\n\n"
        "**Orla Venn**, for the ministry\n"
        "> “No talks yet,”\n"
        "-# \\[1\\] \\[[2](https://elsewhere.example)\\]\n\n"
        "-# \\[1\\] [Daily Herald](https://h.example/1), <t:1735732800:t> · \\[2\\] Wire"
    )
    assert closing["description"] == "-# 2 feeds read, all well\n-# Digest 7"
    assert closing["footer"] == {"text": "attache-7"}


def test_an_answer_is_one_embed_and_what_can_be_asked_next_is_not_in_its_words():
    message = Message(
        plain("Venn · 6 statements"), (a_saying("“No.”"),), choices=(Choice("Older", "whosaid Venn page 2"),)
    )
    [embed] = render(message)
    assert embed.title == "Venn · 6 statements"
    assert embed.description == "**Orla Venn**\n> “No.”\n-# reported"


def test_a_statement_names_its_articles_and_the_sentence_it_stands_in():
    saying = replace(
        a_saying("“No.”"),
        context=(Text("“No.” was all she said to *reporters*.", Style.QUIET),),
        sources=((Link("Herald", "https://h.example/1"),), (Text("Wire"),)),
    )
    [embed] = render(Message(plain("Venn"), (saying,)))
    assert embed.description == (
        "**Orla Venn**\n> “No.”\n-# “No.” was all she said to \\*reporters\\*.\n-# reported\n"
        "-# [Herald](https://h.example/1)\n-# Wire"
    )


def test_what_is_gone_from_its_article_is_marked_in_bold_right_under_the_words():
    gone = replace(a_quote(), gone=datetime(2025, 3, 12, tzinfo=UTC))
    [embed] = render(statements_message(a_page(gone), KYIV))
    words, notes = embed.description.splitlines()[1:3]
    assert words == "> “There is no strike to settle,”"
    assert notes.startswith("-# **! no longer in the article, taken out by** <t:1741737600:f> · direct · ")


def test_sentences_give_way_to_statements():
    saying = replace(a_saying("x" * 700), context=plain("y" * 300))
    [embed] = render(Message(plain("Venn"), (saying,) * 5))
    assert embed.description.count("**Orla Venn**") == 5
    assert embed.description.count("y" * 300) == 1
    assert "left out" not in embed.description


def test_articles_with_long_addresses_are_counted():
    sources = tuple((Link(f"Outlet {n}", f"https://h.example/{n}{'a' * 500}"),) for n in range(6))
    [embed] = render(Message(plain("Venn"), (replace(a_saying("“No.”"), sources=sources),)))
    assert embed.description.count("https://h.example/") == 2
    assert embed.description.endswith("\n-# … 4 more articles left out for length")


def test_a_long_digest_names_every_story_and_says_what_it_leaves_out():
    message = Message(
        plain("Digest"), tuple(block for rank in range(1, 9) for block in a_story(rank, sayings=6))
    )
    embeds = render(message)
    assert [embed.title for embed in embeds] == [
        "Digest",
        *(f"{rank} · Story {rank}" for rank in range(1, 9)),
    ]
    shown = [embed.description.count("**Orla Venn**") for embed in embeds[1:]]
    assert min(shown) > 0
    assert max(shown) - min(shown) <= 1
    for embed, sayings in zip(embeds[1:], shown, strict=True):
        assert embed.description.startswith("What happened.")
        assert "[Daily Herald](https://herald.example/" in embed.description
        assert embed.description.endswith(f"\n-# … {6 - sayings} more left out for length")


def test_all_stories_are_named_before_any_is_told():
    blocks = []
    for rank in range(1, 9):
        blocks += [
            Heading(plain(f"Story {rank}"), rank),
            Paragraph(plain("word " * 160)),
            Sources((plain("Wire"),)),
        ]
    embeds = render(Message(plain("Digest"), tuple(blocks)))
    assert [embed.title for embed in embeds[1:]] == [f"{rank} · Story {rank}" for rank in range(1, 9)]
    assert [embed.description.startswith("word") for embed in embeds[1:]] == [True] * 7 + [False]
    assert embeds[-1].description == "-# Wire\n-# … 1 more left out for length"


def numbered(count, length):
    """Sources whose lines are that long."""
    return tuple(
        (Text(f"[{number}] ", Style.QUIET), Text(f"Outlet {number} ".ljust(length, "x")))
        for number in range(1, count + 1)
    )


def test_words_come_with_the_sources_that_they_refer_to_and_other_articles_are_counted():
    sources = Sources(numbered(40, 200), more=3)
    blocks = (Heading(plain("Big"), 1), Paragraph((Text("Words. "), Text("[30]"))), sources)
    _, big = render(Message(plain("Digest"), blocks))
    assert big.description.startswith("Words. \\[30\\]\n\n-# \\[1\\] Outlet 1 xx")
    named = [int(number) for number in re.findall(r"Outlet (\d+)", big.description)]
    assert 30 in named
    assert named == sorted(named)
    assert big.description.endswith(f"x · and {43 - len(named)} more articles")


def test_words_whose_sources_find_no_room_are_left_out():
    sources = Sources(numbered(2, 2500))
    blocks = (Heading(plain("Big"), 1), Paragraph((Text("Words. "), Text("[2]"))), sources)
    _, big = render(Message(plain("Digest"), blocks))
    assert big.description.startswith("-# \\[1\\] Outlet 1 x")
    assert big.description.endswith("x · and 1 more article\n-# … 1 more left out for length")


def test_a_digest_of_many_articles_still_tells_each_story():
    """Eight stories of twelve articles each, with addresses as long as most are."""
    url = "https://outlet.example/world/2025/03/12/" + "ministers-meet-in-the-harbour-" * 2
    marks = [Link(f"[{number}]", f"{url}{number}") for number in range(1, 13)]
    sources = Sources(
        tuple(
            (Text(f"[{n}] "), Link(f"Daily Outlet {n}", f"{url}{n}"), Text(", "), Moment(NOON))
            for n in range(1, 13)
        ),
        more=2,
    )
    sentence = (
        "The harbour ministry put off its talks with the dockers for a second time this week, it said. "
    )
    blocks = []
    for rank in range(1, 9):
        told = (Text(sentence), marks[0]), (Text(sentence), marks[1]), (Text(sentence), marks[2])
        blocks += [Heading(plain(f"Story {rank}"), rank, plain("6 outlets, 14 articles"))]
        blocks += [Paragraph(told[0], told[1:])]
        blocks += [replace(a_saying("“We will talk.”"), notes=(marks[number],)) for number in (0, 1, 3, 4)]
        blocks += [Remark((Text("≠ the fee: $7 in "), marks[0], Text(", $8 in "), marks[1])), sources]
    _, *stories = render(Message(plain("Digest"), tuple(blocks)))
    assert [story.title for story in stories] == [f"{rank} · Story {rank}" for rank in range(1, 9)]
    for story in stories:
        assert story.description.count(sentence.strip()) >= 1
        assert story.description.count("> “We will talk.”") >= 1
        assert "≠ the fee" in story.description
        assert re.search(r" · and \d+ more articles", story.description)


def test_remarks_stand_together_and_apart_from_what_is_said():
    remark = Remark(plain("≠ one thing"))
    [embed] = render(Message(plain("T"), (a_saying("“No.”"), remark, remark)))
    assert embed.description.endswith("-# reported\n\n≠ one thing\n≠ one thing")


def test_the_closing_notes_stand_under_more_stories_than_fit():
    blocks = [block for rank in range(1, 15) for block in a_story(rank, sayings=1, length=30)]
    embeds = render(Message(plain("Digest"), (*blocks, Note(plain("3 feeds read, all well")))))
    assert [embed.title for embed in embeds[1:-1]] == [f"{rank} · Story {rank}" for rank in range(1, 9)]
    assert embeds[-1].description == ("-# 3 feeds read, all well\n-# … 6 more stories left out for length")


def test_a_statement_is_whole_or_left_out():
    long = "“" + "word " * 900 + "word”"
    message = Message(plain("Venn"), (a_saying(long), a_saying("“Short.”"), a_saying(long + "x" * 500)))
    [embed] = render(message)
    assert embed.description == "**Orla Venn**\n> “Short.”\n-# reported\n-# … 2 more left out for length"


def test_stories_beyond_ten_embeds_are_counted():
    message = Message(plain("Digest"), tuple(Heading(plain(f"Story {n}"), n) for n in range(1, 15)))
    embeds = render(message)
    assert len(embeds) == 10
    assert embeds[-1].description == "-# … 5 more stories left out for length"


def test_a_list_of_sources_alone_is_cut_between_its_lines():
    lines = tuple(plain(f"feed {n} " + "x" * 100) for n in range(100))
    [embed] = render(Message(plain("100 feeds"), (Sources(lines),)))
    shown = embed.description.split("\n")
    assert shown[0].startswith("feed 0 ")
    assert shown[-1] == f"-# … {100 - (len(shown) - 1)} more left out for length"


def test_a_headline_too_long_for_a_title_is_not_cut():
    headline = "“" + "word " * 60 + "word”"
    [_, embed] = render(Message(plain("Digest"), (Heading(plain(headline), 1),)))
    assert embed.title is None
    assert embed.description == f"### 1 · {headline}"


def test_an_empty_message_says_so():
    [embed] = render(Message(()))
    assert embed.description == "Nothing to show."


@given(st.text())
def test_an_error_is_always_sent_and_never_too_long(sentence):
    assert breaches({"content": render_error(sentence)}) == []
    assert breaches({"content": render_error(sentence * 500)}) == []


def test_a_profile_of_endless_names_stays_within_discords_limits():
    names = ActorNames("Orla Venn", tuple(f"{'V' * 80} {number}" for number in range(50)))
    written = tuple(Counted("x" * 9_000 if number else "Orla Venn", 1) for number in range(40))
    profile = ActorProfile("Venn", names, written, total=1)
    embeds = render(profile_message(profile, a_page(a_quote()), KYIV))
    assert breaches({"embeds": [embed.to_dict() for embed in embeds]}) == []
    assert "There is no strike to settle" in str([embed.description for embed in embeds])
