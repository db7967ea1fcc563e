import logging
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from feeds.extract import LONGEST, extract
from news.errors import UnreadableInput
from news.feeds import Page
from tests.feeds.conftest import page_of

HEADLINE = "Bridge vote put off again by council"
PARAGRAPHS = (
    "The harbour council put off its vote on the new bridge on Tuesday, after two members asked for a report on its cost.",
    "“There are no grounds for a vote yet,” Mara Lindqvist, the council’s spokesperson, told the Morning Post.",
    "No.",
    "“We’ll see,” she added.",
    "What the report says",
    "The report puts the cost at $750 million — up from $725 million in spring. It warns of delays.",
    "«Рано», – сказав Тарас Біль, who leads the opposition.",
    "He did not rule out a deal.",
    "Next steps",
    "The council meets again on Friday.",
    "The mayor said that she ‘would rather wait than regret it’.",
)
SUBHEADINGS = ("What the report says", "Next steps")

NAVIGATION = (
    "<nav><ul>" + "".join(f'<li><a href="/s{n}">Section {n}</a></li>' for n in range(9)) + "</ul></nav>"
)
TEASERS = "".join(
    f'<div class="teaser"><a href="/t{n}"><h3>Ferry workers walk out for day {n}</h3></a><p>Services were cut.</p></div>'
    for n in range(6)
)
FOOTER = '<footer><p>© 2024 Daily Herald. All rights reserved.</p><a href="/p">Privacy</a></footer>'
TITLE = f"<h1>{HEADLINE}</h1>"
BLOCKS = tuple(f"<h2>{p}</h2>" if p in SUBHEADINGS else f"<p>{p}</p>" for p in PARAGRAPHS)
ARTICLE = TITLE + "".join(BLOCKS)

LAYOUTS = {
    "article": f"<header>{NAVIGATION}</header><main><article>{ARTICLE}</article><aside>{TEASERS}</aside></main>{FOOTER}",
    "divisions": f'{NAVIGATION}<div class="content"><div class="entry-content">{ARTICLE}</div></div>'
    f'<div class="sidebar">{TEASERS}</div>{FOOTER}',
    "meaningless classes": f'{NAVIGATION}<div class="css-1"><div class="css-2">{TITLE}'
    + "".join(f'<p class="css-3">{p}</p>' for p in PARAGRAPHS)
    + f'</div><div class="css-4">{TEASERS}</div></div>{FOOTER}',
    "paragraphs as divisions": f'{NAVIGATION}<div class="article-body">{TITLE}'
    + "".join(f"<div>{p}</div>" for p in PARAGRAPHS)
    + f'</div><div class="related">{TEASERS}</div>{FOOTER}',
    "line breaks": f'{NAVIGATION}<div class="article-text">{TITLE}{"<br><br>".join(PARAGRAPHS)}</div>{FOOTER}',
    "sections": f"{NAVIGATION}<main><section>{TITLE}</section><section>"
    + "</section><section>".join(BLOCKS)
    + f"</section><section><h2>Related</h2>{TEASERS}</section></main>{FOOTER}",
    "interrupted": f"{NAVIGATION}<article>{TITLE}<figure><img src='b.jpg'><figcaption>The bridge. Photo: Staff</figcaption>"
     "</figure>"
    + "".join(BLOCKS[:3])
    + '<div class="ad"><span>Advertisement</span></div><div class="newsletter-signup"><p>Sign up.</p></div>'
    + "".join(BLOCKS[3:])
    + f'<div class="share"><a href="#">Share</a></div></article><div class="comments"><p>First! said a reader.</p></div>{FOOTER}',
    "wrapped source": f"<article>{ARTICLE}</article>{FOOTER}".replace(" ", "\n      "),
    "inline markup": f"{NAVIGATION}<article>{ARTICLE}</article>".replace("report", '<a href="/r"><em>rep</em>ort</a>'),
}  # fmt: skip


@pytest.mark.parametrize("layout", LAYOUTS)
def test_text_is_every_paragraph_of_the_article_and_nothing_else(layout):
    page = extract(page_of(LAYOUTS[layout]), "https://herald.example/a")

    assert tuple(page.text.split("\n")) == PARAGRAPHS


def test_short_article_is_read_without_what_surrounds_it():
    body = f'<div id="menu"><a href="/">Home</a></div><div class="text">{TITLE}<p>“No,” she said.</p><p>He left.</p></div>'

    assert extract(page_of(body + FOOTER)).text == "“No,” she said.\nHe left."


def test_page_says_what_it_is():
    head = (
        "<title>Bridge vote put off | Daily Herald</title>"
        '<link rel="canonical" href="https://herald.example/2024/bridge">'
        '<meta property="og:site_name" content="Daily Herald"><meta name="author" content="Ann Writer">'
        '<meta property="article:published_time" content="2024-12-04T08:10:00+02:00">'
    )

    page = extract(page_of(LAYOUTS["article"], head=head), "https://www.herald.example/2024/bridge?utm=x")

    assert page == Page(
        url="https://herald.example/2024/bridge",
        text="\n".join(PARAGRAPHS),
        title=HEADLINE,
        outlet="Daily Herald",
        byline="Ann Writer",
        published=datetime(2024, 12, 4, 6, 10, tzinfo=UTC),
        language="en",
    )


@pytest.mark.parametrize(
    ("url", "trusted", "expected"),
    [
        ("https://www.herald.example/x", False, "https://herald.example/canonical"),
        ("https://evil.example/x", False, "https://evil.example/x"),
        ("https://evil.example/x", True, "https://herald.example/canonical"),
        (None, False, "https://herald.example/canonical"),
        ("pages/bridge.html", False, ""),
    ],
)
def test_canonical_link_is_believed_of_its_own_site_only(url, trusted, expected):
    head = '<link rel="canonical" href="https://herald.example/canonical">'
    if url and "://" not in url:
        head = ""

    assert extract(page_of(ARTICLE, head=head), url, trust_canonical=trusted).url == expected


def test_bytes_are_decoded_by_what_they_declare():
    body = (
        page_of(LAYOUTS["article"], head="<title>Міст</title>")
        .replace("utf-8", "windows-1251")
        .encode("cp1251")
    )

    assert "«Рано», – сказав Тарас Біль" in extract(body).text


def test_windows_quotation_marks_survive():
    page = extract(page_of(f"<article>{ARTICLE}<p>&#147;Never,&#148; he said&#133;</p></article>"))

    assert page.text.endswith("\n“Never,” he said…")


def test_day_stands_in_for_a_time_that_the_page_does_not_give():
    head = '<meta name="dcterms.issued" content="2024-12-04">'

    assert extract(page_of(ARTICLE, head=head)).published == datetime(2024, 12, 4, tzinfo=UTC)


@pytest.mark.parametrize(
    "html",
    [
        "", " ", b"", b"\0\0\0", "<html></html>", "<html><body><script>x()</script></body></html>", "<p></p>", "<!-- x -->",
        "<!DOCTYPE html>", page_of(""), page_of(NAVIGATION), page_of(f"<h1>News</h1>{NAVIGATION}<p>Today</p>"), "<div>" * 20_000, "<a " * 20_000, "<!--" * 20_000,
    ],
)  # fmt: skip
def test_page_without_an_article_is_told_in_one_sentence(html):
    with pytest.raises(UnreadableInput) as caught:
        extract(html, "https://herald.example/x")

    assert caught.value.kind == "no_text"
    assert (
        str(caught.value)
        == "https://herald.example/x holds no article text: give the address of one article."
    )


def test_extraction_logs_nothing(caplog):
    with caplog.at_level(logging.DEBUG), pytest.raises(UnreadableInput):
        extract("<html></html>")

    assert caplog.records == []


TAGS = st.sampled_from(
    ["<p>", "</p>", "<div>", "</div>", "<table><tr>", "<article>", "<svg>", "<title>", "&#0;", "&lt;", "<br", "<!--", "-->", "]]>",
     "<script type='application/ld+json'>{", "<meta property='og:title' content='", "<base href='http://['>", "<html lang='"]
)  # fmt: skip


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None, max_examples=60)
@given(st.lists(st.one_of(TAGS, st.text(max_size=12)), max_size=20).map("".join))
def test_any_markup_gives_a_text_or_says_that_there_is_none(markup):
    try:
        page = extract(page_of(ARTICLE + markup))
    except UnreadableInput:
        return
    assert page.text


NOT_FREE = (
    '<script type="application/ld+json">{"@type": "NewsArticle", "isAccessibleForFree": false}</script>'
)


@pytest.mark.parametrize(
    ("head", "times", "expected"),
    [("", 1, False), (NOT_FREE, 1, True), (NOT_FREE, 4, False)],
)
def test_beginning_of_a_closed_article_is_marked_as_such(head, times, expected):
    body = "".join(f"<p>{n}. {p}</p>" for n in range(times) for p in PARAGRAPHS)

    assert extract(page_of(f"<article>{TITLE}{body}</article>", head=head)).partial is expected


def test_modified_time_and_accelerated_page():
    head = (
        '<link rel="canonical" href="https://herald.example/2024/bridge">'
        '<meta property="article:published_time" content="2024-12-04T08:10:00Z">'
        '<meta property="article:modified_time" content="2024-12-04T09:10:00Z">'
    )
    page = extract(
        page_of(LAYOUTS["article"], head=head, attributes="⚡"), "https://amp.herald.example/2024/bridge"
    )

    assert (page.url, page.modified, page.language) == (
        "https://herald.example/2024/bridge",
        datetime(2024, 12, 4, 9, 10, tzinfo=UTC),
        None,
    )


def test_headline_alone_is_no_article():
    with pytest.raises(UnreadableInput, match="holds no article text"):
        extract(page_of(TITLE))


@pytest.mark.parametrize(("number", "whole"), [(300, True), (1200, True), (4000, False)])
def test_article_of_any_length_is_read_to_the_limit(number, whole):
    lines = [f"On day {n} the council met again and put off its vote." for n in range(number)]
    body = "".join(f"<p>{line}</p>" for line in lines)

    page = extract(
        page_of(f"<header>{NAVIGATION}</header><main><article>{TITLE}{body}</article></main>{FOOTER}")
    )

    read = page.text.split("\n")
    assert read == lines[: len(read)]  # in whole lines
    assert (len(read) == len(lines), page.partial) == (whole, not whole)
    assert LONGEST - len(lines[-1]) <= len(page.text) <= LONGEST or whole


def test_page_of_too_many_elements_is_refused_in_one_sentence():
    with pytest.raises(UnreadableInput) as caught:
        extract("<p>a</p>" * 30_001, "https://herald.example/x")

    assert (caught.value.kind, str(caught.value)) == (
        "too_large",
        "https://herald.example/x has more than 30,000 elements: give the address of one article.",
    )
