"""Where articles of one story differ: in figures, and in whom they credit with the same words."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.demo.sample import load_wire
from news.answers import quote_of
from news.articles import ArticleId
from news.disagreements import Credited, disputed_quotes
from news.figures import Account, Bound, Figure, FigureKind, disagreements, may_be_one
from news.spans import Span, words_of
from news.statements import Kind, Mode, Speaker, Statement
from summarizer.figures import find_figures
from tests.builders import a_statement, an_article
from tests.costs import cpu_seconds


def differing(*texts: str) -> list[tuple[str, list[tuple[str, tuple[int, ...]]]]]:
    """What the texts give differently: its words, and each side's figure with its articles."""
    found = disagreements([Account(mark, find_figures(text)) for mark, text in enumerate(texts, 1)])
    return [
        (
            words_of(texts[one.mark - 1], one.what),
            [(side.told[0][1].span.of(texts[side.marks[0] - 1]), side.marks) for side in one.sides],
        )
        for one in found
    ]


@pytest.mark.parametrize(
    ("texts", "found"),
    [
        (
            (
                "Scholl announced $680 million in support, while Marland unveiled a $750 million package.",
                "On Monday, Marland approved a military aid package worth $725 million for Sarn.",
            ),
            [("Marland … military aid package", [("$750 million", (1,)), ("$725 million", (2,))])],
        ),
        (
            (
                "Seventeen people died when the Tarn dam above Oldhaven broke.",
                "At least 21 people were killed when the Tarn dam above Oldhaven gave way.",
                "The Tarn dam broke above Oldhaven, killing 17 people.",
            ),
            [("people were killed", [("Seventeen", (1, 3)), ("At least 21", (2,))])],
        ),
        (
            (
                "The state is taking over Tarn Valley Bank in a rescue worth $410 million.",
                "The state will put $390 million into Tarn Valley Bank to keep it open.",
            ),
            [("rescue", [("$410 million", (1,)), ("$390 million", (2,))])],
        ),
        (
            (
                "The Tarn fire injured 14 people in Oldhaven.",
                "The Tarn fire in Oldhaven left 19 wounded.",
            ),
            [("wounded", [("14", (1,)), ("19", (2,))])],
        ),
    ],
)
def test_different_values_for_one_thing_stand_side_by_side(texts, found):
    assert differing(*texts) == found


@pytest.mark.parametrize(
    ("one", "other"),
    [
        # the same value, whatever its form
        ("The Tarn fire killed 14 people in Oldhaven.", "Fourteen people died in the Tarn fire in Oldhaven."),
        # bounds, approximations, roundings
        ("The Tarn fire hurt more than 700 people.", "The Tarn fire hurt 725 people."),
        ("The Tarn fire hurt about 720 people.", "The Tarn fire hurt 725 people."),
        ("The Tarn fire hurt at least 40 people.", "The Tarn fire hurt 52 people."),
        ("The Tarn fire hurt 30 to 40 people.", "The Tarn fire hurt 36 people."),
        ("Marland unveiled a $700 million package.", "Marland unveiled a $714 million package."),
        # other harm, other people, another place, another actor, another currency
        ("The Tarn fire killed 14 people.", "The Tarn fire injured 19 people."),
        ("The Tarn fire killed 14 soldiers.", "The Tarn fire killed 19 children."),
        ("The fire killed 14 people in Oldhaven.", "The fire killed 19 people in Newhaven."),
        ("Marland unveiled a $750 million package.", "Sarnia unveiled a $725 million package."),
        ("Marland unveiled a $750 million package.", "Marland unveiled a €725 million package."),
        ("Marland sent a $75 million package.", "Marland sent a $725 million package."),
        # a part and its whole, what is added, what was once, what is only supposed
        ("Marland shot down 22 of 28 Sarnish drones.", "Marland shot down 35 Sarnish drones in June."),
        ("The Tarn fire killed 14 people in Oldhaven alone.", "The Tarn fire killed 19 people."),
        ("The Tarn fire killed 14 people in 2014.", "The Tarn fire killed 19 people in 2019."),
        ("The Tarn fire killed 14 people.", "The Tarn fire would have killed 19 people."),
        ("The Tarn fire killed 14 people.", "The Tarn fire previously killed 19 people."),
        # an article that gives both
        (
            "Marland unveiled a $750 million package. Reed wanted $725 million for ships.",
            "Marland approved an aid package worth $725 million.",
        ),
        # two figures of one article that may be meant
        (
            "The Tarn fire killed 14 people. The Tarn fire killed 16 people.",
            "The Tarn fire killed 19 people.",
        ),
        # two parts that make the whole
        (
            "Marland gave 2.5 million doses to Sarn and 1.5 million doses to Tarn.",
            "Marland gave 4 million doses to Sarn and Tarn.",
        ),
        # nothing but a noun in common
        ("Two teams came.", "Three teams left."),
        ("", "The Tarn fire killed 19 people."),
    ],
)
def test_these_are_no_disagreement(one, other):
    assert differing(one, other) == []
    assert differing(other, one) == []


def test_one_article_never_disagrees_with_itself():
    assert differing("The Tarn fire killed 14 people. The Tarn fire killed 19 people.") == []


def test_the_sample_wire_differs_where_it_was_made_to():
    stories: dict[str, list[str]] = {}
    for _, article in load_wire().articles:
        stories.setdefault(article.story, []).append(article.versions[-1].text)
    found = {story: differing(*texts) for story, texts in stories.items()}
    assert {story: [sides for _, sides in ones] for story, ones in found.items() if ones} == {
        "bank-rescue": [[("$410 million", (2,)), ("$390 million", (3,))]],
        "ansel-dam": [[("Seventeen", (2,)), ("At least 21", (3,))]],
    }


figures = st.builds(
    lambda value, bound, head, event: Figure(
        FigureKind.COUNT,
        float(value),
        "",
        Span(0, 1),
        Span(0, 2),
        head,
        event,
        names=("tarn", "oldhaven"),
        what=(Span(0, 1),),
        bound=bound,
        until=float(value + 5) if bound is Bound.RANGE else None,
    ),
    st.integers(2, 60),
    st.sampled_from(Bound),
    st.sampled_from(["peopl", "house"]),
    st.sampled_from(["kill", ""]),
)


@given(st.lists(st.lists(figures, max_size=4), max_size=4))
def test_sides_have_different_values_of_different_articles(told):
    for found in disagreements([Account(mark, tuple(held)) for mark, held in enumerate(told)]):
        values = [side.value for side in found.sides]
        assert len(values) == len(set(values)) >= 2
        marks = [mark for side in found.sides for mark in side.marks]
        assert len(marks) == len(set(marks))
        for side in found.sides:
            assert all(figure.value == side.value for _, figure in side.told)
            others = [f for other in found.sides if other is not side for _, f in other.told]
            assert not any(may_be_one(figure, other) for _, figure in side.told for other in others)


# Whom the same words are credited to

WORDS = "“Nobody signs a fair paper with a gun on the table,”"


def credited(mark: int, name: str = "Anna Bell", words: str = WORDS, **changes) -> Credited:
    """A quotation in an article's text."""
    fields = {"mention": name, "affiliation": None, "state": None, "anonymous": False} | {
        key: changes.pop(key) for key in ("mention", "affiliation", "state", "anonymous") if key in changes
    }
    article = an_article(words, id=ArticleId(mark))
    speaker = Speaker(name, **fields) if name else None
    statement = Statement((Span(0, len(words)),), Kind.DIRECT, speaker=speaker)
    return Credited(mark, quote_of(replace(statement, **changes), article))


def disputed(*told: Credited) -> list[list[tuple[str, tuple[int, ...]]]]:
    return [[(side.name, side.marks) for side in one.sides] for one in disputed_quotes(told)]


@pytest.mark.parametrize(
    "words",
    [
        WORDS,
        "“Nobody signs a fair paper with a gun on the table.”",
        "“Nobody signs a paper with a gun on the table.”",
        "“So I am against it. Nobody signs a fair paper with a gun on the table.”",
    ],
)
def test_the_same_words_in_two_mouths(words):
    told = (credited(1), credited(2, "Jonas Reed", words), credited(3))
    assert disputed(*told) == [[("Anna Bell", (1, 3)), ("Jonas Reed", (2,))]]
    assert disputed_quotes(told)[0].words == WORDS


@pytest.mark.parametrize(
    "other",
    [
        credited(2),
        credited(2, "Bell"),
        credited(2, "President Anna Bell"),
        credited(2, "A. Bell"),
        credited(2, "Tom Bell"),
        credited(2, ""),
        credited(2, "a senior official", anonymous=True),
        credited(2, "Jonas Reed", mention="he"),
        credited(2, "Jonas Reed", mention="Bell’s spokesman Jonas Reed"),
        credited(2, "Jonas Reed", affiliation="Bell"),
        credited(2, "Energy Ministry"),
        credited(2, "Anna Bell and Jonas Reed"),
        credited(2, "Jonas Reed", words="“It rained on the mill all night long.”"),
        credited(2, "Jonas Reed", words="“Nobody signs it.”"),
        credited(2, "Jonas Reed", kind=Kind.INDIRECT),
        credited(2, "Jonas Reed", mode=Mode.THOUGHT),
        credited(1, "Jonas Reed"),
    ],
)
def test_no_dispute_about_who_said_it(other):
    assert disputed(credited(1), other) == []


def test_a_state_and_its_spokesman_are_one_voice():
    ministry = credited(1, "Marland", state="Marland")
    assert (
        disputed(ministry, credited(2, "Jonas Reed", affiliation="Foreign Ministry", state="Marland")) == []
    )
    other = credited(2, "Jonas Reed", affiliation="Sarnish Foreign Ministry", state="Sarnia")
    assert disputed(ministry, other) == [[("Marland", (1,)), ("Jonas Reed", (2,))]]


def test_an_article_that_credits_both_disputes_nothing():
    assert disputed(credited(1), credited(2, "Jonas Reed"), credited(2)) == []


def test_a_story_full_of_long_quotations_is_compared_in_no_time():
    told = [
        Credited(
            at % 12,
            quote_of(
                a_statement(text, text, speaker=f"Anna{chr(97 + at % 26)} Bell{chr(97 + at // 26)}"),
                an_article(text=text),
            ),
        )
        for at in range(300)
        for text in [f"“{' '.join(f'w{(at * word) % 997}' for word in range(1, 60))} {'and it ' * 70} {at}”"]
    ]
    assert cpu_seconds(lambda: disputed_quotes(told), enough=4.0) < 4.0  # a second; it took ten times as long
