"""What can go wrong at a fake Discord, and how often."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class Knobs:
    """What goes wrong, and how often."""

    refuse_posts: list[int] = field(default_factory=list)
    """Statuses of the next posts, one each; 0 for one that is taken."""
    full_for: float = 0
    """Seconds for which channels take no posts."""
    drop_before_storing: int = 0
    drop_after_storing: int = 0
    hide_history: bool = False
    refuse_history: int = 0
    refuse_commands: int = 0
    refuse_answers: int = 0
    """The status with which an answer that was announced is not taken."""
    garble_log_in: bool = False
    refuse_log_in: list[int] = field(default_factory=list)
    """Statuses of the next log-ins, one each."""
    shards: int = 1
    """How many Discord recommends."""
    withhold_acks: bool = False
    heartbeat_ms: int = 45000
    forget_sessions: int = 0
    """How often a session that is to be resumed is known no more."""
    acknowledge_twice: int = 0
    """How many interactions were acknowledged already when the bot does it."""
