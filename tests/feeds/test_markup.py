import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeds.markup import text_of


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
