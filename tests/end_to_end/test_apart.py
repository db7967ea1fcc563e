"""`attache run` has look-ups answered by another process, which is gone when it is."""

from __future__ import annotations

import asyncio
import os
import signal

import pytest

from bot.apart import PROGRAM
from tests.backends import BACKENDS, current_database
from tests.discord import fake as discords
from tests.end_to_end.processes import running
from tests.evaluation.processes import below, ended, runs


@pytest.fixture(params=BACKENDS)
async def url(request, tmp_path):
    async with current_database(request.param, tmp_path) as url:
        yield url


@pytest.mark.parametrize("end", [signal.SIGTERM, signal.SIGKILL])
async def test_it_answers_and_ends_with_the_bot(url, end):
    async with asyncio.timeout(90), discords.running() as fake:
        settings = discords.settings_of(fake)
        async with running(url, **settings, ATTACHE_LOOK_UP_PROCESSES="1") as bot:
            await bot.says("attache: running; posts to discord")
            [first] = [pid for pid in below(bot.process.pid) if runs(pid, PROGRAM)]
            asked = await fake.ask("whosaid", {"actor": "Nobody Known"})
            async with asyncio.timeout(20):
                await asked.answered.wait()
            os.kill(first, signal.SIGSTOP)
            waits = await fake.ask("whosaid", {"actor": "Nobody Known"})
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(0.5):  # by then nobody has told yet that it takes a while
                    await waits.answered.wait()
            os.kill(first, signal.SIGCONT)
            async with asyncio.timeout(20):
                await waits.answered.wait()
            assert "Nobody Known" in str(waits.answers)
            bot.process.send_signal(end)
            await bot.process.wait()
            await ended(first)
    assert not [line for line in bot.lines if "answers look-ups" in line or "Traceback" in line]
