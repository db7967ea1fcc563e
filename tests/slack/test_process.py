"""The whole bot as a process on Slack: it listens, answers and posts, and stops when it is told to."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from contextlib import asynccontextmanager

import pytest

from bot.demo.server import serve_wire
from tests.slack.fake import APP_TOKEN, CLIENT_ID, CLIENT_SECRET, NEWS, TOKEN
from tests.slack.places import TEAM
from tests.slack.towns import FIRST, HERE, KEY, SECOND, THERE, again, browsing, settle


@asynccontextmanager
async def bot(folder, slack, **more):
    kept = {name: value for name, value in os.environ.items() if not name.startswith("ATTACHE_")}
    one = {} if "ATTACHE_SLACK_CLIENT_ID" in more else {"ATTACHE_SLACK_BOT_TOKEN": TOKEN}
    own = one | {
        "ATTACHE_DATABASE_URL": f"sqlite:///{folder / 'attache.db'}",
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


async def told(slack, command, text, wanted, *, channel=NEWS, team=TEAM):
    """The answer with these words; where it takes longer, another says so first."""
    asked = await slack.command(command, text, channel=channel, team=team)
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


def several(port, key=KEY):
    """The settings for several workspaces."""
    return {
        "ATTACHE_SLACK_CLIENT_ID": CLIENT_ID,
        "ATTACHE_SLACK_CLIENT_SECRET": CLIENT_SECRET,
        "ATTACHE_SLACK_TOKEN_KEY": key,
        "ATTACHE_SLACK_HTTP": f"127.0.0.1:{port}",
    }


@pytest.mark.filterwarnings("ignore:BasicAuth is deprecated:DeprecationWarning")  # slack-sdk's
async def test_two_workspaces_install_it_and_each_has_its_own_news(slack, tmp_path, unused_tcp_port):
    settle(slack)
    towns = ((FIRST, HERE), (SECOND, THERE))
    async with serve_wire() as wire, browsing(unused_tcp_port) as browser:
        more = several(unused_tcp_port) | {"ATTACHE_PRIVATE_HOSTS": wire.host}
        async with asyncio.timeout(180), bot(tmp_path, slack, **more) as process:
            await slack.connected(1)
            for (installation, channel), feed in zip(towns, wire.feeds.values(), strict=False):
                await browser.install(slack, again(installation))
                place = {"channel": channel, "team": installation.team}
                assert await told(slack, "/feeds", f"add {feed}", "Following", **place)
                assert await told(slack, "/schedule", "add every 1 hours", "every hour", **place)
                assert await told(slack, "/schedule", "now 1", "posted", **place)
                (post, *_) = await slack.posted(1, channel)
                assert "*Digest*" in str(post["blocks"])
                assert await told(slack, "/feeds", "list", feed, **place)
            posts = [call for call in slack.calls if call.method == "chat.postMessage"]
            assert {(call.token, call.arguments["channel"]) for call in posts} == {
                (installation.token, channel) for installation, channel in towns
            }
            first, second = (str(slack.channel(channel).messages) for _, channel in towns)
            ours, theirs = list(wire.feeds.values())[:2]
            listed = await told(slack, "/feeds", "list", theirs, channel=THERE, team=SECOND.team)
            assert ours not in str(listed.payload)
            assert first != second
            await slack.uninstall(FIRST.team)
            assert await told(slack, "/feeds", "list", theirs, channel=THERE, team=SECOND.team)
    assert process.returncode == 0
    assert "Traceback" not in process.told
    stored = b"".join(path.read_bytes() for path in tmp_path.glob("attache.db*"))
    assert b"xoxb-" not in stored
    assert "xoxb-" not in process.told
    async with bot(tmp_path, slack, **several(unused_tcp_port, KEY.replace("Q", "R"))) as process:
        assert await asyncio.wait_for(process.wait(), 60) == 1
    assert process.told.count("\n") == 1
    assert "ATTACHE_SLACK_TOKEN_KEY does not open what is stored" in process.told
