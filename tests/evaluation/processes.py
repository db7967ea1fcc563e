"""What the system says of processes: what they began, and what they have had of the processor."""

from __future__ import annotations

import os
from collections.abc import Sequence
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


def processor_seconds(pid: int) -> float:
    """What the process alone has had of the processor; 0 where it is gone."""
    try:
        numbers = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(numbers[11]) + int(numbers[12])) / os.sysconf("SC_CLK_TCK")
