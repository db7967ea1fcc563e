"""A unit of work that kept nothing is done anew, and one that may have kept something only where that is harmless."""

from __future__ import annotations

from contextlib import asynccontextmanager

import pytest

from bot.jobs import keeping
from bot.jobs.keeping import keep
from news.channels import Platform
from news.errors import NotFound, StoreAway, StoreBusy, StoreError, StoreUnknown
from tests.fakes import FailingStore


@pytest.fixture(autouse=True)
def soon(monkeypatch):
    monkeypatch.setattr(keeping, "PAUSE", 0.001)


async def obtain(uow):
    return await uow.workspaces.obtain(Platform.TERMINAL, "kept")


AWAY, BUSY, UNKNOWN = StoreAway("away"), StoreBusy("busy"), StoreUnknown("unknown")


@pytest.mark.parametrize(
    ("failures", "harmless_twice", "writes"),
    [
        ([], False, 1),
        ([BUSY], False, 2),
        ([AWAY, BUSY, AWAY], False, 4),
        ([UNKNOWN], True, 2),
        ([AWAY, UNKNOWN], True, 3),
    ],
)
async def test_what_surely_kept_nothing_is_done_anew(store, failures, harmless_twice, writes):
    failing = FailingStore(store, *failures)
    made = await keep(failing, obtain, harmless_twice=harmless_twice)
    assert failing.writes == writes
    async with store.read() as uow:
        assert await uow.workspaces.find(Platform.TERMINAL, "kept") == made


@pytest.mark.parametrize(
    ("failures", "writes"),
    [([UNKNOWN], 1), ([AWAY, UNKNOWN], 2), ([StoreError("no")], 1), ([NotFound("no")], 1)],
    ids=str,
)
async def test_what_may_have_been_kept_or_will_not_pass_is_not_done_again(store, failures, writes):
    failing = FailingStore(store, *failures)
    with pytest.raises(type(failures[-1])):
        await keep(failing, obtain)
    assert failing.writes == writes


async def test_a_store_that_stays_away_is_given_up_after_a_while(monkeypatch):
    class Away:
        tries = 0

        @asynccontextmanager
        async def write(self):
            self.tries += 1
            raise AWAY
            yield

    monkeypatch.setattr(keeping, "PATIENCE", 0.1)
    store = Away()
    with pytest.raises(StoreAway):
        await keep(store, obtain, harmless_twice=True)
    assert store.tries > 1


async def test_what_no_beat_does_again_is_tried_for_longer(store, monkeypatch):
    monkeypatch.setattr(keeping, "PATIENCE", 0)
    failing = FailingStore(store, AWAY, AWAY)
    await keep(failing, obtain, patience=60)
    assert failing.writes == 3
