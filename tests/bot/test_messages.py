"""What messages say of digests and statements, before any platform renders them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.messages.commands import COMMANDS, typed
from bot.messages.digest import digest_message
from bot.messages.harmless import harmless
from bot.messages.help import help_message
from bot.messages.message import (
    Form,
    Heading,
    Link,
    Message,
    Moment,
    Paragraph,
    Remark,
    Saying,
    Sources,
    Style,
    Text,
)
from bot.messages.subscriptions import subscriptions_message
from bot.messages.wording import kind_of, local, outlet_of, who, words
from news.channels import Channel, Narrowing, Platform, Subscription, SubscriptionId, WorkspaceId
from news.digests import Caution, Difference, DifferenceSide, FeedHealth, Matter, Passage, Said
from news.spans import Span
from news.statements import Kind, Mode, Speaker
from tests.bot.samples import (
    KYIV,
    MORNING,
    OFFICIAL,
    a_digest,
    a_quote,
    a_source,
    a_story,
    an_edited_story,
    notes,
    told,
)


def told_in_all(message: Message) -> str:
    """Every word of the message's title, sources, paragraphs and notes."""
    lines = [message.title]
    for block in message.blocks:
        if isinstance(block, Sources):
            lines += block.items
        elif not isinstance(block, Saying):
            lines.append(block.line)
    return "\n".join(told(line) for line in lines)


@pytest.mark.parametrize(
    ("quote", "expected"),
    [
        (a_quote("“Never,”", cue="said", cue_at=110), "“Never,”"),
        (a_quote('"Never" … "ever"', cue="said", cue_at=90), '"Never" … "ever"'),
        (a_quote("that it ends", cue="said", cue_at=95, kind=Kind.INDIRECT), "said that it ends"),
        (a_quote("it ends", cue="denied", cue_at=80, kind=Kind.INDIRECT), "denied … it ends"),
        (a_quote("it ends", cue="said", cue_at=110, kind=Kind.INDIRECT), "it ends"),
        (a_quote("it ends", cue="according to", cue_at=110, kind=Kind.INDIRECT), "it ends"),
        (a_quote("it ends", cue="doubted", cue_at=110, kind=Kind.INDIRECT), "it ends … doubted"),
        (a_quote("it “ends”", cue="did not say", cue_at=110, kind=Kind.MIXED), "it “ends” … did not say"),
        (a_quote("it ends", kind=Kind.INDIRECT), "it ends"),
    ],
)
def test_words_keep_the_articles_marks_and_what_turns_them(quote, expected):
    assert told(words(quote)) == expected
    assert Text(quote.words, Style.VERBATIM) in words(quote)


@pytest.mark.parametrize(
    ("speaker", "venue", "expected"),
    [
        (None, "Kurier", "speaker not named"),
        (Speaker("Ida Stern", "she"), None, "Ida Stern"),
        (Speaker("Ida Stern", "she", affiliation="Kremlin"), "Izvestia", "Ida Stern, for the Kremlin, to Izvestia"),
        (Speaker("Ida Stern", "she", affiliation="The Dockers"), None, "Ida Stern, for The Dockers"),
        (Speaker("Ida Stern", "she", affiliation="Ministry of Ports"), None, "Ida Stern, for the Ministry of Ports"),
        (Speaker("Ida Stern", "she", affiliation="Acme"), None, "Ida Stern, for Acme"),
        (Speaker("Ida Stern", "she", affiliation="central bank"), None, "Ida Stern, for the central bank"),
        (Speaker("the Kremlin", "the Kremlin", affiliation="Kremlin"), None, "the Kremlin"),
        (Speaker("baker", "A baker"), None, "A baker"),
        (Speaker("finance ministry", "the finance ministry"), None, "the finance ministry"),
        (Speaker("baker", "a baker who gave no other name"), None, "a baker"),
        (Speaker("baker", "the baker’s wife"), None, "baker"),
        (Speaker("baker", "he"), None, "baker"),
        (Speaker("baker", "the town’s oldest baker"), None, "baker"),
        (Speaker("Port Ministry", "the Port Ministry"), None, "Port Ministry"),
    ],
)  # fmt: skip
def test_who_names_the_speaker_and_in_whose_name(speaker, venue, expected):
    assert told(who(a_quote(speaker=speaker, venue=venue))) == expected


@pytest.mark.parametrize(
    "body",
    [
        "Citadel",
        "Government",
        "World Bank",
        "Party of the North",
        "Northern League",
        "hospital",
        "opposition Renewal Bloc",
    ],
)
def test_a_body_is_spoken_for_with_its_article(body):
    assert told(who(a_quote(speaker=Speaker("Ida", "she", affiliation=body)))) == f"Ida, for the {body}"


@pytest.mark.parametrize(
    "body",
    [
        "Talvenia",
        "Daily Herald",
        "iShip",
        "Hollin Bank",
        "his party",
        "several banks",
        "Talvenia's central bank",
    ],
)
def test_a_name_or_what_is_determined_already_gets_no_article(body):
    assert told(who(a_quote(speaker=Speaker("Ida", "she", affiliation=body)))) == f"Ida, for {body}"


def test_kind_says_what_was_not_spoken():
    assert kind_of(a_quote(kind=Kind.MIXED)) == "partly direct"
    assert kind_of(a_quote(kind=Kind.INDIRECT, mode=Mode.INTENTION)) == "intention, reported"


@pytest.mark.parametrize(
    ("outlet", "url", "expected"),
    [
        ("Kurier", "https://www.kurier.example/1", "Kurier"),
        (None, "https://www.kurier.example/1", "kurier.example"),
        (None, None, "article 1"),
        (None, "https://[broken", "article 1"),
    ],
)
def test_an_outlet_without_a_name_is_called_by_its_host(outlet, url, expected):
    assert outlet_of(outlet, url, "article 1") == expected


def test_moments_at_the_end_of_the_calendar_are_told_in_utc():
    first = datetime(1, 1, 1, tzinfo=UTC)
    assert local(first, "America/New_York") == first
    assert local(MORNING, "Atlantis").hour == 7
    assert local(MORNING, KYIV).hour == 9


def test_a_digests_title_counts_what_it_tells():
    title = digest_message(a_digest()).title
    assert title[2] == Moment(MORNING, Form.FULL)
    assert told(title) == "Morning digest · <full> · 2 stories from 5 articles, 4 outlets"
    one = a_digest(stories=(a_story(),), articles=1, outlets=1)
    assert told(digest_message(one).title).endswith(" · 1 story from 1 article, 1 outlet")
    unnamed = a_digest(stories=(a_story(),), articles=3, outlets=0)
    assert told(digest_message(unnamed).title).endswith(" · 1 story from 3 articles")


def test_a_story_is_told_with_marks_that_lead_to_its_articles():
    quote = a_quote(speaker=OFFICIAL, kind=Kind.INDIRECT, words="it ends")
    story = a_story(
        name="Strike ends",
        outlets=1,
        articles=2,
        summary=(Passage("It ended.", Span(0, 9), 1), Passage("All went home.", None, 2)),
        said=(Said(quote, (1, 2)),),
        sources=(a_source(1, "Kurier"), a_source(2, None, hours=20, url=None)),
    )
    one = Link("[1]", "https://kurier.example/2025/03/1")
    two = Text("[2]", Style.QUIET)
    blocks = digest_message(a_digest(stories=(story,), left_out=0, health=FeedHealth())).blocks
    assert blocks == (
        Heading((Text("Strike ends"),), rank=1, aside=(Text("1 outlet, 2 articles", Style.QUIET),)),
        Paragraph(
            (
                Text("It ended."),
                Text(" "),
                one,
            ),
            further=((Text("All went home."), Text(" "), two, Text(" (generated)", Style.QUIET)),),
        ),
        Saying(
            (Text("a senior official", Style.STRONG),),
            (Text("it ends", Style.VERBATIM),),
            (one, Text(" "), two, Text(" reported", Style.QUIET), Text(" anonymous", Style.QUIET)),
        ),
        Sources(
            (
                (
                    Text("[1] ", Style.QUIET),
                    Link("Kurier", "https://kurier.example/2025/03/1"),
                    Text(", ", Style.QUIET),
                    Moment(MORNING - timedelta(hours=1), Form.TIME),
                ),
                (
                    Text("[2] ", Style.QUIET),
                    Text("article a2"),
                    Text(", ", Style.QUIET),
                    Moment(MORNING - timedelta(hours=20), Form.FULL),
                ),
            )
        ),
    )


def a_side(words, *marks, evidence=""):
    return DifferenceSide(words, marks, evidence or f"It was {words}.", (Span(0, 5),))


@pytest.mark.parametrize(
    ("difference", "expected"),
    [
        (
            Difference(
                Matter.FIGURE,
                "the harbour package",
                (a_side("$750 million", 1), a_side("$725 million", 2, 3)),
            ),
            "≠ the harbour package: $750 million in [1], $725 million in [2] [3]",
        ),
        (
            Difference(
                Matter.FIGURE,
                "cranes were lost",
                (
                    a_side("At least 21", 1, evidence="At least 21 cranes were lost in the storm."),
                    a_side("Seventeen", 2, 3, evidence="Seventeen cranes were lost."),
                    a_side("19", 4),
                ),
            ),
            "≠ At least 21 cranes were lost [1], Seventeen [2] [3], 19 [4]",
        ),
        (
            Difference(
                Matter.FIGURE,
                "a loan worth",
                (
                    a_side("$410 million", 1),
                    a_side("$390 million", 2, evidence="It took a loan worth $390 million on Friday."),
                ),
            ),
            "≠ a loan worth $390 million [2], $410 million [1]",
        ),
        (
            Difference(
                Matter.FIGURE,
                "The storm took … cranes",
                (a_side("21", 1, evidence="The storm took 21 cranes."), a_side("17", 2)),
            ),
            "≠ The storm took 21 cranes [1], 17 [2]",
        ),
        (
            Difference(
                Matter.FIGURE, "crane", (a_side("21", 1, evidence="It lost 21 cranes."), a_side("17", 2))
            ),
            "≠ crane: 21 in [1], 17 in [2]",
        ),
        (
            Difference(
                Matter.SPEAKER, "“No longer,”", (a_side("Tobin Okafor", 1, 3), a_side("Edda Marlow", 2))
            ),
            "≠ “No longer,” said by Tobin Okafor in [1] [3], by Edda Marlow in [2]",
        ),
    ],
)
def test_a_difference_is_told_in_the_articles_words(difference, expected):
    assert remarks(a_story(differences=(difference,))) == [expected]


def test_headlines_that_are_not_borne_out_are_told_once_an_article():
    not_borne = "headline not borne out by its text: "
    cautions = (
        Caution(2, f"{not_borne}no statement by Marlow in it"),
        Caution(1, "only its beginning was read"),
        Caution(2, f"{not_borne}no 21 in it"),
    )
    assert remarks(a_story(cautions=cautions)) == [
        "! [1] only its beginning was read",
        "! headline of [2] not borne out by its text: no statement by Marlow in it; no 21 in it",
    ]


def remarks(story):
    """The words of the remarks about the story."""
    blocks = digest_message(a_digest(stories=(story,))).blocks
    return [told(block.line) for block in blocks if isinstance(block, Remark)]


@pytest.mark.parametrize(
    ("since", "expected"),
    [
        (None, "It ended. [1]"),
        (MORNING - timedelta(hours=24), "new since yesterday · It ended. [1]"),
        (MORNING - timedelta(hours=5), "new since <time> · It ended. [1]"),
        (MORNING - timedelta(days=4), "new since <day> · It ended. [1]"),
    ],
)
def test_a_story_that_is_known_says_since_when_it_is_new(since, expected):
    story = a_story(since=since, summary=(Passage("It ended.", Span(0, 9), 1),))
    paragraph = digest_message(a_digest(stories=(story,))).blocks[1]
    assert isinstance(paragraph, Paragraph)
    assert told(paragraph.line) == expected


def test_a_known_story_without_a_summary_says_since_when_all_the_same():
    story = a_story(since=MORNING - timedelta(days=1), summary=())
    assert digest_message(a_digest(stories=(story,))).blocks[1] == Paragraph(
        (Text("new since yesterday", Style.QUIET),)
    )


def test_articles_that_are_not_named_are_counted():
    story = a_story(articles=20)
    blocks = digest_message(a_digest(stories=(story,), left_out=0, health=FeedHealth())).blocks
    sources = blocks[-1]
    assert isinstance(sources, Sources)
    assert (len(sources.items), sources.more) == (4, 16)


def test_a_source_of_the_same_local_day_shows_its_time_alone():
    # 22:30 UTC the day before is half past midnight in Kyiv.
    story = a_story(sources=(a_source(1, "Kurier", hours=8.5),), said=(), summary=())
    sources = digest_message(a_digest(stories=(story,))).blocks[1]
    assert isinstance(sources, Sources)
    assert told(sources.items[0]) == "[1] Kurier, <time>"


@pytest.mark.parametrize(
    ("health", "expected"),
    [
        (FeedHealth(), []),
        (FeedHealth(1), ["1 feed read, and well"]),
        (FeedHealth(3), ["3 feeds read, all well"]),
        (FeedHealth(3, unread=1), ["2 feeds read, all well, 1 not read yet"]),
        (FeedHealth(3, unread=3), ["3 feeds followed, none read yet"]),
        (
            FeedHealth(4, (("Kurier", MORNING),), unread=2),
            ["2 feeds read, 1 well, 2 not read yet, 1 failing: Kurier since <day> (feeds list shows why)"],
        ),
        (
            FeedHealth(3, (("Kurier", MORNING),)),
            ["3 feeds read, 2 well, 1 failing: Kurier since <day> (feeds list shows why)"],
        ),
        (
            FeedHealth(3, (("Kurier", MORNING), ("Post", MORNING - timedelta(days=1)))),
            ["3 feeds read, 1 well, 2 failing: Post since <day>, Kurier since <day> (feeds list shows why)"],
        ),
    ],
)
def test_a_digest_tells_how_its_feeds_fare(health, expected):
    assert notes(digest_message(a_digest(left_out=0, health=health))) == expected


def test_a_digest_tells_what_it_left_out():
    message = digest_message(a_digest(left_out=1, health=FeedHealth()))
    assert notes(message) == ["1 more story had news; those above are carried by the most outlets"]


@pytest.mark.parametrize(
    ("health", "hint"),
    [
        (FeedHealth(), "No feed is followed here yet: add one with feeds add https://…"),
        (FeedHealth(2), "2 feeds read, all well"),
    ],
)
def test_an_empty_digest_says_what_to_do(health, hint):
    message = digest_message(a_digest(stories=(), articles=0, outlets=0, left_out=0, health=health))
    assert told(message.title) == "Morning digest · <full> · nothing new"
    assert message.blocks[0] == Paragraph(
        (Text("Nothing new since "), Moment(MORNING - timedelta(days=1), Form.FULL), Text("."))
    )
    assert notes(message) == [hint]


@pytest.mark.parametrize(
    ("asked", "hints"), [(True, ["Try fewer words, or a longer time, such as since 3d."]), (False, [])]
)
def test_an_empty_digest_that_was_narrowed_says_so(asked, hints):
    by = Narrowing("zebra", "Marlow", "Daily Herald").words
    nothing = a_digest(stories=(), articles=0, outlets=0, left_out=0, health=FeedHealth(2), narrowed=by)
    message = digest_message(nothing, asked=asked)
    narrowed = "about zebra by Marlow in Daily Herald"
    assert told(message.title) == f"Morning digest {narrowed} · <full> · no story"
    assert isinstance(message.blocks[0], Paragraph)
    assert told(message.blocks[0].line) == f"Nothing {narrowed} since <full>."
    assert notes(message) == [*hints, "2 feeds read, all well"]


def test_a_narrowed_digest_with_stories_names_what_it_was_narrowed_to():
    message = digest_message(a_digest(narrowed="by Marlow"), asked=True)
    assert told(message.title).startswith("Morning digest by Marlow · <full> · 2 stories")
    assert "Try" not in "".join(notes(message))


def test_a_subscription_is_due_on_the_clocks_of_its_own_zone():
    channel = Channel(Platform.TERMINAL, "local")
    due = Subscription(SubscriptionId(1), WorkspaceId(1), channel, "0 9 * * *", KYIV, MORNING)
    (listed,) = subscriptions_message([due], "UTC").blocks
    assert isinstance(listed, Sources)
    assert told(listed.items[0]) == "1  Digest to the terminal · every day at 09:00 Europe/Kyiv · next <full>"
    assert Moment(MORNING, Form.FULL, timezone=KYIV) in listed.items[0]


def test_a_subscription_is_listed_with_what_it_is_narrowed_to():
    channel = Channel(Platform.DISCORD, "5678")
    narrowing = Narrowing("strike", "Marlow", "Daily Herald", 3)
    due = Subscription(
        SubscriptionId(1), WorkspaceId(1), channel, "0 9 * * *", KYIV, MORNING, narrowing=narrowing
    )
    (listed,) = subscriptions_message([due], "UTC").blocks
    assert isinstance(listed, Sources)
    assert told(listed.items[0]) == (
        "1  Digest about strike by Marlow in Daily Herald, 3 at most to discord:5678 · every day at 09:00 Europe/Kyiv · next <full>"
    )


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("about", "about"),
        ("Since", "Since"),
        ('"about"', '"about"'),
        ("Peskov", "Peskov"),
        ("Daily Herald", '"Daily Herald"'),
        ("about time", '"about time"'),
        ('the "end"', '"the "«"»"end"«"»""'),
        ("", ""),
    ],
)
def test_a_shells_word_stays_one_word_of_a_line(word, expected):
    assert typed(word) == expected


def test_help_lists_what_can_be_asked_and_more_about_one_command():
    lines = told_in_all(help_message()).splitlines()
    assert all(any(line.startswith(command.usage) for line in lines) for command in COMMANDS.values())
    for command in COMMANDS.values():
        assert command.example in told_in_all(help_message(command.name))
    assert COMMANDS["digest"].usage not in told_in_all(help_message("feeds"))


def test_help_leaves_the_options_to_a_platform_that_shows_them():
    lines = told_in_all(help_message(fields=True)).splitlines()
    for command in COMMANDS.values():
        assert f"/{command.name}   {command.meaning}" in lines
    assert "/feeds add address: https://example.org/feed.xml" in told_in_all(
        help_message("feeds", fields=True)
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plain “words” — 港 🚢", "plain “words” — 港 🚢"),
        ("two  spaces", "two  spaces"),
        ("one \r\n\t two\u2028three\x85four", "one two three four"),
        ("\x1b[31mred\x1b]8;;http://x\x07", "\ufffd[31mred\ufffd]8;;http://x\ufffd"),
        ("\x9b31m\x00\x7f", "\ufffd31m\ufffd\ufffd"),
        ("abc\u202ecba\u202c\u2066x\u2069\u200f", "abccbax"),
        ("ze\u200bro\u200d\ufeff\u00ad\u2060", "zero"),
        ("half \ud83d", "half \ufffd"),
        ("tag \U000e0041", "tag "),
        ("no-break\u00a0space \ue000", "no-break\u00a0space \ue000"),
        ("", ""),
    ],
)
def test_harmless_words_only_read(text, expected):
    assert harmless(text) == expected


def test_what_edits_took_away_is_told_with_its_article_and_at_most_three_of_it():
    message = digest_message(a_digest(stories=(an_edited_story(),)))
    assert [told(block.line) for block in message.blocks if isinstance(block, Remark)] == [
        "– no longer in [1], edited <time>: “There is no strike to settle,” Edda Marlow, for the Port Ministry",
        "– no longer in [3], edited <full>: Tobin Okafor said that work could resume within a week",
        "– no longer in [2], edited <full>: “Word 1,” Edda Marlow, for the Port Ministry",
        "– and 1 more statement no longer in the articles",
        "– headline of [2] changed: Minister sees “no strike to settle” in harbour → Minister meets the dockers",
    ]
    remark = next(block for block in message.blocks if isinstance(block, Remark))
    assert Text("“There is no strike to settle,”", Style.VERBATIM) in remark.line
