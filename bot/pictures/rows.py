"""Which standings a picture shows, in what order, and by which numbers its marks are known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from news.ledger import Evidence, Standing

MOST_ROWS = 12
MOST_AT_ODDS = 5
"""Reports at odds with the present position that are marked, the newest ones."""


@dataclass(frozen=True, slots=True)
class Row:
    """A standing that is drawn, with the evidence that is marked in it."""

    standing: Standing
    marked: tuple[tuple[int, Evidence], ...]
    """Oldest first, with their numbers, which follow each other."""


def rows_of(standings: Sequence[Standing]) -> tuple[Row, ...]:
    """The first standings, those on one target together."""
    shown = standings[:MOST_ROWS]
    targets = list(dict.fromkeys(standing.target for standing in shown))
    rows: list[Row] = []
    last = 0
    for standing in sorted(shown, key=lambda standing: targets.index(standing.target)):
        marked = tuple(enumerate(_evidence(standing), start=last + 1))
        rows.append(Row(standing, marked))
        last += len(marked)
    return tuple(rows)


def _evidence(standing: Standing) -> list[Evidence]:
    """The first and the latest of each turn and what is at odds with the present one, each once, oldest first."""
    ends = [evidence for turn in standing.turns for evidence in (turn.first, turn.latest)]
    found = dict.fromkeys((*ends, *at_odds(standing)))
    return sorted(found, key=lambda evidence: evidence.when)


def at_odds(standing: Standing) -> tuple[Evidence, ...]:
    """The reports of another position that are marked."""
    return standing.otherwise[:MOST_AT_ODDS]
