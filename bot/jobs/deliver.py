"""Delivering: due subscriptions get a digest, composed once and stored; each is posted once or accounted for.

The order makes a crash harmless. A slot is taken with the subscription's next time in one transaction
(`bot.jobs.claiming`), its digest is stored with it (`bot.jobs.composing`); how it is posted stands in
`bot.jobs.posting`, and how many are at one time in `bot.jobs.outbox`.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from bot.courtesy import Courtesy
from bot.jobs.breaker import Breaker
from bot.jobs.claiming import claim_due
from bot.jobs.composing import compose_claimed, compose_for
from bot.jobs.keeping import keep
from bot.jobs.notices import open_notices
from bot.jobs.outbox import Breakers, Outbox
from bot.jobs.posting import PAUSE, Delivered, Messengers, Post, is_due
from bot.jobs.together import Together
from bot.messages.digest import digest_message
from bot.messages.message import Message
from bot.ports import UNCOUNTED, Clock, Meter
from bot.repositories import Store, UnitOfWork
from news.channels import Channel, Delivery, DeliveryId, DeliveryState, Form, Platform, Subscription
from news.digests import Digest
from news.errors import ChannelLost, DeliveryError, NotFound

KEPT = 256
"""Messages that are kept in case that others are told the same."""
GLANCE = 1.0
"""Seconds after which what has become due meanwhile is looked for, while others are being posted."""


async def always() -> bool:
    """For who is the only one that posts."""
    return True


async def deliver(
    store: Store,
    clock: Clock,
    messengers: Messengers,
    breakers: Breakers | None = None,
    may_post: Callable[[], Awaitable[bool]] = always,
    meter: Meter = UNCOUNTED,
    courtesy: Courtesy | None = None,
) -> Delivered:
    """Takes what is due, composes and posts it, posts notices, and settles what was being posted when we stopped.

    Posting begins with the first digest, and what becomes due meanwhile comes in between. What is due on a platform
    that is down waits until it is back, as if we were away ourselves. `may_post` is asked again and again; what nobody
    has begun with is left as it is as soon as it says no.
    """
    posting, courtesy = Posting(store, clock), courtesy or Courtesy()
    breakers = {platform: breakers[platform] if breakers else Breaker() for platform in messengers}
    async with Outbox(messengers, clock, breakers, meter, courtesy.pause("posting")) as outbox:
        waiting = _Waiting(posting, outbox, breakers)
        while outbox.works and await may_post():
            await waiting.put()
            taken = await claim_due(store, clock, waiting.told())
            pause = courtesy.pause("composing")
            async for delivery in compose_claimed(store, clock, waiting.told, pause=pause):
                outbox.put(posting.post(delivery))
                await waiting.put()
                if not outbox.works or not await may_post():
                    break
            if await outbox.idle(within=GLANCE) and not taken:
                break
        else:
            outbox.clear()
    return outbox.delivered


class _Waiting:
    """What waits in the store to be posted: put into the outbox at first, again and again while others are posted, and
    when a platform has gone down or is back."""

    def __init__(self, posting: Posting, outbox: Outbox, breakers: Breakers) -> None:
        self._posting = posting
        self._outbox = outbox
        self._breakers = breakers
        self._asked: Mapping[Platform, bool] | None = None
        """The platforms that could be asked when it was put in last, and whether they were down: that is one try."""
        self._looked = datetime.min.replace(tzinfo=UTC)
        self._told: Sequence[Platform] = ()

    async def put(self) -> None:
        """Puts in what is to be posted, unless that was done just now; nothing for a platform that is left alone."""
        now = self._posting.clock.now()
        asked = {one: breaker.is_open for one, breaker in self._breakers.items() if not breaker.rests(now)}
        if asked == self._asked and abs(now - self._looked) < PAUSE:
            return
        self._asked, self._looked = asked, now
        posts = await self._open(tuple(asked))
        for post in posts:
            self._outbox.put(post)
        tried = {post.channel.platform for post in posts}
        self._told = [platform for platform, is_down in asked.items() if not is_down or platform not in tried]

    async def _open(self, platforms: Sequence[Platform]) -> Sequence[Post]:
        posting, inside = self._posting, [post.ids for post in self._outbox.posts]
        digests = await posting.open(
            platforms, beside={DeliveryId(ids["delivery"]) for ids in inside if "delivery" in ids}
        )
        return [*digests, *await open_notices(posting.store, posting.clock, platforms)]

    def told(self) -> Sequence[Platform]:
        """The platforms for which digests are composed: not those that are down, but where there is nothing else to
        find out by whether they are back."""
        now = self._posting.clock.now()
        return [platform for platform in self._told if not self._breakers[platform].rests(now)]


async def post_now(store: Store, clock: Clock, subscription: Subscription) -> bool:
    """Has what is new since the last digest posted with the next beat, whenever the next one is due; False where
    that was asked for at this very moment already. Raises NotFound where it was taken away meanwhile."""
    now = clock.now()
    async with store.write() as uow:
        await uow.articles.settle(now)
        await uow.commit()
    while True:
        try:
            return await _plan_now(store, now, subscription)
        except _Taken:
            return False
        except _Told:
            subscription = await _read_anew(store, subscription)


async def _read_anew(store: Store, subscription: Subscription) -> Subscription:
    async with store.read() as uow:
        for one in await uow.subscriptions.of(subscription.workspace_id):
            if one.id == subscription.id:
                return one
    raise NotFound("There is no such schedule any more: schedule list shows those that there are.")


async def _plan_now(store: Store, now: datetime, subscription: Subscription) -> bool:
    digest = await compose_for(store, now, subscription)

    async def plan(uow: UnitOfWork) -> bool:
        digest_id = await uow.deliveries.save_digest(subscription.workspace_id, digest, now=now)
        if await uow.deliveries.plan(subscription.id, now, digest_id, now=now) is None:
            raise _Taken
        told = await uow.subscriptions.cover(
            [subscription.id], digest.window.until, since=digest.window.since
        )
        if not told:
            raise _Told
        return True

    return await keep(store, plan, harmless_twice=True)


class _Taken(Exception):
    """The slot is somebody else's: nothing more is kept."""


class _Told(Exception):
    """The channel was told something meanwhile, or the schedule was taken away: nothing is kept."""


@dataclass(frozen=True, slots=True)
class _Mark:
    """What is to be said of a delivery."""

    delivery: Delivery
    state: DeliveryState
    now: datetime
    receipt: str | None = None
    error: str | None = None
    attempts: int | None = None


class Posting:
    """Makes posts of deliveries; what is to be noted of them at one time is noted in one transaction."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self.store = store
        self.clock = clock
        self.messages: dict[object, Message] = {}
        """By digest, the last few: many channels are told the same."""
        self.claim: Together[_Mark, Delivery | None] = Together(
            lambda marks: self._mark(marks, harmless_twice=False)
        )
        self.mark: Together[_Mark, Delivery | None] = Together(
            lambda marks: self._mark(marks, harmless_twice=True)
        )

    async def open(
        self, platforms: Sequence[Platform], *, beside: Collection[DeliveryId] = ()
    ) -> Sequence[DigestPost]:
        """What is to be posted now, but for those."""
        async with self.store.read() as uow:
            deliveries = await uow.deliveries.open(platforms, beside=beside)
        return [self.post(each) for each in deliveries if is_due(each, self.clock.now())]

    def post(self, delivery: Delivery) -> DigestPost:
        """The delivery as a post; its digest is read when it is posted, for thousands may wait."""
        return DigestPost(self, delivery)

    async def _mark(self, marks: Sequence[_Mark], *, harmless_twice: bool) -> list[Delivery | None]:
        async def mark(uow: UnitOfWork) -> list[Delivery | None]:
            return [await _marked(uow, each) for each in marks]

        return await keep(self.store, mark, harmless_twice=harmless_twice)


async def _marked(uow: UnitOfWork, mark: _Mark) -> Delivery | None:
    """None where somebody else has it in hand, and where its workspace was forgotten while it was on its way."""
    try:
        return await uow.deliveries.mark(
            mark.delivery,
            mark.state,
            now=mark.now,
            receipt=mark.receipt,
            error=mark.error,
            attempts=mark.attempts,
        )
    except NotFound:
        return None


@dataclass(frozen=True, slots=True)
class DigestPost:
    """A delivery as `bot.jobs.posting.Post`."""

    posting: Posting
    delivery: Delivery

    @property
    def channel(self) -> Channel:
        return self.delivery.channel

    @property
    def group(self) -> object:
        return self.delivery.workspace_id

    @property
    def key(self) -> str:
        return self.delivery.key

    @property
    def kind(self) -> str:
        return "digest"

    @property
    def ids(self) -> Mapping[str, int]:
        return {"workspace": self.delivery.workspace_id, "delivery": self.delivery.id}

    @property
    def since(self) -> datetime:
        return self.delivery.slot

    @property
    def state(self) -> DeliveryState:
        return self.delivery.state

    @property
    def touched(self) -> datetime:
        return self.delivery.touched

    @property
    def attempts(self) -> int:
        return self.delivery.attempts

    async def message(self) -> Message | None:
        if self.delivery.form is Form.MESSAGE:
            return None
        return await self._message()

    async def claim(self) -> tuple[DigestPost, Message] | None:
        if self.delivery.digest_id is None:
            return None  # nobody has composed it yet
        if self.state is DeliveryState.SENDING and not self.delivery.wanted:
            await self._leave()
            return None
        message = await self._message()
        claimed = await self.posting.claim(
            _Mark(
                self.delivery,
                DeliveryState.SENDING,
                self.posting.clock.now(),
                attempts=self.attempts + 1,
            )
        )
        return (replace(self, delivery=claimed), message) if claimed else None

    async def mark(
        self,
        state: DeliveryState,
        *,
        receipt: str | None = None,
        error: str | None = None,
        attempts: int | None = None,
    ) -> bool:
        now = self.posting.clock.now()
        marked = await self.posting.mark(_Mark(self.delivery, state, now, receipt, error, attempts))
        return marked is not None

    async def give_up(self, error: DeliveryError) -> None:
        """The next digest tells what this one held; where the channel is lost, none is composed until somebody
        mends that."""
        since, now = (await self._digest()).window.since, self.posting.clock.now()
        subscription_id = self.delivery.subscription_id

        async def give_up(uow: UnitOfWork) -> None:
            await uow.subscriptions.uncover(subscription_id, since)
            if isinstance(error, ChannelLost):
                await uow.subscriptions.stop(subscription_id, str(error), now=now)

        await keep(self.posting.store, give_up, harmless_twice=True)

    async def _leave(self) -> None:
        """It was being sent, is not there, and is not wanted any more."""
        error = DeliveryError("The schedule was paused or taken away before it was posted.")
        await self.give_up(error)
        await self.mark(DeliveryState.FAILED, error=str(error))

    async def _message(self) -> Message:
        alike = (self.delivery.digest_id, self.delivery.skipped, self.delivery.form)
        message = self.posting.messages.get(alike)
        if message is None:
            digest = await self._digest()
            message = digest_message(digest, skipped=self.delivery.skipped)
            message = replace(message, threaded=self.delivery.form is Form.THREAD)
            self.posting.messages[alike] = message
            if len(self.posting.messages) > KEPT:
                del self.posting.messages[next(iter(self.posting.messages))]
        return message

    async def _digest(self) -> Digest:
        assert self.delivery.digest_id is not None
        async with self.posting.store.read() as uow:
            return await uow.deliveries.digest(self.delivery.digest_id)
