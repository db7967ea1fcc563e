"""Tables of texts on which the attribution of statements goes wrong easily, one module a kind of trap."""

from __future__ import annotations

from tests.summarizer.hard_cases import (
    attitudes,
    bodies,
    marks,
    narration,
    page,
    passages,
    persons,
    placement,
    refusals,
    reporting,
    tongues,
)
from tests.summarizer.hard_cases.rows import Row

ROWS: tuple[Row, ...] = (
    *placement.ROWS,
    *marks.ROWS,
    *narration.ROWS,
    *persons.ROWS,
    *bodies.ROWS,
    *reporting.ROWS,
    *refusals.ROWS,
    *attitudes.ROWS,
    *page.ROWS,
    *passages.ROWS,
    *tongues.ROWS,
)
