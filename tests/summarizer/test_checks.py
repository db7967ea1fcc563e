"""A written sentence passes when its article bears it out, and never with a number, name or quotation of its own."""

from __future__ import annotations

import sys

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from summarizer.checks import Checked, Checker
from summarizer.sentences import find_sentences

ARTICLE = """Anna Bell, the Talvenian president, said on Monday that 31 ships would not leave Brackwater.
“We are not against talks, but a table without terms is only furniture,” she told the Harbour Workers’ League.
The port lost $1.5 million a day, or 20 percent of its income, and three cranes fell on 4 May 2014.
Lev Tarokhin of France did not resign, and his team won 3-1. Between 10 and 15 million euros are missing.
Two hundred and five dockworkers voted for the strike. “It’s a shrug,” said Nadira Oulhassan, 42, of the union.
The mayor opened the bridge. Officials in Kardovia were told by the al-Tarni brothers."""
TITLE = "Bell says no"


@pytest.fixture(scope="module")
def checker():
    return Checker(ARTICLE, title=TITLE)


@pytest.mark.parametrize(
    "sentence",
    [
        "Anna Bell said 31 ships would not leave Brackwater.",
        "The port lost 1,500,000 dollars a day.",
        "The port lost $1.5m a day.",
        "The port lost $ 1. 5 million a day .",
        "The port lost 20% of its income.",
        "The port lost twenty per cent of its income.",
        "3 cranes fell on 4 May 2014.",
        "Three cranes fell on May 4, 2014.",
        "205 dockworkers voted for the strike.",
        "Thirty-one ships would not leave Brackwater.",
        "His team won 3-1.",
        "Between 10 million and 15 million euros are missing.",
        "Between €10m and €15m are missing.",
        "31 vessels would not leave Brackwater.",
        "The 42-year-old Nadira Oulhassan of the union called it a shrug.",
    ],
)
def test_numbers_are_told_by_their_value(checker, sentence):
    assert "number" not in checker.check(sentence).faults


@pytest.mark.parametrize(
    "sentence",
    [
        "Anna Bell said 32 ships would not leave Brackwater.",
        "Anna Bell said thirteen ships would not leave Brackwater.",
        "The port lost $1.5 billion a day.",
        "The port lost 1.5 a day.",
        "The port lost €1.5 million a day.",
        "The port lost 20 of its cranes.",
        "The port lost 31 percent of its income.",
        "Twelve cranes fell on 4 May 2014.",
        "Three cranes fell on 4 May 2015.",
        "His team won 3-31.",
        "His team won 1-3.",
        "A dozen cranes fell.",
        "Three ships fell on 4 May 2014.",
        "31 cranes would not leave Brackwater.",
        "Anna Bell said a million ships would not leave.",
        "The port lost ٣٣ percent.",
    ],
)
def test_number_that_is_not_in_the_article_never_passes(checker, sentence):
    checked = checker.check(sentence)
    assert "number" in checked.faults
    assert not checked.passes


@pytest.mark.parametrize(
    "sentence",
    [
        "Tarohin did not resign, and Tarokhin’s team won 3-1.",
        "Lev Tarohin of France did not resign.",
        "The French team of Lev Tarokhin won 3-1.",
        "Talvenia’s president said that 31 ships would not leave.",
        "Kardovian officials were told by the brothers.",
        "She told the HWL so.",
        "President Anna Bell said that 31 ships would not leave.",
        "Ms Bell said that 31 ships would not leave.",
        "However, three cranes fell on 4 May 2014.",
        "Officials said that 31 ships would not leave Brackwater.",
        "Striking dockworkers voted.",
        "Voting dockworkers won.",
        "Two hundred and five dockworkers voted.",
        "“It’s a shrug,” said Oulhassan.",
        "Officials were told by the Al-Tarni brothers.",
        "I told it so.",
    ],
)
def test_names_meet_in_other_spellings_and_capitals_alone_are_none(checker, sentence):
    assert "name" not in checker.check(sentence).faults


@pytest.mark.parametrize(
    "sentence",
    [
        "Kelvasen said that 31 ships would not leave Brackwater.",
        "Mark Bell said that 31 ships would not leave Brackwater.",
        "Anna Tarokhin said that 31 ships would not leave Brackwater.",
        "Anna Bell said on Tuesday that 31 ships would not leave Brackwater.",
        "31 ships would not leave Calmere.",
        "Lev Tarokhin of Germany did not resign.",
        "The German team won 3-1.",
        "She told the EU so.",
        "Senator Anna Bell said that 31 ships would not leave Brackwater.",
        "Ships left Brackwater with General Anna Bell.",
        "Three cranes fell on 4 June 2014.",
        "Officials were told by the al-Sarni brothers.",
    ],
)
def test_name_that_is_not_in_the_article_never_passes(checker, sentence):
    checked = checker.check(sentence)
    assert "name" in checked.faults
    assert not checked.passes


@pytest.mark.parametrize(
    ("sentence", "stands"),
    [
        ("“We are not against talks,” Anna Bell told the league.", True),
        ('"We are not against talks", Anna Bell told the league.', True),
        ("`` We are not against talks , '' Anna Bell told the league .", True),
        ("Anna Bell said a table without terms is “only furniture”.", True),
        ('Oulhassan called it "a shrug".', True),
        ("‘It’s a shrug,’ said Oulhassan.", True),
        ("“We are against talks,” Anna Bell told the league.", False),
        ("“We are not against talks. A table is furniture,” Anna Bell told the league.", False),
        ("“We are not … only furniture,” Anna Bell told the league.", False),
        ("Anna Bell said that 31 ships “would not leave Brackwater”.", False),
        ("The mayor opened the ‘bridge’.", False),
        ("“We are not against talks, but a table.” “It’s a” strike.", True),
        ("“We are not against talkshows,” Bell told the league.", False),
    ],
)
def test_quotations_stand_in_marks_of_the_article(checker, sentence, stands):
    checked = checker.check(sentence)
    assert ("quotation" not in checked.faults) is stands
    assert stands or not checked.passes


@pytest.mark.parametrize(
    ("sentence", "right"),
    [
        ("Anna Bell said 31 ships would not leave Brackwater.", True),
        ("Anna Bell said 31 ships wouldn’t leave Brackwater.", True),
        ("Anna Bell said 31 ships would leave Brackwater.", False),
        ("Lev Tarokhin did not resign.", True),
        ("Lev Tarokhin refused to resign.", True),
        ("Lev Tarokhin resigned.", False),
        ("The mayor did not open the bridge.", False),
        ("The mayor never opened the bridge.", False),
        ("The mayor not only opened the bridge.", True),
    ],
)
def test_negations_are_neither_dropped_nor_added(checker, sentence, right):
    assert ("negation" not in checker.check(sentence).faults) is right


@pytest.mark.parametrize(
    "sentence",
    [
        "The mayor opened the harbour and drank lemonade with his neighbours.",
        "Dockworkers opened the talks of the president.",
        "The",
        "",
        " \n",
        "…",
        "?!",
        "\u0301",
        "ﾞ",
    ],
)
def test_words_that_the_article_does_not_bear_out(checker, sentence):
    assert "overlap" in checker.check(sentence).faults


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        (
            "Anna Bell said that 31 ships would not leave.",
            "Anna Bell said that the brothers would not leave.",
        ),
        ("The mayor opened the bridge.", "The bridge opened the mayor."),
        ("Three cranes fell on 4 May 2014.", "Three ships fell on 4 May 2014."),
        ("She told the Harbour Workers’ League.", "She told the union."),
        ("Lev Tarokhin did not resign, and his team won.", "Lev Tarokhin did not resign, and the port won."),
        ("Dockworkers voted for the strike.", "Dockworkers voted against the strike."),
    ],
)
def test_what_stands_in_one_piece_scores_higher(checker, better, worse):
    assert checker.check(better).score > checker.check(worse).score


def test_sentence_of_the_article_has_the_highest_score(checker):
    assert checker.check("the mayor opened the bridge .") == Checked(1.0, ())


def test_title_is_part_of_the_article():
    assert Checker("It rained.", title="Bell leaves").check("Bell leaves").passes
    assert not Checker("It rained.").check("Bell leaves").passes


SUBJECTS = [
    "Anna Bell",
    "Dr. Lev Tarokhin",
    "The union",
    "Nadira al-Tarni",
    "U.S. officials",
    "He",
    "5,000 dockers",
]
VERBS = [
    "did not leave",
    "won 3-1",
    "paid $1.5 million for",
    "said: “It’s over” of",
    "lost 20% of",
    "never saw",
]
OBJECTS = [
    "the port",
    "Brackwater’s 31 ships",
    "May 2014",
    "two dozen “friends”",
    "the H.W.L.",
    "a third term",
]
SENTENCES = st.builds(
    "{} {} {}{}".format,
    *map(st.sampled_from, (SUBJECTS, VERBS, OBJECTS)),
    st.sampled_from([".", "?", "!", ""]),
)
ARTICLES = st.lists(st.one_of(SENTENCES, st.text(max_size=80)), min_size=1, max_size=8)


@settings(deadline=None)  # the first example loads the countries
@given(ARTICLES, st.sampled_from([" ", "\n", "\n\n"]))
@example(["Mara left Oslo.", "?0"], " ")  # a space before a mark is dropped in the one spelling
@example(["Mara left Oslo.", "´0"], " ")
def test_every_sentence_of_an_article_passes(parts, between):
    text = between.join(parts)
    checker = Checker(text)
    for span in find_sentences(text):
        sentence = span.of(text)
        assert checker.check(sentence).passes or not any(c.isalnum() for c in sentence), sentence


@settings(deadline=None)  # the first example loads the countries
@given(st.lists(SENTENCES, min_size=1, max_size=6), st.integers(0, 5), st.integers(0, 10), st.data())
def test_number_or_name_put_in_fails(parts, at, place, data):
    sentence = parts[at % len(parts)]
    words = sentence.split()
    words.insert(
        1 + place % len(words),
        data.draw(st.sampled_from(["777", "Kelvasen", "ninety", "Oulhassan’s", "8.25%"])),
    )
    assert not Checker("\n".join(parts)).check(" ".join(words)).passes


@settings(deadline=None)  # the first example loads the countries
@given(st.text(max_size=300), st.text(max_size=120))
def test_no_text_is_too_strange(text, sentence):
    checked = Checker(text, title=sentence[:20]).check(sentence)
    assert 0 <= checked.score <= 1


def work(text: str, sentence: str) -> int:
    """Calls of our own functions that a check takes."""
    calls = 0

    def count(frame, event, arg):
        nonlocal calls
        calls += event == "call"

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        Checker(text).check(sentence)
    finally:
        sys.setprofile(before)
    return calls


HOSTILE = [
    "the word said ",
    "Anna Bell ",
    "9 ",
    "1, 000, ",
    "five hundred, ",
    "“a ",
    "'x ",
    "`` ",
    "A-",
    "not ",
    "n't ",
]


@pytest.mark.parametrize("piece", [*HOSTILE, "“No,” said Anna Bell of the US, 5.5 million (31%) did not.\n"])
def test_work_grows_with_the_text(piece):
    few, many = (work(piece * number, piece * 40) for number in (100, 1_000))
    assert many < 15 * few


@pytest.mark.parametrize("piece", ["a ", "9", "\n", "\u202e٣ "])
def test_a_megabyte_is_read_no_further_than_it_helps(piece):
    text = piece * (1_000_000 // len(piece))
    checker = Checker(text)
    assert not checker.check("Anna Bell did not leave “it” on 5 May.").passes
    assert 0 <= checker.check(text).score <= 1
