"""Who asks comes first: other work lets them pass, and is done all the same."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from bot.courtesy import Courtesy


def noting(done: list[str], name: str, pause: Callable[[], Awaitable[None]]) -> asyncio.Task[None]:
    """A piece of work that says when it begins."""

    async def work() -> None:
        await pause()
        done.append(name)

    return asyncio.create_task(work())


async def turns(count: int = 10) -> None:
    """Lets others run, without any time going by."""
    for _ in range(count):
        await asyncio.sleep(0)


async def test_where_nobody_asks_work_begins() -> None:
    courtesy, done = Courtesy(), list[str]()
    noting(done, "feed", courtesy.pause("intake"))
    await turns()
    assert done == ["feed"]


async def test_work_waits_until_all_are_answered() -> None:
    courtesy, done = Courtesy(), list[str]()
    with courtesy.answering():
        with courtesy.answering():
            work = noting(done, "feed", courtesy.pause("intake"))
            await turns()
        await turns()
        assert not done
    await work
    assert done == ["feed"]


async def test_an_answer_that_fails_holds_up_nothing() -> None:
    courtesy, done = Courtesy(), list[str]()
    with pytest.raises(ValueError, match="no such actor"), courtesy.answering():
        raise ValueError("no such actor")
    noting(done, "feed", courtesy.pause("intake"))
    await turns()
    assert done == ["feed"]


async def test_work_is_done_though_people_ask_all_the_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.courtesy.MOST", 0.001)
    courtesy, done = Courtesy(), list[str]()
    pause = courtesy.pause("intake")
    with courtesy.answering():
        await asyncio.gather(*(noting(done, f"feed {n}", pause) for n in range(3)))
    assert done == ["feed 0", "feed 1", "feed 2"]


async def test_one_kind_of_work_waits_for_none_of_another() -> None:
    courtesy, done = Courtesy(), list[str]()
    with courtesy.answering():
        feed = noting(done, "feed", courtesy.pause("intake"))
        await turns()
        feed.cancel()
        await asyncio.gather(feed, return_exceptions=True)
        assert not done
    noting(done, "post", courtesy.pause("posting"))
    await turns()
    assert done == ["post"]


async def test_only_one_piece_of_a_kind_waits_at_the_head() -> None:
    """Were all let go at one time, all would be under way when the next question comes."""
    courtesy, done = Courtesy(), list[str]()
    pause = courtesy.pause("intake")
    with courtesy.answering():
        for n in range(3):
            noting(done, f"feed {n}", pause)
        await turns()
    while not done:  # noqa: ASYNC110 - no time goes by
        await asyncio.sleep(0)
    with courtesy.answering():
        await turns()
        assert len(done) < 3
    await turns()
    assert done == ["feed 0", "feed 1", "feed 2"]
