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


LATER = datetime(2024, 12, 4, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("head", "body", "expected"),
    [
        (linked(**{"@type": "NewsArticle", "dateModified": "2024-12-04T09:00:00Z"}), "", LATER),
        (meta("article:modified_time", "2024-12-04T11:00:00+02:00"), "", LATER),
        (meta("og:updated_time", "2024-12-04T09:00:00Z"), "", LATER),
        (meta("dateModified", "2024-12-04T09:00:00Z", "itemprop"), "", LATER),
        ("", '<time itemprop="dateModified" datetime="2024-12-04T09:00:00Z">later</time>', LATER),
        (meta("article:published_time", "2024-12-04T10:00:00Z") + meta("og:updated_time", "2024-12-04T09:00:00Z"), "", None),
        (meta("article:published_time", "2024-12-04T09:00:00Z") + meta("og:updated_time", "2024-12-04T09:00:00Z"), "", LATER),
        (meta("og:updated_time", "yesterday"), "", None),
    ],
)  # fmt: skip
def test_modified_is_never_before_published(head, body, expected):
    assert facts(head, body + "<p>x</p>").modified == expected


PERSON = {"@type": "Person", "@id": "https://herald.example/#edda", "name": "Edda Marlow"}


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (linked(**{"@type": "Article", "author": "Edda Marlow", "publisher": "Daily Herald"}), ("Edda Marlow", "Daily Herald")),
        (linked(**{"@type": "Article", "author": ["Edda Marlow", {"name": "Tobin Hale"}, {"name": "Edda Marlow"}]}), ("Edda Marlow, Tobin Hale", None)),
        (linked(**{"@graph": [{"@type": "Article", "author": {"@id": PERSON["@id"]}}, PERSON]}), ("Edda Marlow", None)),
        (linked(**PERSON) + linked(**{"@type": "BlogPosting", "author": [{"@id": PERSON["@id"]}]}), ("Edda Marlow", None)),
        (linked(**{"@type": "Article", "author": {"@id": "https://herald.example/#nobody"}}), (None, None)),
        (linked(**{"@type": "WebSite", "publisher": "Else"}) + linked(**{"@type": "ReportageNewsArticle", "publisher": {"name": "Daily Herald"}}), (None, "Daily Herald")),
        (linked(**{"@type": "Article", "author": {"name": "By Edda Marlow and Tobin Hale"}}), ("Edda Marlow and Tobin Hale", None)),
        (linked(**{"@type": "Article", "author": {"name": "https://social.example/edda"}}) + meta("author", "Edda Marlow", "name"), ("Edda Marlow", None)),
        (linked(**{"@type": "Article", "author": {"name": "x" * 1000}}), (None, None)),
        ('<script type="application/ld+json">{&quot;@type&quot;: &quot;Article&quot;, &quot;author&quot;: &quot;Edda Marlow&quot;}</script>', ("Edda Marlow", None)),
        ('<script type="application/ld+json; charset=utf-8">//<![CDATA[\n{"@type": "Article", "author": "Edda Marlow"}\n//]]></script>', ("Edda Marlow", None)),
        ('<script type="application/ld+json">[{"@type": "Article", "author": "Edda Marlow"}];</script>', ("Edda Marlow", None)),
    ],
)  # fmt: skip
def test_linked_data_is_understood_however_it_is_written(head, expected):
    found = facts(head)

    assert (found.byline, found.outlet) == expected


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ('<span itemprop="author">Edda Marlow</span>', "Edda Marlow"),
        ('<p itemprop="author" itemscope>By <a><span itemprop="name">Edda Marlow</span></a>, reporter</p>', "Edda Marlow"),
        ('<a rel="author" href="/e">By Edda Marlow</a> and <a rel="nofollow author" href="/t">Tobin Hale</a>', "Edda Marlow, Tobin Hale"),
        ('<div itemprop="comment"><b itemprop="author">A Reader</b></div>', None),
        ('<a rel="authority" href="/e">Somebody</a>', None),
    ],
)  # fmt: skip
def test_byline_is_found_in_the_body_where_the_head_has_none(body, expected):
    assert facts(body=body).byline == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [(False, False), ("False", False), ("https://schema.org/False", False), (True, True), ("true", True), (None, True), ([], True)],
)  # fmt: skip
def test_page_says_that_it_is_not_free(value, expected):
    assert facts(linked(**{"@type": "NewsArticle", "isAccessibleForFree": value})).free is expected
