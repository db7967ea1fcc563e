"""`python -m tests.fuzzing --inputs 10000 --seed 1 [--target feeds] [--folder DIR]`: one JSON line."""

from __future__ import annotations

import argparse
import faulthandler
import json
from pathlib import Path

from tests.fuzzing.campaign import LIMIT_MS, campaign
from tests.fuzzing.targets import TARGETS


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzzing", description=__doc__)
    parser.add_argument("--inputs", type=int, default=10_000, help="how many, shared between the targets")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--target", choices=sorted(TARGETS), action="append")
    parser.add_argument("--first", type=int, default=0, help="number of the first input")
    parser.add_argument("--folder", type=Path, help="where inputs that fail or take long are saved")
    given = parser.parse_args()
    faulthandler.enable()
    if given.folder:
        given.folder.mkdir(parents=True, exist_ok=True)
    names = given.target or sorted(TARGETS)
    each = given.inputs // len(names)
    done = {
        name: campaign(name, given.seed, range(given.first, given.first + each), given.folder)
        for name in names
    }
    slowest = max(done.values(), key=lambda outcome: outcome.slowest_ms)
    print(
        json.dumps(
            {
                "inputs": sum(outcome.inputs for outcome in done.values()),
                "seed": given.seed,
                "crashes": [crash for outcome in done.values() for crash in outcome.crashes],
                f"over_{LIMIT_MS:.0f}ms": [slow for outcome in done.values() for slow in outcome.slow],
                "slowest_ms": round(slowest.slowest_ms, 1),
                "slowest": slowest.slowest,
                "mean_ms": {
                    name: round(outcome.total_ms / max(outcome.inputs, 1), 2)
                    for name, outcome in done.items()
                },
            }
        )
    )


if __name__ == "__main__":
    main()
