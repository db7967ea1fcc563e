"""Sockets of the fake Slack come, go and break as Slack's do, and what is sent over them comes again."""

from __future__ import annotations

import aiohttp
import pytest

from tests.slack.fake import (
    APP_TOKEN,
    TOKEN,
)
from tests.slack.samples import refusal


async def test_a_socket_that_is_told_to_go_is_followed_by_another(slack, bolt, listen):
    @bolt.command("/digest")
    async def digest(ack):
        await ack(text="Here.")

    async with listen(bolt):
        await slack.disconnect("warning")
        await slack.connected(2)
        asked = await slack.command("/digest")
        assert asked.ack.by == 2
    assert slack.connections[:2] == [("opened", 1), ("let go", 1)]
    assert ("opened", 2) in slack.connections


async def test_a_socket_that_was_told_to_go_stays_open_and_its_last_acknowledgement_counts(slack, client):
    async def open_socket(session):
        opened = await client.apps_connections_open(app_token=APP_TOKEN)
        return await session.ws_connect(opened["url"])

    async with aiohttp.ClientSession() as session:
        old = await open_socket(session)
        hello = await old.receive_json()
        assert (hello["type"], hello["num_connections"]) == ("hello", 1)
        assert hello["debug_info"]["approximate_connection_time"] > 0
        asked = await slack.command("/digest", wait=False)
        envelope = await old.receive_json()
        await slack.disconnect("refresh_requested")
        assert (await old.receive_json())["reason"] == "refresh_requested"
        new = await open_socket(session)
        assert (await new.receive_json())["num_connections"] == 2
        await old.send_json({"envelope_id": envelope["envelope_id"]})
        assert (await asked.acknowledged()).by == 1
        later = await slack.command("/digest", wait=False)
        await new.send_json({"envelope_id": (await new.receive_json())["envelope_id"]})
        assert (await later.acknowledged()).by == 2
        assert not slack.sockets[0].socket.closed
        await slack.close_socket(1)
        assert (await old.receive()).type is aiohttp.WSMsgType.CLOSE
        await old.close()
        await new.close()


async def test_an_envelope_that_nobody_acknowledges_comes_once_more_and_elsewhere(slack, client):
    slack.knobs.acknowledge_within = 0.05
    async with aiohttp.ClientSession() as session:
        sockets = []
        for _ in range(2):
            opened = await client.apps_connections_open(app_token=APP_TOKEN)
            sockets.append(await session.ws_connect(opened["url"]))
            await sockets[-1].receive_json()
        asked = await slack.command("/digest")
        first, again = [await socket.receive_json() for socket in reversed(sockets)]
        assert asked.failed
        assert asked.ack is None
        assert (again["envelope_id"], again["retry_attempt"]) == (first["envelope_id"], 1)
        assert "retry_attempt" not in first
        assert asked.envelope.sent_to == [2, 1]
        for socket in sockets:
            await socket.close()


async def test_an_address_of_a_socket_is_good_once_and_for_the_right_token_only(slack, client):
    opened = await client.apps_connections_open(app_token=APP_TOKEN)
    async with aiohttp.ClientSession() as session:
        socket = await session.ws_connect(opened["url"])
        with pytest.raises(aiohttp.WSServerHandshakeError):
            await session.ws_connect(opened["url"])
        await socket.close()
    with refusal("not_allowed_token_type"):
        await client.apps_connections_open(app_token=TOKEN)


async def test_an_envelope_may_come_twice_and_bolt_handles_both(slack, bolt, listen):
    handled = []

    @bolt.command("/digest")
    async def digest(ack, command):
        await ack()
        handled.append(command["trigger_id"])

    slack.knobs.repeat_envelopes = 1
    async with listen(bolt):
        asked = await slack.command("/digest")
        await slack.until(lambda: len(asked.envelope.acks) == 2)
        await slack.command("/digest")
    assert len(handled) == 3
    assert len(set(handled)) == 2


async def test_a_broken_socket_is_followed_by_another(slack, bolt, listen):
    @bolt.command("/digest")
    async def digest(ack):
        await ack()

    async with listen(bolt, ping_interval=0.2):
        slack.abort()
        await slack.connected(2)
        assert (await slack.command("/digest")).ack


async def test_a_socket_without_pongs_is_given_up(slack, bolt, listen):
    slack.knobs.withhold_pongs = True
    async with listen(bolt, ping_interval=0.1):
        await slack.until(lambda: slack.sockets[0].pings)
        await slack.connected(2)
        slack.knobs.withhold_pongs = False


@pytest.mark.parametrize("reason", ["link_disabled", "too_many_websockets"])
async def test_some_partings_close_the_socket_at_once(slack, client, reason):
    opened = await client.apps_connections_open(app_token=APP_TOKEN)
    async with aiohttp.ClientSession() as session, session.ws_connect(opened["url"]) as socket:
        assert (await socket.receive_json())["type"] == "hello"
        await slack.disconnect(reason)
        assert (await socket.receive_json())["reason"] == reason
        assert (await socket.receive()).type is aiohttp.WSMsgType.CLOSE
        assert slack.listening == []


async def test_a_command_given_while_nobody_listens_fails_at_once_and_never_comes(slack, bolt, listen):
    came = []

    @bolt.command("/digest")
    async def digest(ack, command):
        came.append(command["text"])
        await ack()

    asked = await slack.command("/digest", "before")
    assert (asked.failed, asked.envelope.sent_to) == (True, [])
    async with listen(bolt):
        assert (await slack.command("/digest", "after")).ack.by == 1
    assert came == ["after"]


async def test_an_event_that_comes_while_nobody_listens_waits_for_a_socket(slack, bolt, listen):
    @bolt.event("app_home_opened")
    async def opened(ack):
        await ack()

    event = slack.deliver("events_api", {"event": {"type": "app_home_opened"}, "type": "event_callback"})
    assert event.sent_to == []
    async with listen(bolt):
        assert (await slack.acknowledged(event)).by == 1


async def test_a_malformed_envelope_harms_nothing(slack, bolt, listen):
    @bolt.command("/digest")
    async def digest(ack):
        await ack()

    async with listen(bolt):
        await slack.send_raw("no JSON")
        await slack.send_raw('{"type": "slash_commands", "envelope_id": "1"}')
        assert (await slack.command("/digest")).ack


async def test_a_connection_that_cannot_be_opened_is_tried_again(slack, bolt, listen):
    slack.knobs.refuse("internal_error", method="apps.connections.open")
    async with listen(bolt, ping_interval=0.3):
        assert len(slack.asked("apps.connections.open")) >= 2
        assert slack.listening


async def test_more_sockets_than_are_allowed_are_sent_away(slack, client):
    slack.knobs.most_sockets = 0
    opened = await client.apps_connections_open(app_token=APP_TOKEN)
    async with aiohttp.ClientSession() as session, session.ws_connect(opened["url"]) as socket:
        assert (await socket.receive_json())["type"] == "hello"
        assert (await socket.receive_json())["reason"] == "too_many_websockets"
        assert (await socket.receive()).type is aiohttp.WSMsgType.CLOSE
