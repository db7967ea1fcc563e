import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeds.markup import text_of, tree_of


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        ("plain words", "plain words"),
        ("wrapped\n  words", "wrapped words"),
        ("<p>One.</p><p>Two.</p>", "One.\nTwo."),
        ("One.<br/>Two.<br><br>Three.", "One.\nTwo.\nThree."),
        ("<p>One\nline <b>and</b> <a href='x'>the</a> same.</p>", "One line and the same."),
        ("<ul><li>a</li><li>b</li></ul>c", "a\nb\nc"),
        ("<pre>a\nb</pre>", "a\nb"),
        ("“Quoted” &amp; &ldquo;quoted&rdquo;&nbsp;&#8212; it&rsquo;s", "“Quoted” & “quoted” — it’s"),
        ("&#147;No,&#148; he said", "“No,” he said"),
        ("<script>alert(1)</script><style>p{}</style>Words<!-- no -->", "Words"),
        ("1 < 2 and 3 > 2", "1 < 2 and 3 > 2"),
        ("a\0b", "ab"),
        ("a &#1 b", "a b"),
        ("<p>unclosed <b>words", "unclosed words"),
        ("<img src=x onerror=alert(1)>", ""),
        ("", ""),
    ],
)
def test_text_of_reduces_markup_to_lines(markup, expected):
    assert text_of(markup) == expected


@given(st.text(st.sampled_from("<>/&;!-[]\"'= \n\0pabr\ud800x#1"), max_size=80))
def test_text_of_never_fails_and_is_tidy(markup):
    lines = text_of(markup).split("\n")
    assert lines == [""] or all(line == " ".join(line.split()) != "" for line in lines)


def test_element_of_too_many_attributes_loses_them_and_keeps_its_text():
    many = " ".join(f"a{n}='{n}'" for n in range(5000))
    tree = tree_of(
        f"<div class='x'><p {many}>One</p><p title='a > b' {many} lang=en>Two</p><p id='y'>Three</p></div>"
    )

    assert [(p.text, dict(p.attrib)) for p in tree.iter("p")] == [
        ("One", {}),
        ("Two", {}),
        ("Three", {"id": "y"}),
    ]


def test_long_attribute_is_kept():
    words = "word " * 5000

    assert tree_of(f"<p title='{words}'>One</p>").find(".//p").get("title") == words
