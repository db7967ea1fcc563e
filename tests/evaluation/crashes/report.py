"""What a campaign found, as one object of numbers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np

from tests.evaluation.crashes.campaign import Found
from tests.evaluation.crashes.soundness import Fault


def report(found: Found) -> dict[str, object]:
    """Counts, and the seconds until work went on: by those who began from nothing or as forks, and since they run."""
    faults = Counter(problem.fault for problem in found.problems)
    told: dict[str, object] = {
        "seconds": round(found.seconds),
        "load": round(float(np.median(found.loads)), 1),
        "looks": found.looks,
        **{str(fault): faults[fault] for fault in Fault},
        "left_behind": found.left_behind,
        "ended_by_themselves": found.ended_by_themselves,
        "tracebacks": found.tracebacks,
        "in_the_end": {**dict(sorted(found.stored.items())), "counted_only": found.counted_only},
    }
    if found.kills:
        told |= {
            "kills": found.kills.total(),
            "kills_at": dict(sorted(found.kills.items())),
            "kills_of_the_main_process_alone": found.alone,
            "killed_before_work": len(found.waited),
            "longest_wait_of_those": round(max(found.waited, default=0.0), 2),
            "midway": dict(sorted(found.midway.items())),
            "work_went_on": {
                "from_nothing": _recovered(found, fresh=True),
                "forked": _recovered(found, fresh=False),
            },
            "since_running": _seconds([one.then.anything for one in found.recoveries]),
            "stored_or_posted_since_running": _seconds([one.then.news for one in found.recoveries]),
        }
    if found.servers:
        told |= {
            "server_kills": found.servers.total(),
            "server_kills_by": dict(sorted(found.servers.items())),
            "server_back_to_work": _seconds([one.anything for one in found.servers_back]),
            "server_back_to_stored_or_posted": _seconds([one.news for one in found.servers_back]),
            "bots_ended": found.bots_ended,
        }
    return told | {"problems": [f"{one.fault}: {one.what}" for one in found.problems[:20]]}


def _recovered(found: Found, *, fresh: bool) -> dict[str, object]:
    """Since those bots were begun; and how much of that they had the processor, which other programs want, too."""
    those = [one for one in found.recoveries if one.fresh is fresh and one.then.anything is not None]
    return {
        **_seconds([one.starting + (one.then.anything or 0.0) for one in those]),
        "processor": _seconds([one.then.processor for one in those]),
    }


def _seconds(found: Sequence[float | None]) -> dict[str, float]:
    """Of those that there are."""
    values = [value for value in found if value is not None]
    if not values:
        return {"count": 0}
    p50, p99, most = np.percentile(values, [50, 99, 100])
    return {"count": len(values), "p50": round(p50, 2), "p99": round(p99, 2), "max": round(most, 2)}
