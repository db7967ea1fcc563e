"""What the system says of processes: what they began and run, what they have had of the processor, and when they end."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path


def below(pid: int) -> Sequence[int]:
    """Its children, and theirs."""
    found: list[int] = []
    try:
        tasks = os.listdir(f"/proc/{pid}/task")
        for task in tasks:
            for child in Path(f"/proc/{pid}/task/{task}/children").read_text().split():
                found += [int(child), *below(int(child))]
    except OSError:
        pass
    return found


def kill_all(pid: int) -> None:
    """The process group, and what its leader began in others, by SIGKILL and at once."""
    children = below(pid)
    with suppress(ProcessLookupError):
        os.killpg(pid, signal.SIGKILL)
    for child in children:
        with suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)


def runs(pid: int, module: str) -> bool:
    """Whether it is `python -m` that module."""
    try:
        return module.encode() in Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except OSError:
        return False


async def ended(pid: int) -> None:
    """Returns once the process is gone."""
    try:
        end = os.pidfd_open(pid)
    except ProcessLookupError:
        return
    gone, loop = asyncio.Event(), asyncio.get_running_loop()
    loop.add_reader(end, gone.set)
    try:
        await gone.wait()
    finally:
        loop.remove_reader(end)
        os.close(end)


def processor_seconds(pid: int) -> float:
    """What the process alone has had of the processor; 0 where it is gone."""
    try:
        numbers = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(numbers[11]) + int(numbers[12])) / os.sysconf("SC_CLK_TCK")
