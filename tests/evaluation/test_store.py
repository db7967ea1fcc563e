"""The benchmark of the store runs on both databases, and what a look-up costs hardly grows with what is stored."""

from __future__ import annotations

import argparse

import numpy as np
import pytest

from news.channels import Platform
from storage.engine import open_store
from tests.backends import current_database
from tests.evaluation.news_archive import WORKSPACES, Archive
from tests.evaluation.store import ARTICLES, Asker, run
from tests.steps import counted

ASKED = 20


async def measured(url, scale, *parts):
    return await run(argparse.Namespace(scale=scale, database=url, only=parts or ("none",), runs=5, seed=2))


@pytest.mark.parametrize("backend", ["sqlite", "postgresql"])
async def test_it_measures_either_database(backend, tmp_path):
    async with current_database(backend, tmp_path) as url:
        found = await measured(url, 0.001, "lookup", "worst_answer", "suggest")
        again = await measured(url, 0.001, "lookup")
    assert [found[name] for name in ("database", "articles", "statements", "stances")] == [
        backend,
        1_000,
        5_000,
        2_000,
    ]
    assert found["statements_a_second"] > 0
    assert all(found[name]["found"] > 0 for name in ("lookup", "worst_answer", "suggest"))
    assert "statements_a_second" not in again  # what is filled is used again


async def work(url, scale):
    """Instructions of so many questions, by kind of question and workspace."""
    done = {}
    with counted() as steps:
        async with open_store(url) as store:
            async with store.read() as uow:
                spaces = {name: await uow.workspaces.find(Platform.TERMINAL, name) for name in WORKSPACES}
            archive = Archive(round(ARTICLES * scale))
            for workspace in WORKSPACES:
                asker = Asker(store, archive, spaces, np.random.default_rng(3))
                for kind, draw in (("random", asker.random), ("worst", asker.frequent)):
                    asked = [draw() for _ in range(ASKED)]
                    before = steps.done
                    for one in asked:
                        await asker.newest(one, workspace)
                    done[kind, workspace] = steps.done - before
    return done


@pytest.mark.timeout(600)
async def test_what_a_look_up_costs_hardly_grows(tmp_path):
    costs = []
    for scale in (0.001, 0.01):
        async with current_database("sqlite", tmp_path) as url:
            await measured(url, scale)
            costs.append(await work(url, scale))
    few, many = costs
    for kind in ("random", "worst"):
        assert 0 < many[kind, "most"] < 2 * many[kind, "all"], "300 feeds cost at most twice as much as all"
        assert 0 < many[kind, "few"] < 4 * many[kind, "all"]
        assert many[kind, "all"] < 3 * few[kind, "all"], "ten times as much is stored"
