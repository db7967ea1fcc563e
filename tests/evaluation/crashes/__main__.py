"""Kills the bot, and its database's server, at random moments: `python -m tests.evaluation.crashes` prints one JSON line.

The bot is the whole program with its models, on a clock that runs sixty times as fast; the outlets and the platform are
servers of our own in this process. What is looked for is in `soundness`. The exit status is 1 where something was lost,
doubled or unsound.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import signal
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from tests.evaluation.crashes.campaign import Found, Plan
from tests.evaluation.crashes.databases import File
from tests.evaluation.crashes.faults import FAULTS
from tests.evaluation.crashes.life import births
from tests.evaluation.crashes.report import report
from tests.evaluation.crashes.running import kill_bots, kill_servers

BACKENDS = ("sqlite", "postgresql")


async def run(plan: Plan, backends: Sequence[str], folder: Path) -> dict[str, Found]:
    """What was found on each; who ends this process has the bots and the server taken away, too."""
    found = {}
    task = asyncio.current_task()
    assert task is not None
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
    async with births(folder / "crashes.log") as born:
        if "sqlite" in backends:
            found["sqlite"] = await kill_bots(plan, File(folder / "attache.db"), born)
            tell("sqlite", found["sqlite"])
        if "postgresql" in backends:
            found["postgresql"] = await kill_servers(plan, born)
            tell("postgresql", found["postgresql"])
    return found


def tell(name: str, found: Found) -> None:
    """For who waits: a campaign takes a quarter of an hour."""
    print(json.dumps({name: report(found)}), file=sys.stderr, flush=True)


def main() -> int:
    """Prints what was found on one line."""
    options = _parser().parse_args()
    plan = Plan(
        kills=0 if options.only == "server" else options.kills,
        servers=0 if options.only == "bot" else options.servers,
        seed=options.seed,
        light=options.light,
        fault=options.fault,
    )
    backends = BACKENDS if options.backend == "both" else (options.backend,)
    if options.only == "server":
        backends = ("postgresql",)
    with tempfile.TemporaryDirectory(prefix="crashes-") as folder:
        if options.keep is not None:
            options.keep.mkdir(parents=True, exist_ok=True)
        found = asyncio.run(run(plan, backends, options.keep or Path(folder)))
    print(
        json.dumps(
            {"seed": plan.seed, "light": plan.light} | {name: report(one) for name, one in found.items()}
        )
    )
    return int(any(one.problems for one in found.values()))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="crashes", description=__doc__)
    parser.add_argument("--kills", type=int, default=200, help="of the bot, on each database")
    parser.add_argument("--servers", type=int, default=20, help="kills of the PostgreSQL server")
    parser.add_argument("--backend", choices=(*BACKENDS, "both"), default="both")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", choices=("bot", "server"), help="kill nothing else")
    parser.add_argument("--light", action="store_true", help="a bot that costs little, for trying things")
    parser.add_argument("--fault", choices=sorted(FAULTS), default="", help="break the bot on purpose")
    parser.add_argument("--keep", type=Path, help="a folder for the database and the log, which stay there")
    return parser


if __name__ == "__main__":
    sys.exit(main())
