"""Runs all benchmarks, one after the other, and writes one table: `python -m tests.evaluation.bench [--only NAME…] [--quick]`.

Each has a process of its own and so long to end. One that fails is said to have failed, and the others run all the same.
The table is written anew after each, as Markdown and as JSON. The exit status is 1 where one failed; a goal that is missed
fails nothing. With `--quick` each does little, and some are left out: the figures are not those that docs/evaluation.md has.
"""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from tests.evaluation.attribution import SHARED
from tests.evaluation.bench.catalogue import BENCHMARKS
from tests.evaluation.bench.figures import Benchmark, Figure, Machine, as_json, as_markdown, figures_of

ROOT = Path(__file__).parents[3]


def run(benchmark: Benchmark, *, quick: bool, limit: float | None = None) -> list[Figure]:
    """Its figures, or one line that says why there are none."""
    options = (benchmark.quick or ()) if quick else ()
    module, *given = benchmark.command
    seconds = limit or 60 * benchmark.minutes
    process = subprocess.Popen(
        [sys.executable, "-m", f"tests.evaluation.{module}", *given, *options],
        cwd=ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True, start_new_session=True,
    )  # fmt: skip
    try:
        printed, _ = process.communicate(timeout=seconds)
    except subprocess.TimeoutExpired:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        return [Figure(benchmark.name, "", trouble=f"did not end within {seconds:g} seconds")]
    found = list(figures_of(benchmark, printed))
    if process.returncode:
        told = any(one.value is not None for one in found)
        trouble = Figure(benchmark.name, "exit status", trouble=f"failed with status {process.returncode}")
        return [*found, trouble] if told else [trouble]
    return found


def main() -> int:
    """Writes both tables; 1 where a benchmark failed."""
    options = _parser().parse_args()
    machine, figures = _machine(quick=options.quick), list[Figure]()
    for benchmark in _chosen(options.only, quick=options.quick):
        if benchmark.shared and not SHARED.exists():
            _tell(f"{benchmark.name}: left out, for {SHARED.name}/ is not here")
            continue
        _tell(f"{benchmark.name}: {' '.join(benchmark.command)}")
        begun = time.monotonic()
        found = run(benchmark, quick=options.quick, limit=options.limit)
        figures += found
        troubles = [one.trouble for one in found if one.trouble]
        _tell(f"{benchmark.name}: {'; '.join(troubles) or 'done'} ({time.monotonic() - begun:.0f} s)")
        options.out.with_suffix(".md").write_text(as_markdown(machine, figures), encoding="utf-8")
        options.out.with_suffix(".json").write_text(as_json(machine, figures), encoding="utf-8")
    sys.stdout.write(as_markdown(machine, figures))
    return int(any(one.trouble for one in figures))


def _chosen(only: Sequence[str], *, quick: bool) -> list[Benchmark]:
    """Those that are asked for by name; else all that there is time for."""
    if only:
        return [one for one in BENCHMARKS if one.name in only]
    return [one for one in BENCHMARKS if not quick or one.quick is not None]


def _machine(*, quick: bool) -> Machine:
    processor = ""
    with suppress(OSError):
        lines = Path("/proc/cpuinfo").read_text().splitlines()
        named = next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "")
        processor = " ".join(named.split())
    date = datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC")
    return Machine(os.cpu_count() or 1, processor or "?", os.getloadavg()[0], date, version("attache"), quick)


def _tell(line: str) -> None:
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.evaluation.bench", description=__doc__)
    names = [one.name for one in BENCHMARKS]
    parser.add_argument("--only", nargs="+", choices=names, default=[], metavar="NAME", help=", ".join(names))
    parser.add_argument("--quick", action="store_true", help="a little of each, to see that it works")
    parser.add_argument(
        "--out", type=Path, default=Path("bench.md"), help="the table; the JSON lies beside it"
    )
    parser.add_argument("--limit", type=float, help="seconds for each, in place of its own limit")
    return parser


if __name__ == "__main__":
    sys.exit(main())
