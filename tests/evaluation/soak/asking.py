"""People at both platforms who ask all the time, and what became of each question."""

from __future__ import annotations

import asyncio
import json
import random
import time
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from bot.platforms.sentences import AWAY, BROKEN, CLOSING, UNKNOWN
from bot.platforms.slack.answering import PATIENCE_FOR_NEWS
from bot.platforms.slack.menus import menu
from bot.ports import Kind
from tests.discord.fake import Asked as OnDiscord
from tests.evaluation.soak.places import SoakDiscord, SoakSlack
from tests.evaluation.soak.press import Sites
from tests.slack.fake import DESK, Shown
from tests.slack.fake import Asked as OnSlack

MIX = {
    "whosaid": 6,
    "whosaid about": 4,
    "suggest": 5,
    "page": 3,
    "stance": 2,
    "stance on": 1,
    "actor": 2,
    "digest": 1,
}
"""What is asked, and how often."""
PATIENCE = 15.0
"""Seconds after which nobody waits any longer; the platforms themselves give up after three without an acknowledgement."""
PEOPLE = 400
TARGETS = ("negotiations now", "ending the war", "ceasefire before talks")
SOON = 2.0
"""Seconds within which the bot is to have a socket again; whatever is typed on Slack later than that counts as unanswered."""
FAILURES = {BROKEN: "broken", AWAY: "away", CLOSING: "closing", UNKNOWN: "unknown"}
REMEMBERED = 40
"""Answers whose pages may still be turned, on each platform."""


class Presence(StrEnum):
    """Whether there was a bot when something was asked."""

    THERE = "there"
    GAP = "in a gap"
    """Its connection was just closed by the platform; it comes back."""
    NOT_THERE = "no bot"
    """It had been killed, and the next one had not connected yet."""
    REFUSED = "refused"
    """Slack's last socket was just closed; what is typed fails there at once, and nobody hears of it."""


@dataclass(slots=True)
class Question:
    """One question, with the milliseconds until it was acknowledged and until its answer was there."""

    kind: str
    platform: str
    presence: Presence
    at: float
    """Seconds since the soak began."""
    life: int
    """The number of the bot that was there last."""
    acknowledged: float | None = None
    answered: float | None = None
    killed: bool = False
    """Whether the bot was killed before the answer was there."""
    wrong: str = ""
    """What an answer said that was none, or how asking itself failed."""

    @property
    def was_heard(self) -> bool:
        """Whether the platform had a bot to bring it to."""
        return self.presence in (Presence.THERE, Presence.GAP)


@dataclass(slots=True)
class Lives:
    """Which bot lives, as who asks sees it."""

    number: int = 0
    alive: bool = False
    births: dict[str, int] = field(default_factory=dict)
    """How many connections each platform had seen when it began."""


class Crowd:
    """Asks so many questions a second, at moments of chance, and keeps account of them."""

    def __init__(
        self, discord: SoakDiscord, slack: SoakSlack, sites: Sites, *, guilds: Sequence[int], seed: int
    ) -> None:
        self.lives = Lives()
        self.asked: list[Question] = []
        self._discord = discord
        self._slack = slack
        self._sites = sites
        self._guilds = guilds
        self._chance = random.Random(f"crowd-{seed}")
        self._begun = time.monotonic()
        self._alone = 0.0
        """When Slack was first seen without a socket; 0 while it has one."""
        self._to_turn: dict[str, deque[tuple[Any, int | str, int]]] = {
            "discord": deque(maxlen=REMEMBERED),
            "slack": deque(maxlen=REMEMBERED),
        }
        people = [f"U0PERSON{n:03d}" for n in range(PEOPLE)]
        slack.users |= dict.fromkeys(people, "person")
        self._people = people
        self._menus = slack.store(
            slack.channels[DESK],
            {"blocks": [{"type": "actions", "elements": [menu(kind, "Which one?") for kind in Kind]}]},
        )

    def born(self) -> None:
        """A bot is begun."""
        births = {"discord": self._discord.births, "slack": self._slack.births}
        self.lives = Lives(self.lives.number + 1, alive=True, births=births)
        self._alone = 0.0

    def died(self) -> None:
        """It was killed; what it had not answered it never will."""
        self.lives.alive = False

    @asynccontextmanager
    async def asking(self, a_second: float) -> AsyncIterator[None]:
        """While the body runs; what was asked by its end is waited for."""
        going: set[asyncio.Task[None]] = set()

        async def ask_on() -> None:
            due = time.monotonic()
            while True:
                due += self._chance.expovariate(a_second)
                await asyncio.sleep(max(0.0, due - time.monotonic()))
                task = asyncio.create_task(self._one())
                going.add(task)
                task.add_done_callback(going.discard)

        self._begun = time.monotonic()
        task = asyncio.create_task(ask_on())
        try:
            yield
        finally:
            task.cancel()
            if going:
                await asyncio.wait(going)

    async def _one(self) -> None:
        platform = self._chance.choice(("discord", "slack"))
        kind = self._chance.choices(list(MIX), MIX.values())[0]
        question = Question(
            kind, platform, self._presence(platform), time.monotonic() - self._begun, self.lives.number
        )
        self.asked.append(question)
        ask = self._ask_discord if platform == "discord" else self._ask_slack
        begun = time.perf_counter()
        try:
            await ask(question, begun)
        except TimeoutError:
            question.wrong = question.wrong or "no answer"
        except AssertionError as error:
            question.wrong = f"refused by the platform: {error}"[:200]
        dead = not self.lives.alive or self.lives.number != question.life
        question.killed = dead and question.was_heard

    def _presence(self, platform: str) -> Presence:
        place = self._discord if platform == "discord" else self._slack
        if not self.lives.alive or place.births <= self.lives.births[platform]:
            return Presence.NOT_THERE
        if not place.keeps_questions:
            now = time.monotonic()
            self._alone = self._alone or now
            return Presence.REFUSED if now - self._alone < SOON else Presence.GAP
        if platform == "slack":
            self._alone = 0.0
        return Presence.THERE if place.is_listening else Presence.GAP

    def _options(self, kind: str) -> tuple[str, dict[str, str]]:
        """A command, and what is asked with it: of what was published some time ago, mostly."""
        speakers, things = self._sites.speakers(), self._sites.things()
        at = self._chance.randrange(max(1, len(speakers) * 2 // 3))
        actor, thing = speakers[at], things[at]
        match kind:
            case "whosaid":
                return "whosaid", {"actor": actor}
            case "whosaid about":
                return "whosaid", {"about": self._chance.choice((thing, "crowns", "bridge", "refugees"))}
            case "stance":
                return "stance", {"actor": actor}
            case "stance on":
                return "stance", {"target": self._chance.choice(TARGETS)}
            case "actor":
                return "actor", {"name": actor}
            case _:
                return "digest", {}

    # Discord

    async def _ask_discord(self, question: Question, begun: float) -> None:
        guild, by = self._chance.choice(self._guilds), 1000 + self._chance.randrange(PEOPLE)
        asked = await self._put_discord(question, guild, by)
        await self._wait(question, begun, asked.acknowledged.wait, asked.answered.wait)
        shown = asked.answers[-1]
        question.wrong = _wrong(shown.payload)
        if not shown.private and {"Older", "Newer"} & shown.buttons.keys():
            self._to_turn["discord"].append((shown, guild, asked.by))

    async def _put_discord(self, question: Question, guild: int, by: int) -> OnDiscord:
        if question.kind == "suggest":
            typed = self._options("whosaid")[1]["actor"][:3]
            return await self._discord.ask("whosaid", {"actor": typed}, guild=guild, focused="actor", by=by)
        if question.kind == "page":
            if self._to_turn["discord"]:
                shown, guild, by = self._chance.choice(self._to_turn["discord"])
                label = self._chance.choice(sorted({"Older", "Newer"} & shown.buttons.keys()))
                return await self._discord.press(shown, label, user=by, asker=by, guild=guild)
            question.kind = "whosaid about"
        command, options = self._options(question.kind)
        return await self._discord.ask(command, options, guild=guild, by=by)

    # Slack

    async def _ask_slack(self, question: Question, begun: float) -> None:
        user = self._chance.choice(self._people)
        if question.kind == "suggest":
            await self._suggest(question, begun, user)
            return
        asked = await self._put_slack(question, user)

        async def acknowledged() -> None:
            assert asked.envelope is not None
            ack = await self._until(lambda: asked.envelope.acks or asked.envelope.given_up)
            if ack is True:
                if not asked.envelope.sent_to and question.presence is Presence.THERE:
                    question.presence = Presence.REFUSED  # the socket was closed while it was typed
                raise TimeoutError
            if asked.ack is not None and asked.ack.payload:
                self._slack._show_ack(asked, asked.ack.payload)

        def answers() -> list[Shown]:
            return [one for one in asked.answers if PATIENCE_FOR_NEWS not in one.text]

        async def answered() -> None:
            await self._until(lambda: answers() or asked.rewritten)

        await self._wait(question, begun, acknowledged, answered)
        payload = asked.rewritten[-1] if asked.rewritten else answers()[-1].payload
        question.wrong = _wrong(payload)
        if asked.answers and {"Older", "Newer"} & asked.answers[-1].buttons.keys():
            self._to_turn["slack"].append((asked.answers[-1], user, 0))

    async def _put_slack(self, question: Question, user: str) -> OnSlack:
        if question.kind == "page":
            if self._to_turn["slack"]:
                shown, by, _ = self._chance.choice(self._to_turn["slack"])
                labels = sorted({"Older", "Newer"} & shown.buttons.keys())
                if labels:
                    return await self._slack.press(
                        shown, self._chance.choice(labels), user=str(by), wait=False
                    )
            question.kind = "whosaid about"
        command, options = self._options(question.kind)
        words = {"actor": '"{}"', "name": '"{}"', "about": 'about "{}"', "target": 'on "{}"'}
        text = " ".join(words[name].format(value) for name, value in options.items())
        return await self._slack.command(f"/{command}", text, user=user, wait=False)

    async def _suggest(self, question: Question, begun: float, user: str) -> None:
        typed = self._options("whosaid")[1]["actor"][:3]
        async with asyncio.timeout(PATIENCE):
            await self._slack.suggest(self._menus, f"suggest:{Kind.ACTOR}", typed, user=user)
        question.acknowledged = question.answered = 1000 * (time.perf_counter() - begun)

    async def _until(self, come: Callable[[], Any]) -> Any:
        return await self._slack.until(come, within=PATIENCE)

    async def _wait(
        self,
        question: Question,
        begun: float,
        acknowledged: Callable[[], Awaitable[Any]],
        answered: Callable[[], Awaitable[Any]],
    ) -> None:
        """Notes both times; what answers at once acknowledges with it."""
        async with asyncio.timeout(PATIENCE):
            await acknowledged()
            question.acknowledged = 1000 * (time.perf_counter() - begun)
            await answered()
            question.answered = 1000 * (time.perf_counter() - begun)


def _wrong(payload: dict) -> str:
    """What it says instead of an answer; empty for an answer."""
    words = json.dumps(payload, ensure_ascii=False, default=lambda _: "a file")
    return next((name for sentence, name in FAILURES.items() if sentence in words), "")
