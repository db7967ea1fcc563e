import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeds.encoding import decode, mend, mend_markup

WORDS = "<p>Міст: «ні», сказав він — “no”</p>"
CYRILLIC = "<p>Порт и мост, нет</p>"
DECLARED = '<?xml version="1.0" encoding="windows-1251"?>'


@pytest.mark.parametrize(
    ("body", "content_type", "expected"),
    [
        (WORDS.encode(), None, WORDS),
        (WORDS.encode(), "text/html; charset=iso-8859-1", WORDS),  # a server's default, and wrong
        (WORDS.encode("utf-8-sig"), None, WORDS),
        (WORDS.encode("utf-16"), None, WORDS),
        (WORDS.encode("utf-16-le"), None, WORDS),
        (WORDS.encode("utf-16-be"), "text/html; charset=utf-16", WORDS),
        (WORDS.encode("utf-32"), None, WORDS),
        (CYRILLIC.encode("cp1251"), 'text/html; charset="windows-1251"', CYRILLIC),
        (DECLARED.encode() + CYRILLIC.encode("cp1251"), "text/xml", DECLARED + CYRILLIC),
        (b'<meta charset="koi8-r">' + CYRILLIC.encode("koi8-r"), None, '<meta charset="koi8-r">' + CYRILLIC),
        ("<p>東京</p>".encode("iso-2022-jp"), "text/html; charset=iso-2022-jp", "<p>東京</p>"),
        ("“Non”, dit-il à Orléans".encode("cp1252"), None, "“Non”, dit-il à Orléans"),
        ("“Non”".encode("cp1252"), "text/html; charset=latin-1", "“Non”"),
        (WORDS.encode() + b"\xff.", "text/html; charset=utf-8", WORDS + "\ufffd."),  # one broken character
        ("“Non”".encode("cp1252"), "text/html; charset=idna", "“Non”"),
        ("“Non”".encode("cp1252"), "text/html; charset=zip", "“Non”"),
        ("“Non”".encode("cp1252"), "text/html; charset=no-such", "“Non”"),
        (b"", None, ""),
    ],
)
def test_decode_finds_what_was_meant(body, content_type, expected):
    assert decode(body, content_type) == expected


@given(st.binary(max_size=300), st.text(max_size=60))
def test_decode_never_fails(body, content_type):
    assert isinstance(decode(body, content_type), str)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("“As is” — ‘it’ is\u200d", "“As is” — ‘it’ is\u200d"),
        ("nul\0 bell\a escape\x1b[0m", "nul bell escape[0m"),
        ("\x93Windows\x94 \x96 quotes\x85", "“Windows” – quotes…"),
        ("half a pair \ud83d", "half a pair "),
        ("kept\tand\nkept", "kept\tand\nkept"),
    ],
)
def test_mend_keeps_words_and_drops_what_no_store_takes(text, expected):
    assert mend(text) == expected


def test_mend_markup_reads_windows_codes_written_as_numbers():
    assert (
        mend_markup("&#147;No&#148; &#x96; &#8220;yes&#8221; &#12345;") == "“No” – &#8220;yes&#8221; &#12345;"
    )
