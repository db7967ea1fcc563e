"""The bot logs in, stays connected through what goes wrong, and closes in order."""

from __future__ import annotations

import asyncio

import pytest
from discord.gateway import DiscordWebSocket
from discord.http import Route

from bot.platforms.discord.client import connected
from news.errors import DeliveryError, InputError
from tests.discord.fake import TOKEN


@pytest.mark.parametrize("token", ["wrong", "", "two words", "línea", "line\nbreak"])
async def test_a_refused_token_is_one_clear_error(connect, token):
    with pytest.raises(DeliveryError, match=r"^Discord refused the token: set ATTACHE_DISCORD_TOKEN .*\.$"):
        async with connect(token):
            pytest.fail("connected")


async def test_a_discord_that_is_not_there_is_one_clear_error(desk, unused_tcp_port):
    with pytest.raises(DeliveryError, match="cannot be reached"):
        async with connected(desk, TOKEN, api_url=f"http://127.0.0.1:{unused_tcp_port}/api/v10"):
            pytest.fail("connected")


async def test_something_that_is_no_discord_is_one_clear_error(fake, connect):
    fake.knobs.garble_log_in = True
    with pytest.raises(DeliveryError, match="is not Discord: check ATTACHE_DISCORD_API_URL"):
        async with connect():
            pytest.fail("connected")


@pytest.mark.parametrize(
    ("options", "name"),
    [
        ({"api_url": "discord.example"}, "ATTACHE_DISCORD_API_URL"),
        ({"api_url": "http://[::1"}, "ATTACHE_DISCORD_API_URL"),
        ({"gateway_url": "http://127.0.0.1"}, "ATTACHE_DISCORD_GATEWAY_URL"),
        ({"gateway_url": "ws://127.0.0.1:nine"}, "ATTACHE_DISCORD_GATEWAY_URL"),
    ],
)
async def test_an_address_that_is_none_is_named(desk, options, name):
    with pytest.raises(InputError, match=f"^{name} cannot be used"):
        async with connected(desk, TOKEN, **options):
            pytest.fail("connected")


async def test_addresses_are_as_before_afterwards(connect):
    api, gateway = Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY
    async with connect():
        assert api != Route.BASE
    assert (api, gateway) == (Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY)


@pytest.mark.usefixtures("messenger")
async def test_no_intent_is_asked_for(fake):
    async with asyncio.timeout(10):
        await fake.identified.wait()
    assert [identity["intents"] for identity in fake.identities] == [0]


async def test_refused_commands_do_not_stop_the_bot(fake, connect):
    fake.knobs.refuse_commands = 403
    async with connect():
        assert (await (await fake.ask("digest")).answer()).embeds


@pytest.mark.usefixtures("messenger")
@pytest.mark.parametrize("code", [1000, 4000])
async def test_a_closed_gateway_is_connected_again(fake, code):
    async with asyncio.timeout(10):
        await fake.identified.wait()
        fake.identified.clear()
        await fake.hang_up(code)
        await fake.identified.wait()
    assert (await (await fake.ask("digest")).answer()).embeds


@pytest.mark.usefixtures("messenger")
async def test_a_malformed_event_costs_a_connection_and_no_more(fake):
    await fake.dispatch("INTERACTION_CREATE", {"id": "1"})
    fake.identified.clear()
    assert (await (await fake.ask("digest")).answer()).embeds
    assert fake.connections == 2


async def test_a_token_that_is_revoked_later_ends_the_body(fake, connect):
    with pytest.raises(DeliveryError, match=r"ended the connection \(code 4004\)"):
        await _revoked_while_connected(fake, connect)


async def _revoked_while_connected(fake, connect):
    async with asyncio.timeout(10), connect():
        await fake.identified.wait()
        await fake.hang_up(4004)
        await asyncio.Event().wait()


async def test_the_bodys_own_failure_comes_out_as_it_is(connect):
    with pytest.raises(ZeroDivisionError):
        async with connect():
            raise ZeroDivisionError


async def test_closing_waits_for_answers_and_takes_no_more(fake, desk, connect):
    desk.gate = asyncio.Event()
    async with asyncio.timeout(10):
        async with connect():
            first = await fake.ask("digest")
            await first.acknowledged.wait()
            closing = asyncio.create_task(_late(fake, desk))
        second = await closing
    assert (await first.answer()).embeds
    answer = await second.answer()
    assert answer.private
    assert "restarted" in answer.payload["content"]


async def _late(fake, desk):
    """Asks once closing has begun, then lets the first answer go on."""
    second = await fake.ask("digest")
    await second.answer()
    desk.gate.set()
    return second


async def test_closing_waits_no_longer_than_told(fake, desk, connect):
    desk.gate = asyncio.Event()
    async with asyncio.timeout(10):
        async with connect(patience=0.01):
            asked = await fake.ask("digest")
            await asked.acknowledged.wait()
    assert not asked.answers
