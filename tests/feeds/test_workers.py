import asyncio
import dataclasses
import multiprocessing
import os
import signal
import subprocess
import sys
import time

import pytest

from feeds import workers as workers_module
from feeds.workers import BREAKS, CLOSED, TOO_LARGE, TOO_LONG, Unfinished, Workers
from news.errors import ParseError, UnreadableInput
from tests.feeds.tasks import (
    added,
    bottomless,
    crashed,
    endless,
    endless_in_c,
    left,
    quit_,
    swollen,
    unparsable,
    unreadable,
    unsendable,
    wrong,
)  # fmt: skip


@pytest.fixture
async def workers(monkeypatch):
    monkeypatch.setattr("feeds.workers._LATE", 5)
    workers = Workers(count=2, deadline=0.5, memory=64 * 2**20)
    yield workers
    await workers.aclose()


@pytest.mark.parametrize(
    ("hostile", "says"),
    [
        (endless, TOO_LONG),
        (endless_in_c, TOO_LONG),
        (swollen, TOO_LARGE),
        (crashed, BREAKS),
        (left, BREAKS),
        (unsendable, BREAKS),
        (bottomless, BREAKS),
        (wrong, BREAKS),
        (quit_, BREAKS),
    ],
)
async def test_hostile_task_costs_itself_and_nothing_else(workers, hostile, says):
    bad, good = await asyncio.gather(
        workers.run(hostile), workers.run(added, 1, other=2), return_exceptions=True
    )

    assert (type(bad), str(bad)) == (Unfinished, says)
    assert good[0] == 3
    assert (await workers.run(added, 3, other=4))[0] == 7


async def test_errors_for_people_come_back_whole(workers):
    with pytest.raises(ParseError, match=r"^feed is empty\.$") as caught:
        await workers.run(unparsable, "feed")
    assert caught.value.url == "feed"
    with pytest.raises(UnreadableInput, match=r"^The page holds no text\.$") as unread:
        await workers.run(unreadable)
    assert unread.value.kind == "no_text"


async def test_task_is_not_charged_for_waiting():
    workers = Workers(count=1, deadline=0.3)
    try:
        hostile = [workers.run(endless) for _ in range(4)]
        *failed, last = await asyncio.gather(*hostile, workers.run(added, 1, other=1), return_exceptions=True)
    finally:
        await workers.aclose()

    assert [str(error) for error in failed] == [TOO_LONG] * 4
    assert last[0] == 2


async def test_results_come_in_the_order_asked_for_from_several_processes(workers):
    results = await asyncio.gather(*(workers.run(added, number, other=0) for number in range(40)))

    assert [number for number, _ in results] == list(range(40))
    assert os.getpid() not in {process for _, process in results}


async def test_task_that_is_given_up_is_stopped(workers):
    _, process = await workers.run(added, 1, other=1)
    for _ in range(3):
        task = asyncio.create_task(workers.run(endless))
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    assert process
    assert (await workers.run(added, 1, other=1))[0] == 2


async def test_closing_ends_what_runs_and_waits_at_once():
    workers = Workers(count=1, deadline=30)
    _, process = await workers.run(added, 1, other=1)
    tasks = [asyncio.create_task(workers.run(endless)) for _ in range(3)]
    while not workers._running:  # noqa: ASYNC110 - until the first is in hand
        await asyncio.sleep(0)
    began = time.monotonic()

    await workers.aclose()

    outcomes = await asyncio.gather(*tasks, return_exceptions=True)
    assert [str(outcome) for outcome in outcomes] == [CLOSED] * 3
    assert time.monotonic() - began < 2
    assert not alive(process)
    with pytest.raises(Unfinished, match="the program ends"):
        await workers.run(added, 1, other=1)


async def test_workers_that_were_still_starting_when_their_task_was_given_up_are_ended_too():
    workers = Workers(count=1)
    task = asyncio.create_task(workers.run(endless))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await workers.aclose()

    assert [child for child in multiprocessing.active_children() if child.name == "pebble_pool_worker"] == []


async def test_where_no_process_can_be_started_it_is_said(workers, monkeypatch):
    def refused(self) -> None:
        raise OSError("no more processes")

    monkeypatch.setattr("feeds.workers._Worker.start", refused)

    with pytest.raises(Unfinished, match="no process could be started"):
        await workers.run(added, 1, other=1)


async def test_a_pool_that_starts_only_in_part_leaves_nobody_behind(monkeypatch):
    begin, begun = workers_module._Worker.start, []

    def refused(self) -> None:
        if begun:
            raise OSError("no more processes")
        begun.append(self)
        begin(self)

    monkeypatch.setattr("feeds.workers._Worker.start", refused)
    workers = Workers(count=2)
    with pytest.raises(Unfinished, match="no process could be started"):
        await workers.run(added, 1, other=1)
    assert begun
    assert not begun[0].is_alive()
    await workers.aclose()


async def test_a_worker_whose_end_was_seen_before_its_beginning_is_missed(workers, monkeypatch):
    monkeypatch.setattr("feeds.workers._LOOK", 0.05)
    await workers.run(added, 1, other=1)
    manager = workers._pool._pool_manager
    monkeypatch.setattr(manager, "handle_worker_expiration", lambda expiration: None)
    workers._limits = dataclasses.replace(workers._limits, deadline=60)

    with pytest.raises(Unfinished, match=BREAKS):
        await workers.run(crashed)


async def test_nothing_starts_before_the_first_task():
    workers = Workers()
    await workers.aclose()

    assert workers._pool is None


async def test_killed_worker_is_replaced(workers):
    _, process = await workers.run(added, 1, other=1)
    for number in range(6):
        _, process = await workers.run(added, 1, other=1)
        os.kill(process, signal.SIGKILL)
        assert (await workers.run(added, number, other=1))[0] == number + 1


async def test_lock_that_a_killed_worker_took_along_costs_no_input_anything(workers, monkeypatch):
    await workers.run(added, 1, other=1)
    broken = workers._pool
    mutex = broken._pool_manager.worker_manager.workers_channel.mutex
    assert mutex.acquire(timeout=5)  # as one has that is killed just then
    monkeypatch.setattr("feeds.workers._LATE", 3)

    assert (await workers.run(added, 1, other=2))[0] == 3
    assert workers._pool is not broken


async def test_where_no_worker_takes_up_anything_the_input_is_not_blamed(workers, monkeypatch):
    monkeypatch.setattr("feeds.workers._BEGINS", 0.5)
    workers._settle = endless

    with pytest.raises(Unfinished, match="no process could be started") as raised:
        await workers.run(added, 1, other=1)
    assert raised.value.passing


PROGRAM = """
import asyncio, os, sys
from feeds.workers import Workers
from tests.feeds.tasks import endless

async def main():
    workers = Workers(count=2, deadline=DEADLINE)
    print(await workers.run(os.getpid), await workers.run(os.getppid), flush=True)
    task = asyncio.create_task(workers.run(endless))
    await AFTERWARDS

asyncio.run(main())
"""


def started(afterwards: str, deadline: float = 1.0) -> tuple[subprocess.Popen[str], list[int]]:
    """A program with workers, one of them busy without end; it and the processes it started."""
    program = PROGRAM.replace("AFTERWARDS", afterwards).replace("DEADLINE", str(deadline))
    process = subprocess.Popen(
        [sys.executable, "-c", program],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert process.stdout is not None
    return process, [int(number) for number in process.stdout.readline().split()]


def alive(process: int) -> bool:
    try:
        with open(f"/proc/{process}/stat") as status:
            return status.read().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def gone(processes: list[int], within: float = 10.0) -> bool:
    until = time.monotonic() + within
    while any(map(alive, processes)) and time.monotonic() < until:
        time.sleep(0.01)  # there is nothing to be told by: the one who could is gone
    return not any(map(alive, processes))


@pytest.mark.parametrize("sent", [signal.SIGKILL, signal.SIGINT, signal.SIGTERM])
def test_no_process_is_left_when_the_program_is_killed(sent):
    process, others = started("asyncio.sleep(60)")
    with process:
        process.send_signal(sent)
        process.wait(10)

    assert len(others) == 2
    assert gone(others)


def test_program_that_does_not_close_ends_all_the_same():
    process, others = started("asyncio.sleep(0)", deadline=60)
    with process:
        _, said = process.communicate(timeout=20)

    assert said == ""
    assert gone(others)


def test_interrupt_in_a_terminal_is_answered_by_the_program_alone():
    process, others = started("asyncio.sleep(60)", deadline=60)
    with process:
        os.killpg(process.pid, signal.SIGINT)
        _, said = process.communicate(timeout=20)

    assert said.count("Traceback") <= 2, said  # of the program's own KeyboardInterrupt and what it came from
    assert "Process" not in said
    assert gone(others)


def test_spawned_workers_do_where_nothing_can_be_forked_cleanly():
    program = """
import multiprocessing
multiprocessing.get_all_start_methods = lambda: ["spawn"]
import asyncio, os
from feeds.workers import Workers
from feeds.parse import parse

async def main():
    workers = Workers(count=1)
    feed = await workers.run(parse, b"<rss version='2.0'><channel><title>Herald</title></channel></rss>", url="x")
    print(feed.title)
    await workers.aclose()

asyncio.run(main())
"""
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=False
    )

    assert (done.stdout, done.stderr) == ("Herald\n", "")


def test_modules_in_the_folder_that_it_is_started_in_are_not_taken(tmp_path):
    (tmp_path / "feedparser.py").write_text("import os; os.mkdir('taken')")
    program = """
import asyncio, os, sys
from feeds.workers import Workers
from feeds.parse import parse

async def main():
    workers = Workers(count=1)
    feed = await workers.run(parse, b"<rss version='2.0'><channel><title>Herald</title></channel></rss>", url="x")
    print(feed.title)
    await workers.aclose()

asyncio.run(main())
"""
    paths = os.pathsep.join(path for path in sys.path if path)
    done = subprocess.run(
        [sys.executable, "-P", "-c", program],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": paths},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert (done.stdout, done.stderr) == ("Herald\n", "")
    assert not (tmp_path / "taken").exists()
