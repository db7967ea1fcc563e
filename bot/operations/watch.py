"""The watch: counts what a process does, and knows whether all is well with it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import structlog

from bot.operations.measured import MeasuredDesk, MeasuredMessenger, MeasuredReader, MeasuredSummarizer
from bot.operations.metrics import CONTENT_TYPE, Metrics
from bot.operations.readiness import PATIENCE, as_json, of_database, of_heartbeat, of_platform
from bot.operations.watching import Unwatched
from news.errors import AttacheError

if TYPE_CHECKING:
    from bot.operations.doctor import Soundness
    from bot.operations.watching import Beats, Noting
    from bot.ports import Clock, Desk, FeedReader, Messenger, Summarizer
    from news.channels import Platform
    from news.soundness import Life

log = structlog.get_logger(__name__)

LAG_EVERY = 0.5
"""Seconds between two looks at how late the event loop is."""
KEPT = 5.0
"""Seconds for which what the store told is told again: whoever asks often must not be a burden to it."""


@dataclass(slots=True)
class _Place:
    """How a platform stands."""

    connected: bool | None = None
    """None while the first try is under way."""
    reason: str = ""


class Watch(Unwatched):
    """Somebody looks: counts, and knows whether all is well."""

    def __init__(
        self, metrics: Metrics, soundness: Callable[[], Soundness], clock: Clock, every: float
    ) -> None:
        """`every` is how many seconds lie between two beats."""
        self.meter = self._metrics = metrics
        self._soundness = soundness
        self._clock = clock
        self._every = every
        self._beat: float | None = None
        self._places: dict[str, _Place] = {}
        self._life: Life | None = None
        self._asked = float("-inf")
        self._turn = asyncio.Lock()

    def reader(self, reader: FeedReader) -> FeedReader:
        return MeasuredReader(reader, self.meter)

    def summarizer(self, summarizer: Summarizer) -> Summarizer:
        return MeasuredSummarizer(summarizer, self.meter)

    def desk(self, desk: Desk) -> Desk:
        return MeasuredDesk(desk, self.meter)

    def messengers(self, messengers: Mapping[Platform, Messenger]) -> Mapping[Platform, Messenger]:
        return {platform: MeasuredMessenger(one, self.meter) for platform, one in messengers.items()}

    def noting(self, platform: Platform, noting: Noting) -> Noting:
        place = self._places[platform.value] = _Place()
        self._metrics.connected(platform.value, there=False)
        return _Noted(noting, platform.value, place, self._metrics)

    def beats(self, beats: Beats) -> Beats:
        async def pulse() -> None:
            self._beat = time.monotonic()

        return {**beats, "pulse": pulse}

    async def ready(self) -> dict[str, object]:
        """Whether this process does its work, and how each thing is that it needs."""
        async with self._turn:  # many who ask at one time are one to the database
            database = await of_database(self._soundness)
        heart = of_heartbeat(self._beat, time.monotonic(), self._every)
        places = [of_platform(name, each.connected, each.reason) for name, each in self._places.items()]
        return as_json((database, heart, *places))

    async def render(self) -> tuple[bytes, str]:
        """The metrics as text, and of what kind that is."""
        async with self._turn:
            if time.monotonic() - self._asked > KEPT:
                self._life = await self._ask()
                self._asked = time.monotonic()
        return self._metrics.render(self._life, self._clock.now()), CONTENT_TYPE

    async def _ask(self) -> Life | None:
        try:
            async with asyncio.timeout(PATIENCE):
                return await self._soundness().life(self._clock.now())
        except (AttacheError, TimeoutError) as error:
            log.info("the store does not tell how it fares", error=str(error) or "it took too long")
            return None

    async def look_at_the_loop(self) -> None:
        """Notes again and again how late the event loop is, until it is cancelled."""
        loop = asyncio.get_running_loop()
        while True:
            due = loop.time() + LAG_EVERY
            await asyncio.sleep(LAG_EVERY)
            self._metrics.lagged(max(loop.time() - due, 0.0))


class _Noted:
    """Passes on whether a platform is there, and remembers it."""

    def __init__(self, noting: Noting, name: str, place: _Place, metrics: Metrics) -> None:
        self._noting = noting
        self._name = name
        self._place = place
        self._metrics = metrics

    async def away(self, reason: str) -> None:
        self._place.connected, self._place.reason = False, reason
        self._metrics.connected(self._name, there=False)
        await self._noting.away(reason)

    async def there(self) -> None:
        self._place.connected = True
        self._metrics.connected(self._name, there=True)
        await self._noting.there()
