"""What the store tells an operator in figures: the same in every process that works on it. Pure; time is handed in."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from news.soundness import Life, Waiting

Values = Callable[["Life", datetime], Mapping[str, float]]
"""By the value of the one label; by an empty word where there is no label."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure, or one for each value of a label."""

    name: str
    meaning: str
    values: Values
    label: str | None = None


def _counted(what: str, meaning: str, of: Callable[[Life], Waiting]) -> Iterable[Figure]:
    """How many of something wait, and for how long the first of them has."""
    yield Figure(f"attache_{what}", meaning, lambda life, _: {"": of(life).count})
    yield Figure(
        f"attache_{what}_oldest_seconds",
        f"{meaning} Seconds since the first of them; 0 where there is none.",
        lambda life, now: {"": age(of(life), now)},
    )


def age(waiting: Waiting, now: datetime) -> float:
    """Seconds since the first of them; 0 where there is none, or the clock was set back."""
    return 0.0 if waiting.since is None else max((now - waiting.since).total_seconds(), 0.0)


def _posts(life: Life) -> dict[str, Waiting]:
    return {"pending": life.pending, "sending": life.sending, "unknown": life.unknown}


FIGURES: tuple[Figure, ...] = (
    Figure("attache_feeds_followed", "Feeds that somebody follows.", lambda life, _: {"": life.feeds}),
    Figure("attache_feeds_failing", "Of these, those that fail.", lambda life, _: {"": life.failing}),
    Figure("attache_feeds_ended", "Of these, those that have ended.", lambda life, _: {"": life.ended}),
    *_counted("feeds_due", "Feeds that are due and were not looked at.", lambda life: life.feeds_due),
    *_counted("articles_unread", "Articles that were not read yet.", lambda life: life.unread),
    *_counted("digests_due", "Digests that are due and not composed yet.", lambda life: life.overdue),
    Figure(
        "attache_posts_waiting",
        "Posts that are not through: pending, sending, or of unknown fate.",
        lambda life, _: {state: waiting.count for state, waiting in _posts(life).items()},
        "state",
    ),
    Figure(
        "attache_posts_waiting_oldest_seconds",
        "Seconds since the first of them came into that state; 0 where there is none.",
        lambda life, now: {state: age(waiting, now) for state, waiting in _posts(life).items()},
        "state",
    ),
    Figure("attache_schedules", "Schedules that are posted.", lambda life, _: life.subscriptions, "platform"),
    Figure(
        "attache_schedules_stopped",
        "Schedules that a lost channel has stopped.",
        lambda life, _: {"": life.stopped.count},
    ),
    Figure(
        "attache_platform_away_seconds",
        "Seconds since some process lost sight of the platform; absent while it is there.",
        lambda life, now: {
            each.platform: max((now - each.since).total_seconds(), 0.0) for each in life.unreached
        },
        "platform",
    ),
)
