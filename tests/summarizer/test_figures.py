"""Figures: which numbers measure something, what they say, and what they are of."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from news.figures import Account, Bound, Figure, FigureKind, disagreements
from news.spans import Span, words_of
from summarizer.figures import MOST, find_figures
from summarizer.numbers import find_numbers, value_of
from tests.costs import cpu_seconds
from tests.evaluation.attribution import SHARED

MONEY, COUNT, PERCENT = FigureKind.MONEY, FigureKind.COUNT, FigureKind.PERCENT
DURATION, DATE = FigureKind.DURATION, FigureKind.DATE


def shown(text: str) -> list[tuple[str, FigureKind, float, str]]:
    """Words, kind, value and unit of each figure."""
    return [(f.span.of(text), f.kind, f.value, f.unit) for f in find_figures(text)]


@pytest.mark.parametrize(
    ("text", "figures"),
    [
        ("Marland approved a $750 million package.", [("$750 million", MONEY, 750e6, "usd")]),
        ("The bridge cost €1.5bn in loans.", [("€1.5bn", MONEY, 1.5e9, "eur")]),
        ("The town spent two million euros on salt.", [("two million euros", MONEY, 2e6, "eur")]),
        ("The plan is worth $3.5 trln in all.", [("$3.5 trln", MONEY, 3.5e12, "usd")]),
        ("The strike costs the port $18 million a day.", [("$18 million", MONEY, 18e6, "usd/day")]),
        ("Some 20% of the valley is flooded.", [("Some 20%", PERCENT, 20, "")]),
        ("About 20 percent of the valley is flooded.", [("About 20 percent", PERCENT, 20, "")]),
        ("At least 12 people were killed.", [("At least 12", COUNT, 12, "")]),
        ("Seventeen people died.", [("Seventeen", COUNT, 17, "")]),
        ("The storm killed 1,204 sheep.", [("1,204", COUNT, 1204, "")]),
        ("They sent two hundred and fifty soldiers.", [("two hundred and fifty", COUNT, 250, "")]),
        ("They ask for a five-day truce.", [("five-day", DURATION, 5, "day")]),
        ("The dam was closed on 12 November 2024.", [("12 November 2024", DATE, 20241112, "")]),
        ("The dam was closed on Nov. 12.", [("Nov. 12", DATE, 1112, "")]),
        ("They shot down 22 of 28 drones.", [("22", COUNT, 22, ""), ("28", COUNT, 28, "")]),
    ],
)
def test_figures_are_found(text, figures):
    assert shown(text) == figures


@pytest.mark.parametrize(
    "text",
    [
        "It happened in 2014 near Oldhaven.",
        "Bell, 45, runs the mill.",
        "A 45-year-old man runs the mill.",
        "Bell was 45 years old.",
        "They met twenty years ago.",
        "They met at 10:30 by the mill.",
        "They met at 5 p.m. by the mill.",
        "Oldhaven beat Sarn 3-2 on Sunday.",
        "Call 555-1234 for the mill.",
        "The F-16 landed by the mill.",
        "Under Article 5 the mill must help.",
        "It came third, the 3rd mill of the town.",
        "Six in ten millers agreed.",
        "The poll found that 52 percent of millers agree.",
        "The temperature rose to 30 degrees.",
        "The mill stands 12 miles from Oldhaven.",
        "Rates start at $40 for millers.",
        "Another 40 millers were hurt.",
        "Prices rose from $40 in spring.",
        "Page 9/11 of the book is torn.",
        "Im Tal starben ٣٤ Menschen.",
        "Unit ²³ and ⅔ of the mill.",
        "",
    ],
)
def test_other_numbers_are_none(text):
    assert shown(text) == []


@pytest.mark.parametrize(
    ("words", "bound"),
    [
        ("more than 40", Bound.MORE),
        ("over 40", Bound.MORE),
        ("at least 40", Bound.AT_LEAST),
        ("40 or more", Bound.AT_LEAST),
        ("up to 40", Bound.AT_MOST),
        ("fewer than 40", Bound.LESS),
        ("about 40", Bound.ABOUT),
        ("nearly 40", Bound.ABOUT),
        ("two dozen", Bound.ABOUT),
        ("30 to 40", Bound.RANGE),
        ("between 30 and 40", Bound.RANGE),
        ("only 40", Bound.EXACT),
        ("40", Bound.EXACT),
    ],
)
def test_hedges_are_kept_and_understood(words, bound):
    text = f"The storm killed {words} sheep."
    (figure,) = find_figures(text)
    assert figure.bound is bound
    assert words.removeprefix("between ") in figure.span.of(text)


@pytest.mark.parametrize(
    ("text", "head", "event", "actor"),
    [
        ("Marland unveiled a $750 million package.", "packag", "unveil", "marland"),
        ("Marland approved an aid package worth $725 million.", "packag", "approv", "marland"),
        ("At least 21 people were killed in Oldhaven.", "peopl", "kill", ""),
        ("The flood left 17 dead.", "peopl", "kill", ""),
        ("The death toll rose to 17.", "peopl", "kill", ""),
        ("Seventeen died in the flood.", "peopl", "kill", ""),
        ("The storm wounded 17 soldiers.", "soldier", "injure", ""),
        ("The army sent nine Marlandish and Sarnish helicopters.", "helicopter", "sent", ""),
    ],
)
def test_a_figure_is_of_something(text, head, event, actor):
    (figure,) = find_figures(text)
    assert (figure.head, figure.event, figure.actor) == (head, event, actor)


def test_a_part_knows_its_whole():
    part, whole = find_figures("They shot down 22 of 28 drones.")
    assert (part.whole, whole.whole) == (28, 28)


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("Marland unveiled a $750 million package. The Marland package is small.", "Marland package"),
        ("Marland unveiled a $750 million package.", "Marland … package"),
        ("An aid package worth $725 million was approved.", "aid package"),
        ("At least 21 people were killed.", "people were killed"),
        ("The flood killed 17 people.", "killed … people"),
    ],
)
def test_what_it_is_of_is_told_in_the_text_s_words(text, what):
    (figure,) = find_figures(text)
    assert words_of(text, figure.what) == what


def test_the_sentence_is_the_evidence():
    text = "It rained. Reed denied that 40 people were hurt, while the mill said nothing. It rained on."
    (figure,) = find_figures(text)
    assert figure.clause.of(text) == "Reed denied that 40 people were hurt, while the mill said nothing."


def test_figures_go_to_json_and_back():
    found = find_figures(
        "Marland unveiled a $750 million package. At least 21 of 28 to 30 people died on 5 May."
    )
    form = TypeAdapter(tuple[Figure, ...])
    assert form.validate_json(form.dump_json(found)) == found
    assert len(found) >= 3


@given(st.text(alphabet="0123456789 ,.$€%-–abkmnot\n’'", max_size=200))
def test_spans_lie_inside_any_text(text):
    for figure in find_figures(text):
        assert figure.clause.end <= len(text)
        for span in (figure.span, figure.clause, *figure.what):
            assert span.of(text)
        assert figure.clause.contains(figure.span)


@given(
    st.integers(2, 999_999).filter(lambda n: not 1900 <= n <= 2099),
    st.sampled_from(["", "at least ", "more than ", "about ", "up to "]),
    st.sampled_from(["{:,}", "{}"]),
)
def test_spans_read_as_their_value(number, hedge, form):
    text = f"The storm killed {hedge}{form.format(number)} sheep in Oldhaven."
    (figure,) = find_figures(text)
    assert figure.value == number == value_of(figure.span.of(text))


@pytest.mark.parametrize(
    ("words", "value"),
    [
        ("twenty-one", 21),
        ("three hundred and five", 305),
        ("half a million", 500_000),
        ("a dozen", 12),
        ("two dozen", 24),
        ("12.5 million", 12_500_000),
        ("one hundred thousand", 100_000),
        ("none", None),
        ("", None),
    ],
)
def test_words_of_numbers(words, value):
    assert value_of(words) == value


@pytest.mark.parametrize(
    "piece",
    [
        "1",
        "1 ",
        "1,000",
        "two ",
        "a ",
        "one-",
        "$",
        "12 the ",
        "12 people were killed and ",
        "5 of 5 of ",
        "Nov. 1 ",
    ],
)
def test_endless_numbers_take_linear_time(piece):
    text = (piece * (200_000 // len(piece) + 1))[:200_000]

    def find():
        find_figures(text, [Span(at, at + 2_000) for at in range(0, 198_000, 2_000)])
        list(find_numbers(text))

    assert cpu_seconds(find, enough=20.0) < 20.0


def test_a_megabyte_of_digits_is_no_figure():
    text = "7" * 1_000_000
    assert find_figures(text, [Span(0, len(text))]) == ()


def test_figures_of_one_text_are_bounded():
    assert len(find_figures("The flood killed 17 people. " * 1_000)) == MOST


@pytest.mark.shared
@pytest.mark.skipif(not SHARED.exists(), reason="the measuring data are not here")
def test_articles_of_one_story_disagree_on_one_thing_only():
    paths = sorted((SHARED / "articles").glob("*.txt"))
    texts = [path.read_text(encoding="utf-8") for path in paths]
    accounts = [
        Account(int(path.name[:3]), find_figures(text)) for path, text in zip(paths, texts, strict=True)
    ]
    (found,) = disagreements(accounts)
    sides = [(f.span.of(texts[mark]), mark) for side in found.sides for mark, f in side.told]
    assert sides == [("$750 million", 0), ("$725 million", 2)]
    assert words_of(texts[found.mark], found.what) == "U.S. package"


def test_what_is_no_sentence_has_no_figures():
    told = "the flood killed 12 people in Oldhaven and "
    assert len(find_figures(f"On Monday {told}went on.")) == 1
    assert find_figures(f"On Monday {told}{'rose and ' * 600}went on, which nobody believes.") == ()
