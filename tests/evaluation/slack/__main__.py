"""Measures Slack: `python -m tests.evaluation.slack [--only PART…] [--channels N] [--kills N]`.

Parts: `ask` (`/whosaid`, twenty at once, idle and while posting), `post` (channels due in one second, under the pace that
Slack allows in a channel; then with three digests for each; then with faults), `kill` (the same, killed again and again,
with faults), `memory` (an idle bot on Discord and Slack, and on Slack alone). Prints one JSON line.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import time
from contextlib import suppress
from pathlib import Path

from bot.demo.command import MORNING, DemoClock
from bot.jobs.breaker import Breaker
from bot.jobs.deliver import deliver
from bot.logs import set_up_logs
from bot.wiring import open_app, open_slack
from tests.discord.fake import TOKEN as DISCORD_TOKEN
from tests.evaluation.crashes.clock import FastClock
from tests.evaluation.discord.world import discord_beside
from tests.evaluation.platforms import asking
from tests.evaluation.platforms.measures import Found, lag, leave_out_what_stays, measure, resident, spread
from tests.evaluation.platforms.posting import SPEED, kill_again_and_again, post_on, settled, states
from tests.evaluation.platforms.world import Server, read_wire
from tests.evaluation.slack.world import SLACK, add_channels, settings_at, slack_beside
from tests.slack.fake import APP_TOKEN, TOKEN

FAULTS = {"dropped before": 0.02, "dropped after": 0.02, "429": 0.02, "5xx": 0.02}
"""What share of posts fares how."""
EACH = 3
"""Digests for one channel at one time, where its pace is what is measured."""


async def ask(url: str, server: Server, archive: Path, questions: int) -> Found:
    """`/whosaid`, of the store of `tests.evaluation.store`, filled at a scale of 0.02."""
    await asking.copy_archive(archive, url)
    await add_channels(url, server, 1000, due=MORNING, each=EACH)
    found: Found = {"at_once": 20, "questions": questions}
    given, whole = settings_at(url, server.url), asking.questions_of(questions)
    async with open_app(given, clock=DemoClock(MORNING)) as app, open_slack(app) as messenger:

        async def told(questions: list[dict[str, str]], at_once: int = 20) -> Found:
            took = await server.tell("ask", {"at_once": at_once, "questions": questions})
            return {name: spread(values) for name, values in took.items()}

        await told(whole[:100])
        leave_out_what_stays()
        found["idle"] = await told(whole)
        found["one_at_a_time"] = await told(whole[:200], 1)
        posting = asyncio.create_task(deliver(app.store, app.clock, {SLACK: messenger}, {SLACK: Breaker()}))
        await asyncio.sleep(1)
        found["while_posting"] = await told(whole)
        found["posting_went_on"] = not posting.done()
        posting.cancel()
        with suppress(asyncio.CancelledError):
            await posting
    return found


async def post(url: str, server: Server, channels: int, each: int = 1) -> Found:
    """So many channels with so many digests each that are due in one second."""
    now = await read_wire(url)
    await add_channels(url, server, channels, due=now, each=each)
    given, clock = settings_at(url, server.url), DemoClock(now)
    async with open_app(given, clock=clock) as app, open_slack(app) as messenger, lag() as late:
        leave_out_what_stays()
        before = (await server.stats())["now"]
        begun = time.process_time()
        delivered = await deliver(app.store, app.clock, {SLACK: messenger}, {SLACK: Breaker()})
        cpu = time.process_time() - begun
    stats = await server.stats()
    return {
        "channels": channels,
        "due": channels * each,
        "seconds": round(stats["last"] - before, 2),
        "allowed_seconds": each - 1,
        "first_after": round(stats["first"] - before, 2),
        "sent": delivered.sent,
        **_account(stats, channels * each),
        "cpu_seconds": round(cpu, 1),
        "loop_late_ms": spread(late),
    }


async def post_with_faults(url: str, server: Server, channels: int) -> Found:
    """As `post`, with lost answers, refusals and failures, until nothing is on its way."""
    now = await read_wire(url)
    await add_channels(url, server, channels, due=now)
    await server.tell("faults", FAULTS)
    clock = FastClock(now, time.monotonic(), SPEED)
    begun = time.monotonic()
    posting = asyncio.create_task(post_on(settings_at(url, server.url), open_slack, clock, told=False))
    await settled(url)
    seconds = time.monotonic() - begun
    posting.cancel()
    with suppress(asyncio.CancelledError):
        await posting
    stats = await server.stats()
    found = {"channels": channels, "seconds": round(seconds, 1), **_account(stats, channels)}
    return {**found, "faults": stats["faults"], "states": await states(url)}


async def kill(url: str, server: Server, channels: int, kills: int, seed: int) -> Found:
    """As `post_with_faults`, killed at random moments."""
    now = await read_wire(url)
    await add_channels(url, server, channels, due=now)
    await server.tell("faults", FAULTS)
    clock = FastClock(now, time.monotonic(), SPEED)
    module = "tests.evaluation.slack.bot"
    found = await kill_again_and_again(url, module, url, server.url, str(clock), kills=kills, seed=seed)
    stats = await server.stats()
    looked = {"looked_for": stats["asked"].get("conversations.history", 0)}
    found |= {"channels": channels, **_account(stats, channels), "faults": stats["faults"], **looked}
    return {**found, "states": await states(url)}


def _account(stats: dict, due: int) -> Found:
    """What is lost, what is there twice, and what came faster than Slack allows."""
    return {
        "posted": stats["posted"],
        "lost": due - len(stats["keys"]),
        "twice": stats["twice"],
        "too_many_in_a_channel": stats["limited"],
    }


async def memory(url: str, server: Server) -> Found:
    """`attache run` before the first article is read: on Slack, and on Discord and Slack."""
    alone = {
        "ATTACHE_DATABASE_URL": url,
        "ATTACHE_SLACK_BOT_TOKEN": TOKEN,
        "ATTACHE_SLACK_APP_TOKEN": APP_TOKEN,
        "ATTACHE_SLACK_API_URL": f"{server.url}/api/",
    }
    async with discord_beside() as discord:
        both = alone | {
            "ATTACHE_DISCORD_TOKEN": DISCORD_TOKEN,
            "ATTACHE_DISCORD_API_URL": f"{discord.url}/api/v10",
            "ATTACHE_DISCORD_GATEWAY_URL": f"{discord.url.replace('http', 'ws')}/gateway",
        }
        return {"discord_and_slack": await resident(both), "slack": await resident(alone)}


def main() -> None:
    """Prints one JSON line."""
    parser = argparse.ArgumentParser(description=__doc__, prog="python -m tests.evaluation.slack")
    parser.add_argument("--only", nargs="*", default=[])
    parser.add_argument("--channels", type=int, default=500)
    parser.add_argument("--kills", type=int, default=30)
    parser.add_argument("--seed", type=int, default=1)
    asking.add_options(parser)
    options = parser.parse_args()
    parts = {
        "ask": lambda url, server: ask(url, server, options.archive, options.questions),
        "post": lambda url, server: post(url, server, options.channels),
        "post_three_each": lambda url, server: post(url, server, options.channels, EACH),
        "post_with_faults": lambda url, server: post_with_faults(url, server, options.channels),
        "kill": lambda url, server: kill(url, server, options.channels, options.kills, options.seed),
        "memory": memory,
    }
    set_up_logs("error", "console")
    print(json.dumps(asyncio.run(measure(parts, slack_beside, only=options.only))))


if __name__ == "__main__":
    main()
