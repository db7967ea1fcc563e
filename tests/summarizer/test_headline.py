"""Headlines: what they say and their text does not bear out."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.demo.sample import load_wire
from news.spans import Span
from news.statements import Kind, Speaker, Statement
from summarizer.headline import headline_flags
from tests.costs import cpu_seconds
from tests.evaluation.attribution import SHARED
from tests.summarizer.reading import brief_of

BODY = (
    "The ministry in Oldhaven said on Tuesday that the mill on the Tarn would close in spring after 118 years.\n"
    "“We have done what we could for every miller here,” said Anna Bell, the deputy minister, before the council.\n"
    "The works council wants $40 million for those who lose their jobs, and 12,480 people have signed a letter.\n"
    "President Jonas Reed visited the valley in June. He has not been there since, and his office was silent.\n"
    "The mill made paper for newspapers, and its river, the Tarn, ran white with it for a century.\n"
)
PREFIX = "headline not borne out by its text: "


def missing(title: str, text: str = BODY) -> list[str]:
    """What the flags of an article's brief say, without what is the same in all."""
    flags = [flag for flag in brief_of(text, title=title).flags if flag.kind == "headline"]
    assert all(flag.detail.startswith(PREFIX) for flag in flags)
    return [flag.detail.removeprefix(PREFIX) for flag in flags]


@pytest.mark.parametrize(
    ("title", "found"),
    [
        ("Reed says the mill will close", ["no statement by Reed in it"]),
        ("Reed has said that the mill will close", ["no statement by Reed in it"]),
        ("Jonas Reed: The mill on the Tarn must close", ["no statement by Jonas Reed in it"]),
        ("Mill on the Tarn must close, President Reed says", ["no statement by Reed in it"]),
        ("Mill on the Tarn to close after 131 years", ["no 131 years in it"]),
        ("Millers of the Tarn want $55 million", ["no $55 million in it"]),
        (
            "Mill to close: ‘a crime against the whole valley’",
            ["‘a crime against the whole valley’ does not stand in it"],
        ),
        ("Mill to close as Maria Kowalski visits the Tarn", ["no Maria Kowalski in it"]),
        ("Mill on the Tarn to close, Portugal pays", ["no Portugal in it"]),
        ("Shark bites surfer off sunny southern beach", ["hardly a word of the headline stands in it"]),
    ],
)
def test_what_the_text_lacks_is_flagged(title, found):
    assert missing(title) == found


@pytest.mark.parametrize(
    "title",
    [
        "Mill on the Tarn to close in spring",
        "Anna Bell: We have done what we could",
        "Bell says ministry did what it could for millers",
        "“We have done what we could”: Bell on the end of the mill",
        "‘Every miller here’ should know: mill on the Tarn to close",
        "‘Did what we could for millers’: mill on the Tarn to close",
        "Mill to close after nearly 120 years",
        "Over 12,000 sign letter for mill on the Tarn",
        "Millers want $40m as mill on the Tarn closes",
        "5 things to know about the mill on the Tarn",
        "Two sides of the mill on the Tarn",
        "Tarn mill: what happens in 2025",
        "Report: mill on the Tarn to close",
        "Officials say mill on the Tarn will close",
        "Live updates: mill on the Tarn to close",
        "Reed visits mill on the Tarn before it closes",
        "Oldhaven: Mill on the Tarn to close",
        "‘The White River’ and the mill on the Tarn",
        "",
    ],
)
def test_what_the_text_bears_out_is_not(title):
    assert missing(title) == []


def test_an_excerpt_is_not_held_against_its_headline():
    assert missing("Reed says the mill on the Tarn will close", BODY[:300]) == []
    partial = brief_of(BODY, title="Reed says the mill will close", partial=True)
    assert partial.flags == ()


def test_the_flag_points_at_the_headline_where_the_text_begins_with_it():
    title = "Reed says the mill will close"
    (flag,) = brief_of(f"\n{title}\n\n{BODY}", title=title).flags
    assert flag.spans == (Span(1, 1 + len(title)),)
    (flag,) = brief_of(BODY, title=title).flags
    assert flag.spans == ()


def test_what_only_the_headline_says_bears_nothing_out():
    title = "Mill of the Tarn to close after 131 years"
    assert missing(title, f"{title}\n\n{BODY}") == ["no 131 years in it"]


def said_by(speaker: Speaker | None, source: str) -> tuple[str, Statement]:
    """A text in which somebody says something, with the statement."""
    text = f"{source} said that the mill will close.\n{BODY}"
    start = text.index("that the mill")
    return text, Statement(
        (Span(start, start + 24),),
        Kind.INDIRECT,
        cue=(Span(len(source) + 1, len(source) + 5),),
        source=(Span(0, len(source)),),
        speaker=speaker,
    )


@pytest.mark.parametrize(
    ("title", "source", "speaker"),
    [
        ("Reed says mill on the Tarn will close", "Jonas Reed", Speaker("Jonas Reed", "Jonas Reed")),
        ("Reed says mill on the Tarn will close", "He", Speaker("Jonas Reed", "He")),
        (
            "Reed says mill on the Tarn will close",
            "A spokesman for Reed",
            Speaker("spokesman", "A spokesman for Reed"),
        ),
        (
            "Kremlin says mill on the Tarn will close",
            "Ivan Sorokin",
            Speaker("Ivan Sorokin", "Ivan Sorokin", affiliation="Kremlin", state="Russia"),
        ),
        (
            "Moscow says mill on the Tarn will close",
            "Ivan Sorokin",
            Speaker("Ivan Sorokin", "Ivan Sorokin", affiliation="Kremlin", state="Russia"),
        ),
    ],
)
def test_who_speaks_for_somebody_bears_the_headline_out(title, source, speaker):
    text, statement = said_by(speaker, source)
    assert headline_flags(title, text, [statement]) == ()


def test_a_spokesman_of_the_kremlin_is_not_its_president():
    text, statement = said_by(
        Speaker("Ivan Sorokin", "Ivan Sorokin", "Kremlin", state="Russia"), "Ivan Sorokin"
    )
    text = text.replace("President Jonas Reed", "President Vladimir Putin")
    (flag,) = headline_flags("Putin says mill on the Tarn will close", text, [statement])
    assert flag.detail == PREFIX + "no statement by Putin in it"


def test_the_sample_wire_has_one_such_headline():
    flagged = [
        (article.slug, flag.detail)
        for _, article in load_wire().articles
        for flag in brief_of(article.versions[-1].text, title=article.versions[-1].title).flags
    ]
    assert flagged == [("2024-12-05-insurers-cut-rates", PREFIX + "no statement by Malekhovsky in it")]


@given(st.text(max_size=300), st.text(max_size=600))
def test_any_headline_and_any_text_can_be_compared(title, text):
    text += BODY
    for flag in headline_flags(title, text, ()):
        assert all(span.end <= len(text) for span in flag.spans)


@pytest.mark.parametrize("piece", ["9", "9 ", "A", "A ", "A: ", "“", "‘a b c’ ", "Anna Bell says ", "\n"])
def test_endless_headlines_and_texts_take_linear_time(piece):
    text = (piece * (200_000 // len(piece) + 1))[:200_000]

    def compare():
        headline_flags(text, text, ())
        headline_flags("Anna Bell says “no way out” of 77 mills in Portugal", text, ())

    assert cpu_seconds(compare, enough=20.0) < 20.0


@pytest.mark.shared
@pytest.mark.skipif(not SHARED.exists(), reason="the measuring data are not here")
def test_one_of_the_articles_has_such_a_headline():
    gold = json.loads((SHARED / "articles" / "gold.json").read_text(encoding="utf-8"))
    found = {
        article["file"][:3]: missing(
            article["title"], (SHARED / "articles" / article["file"]).read_text("utf-8")
        )
        for article in gold
        if article["title"]
    }
    assert {name: details for name, details in found.items() if details} == {
        "000": ["no statement by Putin in it"]
    }
