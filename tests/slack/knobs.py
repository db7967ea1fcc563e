"""What can go wrong at a fake Slack, and how often."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field


@dataclass
class Trouble:
    """What happens to the next `times` requests of a method or in a channel; of any where these are empty.

    Methods are named as Slack names them; `response_url` and `upload` are the two addresses that are no methods.
    """

    method: str = ""
    channel: str = ""
    times: int = 1
    error: str = ""
    """Answered as `ok: false`."""
    status: int = 200
    retry_after: int | None = None
    html: bool = False
    drop: str = ""
    """`before` or `after` the request was taken in, instead of an answer."""
    delay: float = 0
    """Seconds until it is looked at."""
    gate: asyncio.Event | None = None
    """Must be set before it is looked at."""

    @property
    def answers(self) -> bool:
        """Whether the request is answered thus, and not taken in."""
        return bool(self.error) or self.html or self.status != 200

    def concerns(self, method: str, channel: str) -> bool:
        return self.times > 0 and self.method in ("", method) and self.channel in ("", channel)


@dataclass
class Knobs:
    """What goes wrong, and how often."""

    troubles: list[Trouble] = field(default_factory=list)
    pace: float = 0
    """Messages a second that a channel takes; 0 for any number."""
    burst: int = 3
    """Messages that a channel takes at once, under a pace."""
    scopes_shown: bool = True
    """Whether answers carry `x-oauth-scopes`."""
    history_page: int = 999
    """Messages that one page of a history holds at most."""
    hide_history: bool = False
    room_for_blocks: int = 13_400
    """What all blocks of a post may cost: their characters, and 125 a block."""
    acknowledge_within: float = 3
    """Seconds; an envelope that is not acknowledged by then goes once more to another socket."""
    repeat_envelopes: int = 0
    """How many of the next envelopes come twice."""
    withhold_pongs: bool = False
    most_sockets: int = 10
    response_url_uses: int = 5
    response_url_lasts: float = 30 * 60
    trigger_lasts: float = 3
    """Seconds for which a `trigger_id` opens a view."""

    def limit(self, times: int = 1, *, retry_after: int = 1, method: str = "", channel: str = "") -> None:
        """The next requests are too many."""
        trouble = Trouble(method, channel, times, "ratelimited", 429, retry_after)
        self.troubles.append(trouble)

    def break_down(self, times: int = 1, *, status: int = 503, method: str = "", channel: str = "") -> None:
        """The next requests find a server that is down, and says so in HTML."""
        self.troubles.append(Trouble(method, channel, times, status=status, html=True))

    def refuse(self, error: str, times: int = 1, *, method: str = "", channel: str = "") -> None:
        """The next requests are answered with `ok: false`."""
        self.troubles.append(Trouble(method, channel, times, error))

    def garble(self, times: int = 1, *, method: str = "", channel: str = "") -> None:
        """The next requests get a page of a proxy's, with status 200."""
        self.troubles.append(Trouble(method, channel, times, html=True))

    def drop(self, when: str, times: int = 1, *, method: str = "", channel: str = "") -> None:
        """The next answers do not arrive; the requests were taken in (`after`) or not (`before`)."""
        self.troubles.append(Trouble(method, channel, times, drop=when))

    def hold(self, times: int = 1, *, method: str = "", channel: str = "") -> asyncio.Event:
        """The next requests wait until what is returned is set."""
        gate = asyncio.Event()
        self.troubles.append(Trouble(method, channel, times, gate=gate))
        return gate

    def strike(self, method: str, channel: str) -> Trouble | None:
        """What happens to this request; counted."""
        for trouble in self.troubles:
            if trouble.concerns(method, channel):
                trouble.times -= 1
                return trouble
        return None
