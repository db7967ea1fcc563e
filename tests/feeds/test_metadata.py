import json
from datetime import UTC, datetime

import pytest

from feeds.markup import tree_of
from feeds.metadata import Facts, facts_of
from tests.feeds.conftest import page_of

EXACT = datetime(2024, 12, 4, 6, 10, tzinfo=UTC)


def facts(head="", body="<p>x</p>", url=None, **options):
    return facts_of(tree_of(page_of(body, head=head, **options)), url)


def meta(name, content, attribute="property"):
    return f'<meta {attribute}="{name}" content="{content}">'


def linked(**data):
    return f'<script type="application/ld+json">{json.dumps(data)}</script>'


def test_page_that_says_nothing_has_no_facts():
    assert facts(attributes="") == Facts()


def test_linked_data_of_the_article_says_most():
    head = linked(
        **{
            "@context": "https://schema.org",
            "@graph": [
                {"@type": "WebSite", "name": "herald.example", "headline": "All news"},
                {
                    "@type": ["NewsArticle"],
                    "headline": "Bridge vote &amp; report",
                    "datePublished": "2024-12-04T08:10:00+02:00",
                    "author": [{"@type": "Person", "name": "Ann Writer"}, {"name": "Tomas Bel"}],
                    "publisher": {"@type": "Organization", "name": "Daily Herald"},
                    "inLanguage": "en-GB",
                },
            ],
        }
    )

    assert facts(head, attributes="") == Facts(
        title="Bridge vote & report",
        outlet="Daily Herald",
        byline="Ann Writer, Tomas Bel",
        published=EXACT,
        language="en",
    )


@pytest.mark.parametrize(
    "script",
    ["", "{", "[" * 100_000, "null", '"x"', '{"@type": 3, "headline": {}}', '{"@type": "Article", "author": {"name": 1}}'],
)  # fmt: skip
def test_broken_linked_data_is_passed_over(script):
    head = f'<script type="application/ld+json">{script}</script>' + meta("og:title", "Bridge vote")

    assert facts(head).title == "Bridge vote"


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (meta("og:title", "Bridge vote"), "Bridge vote"),
        (meta("og:title", "Vote | Daily Herald") + meta("og:site_name", "Daily Herald"), "Vote"),
        (meta("og:title", "A - B") + meta("og:site_name", "Daily Herald"), "A - B"),
        (meta("og:title", "“No”, he said"), "“No”, he said"),
        (meta("og:title", " "), None),
    ],
)
def test_title_is_without_the_outlets_name(head, expected):
    assert facts(head).title == expected


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("Ann Writer", "Ann Writer"),
        ("By Ann Writer", "Ann Writer"),
        ("https://social.example/ann", None),
        ("ann@herald.example", None),
        ("Byron Bell", "Byron Bell"),
    ],
)
def test_byline_is_a_name(content, expected):
    assert facts(meta("author", content, "name")).byline == expected


@pytest.mark.parametrize(
    ("head", "body", "expected"),
    [
        (meta("article:published_time", "2024-12-04T08:10:00+02:00"), "", EXACT),
        (meta("article:published_time", "2024-12-04 08:10:00 +0200"), "", EXACT),
        (meta("article:published_time", "2024-12-04T06:10:00Z"), "", EXACT),
        (meta("date", "Wed, 04 Dec 2024 08:10:00 +0200", "name"), "", EXACT),
        (
            meta("article:published_time", "2024-12-04") + meta("pubdate", "2024-12-04T06:10:00Z", "name"),
            "",
            EXACT,
        ),
        (
            meta("pubdate", "2024-12-04T09:00:00", "name") + meta("date", "2024-12-04T06:10:00Z", "name"),
            "",
            EXACT,
        ),
        ("", '<time itemprop="datePublished" datetime="2024-12-04T06:10:00Z">4 Dec</time>', EXACT),
        ("", '<time datetime="2024-12-04T06:10:00Z">4 Dec</time>', None),  # may be a neighbour's
        (meta("article:published_time", "2024-12-04"), "", datetime(2024, 12, 4, tzinfo=UTC)),
        (meta("article:published_time", "0001-01-01T00:00:00+14:00"), "", None),
        (meta("article:published_time", "soon"), "", None),
        (meta("article:modified_time", "2024-12-05T06:10:00Z"), "", None),
    ],
)
def test_published_is_the_most_exact_time_in_utc(head, body, expected):
    assert facts(head, body + "<p>x</p>").published == expected


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        ('<link rel="canonical" href="https://herald.example/a">', "https://herald.example/a"),
        ('<link rel="canonical" href="/a">', "https://www.herald.example/a"),
        ('<link rel="canonical" href="javascript:x">' + meta("og:url", "https://herald.example/b"), "https://herald.example/b"),
        ('<link rel="canonical" href="file:///etc/passwd">', None),
    ],
)  # fmt: skip
def test_canonical_is_a_web_link(head, expected):
    assert facts(head, url="https://www.herald.example/x/y").canonical == expected


@pytest.mark.parametrize(
    ("attributes", "head", "expected"),
    [
        ('lang="uk"', "", "uk"),
        ('lang="en-GB"', "", "en"),
        ('lang="x-none"', meta("og:locale", "de_DE"), "de"),
        ('xml:lang="fr"', "", "fr"),
        ("", '<meta http-equiv="Content-Language" content="pl">', "pl"),
        ('lang="english"', "", None),
    ],
)
def test_language_is_the_declared_one(attributes, head, expected):
    assert facts(head, attributes=attributes).language == expected
