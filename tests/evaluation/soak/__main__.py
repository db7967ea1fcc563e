"""Lets the bot work for as long as told among feeds, questions, faults and kills: `python -m tests.evaluation.soak`.

The bot is the whole program with its models; outlets and platforms are servers of our own in this process. Its clock runs ten
times as fast unless told otherwise, so that each feed comes due many times, what has failed is tried again while the time
runs, and digests are due every hour; questions, kills and faults come by the machine's own time. What is looked for in the
end is in `tests.evaluation.crashes.soundness`. Prints one JSON line, and a table on standard error; the exit status is 1
where something was lost, doubled, unsound or left without an answer.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import shutil
import signal
import sys
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from pathlib import Path

from tests.evaluation.crashes.server import server
from tests.evaluation.soak.account import account, failed, table
from tests.evaluation.soak.asking import Question
from tests.evaluation.soak.plan import Plan
from tests.evaluation.soak.running import Found, soak
from tests.evaluation.soak.watching import Sample


async def run(plan: Plan, folder: Path) -> tuple[Found, Sequence[Question]]:
    """What was found, and what was asked; who ends this process has the bot taken away, too."""
    task = asyncio.current_task()
    assert task is not None
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
    log = folder / "soak.log"
    if plan.database == "postgresql":
        with server() as own:
            await (await own.connect()).close()
            async with soak(plan, own.url, log, own) as one:
                await one.go()
    else:
        async with soak(plan, f"sqlite:///{folder / 'attache.db'}", log) as one:
            await one.go()
    return one.found, one.crowd.asked


def main() -> int:
    """Prints what was found."""
    options = _parser().parse_args()
    plan = Plan(
        minutes=options.minutes,
        kills_every=None if options.no_kills else options.kills_every,
        feeds=options.feeds,
        subscriptions=options.subscriptions,
        questions=options.questions,
        articles=options.articles,
        faults_every=options.faults_every,
        speed=options.speed,
        database=options.database,
        seed=options.seed,
        look_ups=options.look_ups,
    )
    folder = options.keep or Path(tempfile.mkdtemp(prefix="soak-"))
    folder.mkdir(parents=True, exist_ok=True)
    try:
        found, asked = asyncio.run(run(plan, folder))
    finally:
        if options.keep is None:
            shutil.rmtree(folder, ignore_errors=True)
    told = account(plan, found, asked)
    if options.keep is not None:
        _keep(options.keep / "questions.jsonl", asked)
        _keep(options.keep / "samples.jsonl", found.samples)
    print(table(told), file=sys.stderr, flush=True)
    print(json.dumps(told))
    return int(failed(found, asked))


def _keep(file: Path, each: Iterable[Question | Sample]) -> None:
    """One JSON line each, for who looks for a cause."""
    file.write_text("".join(f"{json.dumps(asdict(one))}\n" for one in each), encoding="utf-8")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.evaluation.soak", description=__doc__)
    parser.add_argument("--minutes", type=float, default=Plan().minutes)
    parser.add_argument("--kills-every", type=float, default=60.0, help="seconds between two kills, about")
    parser.add_argument("--no-kills", action="store_true")
    parser.add_argument("--feeds", type=int, default=500)
    parser.add_argument("--subscriptions", type=int, default=200)
    parser.add_argument("--questions", type=float, default=20.0, help="a second")
    parser.add_argument(
        "--articles", type=float, default=Plan().articles, help="published a second, all feeds together"
    )
    parser.add_argument("--faults-every", type=float, default=Plan().faults_every, help="seconds; 0 for none")
    parser.add_argument(
        "--speed", type=float, default=Plan().speed, help="of the bot's clock; 1 is `attache run` untouched"
    )
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--look-ups", type=int, default=1, help="processes that answer look-ups; 0: the bot's own does"
    )
    parser.add_argument(
        "--keep",
        type=Path,
        help="an empty folder for the database, the log, questions and samples, which stay there",
    )
    return parser


if __name__ == "__main__":
    sys.exit(main())
