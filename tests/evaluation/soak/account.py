"""What a soak found, as one object of numbers and as a table for people."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence

import numpy as np

from tests.evaluation.crashes.soundness import Fault
from tests.evaluation.soak.asking import Presence, Question
from tests.evaluation.soak.plan import Plan
from tests.evaluation.soak.running import Found
from tests.evaluation.soak.watching import own_thirds, thirds

GOAL_MS = 200.0
"""Within which 99 answers of 100 are to be there."""
GOAL_MB = 2.0
"""By which the last third of the time may need more memory than the middle one."""


def account(plan: Plan, found: Found, asked: Sequence[Question]) -> dict[str, object]:
    """All figures of it."""
    faults = Counter(problem.fault for problem in found.problems)
    return {
        "minutes": round(found.seconds / 60, 1),
        "kills": found.kills,
        "faults": dict(sorted(found.faults.items())),
        "read": found.read,
        "read_a_second": round(found.read / found.seconds, 2) if found.seconds else 0,
        "posted": found.posted,
        "lost": faults[Fault.LOST] + faults[Fault.UNTOLD],
        "doubled": faults[Fault.DOUBLED],
        "unsound": faults[Fault.UNSOUND],
        "questions": questions(asked),
        "answers_ms": times(asked),
        "memory_mb": memory_of(found),
        "feeds_late_s": spread(one.waiting.late for one in found.samples),
        "posts_late_s": spread(found.post_late),
        "unread_most": max((one.waiting.unread for one in found.samples), default=0),
        "unread_at_the_end": found.unread,
        "starting_s": spread(found.starting),
        "own_lag_ms": spread(one.loop_late for one in found.samples),
        "ended_by_themselves": found.ended_by_themselves,
        "left_behind": found.left_behind,
        "tracebacks": found.tracebacks,
        "logged": dict(found.logged.most_common(25)),
        "file_mb": round(found.file_mb, 1),
        "warm_up_s": round(found.warm_up, 1),
        "in_the_end": dict(sorted(found.stored.items())),
        "problems": [f"{one.fault}: {one.what}" for one in found.problems[:20]],
        "plan": {name: getattr(plan, name) for name in plan.__slots__},
    }


def failed(found: Found, asked: Sequence[Question]) -> bool:
    """Whether anything was lost, doubled or unsound, or a question was left without its answer that should have it."""
    return bool(found.problems or found.ended_by_themselves or _unanswered(asked))


def _unanswered(asked: Iterable[Question]) -> list[Question]:
    """Those to whom a bot listened that lived on, and which had no answer."""
    owed = (one for one in asked if one.was_heard and not one.killed)
    return [one for one in owed if one.answered is None or one.wrong]


def questions(asked: Sequence[Question]) -> dict[str, object]:
    """What became of them."""
    there = [one for one in asked if one.was_heard]
    unanswered = _unanswered(asked)
    return {
        "asked": len(asked),
        "answered": sum(one.answered is not None and not one.wrong and not one.killed for one in there),
        "in_a_gap": sum(one.presence is Presence.GAP for one in there),
        "killed": sum(one.killed for one in there),
        "killed_and_answered_by_the_next": sum(one.killed and one.answered is not None for one in there),
        "no_bot": sum(one.presence is Presence.NOT_THERE for one in asked),
        "refused": sum(one.presence is Presence.REFUSED for one in asked),
        "unanswered": len(unanswered),
        "unanswered_why": dict(Counter(f"{one.platform} {one.kind}: {one.wrong}" for one in unanswered)),
    }


def times(asked: Sequence[Question]) -> dict[str, object]:
    """Milliseconds from when the platform sent a question until its answer, and its acknowledgement, had come.

    `all` are all questions that a bot was there for; what was never answered, for it was killed or failed, counts as
    infinitely late.
    """
    there = [one for one in asked if one.was_heard]
    kinds = sorted({f"{one.platform} {one.kind}" for one in there})
    found: dict[str, object] = {
        "all": percentiles(map(_took, there)),
        "acknowledged": percentiles(
            math.inf if one.killed or one.acknowledged is None else one.acknowledged for one in there
        ),
        "in_no_gap": percentiles(_took(one) for one in there if one.presence is Presence.THERE),
        "in_no_gap_and_not_killed": percentiles(
            _took(one) for one in there if one.presence is Presence.THERE and not one.killed
        ),
        "in_a_gap": percentiles(_took(one) for one in there if one.presence is Presence.GAP),
    }
    for kind in kinds:
        those = [one for one in there if f"{one.platform} {one.kind}" == kind]
        found[kind] = percentiles(map(_took, those))
    return found


def _took(one: Question) -> float:
    return math.inf if one.killed or one.wrong or one.answered is None else one.answered


def percentiles(values: Iterable[float]) -> dict[str, object]:
    """By rank, so that what never came can be among them; None stands for never."""
    ranked = sorted(values)
    if not ranked:
        return {"count": 0}
    at = {"p50": 0.5, "p99": 0.99, "max": 1.0}
    ranks = {
        name: ranked[min(len(ranked) - 1, math.ceil(share * len(ranked)) - 1)] for name, share in at.items()
    }
    return {"count": len(ranked)} | {
        name: None if math.isinf(value) else round(value, 1) for name, value in ranks.items()
    }


def memory_of(found: Found) -> dict[str, object]:
    """Of the bot's process and those that answer look-ups by thirds; of its workers the most. With kills each bot has its own."""
    if len({one.life for one in found.samples}) > 1:
        last = [one.memory.resident for one in found.samples if one.memory.resident]
        return {"most": round(max(last, default=0.0), 1), "lives": len({one.life for one in found.samples})}
    return {
        **thirds(found.samples),
        **{f"own_{name}": mb for name, mb in own_thirds(found.samples).items()},
        "anonymous_last": round(found.samples[-1].memory.anonymous, 1) if found.samples else 0.0,
        "workers_most": round(max((one.memory.workers for one in found.samples), default=0.0), 1),
        "threads_most": max((one.memory.threads for one in found.samples), default=0),
    }


def spread(values: Iterable[float]) -> dict[str, float]:
    """Half of them, 99 of 100, all."""
    known = list(values)
    if not known:
        return {"count": 0}
    p50, p99, most = np.percentile(known, [50, 99, 100])
    return {
        "count": len(known),
        "p50": round(float(p50), 1),
        "p99": round(float(p99), 1),
        "max": round(float(most), 1),
    }


def table(told: dict[str, object]) -> str:
    """The same for people, in Markdown."""
    lines = ["| | count | p50 | p99 | max |", "|---|--:|--:|--:|--:|"]
    answers = told["answers_ms"]
    assert isinstance(answers, dict)
    rows = [*((f"answers, ms: {name}", one) for name, one in answers.items())]
    rows += [(name, told[name]) for name in ("feeds_late_s", "posts_late_s", "starting_s", "own_lag_ms")]
    for name, one in rows:
        cells = " | ".join(
            "never" if one.get(part, "") is None else str(one.get(part, ""))
            for part in ("count", "p50", "p99", "max")
        )
        lines.append(f"| {name} | {cells} |")
    plain = (
        "minutes", "kills", "read", "read_a_second", "posted", "lost", "doubled", "unsound", "questions", "memory_mb",
        "unread_most", "unread_at_the_end", "tracebacks", "ended_by_themselves", "left_behind", "file_mb",
    )  # fmt: skip
    return "\n".join(
        [*lines, "", "| | |", "|---|--:|", *(f"| {name} | {_plain(told[name])} |" for name in plain)]
    )


def _plain(value: object) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{name} {_plain(one)}" for name, one in value.items())
    return str(value)
