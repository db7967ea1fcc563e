"""Messages become posts that are within Slack's limits, whole, and harmless."""

from __future__ import annotations

import html
import json
import re
from dataclasses import replace
from datetime import UTC, datetime
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.messages.digest import digest_message
from bot.messages.message import (
    Attachment,
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
from bot.platforms.slack import limits
from bot.platforms.slack.markup import JOINER
from bot.platforms.slack.rendering import files, render, render_error, render_thread
from tests.bot.hostile import SEVERAL, acting, cut, digest_of, endless, names_in
from tests.bot.samples import KYIV, a_full_digest, a_page, a_quote
from tests.costs import cpu_seconds
from tests.discord.test_rendering import MESSAGES, a_saying, a_story, numbered
from tests.slack import bots
from tests.slack.payloads import breaches
from tests.slack.schema import cost_of, faults_in_blocks

NOON = datetime(2025, 1, 1, 12, tzinfo=UTC)
KEY = "attache-123"


def posted(message, key=None):
    """The blocks of the one post."""
    [post] = render(message, key=key)
    assert breaches(post.payload) == faults_in_blocks(post.payload["blocks"]) == []
    return list(post.blocks)


def large(blocks):
    return [block["text"]["text"] for block in blocks if block["type"] == "section"]


def small(blocks):
    return [block["elements"][0]["text"] for block in blocks if block["type"] == "context"]


def shown(*posts):
    """What a reader sees of the blocks."""
    told = json.dumps([post.blocks for post in posts], ensure_ascii=False)
    return html.unescape(told).replace(JOINER, "")


@given(MESSAGES, st.none() | st.just(KEY))
@settings(max_examples=100, deadline=None)
def test_every_message_is_within_the_limits(message, key):
    blocks = posted(message, key)
    assert blocks[0].get("block_id") == key
    opening, replies = render_thread(message, key=KEY)
    for post in (opening, *(post for _, post in replies)):
        assert breaches(post.payload) == []


@given(SEVERAL, st.integers(0, 2**32))
@settings(max_examples=40, deadline=None)
def test_a_digest_of_hostile_words_is_harmless_and_nothing_is_cut_in_two(words, seed):
    digest = digest_of(Random(seed), words, most=6)
    message = digest_message(digest)
    [post] = render(message, key=KEY)
    opening, replies = render_thread(message, key=KEY)
    posts = (post, opening, *(reply for _, reply in replies))
    for each in posts:
        assert breaches(each.payload) == []
        told = [*large(each.blocks), *small(each.blocks), each.text]
        assert [c for text in told for c in acting(text.replace(JOINER, ""))] == []
    assert cut(shown(post)) == set()
    assert cut(shown(opening)) == set()
    assert cut(shown(*(reply for _, reply in replies))) == set()


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
    title, day, line, story, sources, under, closing = posted(message, KEY)
    assert title["text"] == {"type": "plain_text", "text": "Digest", "emoji": False}
    assert title["block_id"] == KEY
    assert small([day]) == ["<!date^1735732800^{date_short_pretty} {time}|Wed 1 Jan 2025, 12:00> · 1 story"]
    assert line == under == {"type": "divider"}
    assert large([story]) == [
        (
            "*1 · Ministry: “no talks yet”*\n_2 outlets_\n"
            "It said so. [1]\n\n"
            "*Orla Venn*, for the ministry · [1] <https://elsewhere.example|[2]>\n"
            "> “No talks yet,”"
        )
    ]
    assert small([sources]) == [
        "[1] <https://h.example/1|Daily Herald>, <!date^1735732800^{time}|12:00> · [2] Wire"
    ]
    assert small([closing]) == ["2 feeds read, all well\nDigest 7"]
    [post] = render(message)
    assert post.text == "Digest · Wed 1 Jan 2025, 12:00 UTC · 1 story: Ministry: “no talks yet”"


def test_an_answer_begins_with_its_title_in_bold():
    blocks = posted(Message(plain("Venn · 6 statements"), (a_saying("“No.”"),)))
    assert large(blocks) == ["*Venn · 6 statements*", "*Orla Venn* · reported\n> “No.”"]


def test_a_statement_names_its_articles_and_the_sentence_it_stands_in():
    saying = replace(
        a_saying("“No.”"),
        context=(Text("“No.” was all she said to *reporters*.", Style.QUIET),),
        sources=((Link("Herald", "https://h.example/1"),), (Text("Wire"),)),
    )
    title, words, under = posted(Message(plain("Venn"), (saying,)))
    assert large([title, words]) == ["*Venn*", "*Orla Venn*\n> “No.”"]
    assert small([under]) == [
        "“No.” was all she said to ∗reporters∗.\nreported\n<https://h.example/1|Herald>\nWire"
    ]


def test_what_is_gone_from_its_article_is_marked_in_bold_right_under_the_words():
    gone = replace(a_quote(), gone=datetime(2025, 3, 12, tzinfo=UTC))
    _, words, under = posted(statements_message(a_page(gone), KYIV))
    assert large([words])[0].endswith("> “There is no strike to settle,”")
    assert small([under])[0].startswith("*! no longer in the article, taken out by* <!date^1741737600^")


def test_sentences_give_way_to_statements():
    saying = replace(a_saying("x" * 1_700), context=plain("y" * 300))
    blocks = posted(Message(plain("Venn"), (saying,) * 6))
    assert "".join(large(blocks)).count("*Orla Venn*") == 6
    assert "".join(small(blocks)).count("y" * 300) < 6
    assert "left out" not in str(blocks)


def test_articles_with_long_addresses_are_counted():
    sources = tuple((Link(f"Outlet {n}", f"https://h.example/{n}{'a' * 500}"),) for n in range(6))
    blocks = posted(Message(plain("Venn"), (replace(a_saying("“No.”"), sources=sources),)))
    [under] = small(blocks)
    assert under.count("https://h.example/") == 2
    assert under.endswith("\n… 4 more articles left out for length")


def test_a_long_digest_names_every_story_and_says_what_it_leaves_out():
    message = Message(
        plain("Digest"), tuple(block for rank in range(1, 9) for block in a_story(rank, sayings=8))
    )
    blocks = posted(message)
    stories = [text for text in large(blocks) if re.match(r"\*\d · Story", text)]
    assert len(stories) == 8
    told = [text.count("*Orla Venn*") for text in large(blocks)]
    assert sum(told) >= 8 * 2
    assert min(text.count("*Orla Venn*") for text in stories) > 0
    for rank, text in enumerate(stories, start=1):
        assert text.startswith(f"*{rank} · Story {rank}*\nWhat happened.")
    under = small(blocks)
    assert sum("|Daily Herald>" in text for text in under) == 8
    assert all(re.search(r"\n… \d more left out for length$", text) for text in under)


def test_all_stories_are_named_before_any_is_told():
    blocks = []
    for rank in range(1, 9):
        blocks += [
            Heading(plain(f"Story {rank}"), rank),
            Paragraph(plain("word " * 320)),
            Sources((plain("Wire"),)),
        ]
    told = large(posted(Message(plain("Digest"), tuple(blocks))))
    assert [text[:12] for text in told] == [f"*{rank} · Story {rank}*"[:12] for rank in range(1, 9)]
    assert [len(text) > 1_000 for text in told] == [True] * 5 + [False] * 3


def test_words_come_with_the_sources_that_they_refer_to_and_other_articles_are_counted():
    sources = Sources(numbered(90, 200), more=3)
    blocks = (Heading(plain("Big"), 1), Paragraph((Text("Words. "), Text("[70]"))), sources)
    posts = posted(Message(plain("Digest"), blocks))
    assert large(posts)[-1].endswith("Words. [70]")
    listed = "\n".join(small(posts))
    named = [int(number) for number in re.findall(r"Outlet (\d+)", listed)]
    assert 70 in named
    assert named == sorted(named)
    assert listed.endswith(f" · and {93 - len(named)} more articles")


def test_words_whose_sources_find_no_room_are_left_out():
    sources = Sources(numbered(4, 2_990))
    filler = [
        block for rank in range(2, 6) for block in (Heading(plain("y"), rank), Paragraph(plain("z" * 2_000)))
    ]
    blocks = (
        Heading(plain("Big"), 1),
        Paragraph((Text("Words. "), Text("[2]"), Text("[3]"), Text("[4]"))),
        sources,
        *filler,
    )
    posts = posted(Message(plain("Digest"), blocks))
    assert "Words." not in str(posts)
    assert "and 3 more articles" in str(posts)
    assert "… 1 more left out for length" in str(posts)


def test_remarks_stand_together_and_apart_from_what_is_said():
    remark = Remark(plain("≠ one thing"))
    blocks = posted(Message(plain("T"), (a_saying("“No.”"), remark, remark)))
    assert large(blocks)[1].endswith("> “No.”\n\n≠ one thing\n≠ one thing")


def test_a_note_stands_apart_from_what_is_said_of_the_last_statement():
    saying = replace(a_saying("“No.”"), notes=plain("Herald, with a headline of its own"))
    blocks = posted(Message(plain("T"), (saying, Note(plain("One.")), Note(plain("Two.")))))
    assert small(blocks) == ["Herald, with a headline of its own", "One.\nTwo."]


def test_a_list_keeps_its_empty_lines_and_long_lines_stand_apart():
    [_, short] = posted(Message(plain("T"), (Sources((plain("a"), (), plain("b"), plain("c"))),)))
    assert large([short]) == ["a\n\nb\nc"]
    [_, long] = posted(Message(plain("T"), (Sources((plain("a" * 150), plain("b" * 150))),)))
    assert large([long]) == ["a" * 150 + "\n\n" + "b" * 150]


def test_the_closing_notes_stand_under_more_stories_than_fit():
    told = [block for rank in range(1, 30) for block in a_story(rank, sayings=1, length=30)]
    blocks = posted(Message(plain("Digest"), (*told, Note(plain("3 feeds read, all well")))))
    assert sum(block["type"] == "divider" for block in blocks) == 14
    assert small(blocks)[-2:] == ["3 feeds read, all well", "… 16 more stories left out for length"]


def test_a_statement_is_whole_or_left_out():
    long = "“" + "word " * 700 + "word”"
    message = Message(plain("Venn"), (a_saying(long), a_saying("“Short.”"), a_saying(long + "x" * 500)))
    blocks = posted(message)
    assert large(blocks) == ["*Venn*", "*Orla Venn* · reported\n> “Short.”"]
    assert small(blocks) == ["… 2 more left out for length"]


def test_long_words_stand_in_several_sections_none_of_them_cut():
    saying = a_saying("“" + "word " * 400 + "word”")
    blocks = posted(Message(plain("Venn"), (saying,) * 3))
    assert [text.count("“word") for text in large(blocks)] == [0, 1, 1, 1]


def test_what_finds_room_as_a_whole_is_shown_as_a_whole():
    """Though one that is left out for a while is told of in a line that is longer than its own."""

    def ending(length):
        lines = [plain("x" * 500)] * 20 + [plain("y" * length), plain("The end.")]
        return posted(Message(plain("Title"), tuple(Paragraph(line) for line in lines)))

    whole = [blocks for blocks in map(ending, range(1, 2000, 20)) if bots.words(blocks).endswith("The end.")]
    room = limits.TOTAL - 250  # for a key
    assert room - 20 < cost_of(whole[-1]) <= room


def test_a_list_of_sources_alone_is_cut_between_its_lines():
    lines = tuple(plain(f"feed {n} " + "x" * 100) for n in range(300))
    blocks = posted(Message(plain("300 feeds"), (Sources(lines),)))
    listed = re.findall(r"feed (\d+) x{100}", "\n".join(large(blocks)))
    assert [int(number) for number in listed] == list(range(len(listed)))
    assert small(blocks) == [f"… {300 - len(listed)} more left out for length"]


def test_a_title_too_long_for_a_header_is_not_cut():
    title = "word " * 40 + "word"
    blocks = posted(Message((Text(title, Style.STRONG), Text(" · 1 story")), (Heading(plain("Story"), 1),)))
    assert large(blocks)[0] == f"*{title}* · 1 story"


def test_a_header_is_plain_and_shows_what_was_typed():
    title = (Text(":smile: *big* <!channel> & co", Style.STRONG),)
    first, *_ = posted(Message(title, (Heading(plain("Story"), 1),)))
    assert first["text"]["text"] == ":smile: *big* <!channel> & co"


def test_an_empty_message_says_so():
    [post] = render(Message(()))
    assert post.text == "Nothing to show."
    assert large(post.blocks) == ["Nothing to show."]


def test_the_words_for_notifications_are_short_and_never_cut_within_a_sign():
    [post] = render(Message(plain("& " * 500)))
    assert len(post.text) <= 300
    assert re.fullmatch(r"(&amp; ?)+…", post.text)


@given(st.text())
def test_an_error_is_always_sent_and_never_too_long(sentence):
    for words in (sentence, sentence * 500, "&" * 5_000):
        assert breaches(render_error(words).payload) == []


def test_a_thread_names_its_stories_and_each_reply_is_one():
    message = digest_message(a_full_digest())
    opening, replies = render_thread(message, key=KEY)
    assert opening.blocks[0]["block_id"] == KEY
    names = [story.name for story in a_full_digest().stories]
    assert all(name in shown(opening) for name in names)
    assert [key for key, _ in replies] == [f"{KEY}-{number}" for number in range(1, len(replies) + 1)]
    assert [post.blocks[0]["block_id"] for _, post in replies] == [key for key, _ in replies]
    for name, (_, post) in zip(names, replies, strict=False):
        assert name in large(post.blocks)[0]
        assert name in html.unescape(post.text)
    assert "12 feeds read" in shown(opening)
    assert "12 feeds read" not in shown(*(post for _, post in replies))


def test_a_thread_tells_all_of_an_endless_digest():
    digest = endless(stories=15)
    message = digest_message(digest)
    opening, replies = render_thread(message, key=KEY)
    posts = [post for _, post in replies]
    assert [breach for post in (opening, *posts) for breach in breaches(post.payload)] == []
    told = shown(*posts)
    assert all(name in told for name in names_in(digest))
    assert all(said.quote.words in told for story in digest.stories for said in story.said)
    assert all(passage.text in told for story in digest.stories for passage in story.summary)
    assert "left out" not in told
    [whole] = render(message)
    assert "left out for length" in shown(whole)


def test_files_come_with_what_they_show_in_words():
    picture = Attachment("positions.png", b"\x89PNG", "Kardovia \x1b opposes " + "x" * 2_000)
    [file] = files(Message(plain("T"), attachments=(picture,)))
    assert (file.name, file.content) == ("positions.png", b"\x89PNG")
    assert file.description.startswith("Kardovia \ufffd opposes xx")
    assert len(file.description) <= 1_000


@pytest.mark.parametrize("text", ["*" * 500_000, "<!channel> " * 50_000, ":x" * 250_000, "\u202e" * 500_000])
def test_half_a_million_hostile_characters_cost_little(text):
    message = Message(plain(text), (Heading(plain(text)), Paragraph(plain(text)), Sources((plain(text),))))

    def work():
        render(message)
        render_thread(message, key=KEY)

    assert cpu_seconds(work, enough=1.5) < 1.5


def test_a_list_of_thousands_of_lines_costs_little():
    lines = tuple(
        (Text(f"{number}  "), Text("Daily Herald https://herald.example/feed")) for number in range(4000)
    )
    assert cpu_seconds(lambda: render(Message(plain("Feeds"), (Sources(lines),))), enough=1.5) < 1.5


def test_words_and_blocks_together_keep_the_room_that_slack_was_seen_to_have():
    stories = (block for rank in range(1, 15) for block in a_story(rank, sayings=3))
    blocks = posted(Message(plain("Digest"), tuple(stories)))
    assert limits.TOTAL - 2_000 < cost_of(blocks) <= limits.TOTAL
