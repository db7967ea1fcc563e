"""What messages say of positions: whose, since when, in which words, from where, and what was before."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.grammar import parse, stance_query
from bot.messages.message import Attachment, Form, Link, Moment, Note, Paragraph, Saying, Style, Text
from bot.messages.positions import NOW, ONCE, SIGNS
from bot.messages.stances import stances_message
from news.rereading import Progress
from news.stances import Position
from tests.bot.samples import KYIV, MORNING, notes, told
from tests.bot.standings import (
    a_changed_standing,
    a_standing,
    a_standing_page,
    a_turn,
    an_evidence,
    three_standings,
)

SUPPORTS, OPPOSES, CONDITIONAL = Position.SUPPORTS, Position.OPPOSES, Position.CONDITIONAL


@pytest.mark.parametrize("words", [SIGNS, NOW, ONCE])
def test_each_position_has_a_sign_and_words_of_its_own(words):
    assert words.keys() == set(Position)
    assert len(set(words.values())) == len(Position)


@pytest.mark.parametrize(
    ("asked", "standings", "total", "expected"),
    [
        ({}, three_standings(), 3, "On night shifts · 3 positions"),
        ({"target": None, "actor": "Marlow"}, three_standings()[:1], 1, "Marlow · 1 position"),
        ({"actor": "Marlow"}, (), 0, "Marlow on night shifts · no positions"),
        (
            {"since": MORNING, "until": MORNING, "offset": 6},
            three_standings(),
            12,
            "On night shifts since <full> until <full> · 7–9 of 12 positions, newest first",
        ),
        ({"offset": 6}, three_standings()[:1], 7, "On night shifts · 7 of 7 positions, newest first"),
    ],
)
def test_the_title_of_positions_says_what_was_asked_and_found(asked, standings, total, expected):
    assert told(stances_message(a_standing_page(*standings, total=total, **asked), KYIV).title) == expected


def test_a_position_is_shown_with_its_words_and_the_way_to_them():
    message = stances_message(a_standing_page(a_standing()), KYIV)
    assert message.timezone == KYIV
    when = MORNING - timedelta(minutes=50)
    dot = Text(" · ", Style.QUIET)
    assert message.blocks == (
        Saying(
            (
                Text("▼ ", Style.STRONG),
                Text("Port Ministry", Style.STRONG),
                Text(" "),
                Text("opposes night shifts, since "),
                Moment(when, Form.DAY),
            ),
            (Text("“We will pay for no night that nobody worked,”", Style.VERBATIM),),
            (
                Text("Edda Marlow, for the Port Ministry · ", Style.QUIET),
                Text("Daily Herald"),
                dot,
                Moment(when, Form.FULL),
                dot,
                Link("Ministry rejects night pay", "https://herald.example/7"),
            ),
        ),
    )


def lines_of(standing, **asked):
    """Who, notes and sources of the one position of a page."""
    (block,) = stances_message(a_standing_page(standing, **asked), KYIV).blocks
    return told(block.who), told(block.notes), [told(line) for line in block.sources]


def test_a_change_is_told_with_the_words_of_before_and_who_has_it_otherwise():
    who, note, sources = lines_of(a_changed_standing())
    assert who == "▼ Port Ministry opposes night shifts, since <day>"
    assert note == (
        "Edda Marlow, for the Port Ministry · in 5 articles, 3 outlets · Daily Herald · <full> · Ministry rejects night pay"
    )
    assert sources == [
        "first: turned down full pay for nights · Daily Herald · <full>",
        "changed, supported until <day>: “Night work is work, and it will be paid,” · Kurier · <full>",
        "before, set conditions until <day>: would pay only if the dockers give up the Sunday · Daily Herald · <full>",
        "≠ reported otherwise, supports it: open to paying the night shifts · Northern Wire · no date",
    ]


def test_a_change_ends_with_the_last_article_of_what_was_before():
    (block,) = stances_message(a_standing_page(a_changed_standing()), KYIV).blocks
    moments = [inline.at for line in block.sources for inline in line if isinstance(inline, Moment)]
    assert MORNING - timedelta(days=16) in moments
    assert block.who[-1] == Moment(MORNING - timedelta(days=3), Form.DAY)


def test_of_several_positions_each_tells_its_last_change_alone():
    page = a_standing_page(a_changed_standing(), a_standing(actor="Ferry Line"))
    first, _ = stances_message(page, KYIV).blocks
    assert [told(line) for line in first.sources][1:3] == [
        "changed, supported until <day>: “Night work is work, and it will be paid,” · Kurier · <full>",
        "and 1 turn before",
    ]


def test_more_reports_otherwise_than_can_be_told_are_counted():
    (one,) = a_changed_standing().otherwise
    *_, last = lines_of(replace(a_changed_standing(), otherwise=(one,) * 5))[2]
    assert last == "and 2 more reports otherwise"


@pytest.mark.parametrize(
    ("actor", "named", "voice", "expected"),
    [
        ("Ministry", "Ministry", "Edda Marlow", "Edda Marlow, for the Ministry · "),
        ("Norland", "Citadel", "Edda Marlow", "Edda Marlow, for the Citadel · "),
        ("Norland", "Citadel", None, "Citadel · "),
        ("Norland", "Norland", None, ""),
    ],
)
def test_who_speaks_is_named_where_it_is_not_the_actor_alone(actor, named, voice, expected):
    standing = a_standing(a_turn(an_evidence(actor=named, voice=voice)), actor=actor)
    assert lines_of(standing)[1] == f"{expected}Daily Herald · <full> · Ministry rejects night pay"


def test_contradicting_reports_are_called_so_before_anything_else():
    note = lines_of(a_standing(contested=True))[1]
    assert note.startswith("! contested: reports of the same days contradict each other · Edda Marlow")


def test_an_article_without_address_outlet_date_and_headline_is_named_all_the_same():
    bare = an_evidence(url=None, outlet=None, headline=None, dated=False, voice=None)
    assert lines_of(a_standing(a_turn(bare)))[1] == "no date · article a7"


@pytest.mark.parametrize(
    ("words", "sentence", "expected"),
    [
        ("“We will pay for no night,”", "“We will pay for no night,” Marlow said.", ""),
        ("rejects it", "The minister rejects it.", "The minister rejects it."),
        (
            "will never pay for a night",
            "Marlow will never pay for a night.",
            "Marlow will never pay for a night.",
        ),
        ("No.", "No.", ""),
    ],
)
def test_the_sentence_is_shown_of_words_that_alone_say_too_little(words, sentence, expected):
    (block,) = stances_message(
        a_standing_page(a_standing(a_turn(an_evidence(words, sentence=sentence)))), KYIV
    ).blocks
    assert told(block.context) == expected


def test_no_quotation_mark_is_added_to_evidence():
    for position in Position:
        evidence = an_evidence("would say no to it", position, sentence="She would say no to it.")
        (block,) = stances_message(a_standing_page(a_standing(a_turn(evidence))), KYIV).blocks
        shown = told((*block.who, *block.words, *block.context, *block.notes))
        assert not set(shown) & set('"“”‘’«»„')


def test_where_nothing_is_found_it_says_what_to_try():
    message = stances_message(a_standing_page(actor="Marlo", since=MORNING), KYIV, like=("Marlow", "Marl"))
    paragraph, *rest = message.blocks
    assert isinstance(paragraph, Paragraph)
    assert told(paragraph.line) == "No such position stands in the articles that are read here."
    assert [told(note.line) for note in rest] == [
        "Nobody called Marlo is known here. Did you mean Marlow or Marl?",
        "Try no since or until.",
        'stance Marlo asks for all positions of the one, stance target "night shifts" for those of everybody.',
        "targets list shows what positions are about.",
    ]
    known = notes(stances_message(a_standing_page(target=None, actor="Edda Marlow"), KYIV))
    assert known == [
        'whosaid "Edda Marlow" shows what was said.',
        "targets list shows what positions are about.",
    ]


@pytest.mark.parametrize(
    "asked",
    ["who supports night shifts", "Who is against night shifts", "who favours  night shifts"],
)
def test_a_question_where_an_actor_is_expected_is_shown_how_to_ask_it(asked):
    message = stances_message(a_standing_page(target=None, actor=asked), KYIV)
    assert told(message.blocks[1].line) == 'stance target "night shifts" shows who is for it and who against.'
    assert not any(
        "who is for it" in note for note in notes(stances_message(a_standing_page(actor="Whosea"), KYIV))
    )


def test_a_page_past_the_end_leads_back():
    message = stances_message(a_standing_page(total=7, offset=60), KYIV)
    assert told(message.blocks[0].line) == "That page is past the last position."
    assert [(choice.label, choice.command) for choice in message.choices] == [
        ("Newer", 'stance target "night shifts" page 2')
    ]


def test_pages_are_turned_by_commands_that_ask_the_same():
    page = a_standing_page(
        *three_standings(), total=20, actor="Ed’s “Marlow”", since=MORNING - timedelta(days=9), offset=6
    )
    older, newer = stances_message(page, KYIV).choices
    assert (older.label, newer.label) == ("Older", "Newer")
    for choice, offset in ((older, 12), (newer, 0)):
        parsed = parse(choice.command)
        assert parsed.command == "stance"
        assert stance_query(parsed.options, MORNING, KYIV) == replace(page.query, offset=offset)


def test_what_is_still_being_read_is_told():
    message = stances_message(
        a_standing_page(a_standing()), KYIV, reading=(Progress("night shifts", 12, 1900),)
    )
    assert isinstance(message.blocks[-1], Note)
    assert notes(message) == [
        (
            "Articles are still being read for night shifts, 12 of 1,900 done: "
            'targets show "night shifts" tells how far it is.'
        )
    ]


def test_of_many_targets_that_are_being_read_for_only_the_number_is_told():
    reading = [Progress(f"target {number}", 0, None) for number in range(3)]
    assert notes(stances_message(a_standing_page(a_standing()), KYIV, reading=reading)) == [
        "Articles are still being read for 3 targets: targets list tells how far it is."
    ]


def test_evidence_bears_the_number_that_it_has_in_the_picture():
    standing = a_changed_standing()
    ends = dict.fromkeys(e for turn in standing.turns for e in (turn.first, turn.latest))
    marks = list(enumerate((*ends, *standing.otherwise), start=1))
    picture = Attachment("positions.png", b"x", "In words.")
    page = a_standing_page(standing, a_standing(actor="Ferry Line"))
    message = stances_message(page, KYIV, picture=picture, marks=marks)
    assert message.attachments == (picture,)
    block = message.blocks[0]
    assert told(block.notes).startswith("[5] Edda Marlow")
    assert [told(line) for line in block.sources] == [
        "[4] first: turned down full pay for nights · Daily Herald · <full>",
        "[3] changed, supported until <day>: “Night work is work, and it will be paid,” · Kurier · <full>",
        "and 1 turn before",
        "[6] ≠ reported otherwise, supports it: open to paying the night shifts · Northern Wire · no date",
        "also in the picture: [1] Daily Herald · <full>, [2] Daily Herald · <full>",
    ]
