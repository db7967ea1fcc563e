"""A Slack in a process of its own, which takes a message a second in each channel: `python -m tests.evaluation.slack.server`.

It is served and steered as `tests.evaluation.platforms.serving` says.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections import Counter
from dataclasses import dataclass, field, replace

from aiohttp import web

from tests.evaluation.platforms.serving import Posted, account_of, all_asked, drawn, seed_given, serve
from tests.slack.fake import Channel, FakeSlack, Installation, Knobs, Trouble
from tests.slack.places import Refused
from tests.slack.web_api import Call

POST = "chat.postMessage"
TROUBLES = {
    "429": Trouble(POST, error="ratelimited", status=429, retry_after=1),
    "5xx": Trouble(POST, status=503, html=True),
    "dropped before": Trouble(POST, drop="before"),
    "dropped after": Trouble(POST, drop="after"),
}
"""What happens to a post, by name."""


@dataclass
class DicedKnobs(Knobs):
    """Trouble that comes by chance, besides what was set."""

    chance: random.Random = field(default_factory=random.Random)
    shares: dict[str, float] = field(default_factory=dict)
    """By the names of `TROUBLES`."""
    struck: Counter[str] = field(default_factory=Counter)

    def strike(self, method: str, channel: str) -> Trouble | None:
        if method == POST and (kind := drawn(self.chance, self.shares)):
            self.struck[kind] += 1
            return replace(TROUBLES[kind])
        return super().strike(method, channel)


class StrictSlack(FakeSlack):
    """Keeps account of what is posted, and fails as often as it is told to."""

    def __init__(self, seed: int) -> None:
        super().__init__()
        # A tenth of a second is forgiven, as Slack says `about`. How long a message may be is not measured here: what
        # costs too much would be refused and never posted.
        self.knobs = DicedKnobs(pace=1, burst=1.1, chance=random.Random(seed))
        self.posted: list[Posted] = []
        self.limited = 0
        """Messages that were too many in their channel."""

    def _post(self, call: Call, installation: Installation) -> dict:
        answer = super()._post(call, installation)
        key = call.arguments["metadata"]["event_payload"]["key"]
        self.posted.append((time.monotonic(), f"{answer['channel']} {key}"))
        return answer

    def _keep_pace(self, call: Call) -> None:
        try:
            super()._keep_pace(call)
        except Refused:
            self.limited += 1
            raise

    def control(self) -> list[web.RouteDef]:
        return [
            web.get("/control/stats", self._stats),
            web.post("/control/channels", self._make_channels),
            web.post("/control/faults", self._set_faults),
            web.post("/control/ask", self._ask_many),
        ]

    async def _stats(self, request: web.Request) -> web.Response:
        asked = Counter(call.method for call in self.calls)
        own = {"limited": self.limited, "faults": dict(self.knobs.struck), "asked": dict(asked)}
        return web.json_response(account_of(self.posted) | own)

    async def _make_channels(self, request: web.Request) -> web.Response:
        """So many more, with the bot in them; their ids."""
        made = [Channel(self.new_id("C"), "news") for _ in range(await request.json())]
        self.channels |= {channel.id: channel for channel in made}
        return web.json_response([channel.id for channel in made])

    async def _set_faults(self, request: web.Request) -> web.Response:
        self.knobs.shares = await request.json()
        return web.json_response({})

    async def _ask_many(self, request: web.Request) -> web.Response:
        """Commands, so many at one time: milliseconds to the acknowledgement, and to the answer that all see."""
        asked = await request.json()
        acknowledged: list[float] = []
        answered: list[float] = []

        async def ask(question: dict) -> None:
            text = f'"{question["actor"]}" about {question["about"]}'
            begun = time.perf_counter()
            one = await self.command("/whosaid", text, wait=False)
            ack = await one.acknowledged()
            assert ack is not None, "given up"
            acknowledged.append(1000 * ack.took)
            answer = await one.answer()
            answered.append(1000 * (time.perf_counter() - begun))
            assert not answer.private, answer

        await all_asked(asked["questions"], asked["at_once"], ask)
        return web.json_response({"acknowledged": acknowledged, "answered": answered})


if __name__ == "__main__":
    slack = StrictSlack(seed_given())
    asyncio.run(serve(slack, slack.control()))
