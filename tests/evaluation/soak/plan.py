"""How much a soak does, and how."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Plan:
    """What is asked for on the command line."""

    minutes: float = 30.0
    kills_every: float | None = 60.0
    """Seconds between two kills, about; None for none."""
    feeds: int = 500
    subscriptions: int = 200
    questions: float = 20.0
    """A second, on both platforms together."""
    articles: float = 0.5
    """That are published a second, all feeds together: what two cores bear to read beside all else."""
    faults_every: float = 4.0
    """Seconds between two faults, about; 0 for none."""
    speed: float = 10.0
    """How much faster than the machine's the bot's clock runs; with 1 the bot is `attache run`, and nothing else."""
    database: str = "sqlite"
    seed: int = 1
    light: bool = False
    """Whether the bot reads by a rule of one line, in its own process, as tests have it."""
    look_ups: int = 1
    """Processes that answer look-ups; with 0 the bot's own does."""
    warm_up: float = 240.0
    """Seconds that the first reading may take before the time begins to run."""
    patience: float = 180.0
    """Seconds that the end may take to be reached."""

    @property
    def seconds(self) -> float:
        """How long it goes on, without beginning and end."""
        return 60 * self.minutes
