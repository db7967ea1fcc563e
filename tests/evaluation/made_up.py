"""Made-up feeds of real size, for measuring."""

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
