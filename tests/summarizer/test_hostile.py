"""Texts made to stop whoever reads them: no pattern tries them in thousands of ways, and nothing is raised."""

from __future__ import annotations

import pytest

from news.spans import Span
from summarizer.checks import Checker
from summarizer.checks.words import normalise
from summarizer.figures import find_figures
from summarizer.furniture import is_furniture
from summarizer.pipeline import Pipeline
from summarizer.trimming import trim
from tests.builders import an_article
from tests.costs import cpu_seconds


def whole(text):
    return trim(text, Span(0, len(text)))


@pytest.mark.parametrize(
    ("read", "text"),
    [
        (whole, "A-" * 180),
        (whole, "Ab’" * 180),
        (whole, "A. " * 180),
        (whole, "A, A " * 180),
        (is_furniture, "10:10" + " " * 600),
        (is_furniture, "10 am" + " " * 600),
        (is_furniture, "By A" + ".'" * 900 + " x"),
        (is_furniture, "By " + "A " * 900 + "x"),
        (normalise, "111, " * 12_000),
        (normalise, "a. 1, 111, " * 6_000),
    ],
)
def test_no_pattern_goes_back_again_and_again(read, text):
    assert (
        cpu_seconds(lambda: read(text), enough=1.0) < 1.0
    )  # milliseconds; where a pattern went back, many seconds


@pytest.mark.parametrize(
    "text",
    [
        "Bell paid 5 to 10 mıllion for the bridge.",
        "Bell paid five to ten mİllion for the bridge.",
        "Bell paid 5-10 thouſand for the bridge.",
        "Bell paid 5 dollarſ for the bridge.",
        "Bell paid $5 to $10 bılliOn for ſix bridges and 5K more.",
    ],
)
def test_letters_that_only_look_like_those_of_a_number_are_none(text):
    article = text + " Reed paid 12 dollars."
    assert [figure.span.of(article) for figure in find_figures(article)][-1:] in ([], ["12 dollars"])
    assert Checker(article).check("Reed paid 12 dollars.").passes
    assert not Checker(article).check("Bell paid 10 million for the ferry in all.").passes


@pytest.mark.parametrize("title", ["\ud800 Bell", "Bell says “\ud83d is \udc00 it”", "\ud800"])
def test_half_of_a_surrogate_pair_in_a_title_is_read_over(title):
    text = "Tom Bell said that it rained in Oldhaven on Monday. " * 20
    pipeline = Pipeline()
    article = an_article(text=text, title=title)
    assert all(flag.detail.encode() for flag in pipeline.brief(article).flags)
    assert pipeline.sign(article) == pipeline.sign(
        an_article(
            text=text,
            title=title.replace("\ud800", "\ufffd").replace("\ud83d", "\ufffd").replace("\udc00", "\ufffd"),
        )
    )
