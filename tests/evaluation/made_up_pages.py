"""Made-up web pages of the size and make of real ones, for measuring."""

from __future__ import annotations

import json
import random

ADDRESS = "https://herald.example/world/2024/bridge"
_SUBJECTS = [
    "council",
    "mayor",
    "union",
    "harbour",
    "ministry",
    "court",
    "bank",
    "school",
    "river",
    "bridge",
    "ferry",
    "report",
    "vote",
    "strike",
]
_VERBS = [
    "put off",
    "turned down",
    "called for",
    "asked about",
    "voted on",
    "looked into",
    "paid for",
    "warned of",
]
_NAMES = ["Edda Marlow", "Tobin Hale", "Ines Karrow", "Mara Lindqvist", "Joss Pell", "Anselm Ruke"]


def sentence(chance: random.Random) -> str:
    one, other = chance.sample(_SUBJECTS, 2)
    said = (
        f"The {one} {chance.choice(_VERBS)} the {other} on {chance.choice(('Monday', 'Tuesday', 'Friday'))}"
    )
    end = chance.choice(
        (".", f", said {chance.choice(_NAMES)}.", f", after {chance.randint(2, 90)} people asked it to.")
    )
    return said + end


def paragraph(chance: random.Random) -> str:
    text = " ".join(sentence(chance) for _ in range(chance.randint(2, 5)))
    return text.replace("the ", '<a href="/topics/x">the</a> ', 1) if chance.random() < 0.3 else text


def head(chance: random.Random, title: str) -> str:
    linked = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": title,
        "datePublished": "2024-12-04T08:10:00+02:00",
        "dateModified": "2024-12-04T09:10:00+02:00",
        "author": [{"@type": "Person", "name": chance.choice(_NAMES)}],
        "publisher": {"@type": "Organization", "name": "Daily Herald"},
        "keywords": [chance.choice(_SUBJECTS) for _ in range(40)],
    }
    data = (
        f'<script type="application/ld+json">{json.dumps(linked)}</script>' if chance.random() < 0.7 else ""
    )
    metas = "".join(f'<meta name="x:{n}" content="{sentence(chance)}">' for n in range(30))
    links = "".join(f'<link rel="preload" href="/static/{n}.js" as="script">' for n in range(25))
    code = "".join(
        f"<script>window.s{n}={json.dumps({f'k{k}': sentence(chance) for k in range(chance.randint(20, 120))})};</script>"
        for n in range(4)
    )
    styles = "<style>" + "".join(f".c{n}{{margin:{n}px;color:#{n:03d}}}" for n in range(400)) + "</style>"
    return (
        f"<title>{title} | Daily Herald</title><meta charset='utf-8'><link rel='canonical' href='{ADDRESS}'>"
        f"<meta property='og:title' content='{title}'><meta property='og:site_name' content='Daily Herald'>"
        f"<meta property='article:published_time' content='2024-12-04T08:10:00+02:00'>{metas}{links}{data}{styles}{code}"
    )


def teasers(chance: random.Random, number: int) -> str:
    return "".join(
        f'<div class="card c{n}"><a href="/t/{n}"><picture><source srcset="/i/{n}.webp"><img src="/i/{n}.jpg" alt=""></picture>'
        f'<h3 class="card__title"><span>{sentence(chance)}</span></h3></a><p>{sentence(chance)}</p><svg><path d="M0 0"/></svg></div>'
        for n in range(number)
    )


def page(number: int) -> str:
    """One invented page, 60 to 200 KB, always the same for its number."""
    chance = random.Random(f"page-{number}")
    title = sentence(chance).rstrip(".")
    menu = "".join(
        f'<li class="m"><a href="/s/{n}"><span>Section {n}</span></a></li>'
        for n in range(chance.randint(30, 120))
    )
    blocks = [f"<p class='p'>{paragraph(chance)}</p>" for _ in range(chance.randint(8, 60))]
    for at in range(5, len(blocks), 6):
        blocks[at] += chance.choice(
            (
                "<h2>What comes next</h2>",
                f"<figure><img src='/a.jpg'><figcaption>{sentence(chance)}</figcaption></figure>",
                f"<blockquote><p>{sentence(chance)}</p></blockquote>",
                "<div class='ad'><iframe src='/ad'></iframe></div>",
                f"<aside class='related'>{teasers(chance, 2)}</aside>",
                f"<ul>{''.join(f'<li>{sentence(chance)}</li>' for _ in range(4))}</ul>",
            )
        )
    body = "".join(blocks)
    layout = (
        f"<main><article><h1>{title}</h1><div class='byline'>By {chance.choice(_NAMES)}</div>{body}</article></main>",
        f"<div id='page'><div class='entry-content'><h1>{title}</h1>{body}</div></div>",
        f"<div class='x1'><div class='x2'><h1>{title}</h1>{''.join(f'<div class=x3>{block}</div>' for block in blocks)}</div></div>",
        f"<form id='aspnet'><section class='story-body'><h1>{title}</h1>{body}</section></form>",
    )[number % 4]
    comments = "".join(
        f"<div class='comment'><b>{chance.choice(_NAMES)}</b><p>{sentence(chance)}</p></div>"
        for _ in range(number % 3 * 15)
    )
    return (
        f"<!DOCTYPE html><html lang='en'><head>{head(chance, title)}</head><body><header><nav><ul>{menu}</ul></nav></header>"
        f"{layout}<section class='more'>{teasers(chance, chance.randint(10, 60))}</section><section id='comments'>{comments}</section>"
        f"<footer>{'<a href=/f>Terms</a> ' * 40}</footer><script>{json.dumps([sentence(chance) for _ in range(200)])}</script></body></html>"
    )  # fmt: skip
