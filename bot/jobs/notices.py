"""Telling administrators of feeds: what has failed for a day, has ended, or is well again, each once.

Notices that are due together in one channel are one post, so that a failure of our own network is one message.
The post bears the key of its first notice, and each of its notices remembers that one (`Notice.post`): after a
crash all of them are looked for, and settled, by it. What was not posted is put together anew.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from bot.jobs.keeping import keep
from bot.jobs.posting import Post, is_due
from bot.messages.notices import notices_message
from news.channels import DeliveryState
from news.notices import NoticeKind

if TYPE_CHECKING:
    from bot.messages.message import Message
    from bot.ports import Clock
    from bot.repositories import Store, UnitOfWork
    from news.channels import Channel, Platform
    from news.errors import DeliveryError
    from news.notices import Notice


async def plan_notices(store: Store, clock: Clock) -> int:
    """Stores what is to be told now, and takes away what is no longer true; how many notices are new."""
    async with store.read() as uow:
        if not await uow.notices.is_due(clock.now()):
            return 0
    return await keep(store, lambda uow: uow.notices.plan(clock.now()), harmless_twice=True)


async def open_notices(store: Store, clock: Clock, platforms: Sequence[Platform]) -> Sequence[Post]:
    """What is to be posted now."""
    async with store.read() as uow:
        notices = await uow.notices.open(platforms)
    due = [notice for notice in notices if is_due(notice, clock.now())]
    return [_NoticesPost(store, clock, group) for group in _together(due)]


def _together(notices: Iterable[Notice]) -> tuple[tuple[Notice, ...], ...]:
    """What is one post: what was sent as one, and what is pending for one channel."""
    groups: dict[object, list[Notice]] = {}
    for notice in notices:
        post = notice.post if notice.state is DeliveryState.SENDING else None
        groups.setdefault((notice.workspace_id, notice.channel, notice.state, post), []).append(notice)
    return tuple(map(tuple, groups.values()))


@dataclass(frozen=True, slots=True)
class _NoticesPost:
    """Notices as one `bot.jobs.posting.Post`."""

    store: Store
    clock: Clock
    notices: tuple[Notice, ...]

    @property
    def channel(self) -> Channel:
        return self.notices[0].channel

    @property
    def key(self) -> str:
        return self.notices[0].key

    @property
    def group(self) -> object:
        return self.notices[0].workspace_id

    @property
    def kind(self) -> str:
        return "notice"

    @property
    def ids(self) -> Mapping[str, int]:
        return {"workspace": self.notices[0].workspace_id, "notice": self.notices[0].id}

    @property
    def since(self) -> datetime:
        return min(notice.made for notice in self.notices)

    @property
    def state(self) -> DeliveryState:
        return self.notices[0].state

    @property
    def touched(self) -> datetime:
        return self.notices[0].touched

    @property
    def attempts(self) -> int:
        """Of the one that was tried least: the others wait with it."""
        return min(notice.attempts for notice in self.notices)

    async def message(self) -> Message | None:
        return None

    async def claim(self) -> tuple[_NoticesPost, Message] | None:
        now = self.clock.now()

        async def claim(uow: UnitOfWork) -> tuple[tuple[Notice, ...], Message | None]:
            claimed = await uow.notices.claim(self.notices, now=now)
            some_fail = any(notice.kind is NoticeKind.FAILING for notice in claimed)
            all_failing = some_fail and await uow.notices.all_failing()
            return claimed, notices_message(claimed, all_failing=all_failing) if claimed else None

        claimed, message = await keep(self.store, claim)
        return (replace(self, notices=claimed), message) if message else None

    async def mark(
        self,
        state: DeliveryState,
        *,
        receipt: str | None = None,
        error: str | None = None,
        attempts: int | None = None,
    ) -> bool:
        now = self.clock.now()

        async def mark(uow: UnitOfWork) -> bool:
            return await uow.notices.mark(
                self.notices, state, now=now, receipt=receipt, error=error, attempts=attempts
            )

        return await keep(self.store, mark, harmless_twice=True)

    async def give_up(self, error: DeliveryError) -> None:
        """Digests and the list of feeds tell of what fails all the same."""
