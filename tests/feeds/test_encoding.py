import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeds.encoding import decode, mend, mend_markup

WORDS = "<p>Міст: «ні», сказав він — “no”</p>"
CYRILLIC = "<p>Порт и мост, нет</p>"
EBCDIC = '<?xml version="1.0" encoding="cp037"?><p>[Non, à Orléans]</p>'
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
        (EBCDIC.encode("cp037"), "text/xml; charset=utf-8", EBCDIC),
        (
            EBCDIC.replace("cp037", "ebcdic-cp-be").encode("cp500"),
            None,
            EBCDIC.replace("cp037", "ebcdic-cp-be"),
        ),
        ("<?xml version='1.0'?><p>[Non]</p>".encode("cp037"), None, "<?xml version='1.0'?><p>[Non]</p>"),
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


SENTENCES = {
    "shift_jis": "市議会は橋の建設についての採決を三度目に延期した。議長は数字が足りないと述べた。",
    "euc_jp": "市議会は橋の建設についての採決を三度目に延期した。議長は数字が足りないと述べた。",
    "big5": "市議會第三次推遲了關於新橋的表決。議長說數字不足，無法表決。",
    "gb18030": "市议会第三次推迟了关于新桥的表决。议长说数字不足，无法表决。",
    "euc_kr": "시의회는 새 다리에 대한 표결을 세 번째로 연기했다고 의장이 말했다.",
    "koi8-r": "Городской совет в третий раз отложил голосование по новому мосту, сказала председатель.",
    "cp1251": "Городской совет в третий раз отложил голосование по новому мосту, сказала председатель.",
    "cp1250": "Městská rada potřetí odložila hlasování o novém mostě, řekla předsedkyně, a žádá čísla.",
    "cp1253": "Το δημοτικό συμβούλιο ανέβαλε για τρίτη φορά την ψηφοφορία για τη νέα γέφυρα.",
    "cp1255": "מועצת העיר דחתה בפעם השלישית את ההצבעה על הגשר החדש, אמרה היושבת ראש.",
    "cp1256": "أجل مجلس المدينة التصويت على الجسر الجديد للمرة الثالثة، كما قالت الرئيسة.",
    "cp1252": "Le conseil a reporté le vote – « pas prêt » – dit-elle à Orléans, où l’été fut très chaud.",
}


@pytest.mark.parametrize("encoding", SENTENCES)
def test_undeclared_encoding_is_told_by_the_letters(encoding):
    document = f"<item><title>{SENTENCES[encoding]}</title><link>https://a.example/</link></item>" * 2

    assert decode(document.encode(encoding)) == document


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
def test_wide_encoding_without_a_mark_is_told_by_its_first_characters(encoding):
    assert decode("<rss>é</rss>".encode(encoding)) == "<rss>é</rss>"
