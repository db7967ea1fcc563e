"""Invented positions for tests of messages and of their renderings."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from news.articles import ArticleId
from news.channels import WorkspaceId
from news.digests import Digest, Shift
from news.ledger import Evidence, Standing, StandingPage, Turn
from news.queries import StanceQuery
from news.spans import Span
from news.stances import Position, Stance
from news.targets import Target
from tests.bot.samples import MORNING, a_digest, a_story

SHIFTS = "night shifts"
NIGHTS = Target(
    SHIFTS,
    "Paying night shifts in full.",
    ("pay the nights", "full pay at night"),
    ("cut the nights",),
    WorkspaceId(1),
)
REFUSAL = "“We will pay for no night that nobody worked,”"


def an_evidence(
    words: str = REFUSAL,
    position: Position = Position.OPPOSES,
    *,
    article: int = 7,
    actor: str = "Port Ministry",
    target: str = SHIFTS,
    voice: str | None = "Edda Marlow",
    when: datetime = MORNING - timedelta(minutes=50),
    sentence: str | None = None,
    outlet: str | None = "Daily Herald",
    headline: str | None = "Ministry rejects night pay",
    url: str | None = "https://herald.example/{}",
    dated: bool = True,
) -> Evidence:
    """Words that show a position; they begin the sentence unless that is given."""
    whole = sentence or f"{words} Marlow said."
    start = 40 + whole.index(words)
    return Evidence(
        stance=Stance(actor, target, position, (Span(start, start + len(words)),), 0.9, voice),
        words=words,
        sentence=Span(40, 40 + len(whole)),
        sentence_words=whole,
        article_id=ArticleId(article),
        article_key=f"a{article}",
        headline=headline,
        outlet=outlet,
        url=url.format(article) if url else None,
        when=when,
        dated=dated,
    )


def a_turn(
    *evidence: Evidence, until: datetime | None = None, articles: int | None = None, outlets: int = 1
) -> Turn:
    """Of one position, from its first evidence to its latest."""
    first, latest = evidence[0], evidence[-1]
    return Turn(latest.stance.position, first.when, until, first, latest, articles or len(evidence), outlets)


def a_standing(
    *turns: Turn, actor: str = "Port Ministry", target: str = SHIFTS, **changes: object
) -> Standing:
    """A position that has always been the same, where no turns are given."""
    return replace(Standing(actor, target, turns or (a_turn(an_evidence()),)), **changes)  # type: ignore[arg-type]


def a_changed_standing(**changes: object) -> Standing:
    """The ministry set conditions, supported, and opposes by now; one outlet has it otherwise."""
    weeks = [MORNING - timedelta(days=days) for days in (40, 20, 16, 3)]
    conditions = an_evidence(
        "would pay only if the dockers give up the Sunday",
        Position.CONDITIONAL,
        article=1,
        when=weeks[0],
        voice=None,
        sentence="The ministry would pay only if the dockers give up the Sunday.",
    )
    support = an_evidence(
        "“Night work is work, and it will be paid,”", Position.SUPPORTS, article=2, when=weeks[1]
    )
    later = replace(support, article_id=ArticleId(3), when=weeks[2], outlet="Kurier", url=None)
    refusal = an_evidence("turned down full pay for nights", article=4, when=weeks[3], voice="Tobin Renn")
    refusal = replace(
        refusal, sentence_words="Tobin Renn, for the ministry, turned down full pay for nights."
    )
    otherwise = an_evidence(
        "open to paying the night shifts",
        Position.SUPPORTS,
        article=9,
        voice=None,
        actor="the port office",
        outlet="Northern Wire",
        headline=None,
        dated=False,
        sentence="The port office is open to paying the night shifts.",
    )
    return a_standing(
        a_turn(conditions, until=weeks[1]),
        a_turn(support, later, until=weeks[3], outlets=2),
        a_turn(refusal, an_evidence(), articles=5, outlets=3),
        **{"otherwise": (otherwise,)} | changes,
    )


def three_standings() -> tuple[Standing, ...]:
    """One of each position: changed, contested, and without an address or a date."""
    conditions = an_evidence(
        "only if the Sunday is free",
        Position.CONDITIONAL,
        actor="Dockers’ Union",
        voice="Tobin Okafor",
        sentence="The nights will be worked “only if the Sunday is free”, Tobin Okafor said.",
        article=11,
        outlet="Kurier",
        headline=None,
        url="https://kurier.example/{}",
    )
    support = an_evidence(
        "backs full pay at night",
        Position.SUPPORTS,
        actor="Ferry Line",
        voice=None,
        sentence="The Ferry Line backs full pay at night.",
        article=12,
        outlet=None,
        url=None,
        headline=None,
        dated=False,
    )
    return (
        a_changed_standing(),
        a_standing(a_turn(conditions), actor="Dockers’ Union", contested=True),
        a_standing(a_turn(support), actor="Ferry Line"),
    )


def a_standing_page(*standings: Standing, total: int | None = None, **asked: object) -> StandingPage:
    """An answer about night shifts."""
    query = replace(StanceQuery(target=SHIFTS, limit=6), **asked)  # type: ignore[arg-type]
    return StandingPage(query, standings, len(standings) if total is None else total)


def a_shift(standing: Standing | None = None, *marks: int) -> Shift:
    """As a digest tells it."""
    standing = standing or a_changed_standing()
    before = standing.before
    return Shift(
        standing.actor,
        standing.target,
        standing.present.position,
        standing.present.since,
        standing.present.latest,
        marks,
        before.position if before else None,
        before.latest.when if before else None,
    )


def a_digest_of_positions() -> Digest:
    """A story with a change and a new position, and changes that no story tells of."""
    changed, conditions, support = three_standings()
    story = a_story(positions=(a_shift(changed, 1, 2), a_shift(conditions, 3)), differences=())
    apart = (
        a_shift(replace(changed, actor="Harbour Council", target="a second pier")),
        a_shift(replace(support, turns=(changed.turns[0], *support.turns))),
    )
    return a_digest(stories=(story, a_digest().stories[1]), positions=apart)
