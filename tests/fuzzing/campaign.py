"""Runs a target on many hostile inputs and says which failed and which took long."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.fuzzing.mutations import hostile
from tests.fuzzing.targets import TARGETS, Target

LIMIT_MS = 250.0
"""CPU time that one input may take."""


@dataclass
class Outcome:
    """What came of a campaign."""

    inputs: int = 0
    crashes: list[str] = field(default_factory=list)
    slow: list[str] = field(default_factory=list)
    slowest_ms: float = 0.0
    slowest: str = ""
    total_ms: float = 0.0


def inputs(name: str, seed: int, numbers: Sequence[int]) -> Iterator[tuple[str, bytes]]:
    """The hostile inputs of these numbers, each with what it is known by."""
    documents = TARGETS[name][1]
    for number in numbers:
        key = f"{name}-{seed}-{number}"
        yield key, hostile(random.Random(key), documents)


def campaign(name: str, seed: int, numbers: Sequence[int], folder: Path | None = None) -> Outcome:
    """Puts each input through the target; those that fail or take long are saved in the folder."""
    target, documents = TARGETS[name]
    for document in documents:
        target(document)  # what is loaded once is no input's cost
    outcome = Outcome()
    for key, data in inputs(name, seed, numbers):
        if folder is not None:
            (folder / "last.bin").write_bytes(data)  # should it take this process with it
        outcome.inputs += 1
        try:
            took = _cost(target, data)
        except Exception as error:  # noqa: BLE001 - anything at all is what is looked for
            outcome.crashes.append(f"{key}: {type(error).__name__}: {str(error)[:120]}")
            _saved(folder, key, data)
            continue
        outcome.total_ms += took
        if took > LIMIT_MS:
            outcome.slow.append(f"{key}: {took:.0f} ms, {len(data)} bytes")
            _saved(folder, key, data)
        if took > outcome.slowest_ms:
            outcome.slowest_ms, outcome.slowest = took, key
    return outcome


def _saved(folder: Path | None, key: str, data: bytes) -> None:
    if folder is not None:
        (folder / f"{key}.bin").write_bytes(data)


def _cost(target: Target, data: bytes) -> float:
    """CPU milliseconds; of two runs the better one where the first took too long, to leave out noise."""
    took = _once(target, data)
    return min(took, _once(target, data)) if took > LIMIT_MS else took


def _once(target: Target, data: bytes) -> float:
    began = time.process_time()
    target(data)
    return (time.process_time() - began) * 1000
