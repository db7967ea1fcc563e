"""A benchmark, the figures that are found in what it prints, and whether they reach their goals; pure."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Wanted:
    """A figure that a benchmark prints."""

    name: str
    at: str
    """Where it stands: in its JSON line the path to it, with dots; else a pattern whose first group it is."""
    unit: str = ""
    most: float | None = None
    """The goal, where it is not to be above that."""
    least: float | None = None
    """Likewise, where it is not to be below."""

    @property
    def goal(self) -> str:
        """As people read it; empty without one."""
        if self.most is not None:
            return f"at most {self.most:g}"
        return "" if self.least is None else f"at least {self.least:g}"

    def reached(self, value: float) -> bool | None:
        """None without a goal."""
        if self.most is not None:
            return value <= self.most
        return None if self.least is None else value >= self.least


@dataclass(frozen=True, slots=True)
class Benchmark:
    """A module that measures something, as it is called."""

    name: str
    command: tuple[str, ...]
    """The module in `tests.evaluation`, and its options."""
    figures: tuple[Wanted, ...]
    quick: tuple[str, ...] | None = None
    """The options that are given as well when it must not take long; None where it is left out then."""
    minutes: float = 15.0
    """After so long it is given up."""
    shared: bool = False
    """Whether it reads the corpora, which are not everywhere."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the table."""

    benchmark: str
    name: str
    value: float | None = None
    """None where it was not found."""
    unit: str = ""
    goal: str = ""
    reached: bool | None = None
    trouble: str = ""
    """Why there is none."""


def figures_of(benchmark: Benchmark, printed: str) -> Iterator[Figure]:
    """Those that it promises."""
    told = _told(printed)
    for wanted in benchmark.figures:
        value = _found(wanted.at, told, printed)
        if value is None:
            yield Figure(
                benchmark.name, wanted.name, unit=wanted.unit, goal=wanted.goal, trouble="was not printed"
            )
        else:
            yield Figure(benchmark.name, wanted.name, value, wanted.unit, wanted.goal, wanted.reached(value))


def _told(printed: str) -> Mapping[str, object] | None:
    """The object of its last line that is one."""
    for line in reversed(printed.splitlines()):
        if line.startswith("{"):
            try:
                return dict(json.loads(line))
            except ValueError:
                continue
    return None


def _found(at: str, told: Mapping[str, object] | None, printed: str) -> float | None:
    if told is None:
        match = re.search(at, printed, re.MULTILINE)
        return None if match is None else float(match[1].replace(",", ""))
    value: object = told
    for part in at.split("."):
        value = value.get(part) if isinstance(value, Mapping) else None
    return float(value) if isinstance(value, (int, float)) else None


@dataclass(frozen=True, slots=True)
class Machine:
    """Where it was measured, and when."""

    cores: int
    processor: str
    load: float
    """How many processes wanted a core when it began."""
    date: str
    version: str
    quick: bool = False
    """Whether less was done than the names of the figures say."""


def as_json(machine: Machine, figures: Sequence[Figure]) -> str:
    """All of it, for programs."""
    lines = [{name: getattr(one, name) for name in Figure.__slots__} for one in figures]
    about = {name: getattr(machine, name) for name in Machine.__slots__}
    return json.dumps({"machine": about, "figures": lines}, ensure_ascii=False, indent=1) + "\n"


def as_markdown(machine: Machine, figures: Sequence[Figure]) -> str:
    """All of it, as one table."""
    rows = ["| benchmark | figure | measured | unit | goal | reached |", "|---|---|--:|---|---|---|"]
    for one in figures:
        value = one.trouble if one.value is None else f"{one.value:g}"
        reached = {None: "", True: "yes", False: "**no**"}[one.reached]
        cells = (one.benchmark, one.name, value, one.unit, one.goal, reached)
        rows.append("| " + " | ".join(cell.replace("|", "/") for cell in cells) + " |")
    about = (
        f"{machine.date}, {machine.cores} cores of {machine.processor}, load {machine.load:.1f} at the beginning, "
        f"version {machine.version}."
    )
    quick = ["With `--quick`: less was done than the names say.", ""] if machine.quick else []
    return "\n".join(["# Figures", "", about, "", *quick, *rows, ""])
