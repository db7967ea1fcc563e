"""Made-up feeds and pages of real size, for measuring."""

from __future__ import annotations

import random

_WORDS = """
    the harbour council of Oldtown voted on Tuesday to close iron bridge for two years while engineers replace its
    eastern towers minister said that ferry would run every ten minutes and no shop on quay need fear autumn market
    opposition leaders doubted figures asked whether money had been set aside before work began next spring
""".split()  # noqa: SIM905 - as a list of literals it fills a page


def prose(seed: object, characters: int) -> str:
    """Sentences of common words, about as long as asked."""
    rng = random.Random(str(seed))
    parts: list[str] = []
    size = 0
    while size < characters:
        sentence = " ".join(rng.choices(_WORDS, k=rng.randint(9, 24))).capitalize() + "."
        parts.append(sentence)
        size += len(sentence) + 1
    return " ".join(parts)


def a_feed(
    entries: int, *, first: int = 0, base: str = "https://herald.example/story/", words: int = 300
) -> bytes:
    """RSS 2.0, newest entry first, with a description of so many characters each."""
    items = "".join(
        f"<item><title>{prose(n, 50)}</title><link>{base}{n}?utm_source=rss&amp;utm_medium=feed</link>"
        f'<guid isPermaLink="false">tag:herald.example,2024:{n}</guid>'
        f"<pubDate>Wed, 04 Dec 2024 {n // 60 % 24:02d}:{n % 60:02d}:00 GMT</pubDate>"
        f"<dc:creator>Edda Marlow</dc:creator><category>World</category>"
        f"<description>&lt;p&gt;{prose(-n, words)} &lt;a href=&quot;{base}{n}&quot;&gt;Read on&lt;/a&gt;&lt;/p&gt;"
        f"</description></item>"
        for n in range(first + entries, first, -1)
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<channel><title>Daily Herald</title><link>https://herald.example/</link><ttl>10</ttl>{items}</channel></rss>"
    ).encode()


def a_page(name: object, *, words: int = 4_000) -> bytes:
    """An article among navigation, scripts and related links."""
    rng = random.Random(str(name))
    links = "".join(f'<li class="nav-item"><a href="/section/{n}">{prose(n, 20)}</a></li>' for n in range(60))
    script = "window.data=" + str([rng.randint(0, 10**9) for _ in range(1_500)])
    body = "".join(f"<p>{prose((name, n), words // 10)}</p>" for n in range(10))
    return (
        f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{prose(name, 50)} | Daily Herald</title>'
        f'<meta property="og:site_name" content="Daily Herald">'
        f'<meta property="article:published_time" content="2024-12-04T09:00:00Z"><script>{script}</script></head>'
        f"<body><header><nav><ul>{links}</ul></nav></header><main><article><h1>{prose(name, 50)}</h1>"
        f'<p class="byline">By Edda Marlow</p>{body}</article><aside><ul>{links}</ul></aside></main>'
        f"<footer>{links}</footer><script>{script}</script></body></html>"
    ).encode()
