"""The table of figures: what is read from what a benchmark prints, and that one that fails holds up no other."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import pytest

from tests.evaluation.bench.__main__ import run
from tests.evaluation.bench.catalogue import BENCHMARKS
from tests.evaluation.bench.figures import (
    Benchmark,
    Figure,
    Machine,
    Wanted,
    as_json,
    as_markdown,
    figures_of,
)

WANTED = (Wanted("half", "ask.p50", "ms", most=30), Wanted("pace", "pace", "times", least=0.8))


def named(*figures: Wanted, command: tuple[str, ...] = ("nothing",)) -> Benchmark:
    return Benchmark("some", command, figures)


def test_figures_come_from_the_last_line_that_is_an_object():
    printed = 'filling\n{"pace": 3}\n{"ask": {"p50": 31.5}, "pace": 0.8}\ndone\n'
    assert list(figures_of(named(*WANTED), printed)) == [
        Figure("some", "half", 31.5, "ms", "at most 30", False),
        Figure("some", "pace", 0.8, "times", "at least 0.8", True),
    ]


def test_figures_of_text_come_by_their_patterns_and_need_no_goal():
    wanted = Wanted("rate", r"^two threads +([0-9.]+)", "a second")
    [found] = figures_of(named(wanted), "ratio  1.2\ntwo threads    4.6 articles\n")
    assert found == Figure("some", "rate", 4.6, "a second", "", None)


def test_what_is_not_printed_is_said_to_be_missing():
    printed = '{"ask": {"p50": null}}\n'
    assert [(one.value, one.trouble) for one in figures_of(named(*WANTED), printed)] == [
        (None, "was not printed"),
        (None, "was not printed"),
    ]


def test_a_benchmark_that_fails_is_one_line():
    [found] = run(named(*WANTED, command=("no_such_module",)), quick=False)
    assert (found.value, found.trouble) == (None, "failed with status 1")


def test_a_benchmark_that_takes_too_long_is_ended():
    [found] = run(named(*WANTED, command=("speed",)), quick=False, limit=0.05)
    assert found.trouble == "did not end within 0.05 seconds"


def test_both_tables_have_all_figures():
    machine = Machine(2, "Some CPU", 0.5, "2025-01-06 06:00 UTC", "0.1.0")
    figures = [
        Figure("some", "half", 31.5, "ms", "at most 30", False),
        Figure("other", "", trouble="failed | so"),
    ]
    table = as_markdown(machine, figures).splitlines()
    assert "2 cores of Some CPU" in table[2]
    assert table[-2:] == [
        "| some | half | 31.5 | ms | at most 30 | **no** |",
        "| other |  | failed / so |  |  |  |",
    ]
    assert any("--quick" in line for line in as_markdown(replace(machine, quick=True), figures).splitlines())
    assert not any("--quick" in line for line in table)
    told = json.loads(as_json(machine, figures))
    assert told["machine"]["cores"] == 2
    assert [one["value"] for one in told["figures"]] == [31.5, None]


@pytest.mark.parametrize("benchmark", BENCHMARKS, ids=lambda one: one.name)
def test_each_benchmark_is_there_and_its_patterns_can_be_read(benchmark, request):
    folder = request.path.parent
    module = benchmark.command[0]
    assert (folder / f"{module}.py").exists() or (folder / module / "__main__.py").exists()
    for wanted in benchmark.figures:
        assert re.compile(wanted.at).groups == (0 if re.fullmatch(r"[\w.]+", wanted.at) else 1)


def test_names_are_given_once():
    names = [one.name for one in BENCHMARKS]
    assert len(set(names)) == len(names)
