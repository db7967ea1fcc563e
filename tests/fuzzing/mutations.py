"""How a well-formed document becomes a hostile one: broken, swollen, nested, mixed, cut off, always the same way."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence

from tests.fuzzing.documents import EVERYTHING

LARGEST = 200_000
"""Bytes of an input, at most."""

_TAG = re.compile(rb"<[^<>]{0,400}>")
_NAMES = (
    b"a abbr article aside b blockquote body br button center code dd del details div dl dt em fieldset figure font "
    b"footer form frameset h1 h2 h6 head header hr html i iframe img input ins label li link main marquee math meta "
    b"nav noscript object ol option p param picture pre q s script section select small span strong style sub summary "
    b"sup svg table tbody td template textarea tfoot th thead time title tr ul video "
    b"channel item entry feed rss title link description guid pubDate content:encoded summary content author name "
    b"dc:creator dc:date media:group media:content itunes:author outline category source xhtml:div x:y"
).split()
_TOKENS = (
    b"<![CDATA[", b"]]>", b"<!--", b"-->", b"--!>", b"<?xml version='1.0'?>", b"<?xml-stylesheet href='x'?>", b"<!DOCTYPE x [",
    b"<!ENTITY a 'aaaaaaaaaa'>", b"<!ENTITY x SYSTEM 'file:///etc/passwd'>", b"<!ENTITY % p SYSTEM 'http://127.0.0.1/x'>",
    b"]>", b"&a;", b"&x;", b"%p;", b"&amp;", b"&#0;", b"&#x110000;", b"&#xD800;", b"&#147;", b"&nbsp;", b"&amp;amp;amp;", b"&",
    b"<", b">", b"'", b'"', b"\0", b"\x1b[31m", b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf", b"\x80", b"\xed\xa0\x80", b"\xf4\x90\x80\x80",
    "\u202e\u200b\u2066".encode(), "é".encode("latin-1"), b"@", b"a@a", b"http://", b"javascript:", b"data:text/html,", b"://",
    b"[", b"]", b"{", b"}", b"\\", b"\\u0000", b"1e999", b"null", b"-1", b"9" * 400, b"Mon, 99 Foo 99999 99:99:99 +9999",
    b"0000-00-00T00:00:00Z", b"9999-12-31T23:59:60+23:59", b"xmlns='x'", b"xmlns:a='http://www.w3.org/2005/Atom'", b"xml:base='//['",
    b"type='xhtml'", b"mode='base64'", b"<plaintext>", b"<xi:include href='file:///etc/passwd'/>", b"itemprop=author", b"rel=canonical",
)  # fmt: skip
_ENCODINGS = ("utf-16", "utf-16-le", "utf-32", "cp1251", "latin-1", "shift_jis", "gb18030", "utf-7", "cp037")

Mutation = Callable[[random.Random, bytes], bytes]


def hostile(chance: random.Random, documents: Sequence[bytes]) -> bytes:
    """One input, made from one of the documents, seldom from one of another kind."""
    data = chance.choice(documents if chance.random() < 0.95 else EVERYTHING)
    for _ in range(chance.choice((1, 1, 2, 2, 3, 4, 8))):
        data = chance.choice(_MUTATIONS)(chance, data)[:LARGEST]
    return data


def _place(chance: random.Random, data: bytes) -> int:
    """Somewhere, mostly between two tags."""
    tags = [found.end() for found in _TAG.finditer(data[:LARGEST])] if chance.random() < 0.8 else []
    return chance.choice(tags) if tags else chance.randint(0, len(data))


def _inserted(chance: random.Random, data: bytes, what: bytes) -> bytes:
    at = _place(chance, data)
    return data[:at] + what + data[at:]


def _chunk(chance: random.Random, data: bytes) -> tuple[int, int]:
    start, end = sorted((_place(chance, data), _place(chance, data)))
    return start, end


def _amount(chance: random.Random, each: int) -> int:
    """How many of something: few, many, or as many as there is room for."""
    return max(1, min(chance.choice((3, 50, 1000, 20_000, LARGEST)), LARGEST // max(each, 1)))


def _flip(chance: random.Random, data: bytes) -> bytes:
    changed = bytearray(data)
    for _ in range(chance.randint(1, 20)):
        if changed:
            changed[chance.randrange(len(changed))] ^= 1 << chance.randrange(8)
    return bytes(changed)


def _cut(chance: random.Random, data: bytes) -> bytes:
    return data[: _place(chance, data)]


def _delete(chance: random.Random, data: bytes) -> bytes:
    start, end = _chunk(chance, data)
    return data[:start] + data[end:]


def _repeat(chance: random.Random, data: bytes) -> bytes:
    start, end = _chunk(chance, data)
    return data[:start] + data[start:end] * _amount(chance, end - start) + data[end:]


def _splice(chance: random.Random, data: bytes) -> bytes:
    other = chance.choice(EVERYTHING)
    start, end = _chunk(chance, other)
    return _inserted(chance, data, other[start:end])


def _token(chance: random.Random, data: bytes) -> bytes:
    for _ in range(chance.randint(1, 12)):
        data = _inserted(chance, data, chance.choice(_TOKENS))
    return data


def _flood(chance: random.Random, data: bytes) -> bytes:
    token = b"".join(chance.choices(_TOKENS, k=chance.choice((1, 1, 2, 3))))
    return _inserted(chance, data, token * _amount(chance, len(token)))


def _nest(chance: random.Random, data: bytes) -> bytes:
    """Elements in elements, closed or not, with text at each step or not."""
    names = chance.choices(_NAMES, k=chance.choice((1, 1, 2, 3)))
    text = chance.choice((b"", b"x", b" said she. "))
    opened = b"".join(b"<" + name + b">" + text for name in names)
    closed = (
        b"".join(b"</" + name + b">" + text for name in reversed(names)) if chance.random() < 0.5 else b""
    )
    amount = _amount(chance, len(opened) + len(closed))
    return _inserted(chance, data, opened * amount + closed * amount)


def _siblings(chance: random.Random, data: bytes) -> bytes:
    """Many elements beside each other, each with some text, some with a child."""
    outer, inner = chance.choices(_NAMES, k=2)
    words = chance.choice((b"", b"x", b"The council put off its vote, she said.", b"a@b.example "))
    child = b"<" + inner + b" href=/x>" + words + b"</" + inner + b">" if chance.random() < 0.5 else words
    one = b"<" + outer + b">" + child + b"</" + outer + b">"
    return _inserted(chance, data, one * _amount(chance, len(one)))


def _attributes(chance: random.Random, data: bytes) -> bytes:
    """One element with very many attributes, or a huge one."""
    name = chance.choice(_NAMES)
    if chance.random() < 0.5:
        return _inserted(chance, data, b"<" + name + b" class='" + b"x " * _amount(chance, 2) + b"'>")
    number = _amount(chance, 10)
    return _inserted(chance, data, b"<" + name + b"".join(b" a%d='x'" % at for at in range(number)) + b">")


def _entities(chance: random.Random, data: bytes) -> bytes:
    """Entities that double, or one that is used over and over."""
    levels = chance.choice((3, 10, 40))
    rows = b"".join(b'<!ENTITY e%d "&e%d;&e%d;">' % (at + 1, at, at) for at in range(levels))
    head = b'<!DOCTYPE x [<!ENTITY e0 "' + b"x" * chance.choice((1, 1000, 50_000)) + b'">' + rows + b"]>"
    uses = b"&e%d;" % chance.choice((0, levels)) * chance.choice((1, 1000, 10_000))
    return head + _inserted(chance, re.sub(rb"<\?xml[^>]*>", b"", data), uses)


def _recoded(chance: random.Random, data: bytes) -> bytes:
    encoding = chance.choice(_ENCODINGS)
    start, end = (0, len(data)) if chance.random() < 0.6 else _chunk(chance, data)
    part = data[start:end].decode("utf-8", "replace").encode(encoding, "replace")
    return data[:start] + part + data[end:]


def _run(chance: random.Random, data: bytes) -> bytes:
    """One character over and over: in a text, a tag, a comment or an attribute."""
    character = chance.choice(
        (
            b"a",
            b" ",
            b"\n",
            b"\t",
            b"<",
            b"&",
            b"-",
            b"!",
            b"/",
            b"=",
            b"'",
            b";",
            b".",
            b"\0",
            b"\xcc\x81",
            b"@",
        )
    )
    return _inserted(chance, data, character * _amount(chance, 1))


_MUTATIONS: tuple[Mutation, ...] = (
    _flip, _cut, _delete, _repeat, _repeat, _splice, _token, _flood, _nest, _nest, _siblings, _siblings,
    _attributes, _entities, _recoded, _run,
)  # fmt: skip
