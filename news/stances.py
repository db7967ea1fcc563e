"""Stances: where an actor stands on a target, and the words that show it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from news.channels import WorkspaceId
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
    """Whose position it is: of what a spokesman says, the body that he speaks for."""
    target: str
    """The target's name."""
    position: Position
    evidence: tuple[Span, ...]
    """The words that show it; they stand in one sentence, or in two that refer to each other."""
    confidence: float = 1.0
    voice: str | None = None
    """Who spoke in the actor's name, where somebody did: `Dmitry Peskov` for the Kremlin."""
    state: str | None = None
    """The state that the actor is or speaks for, by its English name, as of a speaker."""
    owner: WorkspaceId | None = None
    """Whose target it is: a workspace's own, or None for one that is built in."""

    def __post_init__(self) -> None:
        if not self.evidence:
            raise ValueError("a stance without evidence")
        if not 0.0 <= self.confidence <= 1.0:
            raise ValueError(f"confidence {self.confidence} outside 0..1")
