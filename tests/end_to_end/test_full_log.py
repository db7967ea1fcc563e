"""`attache run` whose standard error leads to a full disk: it posts, stays connected, and stops when it is told to."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys

from tests.slack import fake as slacks

ROW = {
    "id": "dam",
    "outlet": "Echo",
    "title": "Dam breaks",
    "text": "The dam will be built again, Renn said.",
}
TEAM = ("--workspace", f"slack:{slacks.TEAM}")


async def test_a_log_that_nobody_takes_holds_up_nothing(attache):
    (attache.folder / "rows.jsonl").write_text(json.dumps(ROW), encoding="utf-8")
    for words in (
        ("import", "rows.jsonl"),
        ("schedule", "add", "09:00", "--channel", f"slack:{slacks.NEWS}"),
        ("schedule", "now", "1"),
    ):
        done = await attache.aside(*words, *TEAM)
        assert done.returncode == 0, done.stderr
    async with asyncio.timeout(100), slacks.running() as slack:
        settings = {
            "ATTACHE_SLACK_API_URL": slack.api_url,
            "ATTACHE_SLACK_BOT_TOKEN": slacks.TOKEN,
            "ATTACHE_SLACK_APP_TOKEN": slacks.APP_TOKEN,
            "ATTACHE_HEARTBEAT_SECONDS": "0.2",
        }
        full = os.open("/dev/full", os.O_WRONLY)
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "bot", "run"), env=attache.environment | settings, stderr=full
        )
        os.close(full)
        try:
            await slack.until(lambda: len(slack.channel().messages) == 1, within=60)
            await slack.disconnect("warning")
            await slack.connected(2)
            assert (await attache.aside("schedule", "now", "1", *TEAM)).returncode == 0
            await slack.until(lambda: len(slack.channel().messages) == 2, within=60)
        finally:
            process.send_signal(signal.SIGTERM)
            await process.wait()
