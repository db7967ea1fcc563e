"""Several processes on one app and one store: what comes to more than one of them is answered once."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from datetime import timedelta

import pytest

from bot.messages.message import Choice, Message, plain
from bot.platforms.slack.envelopes import KEPT, Shared
from bot.platforms.slack.listeners import schedules
from news.errors import StoreAway
from storage.engine import open_store
from tests.backends import BACKENDS, current_database
from tests.discord.conftest import FakeDesk
from tests.fakes import NOON, SetClock
from tests.slack.bots import connect, over_http
from tests.slack.fake import READER
from tests.slack.test_process import bot

MORE = Message(plain("Venn"), choices=(Choice("Older", "whosaid Venn page 2"),))


@pytest.fixture(params=BACKENDS)
async def store(request, tmp_path):
    async with current_database(request.param, tmp_path) as url, open_store(url) as store:
        yield store


@pytest.fixture
async def desks(slack, store):
    """Those of two processes that listen by Socket Mode."""
    desks = [FakeDesk(), FakeDesk()]
    async with AsyncExitStack() as stack:
        for desk in desks:
            desk.message = MORE
            handled = Shared(store, SetClock())
            await stack.enter_async_context(connect(slack, desk, handled=handled))
        yield desks


async def everywhere(slack, times: int = 2):
    """Brings what came last to every process, and waits until all acknowledged it."""
    envelope = slack.envelopes[-1]
    for socket in slack.listening:
        if socket.number not in envelope.sent_to:
            await socket.socket.send_json(envelope.frame())
    await slack.until(lambda: len(envelope.acks) == times)


def asked_of(desks) -> list[str]:
    return [command for desk in desks for _, _, command, _ in desk.asked]


async def test_a_command_a_press_and_an_event_are_answered_once(slack, desks):
    asked = await slack.command("/whosaid", "Venn")
    await everywhere(slack)
    shown = await asked.answer()
    pressed = await slack.press(shown, "Older")
    await everywhere(slack)
    await pressed.replaced()
    await slack.open_home(READER)
    await everywhere(slack)
    await slack.open_home(READER)  # what the others had to do is done by now
    assert sorted(asked_of(desks)) == sorted(["whosaid", "whosaid", *["schedule", "digest", "feeds"] * 2])


async def test_a_form_adds_one_schedule(slack, desks):
    form = await (await slack.command("/schedule")).view()
    await slack.submit(form)
    await everywhere(slack)
    assert asked_of(desks) == ["schedule"]


async def test_of_many_who_claim_one_id_one_gets_it_until_it_cannot_come_again(store):
    clock = SetClock()
    processes = [Shared(store, clock) for _ in range(5)]
    assert sum(await asyncio.gather(*(one.first("1.2") for one in processes))) == 1
    assert not any([await one.first("1.2") for one in processes])
    assert await processes[0].first("3.4")
    clock.forward(seconds=KEPT + 1)
    assert await Shared(store, clock).first("1.2")
    async with store.write() as uow:  # what was claimed before is forgotten
        assert await uow.handled.claim("slack:3.4", "x", now=NOON, until=NOON)


async def test_a_claim_whose_commit_was_lost_is_still_ours(store):
    async with store.write() as uow:
        claim = {"now": NOON, "until": NOON + timedelta(minutes=1)}
        assert await uow.handled.claim("slack:1.2", "a", **claim)
        assert await uow.handled.claim("slack:1.2", "a", **claim)
        assert not await uow.handled.claim("slack:1.2", "b", **claim)


@pytest.mark.parametrize("store", BACKENDS[:1], indirect=True)
async def test_over_http_a_retry_that_another_process_gets_is_answered_once(
    slack, store, unused_tcp_port_factory
):
    ports, desks = (unused_tcp_port_factory(), unused_tcp_port_factory()), (FakeDesk(), FakeDesk())
    async with AsyncExitStack() as stack:
        for port, desk in zip(ports, desks, strict=True):
            handled = Shared(store, SetClock())
            await stack.enter_async_context(over_http(slack, desk, port, handled=handled))
        await slack.open_home(READER)
        payload = slack.envelopes[-1].payload
        for number, port in enumerate(ports, start=1):
            headers = {"X-Slack-Retry-Num": str(number), "X-Slack-Retry-Reason": "http_timeout"}
            url = f"http://127.0.0.1:{port}/slack/events"
            assert (await slack.post_signed(url, "events_api", payload, headers=headers)).status == 200
    assert len(asked_of(desks)) == 3


class Held:
    """What is shared, and cannot be asked before `gate` is set."""

    def __init__(self):
        self.gate, self.asked = asyncio.Event(), asyncio.Event()
        self.failure = None

    async def first(self, id):  # noqa: A002
        self.asked.set()
        await self.gate.wait()
        if self.failure is not None:
            raise self.failure
        return True


async def test_what_came_is_acknowledged_before_it_is_claimed(slack, desk, monkeypatch):
    monkeypatch.setattr(schedules, "PROMPT", 0.01)
    held = Held()
    async with connect(slack, desk, handled=held):
        form = await _form(slack, held)
        held.gate.clear()
        asked = await slack.command("/digest")
        assert asked.ack
        assert await slack.submit(form)
        assert desk.asked == []
        held.gate.set()
        assert await asked.answer()


async def _form(slack, held):
    held.gate.set()
    return await (await slack.command("/schedule")).view()


async def test_a_store_that_is_away_is_said_so_to_who_asked(slack, desk):
    held = Held()
    held.failure = StoreAway("The database is away.")
    held.gate.set()
    async with connect(slack, desk, handled=held):
        answer = await (await slack.command("/digest")).answer()
    assert answer.private
    assert desk.asked == []


async def test_two_bots_on_one_database_answer_once(slack, tmp_path):
    async with asyncio.timeout(90), current_database("postgresql", tmp_path) as url:
        more = {"ATTACHE_DATABASE_URL": url}
        async with bot(tmp_path, slack, **more) as first, bot(tmp_path, slack, **more) as second:
            await slack.until(lambda: len(slack.listening) == 2, within=60)
            every = []
            for _ in range(3):
                every.append(await slack.command("/attache", "help whosaid"))
                await everywhere(slack)
                await every[-1].answer()
    assert (first.returncode, second.returncode) == (0, 0)
    assert (first.told + second.told).count("slack sent something again") == 3
    assert [sum("whosaid" in str(one.payload) for one in asked.answers) for asked in every] == [1, 1, 1]
