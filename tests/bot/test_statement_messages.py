"""What messages say of statements: whose, in which words, from where, and what can be asked next."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.grammar import parse, statement_query
from bot.messages.message import Form, Link, Moment, Paragraph, Saying, Style, Text
from bot.messages.statements import statements_message
from news.answers import Occasion
from news.statements import Kind, Speaker
from tests.bot.samples import (
    KYIV,
    MORNING,
    OFFICIAL,
    OKAFOR,
    a_page,
    a_quote,
    a_telling,
    an_occasion,
    notes,
    three_quotes,
    told,
)


@pytest.mark.parametrize(
    ("asked", "quotes", "total", "expected"),
    [
        ({}, three_quotes(), 3, "Marlow · 3 statements, newest first"),
        ({}, three_quotes()[:1], 1, "Marlow · 1 statement"),
        ({"actor": None, "about": "strike"}, (), 0, "On strike · no statements"),
        (
            {"about": "strike", "outlet": "Kurier", "since": MORNING, "until": MORNING, "offset": 5},
            three_quotes(),
            12,
            "Marlow on strike in Kurier since <full> until <full> · 6–8 of 12 statements, newest first",
        ),
        ({"offset": 5}, three_quotes()[:1], 6, "Marlow · 6 of 6 statements, newest first"),
    ],
)
def test_the_title_of_statements_says_what_was_asked_and_found(asked, quotes, total, expected):
    assert told(statements_message(a_page(*quotes, total=total, **asked), KYIV).title) == expected


def test_a_statement_is_shown_with_its_outlet_time_and_link():
    message = statements_message(a_page(a_quote(speaker=OFFICIAL)), KYIV)
    assert message.timezone == KYIV
    assert message.blocks == (
        Saying(
            (Text("a senior official", Style.STRONG),),
            (Text("“There is no strike to settle,”", Style.VERBATIM),),
            (
                Text("direct, anonymous · ", Style.QUIET),
                Text("Daily Herald"),
                Text(" · ", Style.QUIET),
                Moment(MORNING - timedelta(minutes=50), Form.FULL),
                Text(" · ", Style.QUIET),
                Link("Minister sees “no strike to settle” in harbour", "https://herald.example/harbour"),
            ),
        ),
    )


def test_a_statement_of_several_articles_names_them_all_and_their_own_words():
    fuller = a_quote("“There is no strike, and nothing to settle here”", outlet="Kurier", url=None)
    part = a_quote("‘No strike, and nothing to settle’")
    same = a_quote("'There is no strike, and nothing to settle here'", outlet=None)
    page = replace(a_page(), occasions=(an_occasion(fuller, part, same),), total=1)
    (block,) = statements_message(page, KYIV).blocks
    assert isinstance(block, Saying)
    assert told(block.words) == fuller.words
    assert told(block.notes) == "direct · in 3 articles"
    assert list(map(told, block.sources)) == [
        "Kurier · <full>",
        "Daily Herald · <full> · there: ‘No strike, and nothing to settle’",
        "herald.example · <full>",
    ]
    assert block.sources[1][0] == Link("Daily Herald", "https://herald.example/harbour")


def test_so_many_articles_are_counted():
    quote = a_quote()
    page = replace(a_page(), occasions=(an_occasion(quote, *[quote] * 8),), total=1)
    (block,) = statements_message(page, KYIV).blocks
    assert isinstance(block, Saying)
    assert told(block.notes) == "direct · in 9 articles"
    assert told(block.sources[-1]) == "and 3 more articles"


def test_what_is_no_longer_in_its_article_says_so_first():
    gone = MORNING + timedelta(hours=5)
    message = statements_message(a_page(replace(a_quote(), gone=gone)), KYIV)
    (block,) = message.blocks
    assert isinstance(block, Saying)
    assert block.words == (Text("“There is no strike to settle,”", Style.VERBATIM),)
    assert block.notes[:2] == (
        Text("! no longer in the article, taken out by ", Style.STRONG),
        Moment(gone, Form.FULL),
    )
    assert told(block.notes) == (
        "! no longer in the article, taken out by <full> · direct · Daily Herald · <full> · "
        "Minister sees “no strike to settle” in harbour"
    )


@pytest.mark.parametrize(
    ("gone", "note"),
    [
        ([False, False, False], "direct · in 3 articles"),
        ([False, True, False], "direct · in 3 articles, 1 of which no longer has it"),
        ([False, True, True], "direct · in 3 articles, 2 of which no longer have it"),
        ([True, True, True], "! no longer in any of 3 articles · direct"),
    ],
)
def test_of_several_articles_each_that_has_it_no_longer_says_so(gone, note):
    quotes = [replace(a_quote(), gone=MORNING if each else None) for each in gone]
    page = replace(a_page(), occasions=(an_occasion(*quotes),), total=1)
    (block,) = statements_message(page, KYIV).blocks
    assert isinstance(block, Saying)
    assert told(block.notes) == note
    mark = "! no longer in the article, taken out by <full> · "
    assert [told(source) for source in block.sources] == [
        f"{mark if each else ''}Daily Herald · <full>" for each in gone
    ]


def test_one_article_that_cut_its_statement_is_one_article():
    short, long = a_quote("“There is no strike”"), replace(a_quote(), gone=MORNING)
    tellings = (a_telling(short), a_telling(long))
    page = replace(a_page(), occasions=(Occasion(tellings[0], tellings),), total=1)
    (block,) = statements_message(page, KYIV).blocks
    assert isinstance(block, Saying)
    assert told(block.notes) == "direct · in 1 article"
    assert list(map(told, block.sources)) == [
        "Daily Herald · <full>",
        "! no longer in the article, taken out by <full> · Daily Herald · <full> · there: “There is no strike to settle,”",
    ]


@pytest.mark.parametrize(
    ("own", "affiliation", "expected"),
    [
        (True, "Citadel", "Citadel spokesman"),
        (None, "Citadel", "Citadel spokesman"),
        (False, "Citadel", "Citadel spokesman, for the Citadel"),
        (False, None, "Citadel spokesman"),
    ],
)
def test_what_is_said_in_the_asked_actors_name_says_so(own, affiliation, expected):
    quote = a_quote(speaker=Speaker("Citadel spokesman", "he", affiliation))
    page = replace(a_page(), occasions=(an_occasion(quote, own=own),), total=1)
    (block,) = statements_message(page, KYIV).blocks
    assert isinstance(block, Saying)
    assert told(block.who) == expected


WHOLE = "Asked about the strike, Edda Marlow said it was over before it began for most of them."


@pytest.mark.parametrize(
    ("quote", "sentence", "begins", "shown"),
    [
        (a_quote("“There is no strike to settle,”"), WHOLE, True, False),
        (a_quote("“Over,”"), WHOLE, True, True),
        (a_quote("“Over before it began for most”"), WHOLE, False, True),
        (a_quote("“Over,”"), "“Over,” he said.", True, True),
        (a_quote("“Over,”"), "“Over.”", True, False),
        (a_quote("it was over", cue="said", cue_at=95, kind=Kind.INDIRECT, speaker=OKAFOR), "He said it was over.", False, False),
        (a_quote("it was over before it began", cue="said", cue_at=95, kind=Kind.INDIRECT), WHOLE, False, False),
        (a_quote("it was over before it began", cue="said", cue_at=70, kind=Kind.INDIRECT), WHOLE, False, True),
        (a_quote("it was over before it began", kind=Kind.INDIRECT), WHOLE, False, True),
    ],
)  # fmt: skip
def test_words_that_say_too_little_alone_come_with_their_sentence(quote, sentence, begins, shown):
    telling = a_telling(quote, sentence, begins=begins)
    page = replace(a_page(), occasions=(Occasion(telling, (telling,)),), total=1)
    (block,) = statements_message(page, KYIV).blocks
    assert isinstance(block, Saying)
    assert block.context == ((Text(sentence, Style.QUIET),) if shown else ())


def test_a_long_sentence_is_cut_between_words():
    telling = a_telling(a_quote("“Over,”"), "“Over,” she said " + "and\nagain " * 100)
    page = replace(a_page(), occasions=(Occasion(telling, (telling,)),), total=1)
    (block,) = statements_message(page, KYIV).blocks
    assert isinstance(block, Saying)
    assert told(block.context).startswith("“Over,” she said and again and")
    assert told(block.context).endswith(("and …", "again …"))
    assert len(told(block.context)) <= 402


def test_a_statement_without_headline_or_address_still_names_its_article():
    message = statements_message(a_page(a_quote(headline=None, outlet=None, url=None)), KYIV)
    saying = message.blocks[0]
    assert isinstance(saying, Saying)
    assert told(saying.notes) == "direct · <full> · article a7"


def test_older_statements_are_one_command_away():
    asked = {"about": 'the "page" about', "since": MORNING - timedelta(days=2), "outlet": "Daily Herald"}
    page = a_page(*three_quotes(), *three_quotes()[:2], total=11, offset=5, **asked)
    message = statements_message(page, KYIV)
    assert [choice.label for choice in message.choices] == ["Older", "Newer"]
    older, newer = (
        statement_query(parse(choice.command).options, MORNING, "Asia/Tokyo") for choice in message.choices
    )
    assert older == a_page(offset=10, **asked).query
    assert newer == a_page(offset=0, **asked).query


@pytest.mark.parametrize(
    ("shown", "total", "offset", "choices"),
    [
        (1, 1, 0, []),
        (5, 6, 0, ["Older: whosaid Marlow page 2"]),
        (1, 6, 5, ["Newer: whosaid Marlow"]),
        (5, 20, 10, ["Older: whosaid Marlow page 4", "Newer: whosaid Marlow page 2"]),
        (0, 6, 45, ["Newer: whosaid Marlow page 2"]),
        (0, 5, 45, ["Newer: whosaid Marlow"]),
        (0, 0, 45, ["Newer: whosaid Marlow"]),
    ],
)
def test_the_pages_before_and_after_are_offered_where_there_are_any(shown, total, offset, choices):
    message = statements_message(a_page(*[a_quote()] * shown, total=total, offset=offset), KYIV)
    assert [f"{choice.label}: {choice.command}" for choice in message.choices] == choices


def test_where_not_all_were_looked_through_the_title_says_that_there_are_more():
    page = replace(a_page(*three_quotes(), total=900), complete=False)
    assert told(statements_message(page, KYIV).title) == (
        "Marlow · 1–3 of more than 900 statements, newest first"
    )


def test_no_statement_is_answered_with_what_to_try():
    page = a_page(actor="Edda Marlow", about="peace talks", since=MORNING, outlet="Kurier")
    message = statements_message(page, KYIV)
    assert notes(message) == [
        "Try a shorter name, such as the family name alone.",
        "Try fewer words after about.",
        "Try no since or until.",
        "Try no outlet.",
        "feeds list shows what is read.",
    ]


def test_a_page_past_the_end_says_so():
    message = statements_message(a_page(total=3, offset=5), KYIV)
    assert message.blocks == (Paragraph((Text("That page is past the last statement."),)),)
