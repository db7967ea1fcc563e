"""Stances: where an actor stands on a target, and the words that show it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from news.spans import Span


class Position(StrEnum):
    """For, against, or only under conditions."""

    SUPPORTS = "supports"
    OPPOSES = "opposes"
    CONDITIONAL = "conditional"


@dataclass(frozen=True, slots=True)
class Stance:
    """One actor's position on one target, with its evidence in the article's text."""

    actor: str
    target: str
    position: Position
    evidence: tuple[Span, ...]
    confidence: float = 1.0
