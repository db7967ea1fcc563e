import pytest

from feeds.addresses import is_public, same_site, shown, web_link


@pytest.mark.parametrize(
    ("link", "base", "expected"),
    [
        ("https://a.example/x", None, "https://a.example/x"),
        ("HTTPS://a.example/x", None, "https://a.example/x"),
        ("/x?y=1#z", "http://a.example/b/c", "http://a.example/x?y=1#z"),
        ("x", "http://a.example/b/c", "http://a.example/b/x"),
        ("//b.example/x", "https://a.example/", "https://b.example/x"),
        (" https://a.example/a b ", None, "https://a.example/a%20b"),
        ('https://a.example/"><b>', None, "https://a.example/%22%3E%3Cb%3E"),
        ("https://a.example/стаття", None, "https://a.example/стаття"),
        ("https://trusted.example@evil.example/x", None, "https://evil.example/x"),
        ("https://good.example\\@evil.example/", None, "https://evil.example/"),
        ("javascript:alert(1)", "https://a.example/", None),
        ("data:text/html,x", "https://a.example/", None),
        ("file:///etc/passwd", None, None),
        ("ftp://a.example/x", None, None),
        ("mailto:a@a.example", "https://a.example/", None),
        ("http://[::1", "https://a.example/", None),
        ("http://a.example:99999/", None, None),
        ("http://a.ex ample/", None, None),
        ("http:///x", None, None),
        ("https://a.example/" + "x" * 2048, None, None),
        ("x", None, None),
        ("", "https://a.example/", None),
        (None, "https://a.example/", None),
    ],
)
def test_web_link_lets_only_whole_web_addresses_through(link, base, expected):
    assert web_link(link, base) == expected


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("93.184.215.14", True),
        ("2606:2800:21f:cb07:6820:80da:af6b:8b2c", True),
        ("::ffff:93.184.215.14", True),
        ("127.0.0.1", False),
        ("0.0.0.0", False),
        ("10.1.2.3", False),
        ("172.16.0.1", False),
        ("192.168.0.1", False),
        ("169.254.169.254", False),
        ("100.64.0.1", False),
        ("224.0.0.1", False),
        ("255.255.255.255", False),
        ("::", False),
        ("::1", False),
        ("::7f00:1", False),
        ("fe80::1%eth0", False),
        ("fc00::1", False),
        ("ff02::1", False),
        ("::ffff:127.0.0.1", False),
        ("64:ff9b::7f00:1", False),
        ("2002:7f00:1::", False),
        ("0.1.2.3", False),
        ("192.0.0.8", False),
        ("192.0.2.1", False),
        ("192.88.99.1", False),
        ("198.18.0.1", False),
        ("240.0.0.1", False),
        ("127.0.0.1.", False),
        ("2130706433", False),
        ("0x7f.0.0.1", False),
        ("0177.0.0.1", False),
        ("127.1", False),
        ("2606:2800:21f:cb07:6820:80da:af6b:8b2c%eth0", False),
        ("::5db8:d70e", False),  # IPv4-compatible
        ("::ffff:0:5db8:d70e", False),  # IPv4-translated
        ("::ffff:169.254.169.254", False),
        ("::ffff:100.64.0.1", False),
        ("64:ff9b::5db8:d70e", True),
        ("64:ff9b::a9fe:a9fe", False),
        ("64:ff9b:1::5db8:d70e", False),  # local translation
        ("100::1", False),
        ("2001::5db8:d70e", False),  # Teredo
        ("2001:0:4136:e378:8000:63bf:3fff:fdd2", False),
        ("2001:2::1", False),
        ("2001:20::1", False),
        ("2001:db8::1", False),
        ("2002:5db8:d70e::1", True),
        ("2002:a00:1::1", False),
        ("2002:a9fe:a9fe::1", False),
        ("2606:2800::5efe:10.0.0.1", False),  # ISATAP
        ("2606:2800::200:5efe:192.168.0.1", False),
        ("2606:2800::5efe:93.184.215.14", True),
        ("3fff::1", False),
        ("4000::1", False),
        ("5f00::1", False),
        ("fd00:ec2::254", False),
        ("fec0::1", False),
        ("ff0e::1", False),
        ("[::1]", False),
        ("", False),
        ("no address", False),
    ],
)
def test_is_public_knows_private_addresses_in_every_wrapping(address, public):
    assert is_public(address) is public


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("https://www.a.example/x", "http://a.example:8080/y", True),
        ("https://amp.a.example/x", "https://m.a.example/y", True),
        ("https://a.example/", "https://b.example/", False),
        ("https://x.a.example/", "https://a.example/", False),
        ("no address", "no address", False),
        ("http://[", "http://[", False),
    ],
)
def test_same_site_compares_hosts(one, other, same):
    assert same_site(one, other) is same


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://me:secret@a.example/x@y", "https://a.example/x@y"),
        ("https://a.example/\r\n\x1b[31mred", "https://a.example/   [31mred"),
        ("https://a.example/" + "x" * 300, "https://a.example/" + "x" * 181 + "…"),
    ],
)
def test_shown_is_one_short_line_without_secrets(url, expected):
    assert shown(url) == expected
