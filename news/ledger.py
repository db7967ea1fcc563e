"""The ledger: where each actor stands on each target, since when, and where reports are at odds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from news.articles import ArticleId
from news.queries import StanceQuery
from news.spans import Span
from news.stances import Position, Stance


@dataclass(frozen=True, slots=True)
class Evidence:
    """A stance with the words and the source that stand behind it."""

    stance: Stance
    words: str
    """The evidence verbatim; ` … ` where the article has words between."""
    sentence: Span
    sentence_words: str
    """The sentence of the article around the evidence."""
    article_id: ArticleId
    article_key: str
    headline: str | None
    outlet: str | None
    url: str | None
    when: datetime
    dated: bool = True
    """Whether `when` is the article's own time."""
    version: int = 1


@dataclass(frozen=True, slots=True)
class Turn:
    """A position that an actor held from one time to another."""

    position: Position
    since: datetime
    """When the first article of it was published."""
    until: datetime | None
    """When the next turn began; None for the present one."""
    first: Evidence
    latest: Evidence
    articles: int
    """Articles that report it, copies of others not counted."""
    outlets: int


@dataclass(frozen=True, slots=True)
class Standing:
    """One actor's positions on one target through time."""

    actor: str
    """The name to show: that of the state where actors that speak for one are put together."""
    target: str
    turns: tuple[Turn, ...]
    """Oldest first, at least one; the last one is the present one."""
    otherwise: tuple[Evidence, ...] = ()
    """Reports of another position while the present one holds, too few to change it; newest first."""
    contested: bool = False
    """Whether reports of the same days contradict each other, each with enough evidence."""

    @property
    def present(self) -> Turn:
        """Where the actor stands now."""
        return self.turns[-1]

    @property
    def before(self) -> Turn | None:
        """Where the actor stood before; None while no change is known."""
        return self.turns[-2] if len(self.turns) > 1 else None


@dataclass(frozen=True, slots=True)
class StandingPage:
    """Some of all standings that match, those with the newest articles first."""

    query: StanceQuery
    standings: tuple[Standing, ...]
    total: int

    @property
    def more(self) -> bool:
        """Whether there is a next page."""
        return self.query.offset + len(self.standings) < self.total
