"""The bot logs in, stays connected through what goes wrong, and closes in order."""

from __future__ import annotations

import asyncio

import pytest
from discord.gateway import DiscordWebSocket
from discord.http import Route

from bot.messages.message import Message, Paragraph, plain
from bot.platforms.connecting import connecting
from bot.platforms.discord.client import connected
from news.channels import Channel, Platform
from news.errors import DeliveryError, InputError
from tests.discord.fake import TOKEN
from tests.fakes import Noted


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


@pytest.mark.usefixtures("messenger")
async def test_a_command_given_while_nobody_listened_is_answered(fake):
    async with asyncio.timeout(10):
        await fake.identified.wait()
        fake.identified.clear()
        await fake.hang_up(4000)
        fake.identified.set()  # it is kept in the session until that is resumed
        asked = await fake.ask("digest")
        assert (await asked.answer()).embeds
    assert (fake.resumed, len(fake.sessions)) == (1, 1)


@pytest.mark.usefixtures("messenger")
@pytest.mark.parametrize(
    ("op", "data", "sessions"),
    [(7, None, 1), (9, True, 1), (9, False, 2)],
)
async def test_a_session_is_resumed_or_begun_anew_as_discord_wants_it(fake, op, data, sessions):
    async with asyncio.timeout(10):
        await fake.identified.wait()
        fake.identified.clear()
        await fake.tell_gateway(op, data)
        await fake.identified.wait()
        assert (await (await fake.ask("digest")).answer()).embeds
    assert (fake.connections, len(fake.sessions), fake.resumed) == (2, sessions, 2 - sessions)


@pytest.mark.usefixtures("messenger")
async def test_a_session_that_discord_forgot_is_begun_anew(fake):
    fake.knobs.forget_sessions = 1
    async with asyncio.timeout(10):
        await fake.identified.wait()
        fake.identified.clear()
        await fake.hang_up(4000)
        await fake.identified.wait()
        assert (await (await fake.ask("digest")).answer()).embeds
    assert (len(fake.sessions), fake.resumed) == (2, 0)


@pytest.mark.usefixtures("messenger")
async def test_a_connection_that_breaks_off_is_made_again(fake):
    async with asyncio.timeout(20):
        await fake.identified.wait()
        fake.identified.clear()
        await fake.abort()
        await fake.identified.wait()
        assert (await (await fake.ask("digest")).answer()).embeds


async def test_a_connection_on_which_nothing_is_acknowledged_is_given_up(fake, connect):
    fake.knobs.withhold_acks, fake.knobs.heartbeat_ms = True, 50
    async with asyncio.timeout(20), connect(deaf_after=0.2):
        await fake.identified.wait()
        fake.identified.clear()
        await fake.identified.wait()
        fake.knobs.withhold_acks = False
        assert (await (await fake.ask("digest")).answer()).embeds
    assert fake.resumed >= 1


@pytest.mark.usefixtures("messenger")
async def test_a_command_that_another_process_took_is_not_worked_on(fake, desk):
    fake.knobs.acknowledge_twice = 1
    lost = await fake.ask("feeds export")
    assert (await (await fake.ask("digest")).answer()).embeds
    assert [command for _, _, command, _ in desk.asked] == ["digest"]
    assert not lost.answers


async def test_this_process_runs_as_many_shards_as_discord_recommends(fake, desk, connect):
    fake.knobs.shards = 2
    async with connect():
        await fake.have_identified(2)
        far = 1 << 22  # a guild of the second shard
        assert (await (await fake.ask("digest")).answer()).embeds
        assert (await (await fake.ask("digest", guild=far)).answer()).embeds
    assert [identity["shard"] for identity in fake.identities] == [[0, 2], [1, 2]]
    assert [guild for guild, *_ in desk.asked] == ["42", str(far)]


async def test_it_is_told_on_how_many_shards_commands_are_heard(fake, connect):
    fake.knobs.shards = 2
    told = asyncio.Queue()
    async with asyncio.timeout(20):
        async with connect(heard_on=told.put_nowait):
            assert [await told.get() for _ in range(2)] == [1, 2]
            await fake.hang_up(4000)
            assert [await told.get() for _ in range(2)] == [1, 2]
        last = await told.get()
        while not told.empty():
            last = told.get_nowait()
    assert last == 0


async def test_this_process_runs_the_shards_that_it_is_told(fake, connect):
    async with connect(shard_count=4, shard_ids=(1, 3)):
        await fake.have_identified(2)
    assert [identity["shard"] for identity in fake.identities] == [[1, 4], [3, 4]]


@pytest.mark.usefixtures("messenger")
async def test_posts_go_on_while_a_connection_is_made_anew(fake, messenger):
    await fake.dispatch("INTERACTION_CREATE", {"id": "1"})
    post = Message(plain("Digest"), (Paragraph(plain("Nothing new.")),))
    receipts = [
        await messenger.send(Channel(Platform.DISCORD, "9"), post, key=f"attache-{n}") for n in range(5)
    ]
    assert [message["id"] for message in fake.messages[9]] == receipts


async def test_wrong_shards_are_named(fake, connect):
    with pytest.raises(DeliveryError, match=r"code 4010\): check ATTACHE_DISCORD_SHARDS"):
        await _closed_with(fake, connect, 4010)


async def test_a_token_that_is_revoked_later_ends_the_body(fake, connect):
    with pytest.raises(DeliveryError, match=r"ended the connection \(code 4004\)"):
        await _closed_with(fake, connect, 4004)


async def test_beside_another_platform_a_token_that_is_revoked_is_waited_out(fake, connect):
    noting, again = Noted(), asyncio.Event()
    both = {Platform.SLACK, Platform.DISCORD}
    staying = connecting(Platform.DISCORD, connect, noting, welcome=both, sleep=lambda _: again.wait())
    async with asyncio.timeout(20), staying as messenger:
        assert await noting.next() == "there"
        await fake.identified.wait()
        await fake.hang_up(4004)
        assert "code 4004" in await noting.next()
        again.set()
        assert await noting.next() == "there"
        await fake.have_identified(2)
        assert (await (await fake.ask("digest")).answer()).embeds
        post = Message(plain("Digest"), (Paragraph(plain("Nothing new.")),))
        assert await messenger.send(Channel(Platform.DISCORD, "9"), post, key="attache-1")


async def _closed_with(fake, connect, code):
    async with asyncio.timeout(10), connect():
        await fake.identified.wait()
        await fake.hang_up(code)
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


@pytest.mark.parametrize("command", ["digest", "feeds list"])
async def test_closing_waits_no_longer_than_told_and_says_so(fake, desk, connect, command):
    desk.gate, desk.needs_to_end = asyncio.Event(), 0.3
    async with asyncio.timeout(10):
        async with connect(patience=0.01):
            asked = await fake.ask(command)
            if command == "feeds list":
                await asked.acknowledged.wait()
            else:
                await desk.begun.wait()
    answer = await asked.answer()
    assert answer.private
    assert "restarted" in answer.payload["content"]
    assert desk.ended == [command.split()[0]]


@pytest.mark.usefixtures("messenger")
async def test_a_server_that_removes_the_bot_has_nothing_erased(fake, desk):
    """By accident, perhaps: its schedules pause when a post is refused. We hear nothing of it anyway without intents."""
    await fake.dispatch("GUILD_DELETE", {"id": "42"})
    assert (await (await fake.ask("digest")).answer()).embeds
    assert [command for *_, command, _ in desk.asked] == ["digest"]
