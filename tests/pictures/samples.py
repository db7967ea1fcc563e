"""Standings of invented actors, of many kinds, for tests of how they are drawn."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from random import Random

from news.articles import ArticleId
from news.ledger import Evidence, Standing, Turn
from news.spans import Span
from news.stances import Position, Stance

NOW = datetime(2024, 12, 5, 9, 0, tzinfo=UTC)
DAY = timedelta(days=1)
SUPPORTS, OPPOSES, CONDITIONAL = Position.SUPPORTS, Position.OPPOSES, Position.CONDITIONAL


def some_evidence(
    actor: str, target: str, position: Position, when: datetime, *, article: int = 1, dated: bool = True
) -> Evidence:
    """A report of one day."""
    words = f"{actor} {position} {target}"
    return Evidence(
        stance=Stance(actor, target, position, (Span(0, 10),)),
        words=words,
        sentence=Span(0, 12),
        sentence_words=f"{words}.",
        article_id=ArticleId(article),
        article_key=str(article),
        headline=f"About {target}",
        outlet="The Herald",
        url=f"https://herald.example/{article}",
        when=when,
        dated=dated,
    )


def a_standing(
    actor: str,
    target: str,
    *turns: tuple[Position, float, float],
    now: datetime = NOW,
    odd: Sequence[tuple[Position, float]] = (),
    contested: bool = False,
) -> Standing:
    """Turns as position, days ago that it was first and that it was last reported; the oldest first."""
    made = []
    for number, (position, first, last) in enumerate(turns):
        since = now - first * DAY
        following = turns[number + 1 : number + 2]
        begin = some_evidence(actor, target, position, since, article=2 * number + 1)
        end = some_evidence(actor, target, position, now - last * DAY, article=2 * number + 2)
        same = first == last
        made.append(
            Turn(
                position,
                since,
                now - following[0][1] * DAY if following else None,
                begin,
                begin if same else end,
                1 if same else 3,
                1 if same else 2,
            )
        )
    otherwise = tuple(
        some_evidence(actor, target, position, now - ago * DAY, article=900 + number)
        for number, (position, ago) in enumerate(odd)
    )
    return Standing(actor, target, tuple(made), otherwise, contested)


def many_standings(actors: int, turns: int, seed: int = 1, days: float = 400) -> tuple[Standing, ...]:
    """Any number of actors with any number of turns each."""
    random = Random(seed)
    made = []
    for number in range(actors):
        moments = sorted((random.uniform(0, days) for _ in range(2 * turns)), reverse=True)
        position = random.choice(list(Position))
        spans = []
        for first, last in list(pairwise(moments))[::2]:
            position = random.choice([other for other in Position if other is not position])
            spans.append((position, first, last))
        made.append(a_standing(f"Council of Province {number + 1}", "the canal tolls", *spans))
    return tuple(made)


TALKS = "negotiations now"
SAMPLES: dict[str, tuple[Standing, ...]] = {
    "one": (a_standing("The Citadel", TALKS, (OPPOSES, 2, 2)),),
    "changed": (
        a_standing("Maira Kelvasen", TALKS, (OPPOSES, 36, 21), (CONDITIONAL, 3, 0.1)),
        a_standing("The Citadel", TALKS, (OPPOSES, 40, 1)),
        a_standing("Osmara", TALKS, (SUPPORTS, 25, 2), odd=[(CONDITIONAL, 6)]),
        a_standing(
            "Opposition of the Upper House",
            TALKS,
            (CONDITIONAL, 33, 30),
            (OPPOSES, 14, 4),
            odd=[(SUPPORTS, 2)],
            contested=True,
        ),
    ),
    "actor": (
        a_standing(
            "Kardovia", "negotiations now", (SUPPORTS, 300, 250), (OPPOSES, 120, 60), (CONDITIONAL, 9, 2)
        ),
        a_standing("Kardovia", "recognition of annexed territory", (SUPPORTS, 310, 20)),
        a_standing("Kardovia", "a meeting of leaders", (OPPOSES, 90, 90)),
    ),
    "grouped": (
        a_standing("Kardovia", "negotiations now", (OPPOSES, 12, 6), (CONDITIONAL, 3, 1)),
        a_standing("Talvenia", "foreign troops", (SUPPORTS, 10, 2)),
        a_standing("Talvenia", "negotiations now", (CONDITIONAL, 11, 1)),
        a_standing("Kardovia", "foreign troops", (OPPOSES, 9, 9)),
        a_standing("Osmara", "foreign troops", (CONDITIONAL, 4, 4), (SUPPORTS, 2, 0.5)),
    ),
    "twelve": many_standings(14, 3),
    "dense": many_standings(12, 10),
    "hours": (
        a_standing("Harbour Workers’ League", "the new offer", (OPPOSES, 0.8, 0.6), (CONDITIONAL, 0.3, 0.05)),
        a_standing("Port authority", "the new offer", (SUPPORTS, 0.5, 0.5)),
    ),
    "instant": (a_standing("Edda Marlow", "the bridge", (SUPPORTS, 0, 0)),),
    "decade": (
        a_standing(
            "Northern Compact",
            "membership of Talvenia",
            (OPPOSES, 3650, 2900),
            (CONDITIONAL, 1500, 900),
            (SUPPORTS, 700, 20),
        ),
        a_standing("Kardovia", "membership of Talvenia", (OPPOSES, 3400, 3), odd=[(SUPPORTS, 1200)]),
    ),
    "crowded": (
        a_standing(
            "Assembly",
            "the budget",
            *((list(Position)[n % 3], 3000 - n * 2, 2999.5 - n * 2) for n in range(12)),
            (OPPOSES, 30, 3),
            odd=[(SUPPORTS, n + 1) for n in range(8)],
        ),
    ),
    "hostile": (
        a_standing("$\\frac{a}{b}$ & <b>bold</b> _x_ **y**", "the $x^2$ question", (OPPOSES, 20, 3)),
        a_standing("\u202eevil\u202c\x1b[31mred\x00\nnew line", "the $x^2$ question", (SUPPORTS, 20, 3)),
        a_standing(
            "Ministry of the Interior, Public Works and Regional Planning of the Free State of Upper Talvenia",
            "the $x^2$ question",
            (CONDITIONAL, 12, 3),
        ),
        a_standing("Министерство иностранных дел", "the $x^2$ question", (OPPOSES, 20, 3)),
        a_standing("Υπουργείο Εξωτερικών", "the $x^2$ question", (OPPOSES, 20, 3)),
        a_standing("外交部 (Foreign ministry)", "the $x^2$ question", (OPPOSES, 20, 3)),
        a_standing("กระทรวง", "the $x^2$ question", (OPPOSES, 20, 3)),
        a_standing("وزارة الخارجية", "the $x^2$ question", (SUPPORTS, 20, 3)),
        a_standing("משרד החוץ", "the $x^2$ question", (SUPPORTS, 20, 3)),
        a_standing(
            "Z" + "\u0301\u0302\u0303" * 20 + "algo " + "🚀🚀", "the $x^2$ question", (SUPPORTS, 20, 3)
        ),
        a_standing("x" * 100_000, "the $x^2$ question", (SUPPORTS, 20, 3)),
        a_standing("", "the $x^2$ question", (SUPPORTS, 20, 3)),
    ),
}
