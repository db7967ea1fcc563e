"""Installations of an app in workspaces: the same on every database."""

from __future__ import annotations

import asyncio
import io
from datetime import timedelta

import pytest

from storage.backup import dump
from storage.engine import open_store
from tests.builders import MORNING
from tests.contracts.conftest import store, store_url  # noqa: F401

HOUR = timedelta(hours=1)
APP, OTHER_APP = "1.2", "3.4"
ANNA, BEN, BOT = ("", "T1", "U1"), ("", "T1", "U2"), ("", "T1", "")
ELSEWHERE, EVERYWHERE = ("", "T2", "U1"), ("E1", "", "U1")


@pytest.fixture
def kept(store):  # noqa: F811
    """Does one thing with the installations, in a unit of work of its own."""

    async def kept(what, *arguments, **more):
        async with store.write() as uow:
            done = await getattr(uow.installations, what)(*arguments, **more)
            await uow.commit()
        return done

    return kept


async def fill(kept):
    for number, place in enumerate((ANNA, BEN, BOT, ELSEWHERE, EVERYWHERE)):
        await kept("save", APP, place, f"sealed {number}".encode(), installed=MORNING + number * HOUR)


async def test_what_was_saved_is_found_by_its_very_place(kept):
    await fill(kept)
    places = (ANNA, BEN, BOT, ELSEWHERE, EVERYWHERE)
    assert [await kept("find", APP, place) for place in places] == [f"sealed {n}".encode() for n in range(5)]
    assert await kept("find", APP, ("E1", "T1", "U1")) is None
    assert await kept("find", OTHER_APP, ANNA) is None


async def test_a_workspaces_bot_is_found_in_whatever_enterprise_and_the_newest_counts(kept):
    await fill(kept)
    assert await kept("of_workspace", APP, "T1") == (BOT, b"sealed 2")
    assert await kept("of_workspace", APP, "T2") is None
    assert await kept("of_workspace", OTHER_APP, "T1") is None
    joined = ("E1", "T1", "")
    await kept("save", APP, joined, b"in an enterprise", installed=MORNING + 9 * HOUR)
    assert await kept("of_workspace", APP, "T1") == (joined, b"in an enterprise")


async def test_of_enterprises_their_own_bots_alone_are_read(kept):
    await fill(kept)
    whole, part = ("E1", "", ""), ("E1", "T3", "")
    for place in (whole, ("E0", "", ""), part):
        await kept("save", APP, place, b"".join(each.encode() for each in place), installed=MORNING)
    assert await kept("of_enterprises", APP) == {("E0", "", ""): b"E0", whole: b"E1"}
    assert await kept("of_enterprises", OTHER_APP) == {}


@pytest.mark.parametrize(
    ("where", "gone"),
    [
        ({"enterprise_id": "", "team_id": "T1"}, [ANNA, BEN, ("E1", "T1", "")]),
        ({"enterprise_id": "E9", "team_id": "T1"}, [ANNA, BEN, ("E1", "T1", "")]),
        ({"enterprise_id": "E1", "team_id": ""}, [EVERYWHERE]),
        ({"enterprise_id": "E9", "team_id": ""}, []),
    ],
)
async def test_what_was_installed_there_by_then_is_removed(kept, where, gone):
    """The bot of the workspace was installed later."""
    places = {ANNA: 0, BEN: 1, ("E1", "T1", ""): 1, BOT: 2, ELSEWHERE: 0, EVERYWHERE: 1}
    for place, hour in places.items():
        await kept("save", APP, place, b"sealed", installed=MORNING + hour * HOUR)
    await kept("save", OTHER_APP, ANNA, b"sealed", installed=MORNING)
    removed = await kept("remove_before", APP, before=MORNING + 2 * HOUR, **where)
    assert sorted(removed) == sorted(gone)
    assert set(await kept("all", APP)) == places.keys() - set(gone)
    assert set(await kept("all", OTHER_APP)) == {ANNA}


async def test_bytes_come_back_as_they_are_and_the_last_ones_stand(kept):
    await kept("save", APP, ANNA, bytes(range(256)), installed=MORNING)
    assert await kept("find", APP, ANNA) == bytes(range(256))
    await kept("save", APP, ANNA, b"", installed=MORNING)
    assert await kept("all", APP) == {ANNA: b""}


async def test_the_newest_of_a_workspace_is_somebodys(kept):
    await fill(kept)
    assert await kept("newest", APP, "", "T1") == b"sealed 1"
    await kept("save", APP, ANNA, b"again", installed=MORNING + 9 * HOUR)
    assert await kept("newest", APP, "", "T1") == b"again"
    assert await kept("newest", APP, "E1", "") == b"sealed 4"
    assert await kept("newest", APP, "E1", "T1") is None
    assert await kept("newest", OTHER_APP, "", "T1") is None


async def test_all_of_one_app_is_told_by_place(kept):
    await fill(kept)
    await kept("save", OTHER_APP, ANNA, b"other", installed=MORNING)
    assert list(await kept("all", APP)) == sorted([ANNA, BEN, BOT, ELSEWHERE, EVERYWHERE])
    assert await kept("all", OTHER_APP) == {ANNA: b"other"}


async def test_what_is_removed_takes_nothing_else_along(kept):
    await fill(kept)
    await kept("remove", APP, BEN)
    await kept("remove", APP, ("", "T9", "U9"))
    assert set(await kept("all", APP)) == {ANNA, BOT, ELSEWHERE, EVERYWHERE}
    await kept("remove_people", APP, "", "T1")
    assert set(await kept("all", APP)) == {BOT, ELSEWHERE, EVERYWHERE}


async def test_what_is_sealed_anew_was_not_changed_meanwhile(kept):
    await fill(kept)
    assert await kept("seal_anew", APP, ANNA, b"sealed 0", b"better")
    assert not await kept("seal_anew", APP, ANNA, b"sealed 0", b"worse")
    assert not await kept("seal_anew", APP, ("", "T9", "U9"), b"sealed 0", b"worse")
    assert await kept("find", APP, ANNA) == b"better"
    assert await kept("find", APP, BEN) == b"sealed 1"


async def test_sealing_anew_leaves_when_it_was_installed(kept):
    await fill(kept)
    await kept("seal_anew", APP, ANNA, b"sealed 0", b"better")
    assert await kept("newest", APP, "", "T1") == b"sealed 1"


async def test_who_is_expected_comes_back_once_and_in_time(kept):
    for key in ("a", "b"):
        await kept("expect", key, now=MORNING, until=MORNING + HOUR)
    assert await kept("came_back", "a", now=MORNING)
    assert not await kept("came_back", "a", now=MORNING)
    assert not await kept("came_back", "b", now=MORNING + HOUR)
    assert not await kept("came_back", "c", now=MORNING)


async def test_of_many_who_come_back_at_once_one_does(kept):
    await kept("expect", "a", now=MORNING, until=MORNING + HOUR)
    came = await asyncio.gather(*(kept("came_back", "a", now=MORNING) for _ in range(5)))
    assert sorted(came) == [False] * 4 + [True]


async def test_who_did_not_come_back_is_forgotten(kept):
    await kept("expect", "a", now=MORNING, until=MORNING + HOUR)
    await kept("expect", "b", now=MORNING + HOUR, until=MORNING + 2 * HOUR)
    assert not await kept("came_back", "a", now=MORNING)
    assert await kept("came_back", "b", now=MORNING + HOUR)


async def test_nothing_is_kept_that_was_not_committed(store):  # noqa: F811
    async with store.write() as uow:
        await uow.installations.save(APP, ANNA, b"sealed", installed=MORNING)
    async with store.read() as uow:
        assert await uow.installations.all(APP) == {}


async def test_installations_outlast_the_process_and_stand_in_dumps(store_url):  # noqa: F811
    async with open_store(store_url) as first, first.write() as uow:
        await uow.installations.save(APP, ANNA, b"sealed", installed=MORNING)
        await uow.installations.expect("a key", now=MORNING, until=MORNING + HOUR)
        await uow.commit()
    async with open_store(store_url) as again, again.read() as uow:
        assert await uow.installations.all(APP) == {ANNA: b"sealed"}
    out = io.BytesIO()
    await dump(store_url, out, now=MORNING, watch=lambda *_: None)
    assert b'"content":"c2VhbGVk"' in out.getvalue()
    assert b"a key" not in out.getvalue()
