"""The whole bot as a process on Slack: it listens, answers and posts, and stops when it is told to."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from contextlib import asynccontextmanager

from bot.demo.server import serve_wire
from tests.slack.fake import APP_TOKEN, NEWS, TOKEN


@asynccontextmanager
async def bot(folder, slack, **more):
    kept = {name: value for name, value in os.environ.items() if not name.startswith("ATTACHE_")}
    own = {
        "ATTACHE_DATABASE_URL": f"sqlite:///{folder / 'attache.db'}",
        "ATTACHE_SLACK_BOT_TOKEN": TOKEN,
        "ATTACHE_SLACK_APP_TOKEN": APP_TOKEN,
        "ATTACHE_SLACK_API_URL": slack.api_url,
        "ATTACHE_HEARTBEAT_SECONDS": "0.2",
    }
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", "run", env=kept | own | more, stderr=asyncio.subprocess.PIPE
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.send_signal(signal.SIGTERM)
        _, told = await process.communicate()
        process.told = told.decode()


async def told(slack, command, text, wanted):
    """The answer with these words; where it takes longer, another says so first."""
    asked = await slack.command(command, text, channel=NEWS)
    return await slack.until(
        lambda: next((one for one in asked.answers if wanted in str(one.payload)), None), within=60
    )


async def test_it_answers_posts_and_stops(slack, tmp_path):
    async with serve_wire() as wire:
        (feed, *_) = wire.feeds.values()
        async with asyncio.timeout(120), bot(tmp_path, slack, ATTACHE_PRIVATE_HOSTS=wire.host) as process:
            await slack.connected(1)
            assert await told(slack, "/feeds", f"add {feed}", "Following")
            assert await told(slack, "/attache", "help whosaid", "whosaid")
            assert await told(slack, "/schedule", "add every 1 hours", "every hour")
            assert await told(slack, "/schedule", "now 1", "posted")
            (post, *_) = await slack.posted(1)
            assert "*Digest*" in str(post["blocks"])
            assert post["metadata"]["event_type"] == "attache_delivery"
    assert process.returncode == 0
    assert "posts to slack, terminal" in process.told
    assert "Traceback" not in process.told
