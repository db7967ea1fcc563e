"""The bot shows its tokens, stays connected through what goes wrong, and closes in order."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager

import aiohttp
import pytest
import structlog.testing

from bot.messages.message import Choice, Message, Paragraph, plain
from bot.platforms.connecting import connecting
from bot.platforms.sentences import CLOSING
from bot.platforms.slack.app import connected
from bot.platforms.slack.envelopes import KEPT, Recently, id_of
from bot.platforms.slack.retrying import make_client
from bot.platforms.slack.sockets import Sockets
from bot.ports import Suggestion
from news.channels import Channel, Platform
from news.errors import DeliveryError, InputError
from tests.fakes import Noted
from tests.slack.bots import connect, words, works
from tests.slack.fake import (
    APP_TOKEN,
    NEWS,
    TOKEN,
)

POST = Message(plain("Digest"), (Paragraph(plain("Nothing new.")),))


@pytest.mark.parametrize("token", ["xoxb-wrong", "two words", "xoxb-línea", "xoxb-line\nbreak"])
async def test_a_refused_bot_token_is_one_clear_error(slack, desk, token):
    told = r"^Slack refused the bot's token: set ATTACHE_SLACK_BOT_TOKEN"
    with pytest.raises(DeliveryError, match=told) as refused:
        async with connected(desk, bot_token=token, app_token=APP_TOKEN, api_url=slack.api_url):
            pytest.fail("connected")
    assert refused.value.permanent
    assert token not in str(refused.value)
    assert len(slack.asked("auth.test")) == (token == "xoxb-wrong")


@pytest.mark.parametrize("token", ["xapp-wrong", TOKEN, "two words"])
async def test_a_refused_app_token_is_one_clear_error(slack, desk, token):
    told = r"^Slack refused the app's token: set ATTACHE_SLACK_APP_TOKEN"
    with pytest.raises(DeliveryError, match=told) as refused:
        async with connected(desk, bot_token=TOKEN, app_token=token, api_url=slack.api_url):
            pytest.fail("connected")
    assert refused.value.permanent
    assert token not in str(refused.value)


async def test_a_slack_that_is_not_there_is_one_clear_error(desk, unused_tcp_port):
    api_url = f"http://127.0.0.1:{unused_tcp_port}/api/"
    with pytest.raises(DeliveryError, match="cannot be reached"):
        async with connected(desk, bot_token=TOKEN, app_token=APP_TOKEN, api_url=api_url):
            pytest.fail("connected")


async def test_a_workspace_that_is_being_moved_refuses_no_token_for_good(slack, desk):
    slack.knobs.refuse("org_login_required", method="auth.test")
    with pytest.raises(DeliveryError, match=r"org_login_required: try later") as refused:
        async with connect(slack, desk):
            pytest.fail("connected")
    assert not refused.value.permanent


async def test_something_that_is_no_slack_is_one_clear_error(slack, desk):
    slack.knobs.garble(method="auth.test")
    with pytest.raises(DeliveryError, match="is not Slack: check ATTACHE_SLACK_API_URL"):
        async with connect(slack, desk):
            pytest.fail("connected")


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"api_url": "slack.example"}, "ATTACHE_SLACK_API_URL cannot be used"),
        ({"api_url": "http://[::1"}, "ATTACHE_SLACK_API_URL cannot be used"),
        ({"bot_token": None}, "set ATTACHE_SLACK_BOT_TOKEN"),
        ({"app_token": None}, "set ATTACHE_SLACK_APP_TOKEN"),
        ({"app_token": None, "http_address": "127.0.0.1:3000"}, "set ATTACHE_SLACK_SIGNING_SECRET"),
        ({"app_token": None, "http_address": "3000", "signing_secret": "x"}, "ATTACHE_SLACK_HTTP cannot be used"),
        ({"app_token": None, "http_address": "a:99999", "signing_secret": "x"}, "ATTACHE_SLACK_HTTP cannot be used"),
        ({"command_names": {"horoscope": "stars"}}, "horoscope"),
        ({"command_names": {"digest": "feeds"}}, "/feeds"),
    ],
)  # fmt: skip
async def test_settings_that_do_not_fit_are_named(slack, desk, options, told):
    with pytest.raises(InputError, match=told):
        async with connect(slack, desk, **options):
            pytest.fail("connected")


async def test_a_socket_that_is_told_to_go_stays_until_the_next_one_is_there(slack, desk):
    async with connect(slack, desk):
        await slack.disconnect("warning")
        await slack.connected(2)
        assert await works(slack)
        assert slack.sockets[0].open
        assert slack.connections[:3] == [("opened", 1), ("let go", 1), ("opened", 2)]
        await slack.close_socket(1)
        assert await works(slack)
    assert len(slack.sockets) == 2


async def test_it_is_told_on_how_many_sockets_commands_are_heard(slack, desk):
    told = asyncio.Queue()
    async with asyncio.timeout(20):
        async with connect(slack, desk, heard_on=told.put_nowait):
            await slack.disconnect("warning")
            await slack.connected(2)
            await slack.close_socket(1)
            assert [await told.get() for _ in range(3)] == [1, 2, 1]
            slack.abort()
            assert [await told.get() for _ in range(2)] == [0, 1]
        assert await told.get() == 0


async def test_what_came_on_a_socket_that_goes_is_acknowledged_there(slack, desk):
    async with connect(slack, desk):
        form = await (await slack.command("/schedule")).view()
        desk.gate, desk.suggestions = asyncio.Event(), (Suggestion("Orla Venn", "Orla Venn"),)
        typing = asyncio.create_task(slack.suggest(form, "suggest:actor", "Or"))
        await slack.until(lambda: slack.envelopes[-1].sent_to and slack.envelopes[-1].kind == "interactive")
        await slack.disconnect("refresh_requested")
        await slack.connected(2)
        desk.gate.set()
        assert await typing == [("Orla Venn", "Orla Venn")]
    assert slack.envelopes[-1].acks[0].by == 1


@pytest.mark.parametrize("reason", ["link_disabled", "too_many_websockets"])
async def test_a_socket_that_is_sent_away_is_followed_by_another(slack, desk, reason):
    async with connect(slack, desk):
        await slack.disconnect(reason)
        await slack.connected(2)
        assert await works(slack)


async def test_a_socket_that_breaks_off_is_followed_by_another(slack, desk):
    async with connect(slack, desk):
        slack.abort()
        await slack.connected(2)
        assert await works(slack)


async def test_a_socket_on_which_nothing_comes_is_given_up(slack, desk):
    slack.knobs.withhold_pongs = True
    async with connect(slack, desk, deaf_after=0.1):
        await slack.connected(2)
        slack.knobs.withhold_pongs = False
        assert slack.sockets[0].pings


@pytest.mark.parametrize("how", ["refuse", "break_down", "drop", "garble", "limit"])
async def test_an_address_that_does_not_come_is_asked_for_again(slack, desk, how):
    async with connect(slack, desk):
        match how:
            case "refuse":
                slack.knobs.refuse("internal_error", 2, method="apps.connections.open")
            case "drop":
                slack.knobs.drop("before", 2, method="apps.connections.open")
            case "limit":
                slack.knobs.limit(2, retry_after=0, method="apps.connections.open")
            case _:
                getattr(slack.knobs, how)(2, method="apps.connections.open")
        slack.abort()
        await slack.connected(2)
        assert await works(slack)
    assert len(slack.asked("apps.connections.open")) == 4


async def test_the_bot_begins_also_where_no_socket_is_to_be_had_yet(slack, desk):
    slack.knobs.refuse("internal_error", method="apps.connections.open")
    async with connect(slack, desk):
        assert await works(slack)


async def test_an_address_that_does_not_work_is_not_tried_again(slack, desk):
    class RefusingOnce(set):
        left = 1

        def __contains__(self, ticket):
            self.left -= 1
            return self.left < 0 and super().__contains__(ticket)

    async with connect(slack, desk):
        slack._tickets = RefusingOnce()
        slack.abort()
        await slack.connected(2)
        assert await works(slack)
    assert len(slack.asked("apps.connections.open")) == 3


async def test_sockets_beyond_what_is_allowed_are_tried_later_and_later(slack, desk):
    with structlog.testing.capture_logs() as logs:
        async with connect(slack, desk):
            slack.knobs.most_sockets = 0
            slack.abort()
            await slack.until(lambda: len(slack.sockets) >= 5)
            slack.knobs.most_sockets = 10
            await slack.until(lambda: slack.listening)
            assert await works(slack)
    waits = [each["seconds"] for each in logs if "broke" in each["event"]]
    assert waits[:3] == [0.01, 0.02, 0.04]


@asynccontextmanager
async def listening(slack, answering=None, **options):
    """Sockets and nothing else; on entry the first one is open."""
    async with aiohttp.ClientSession() as session:
        client = make_client(TOKEN, session, slack.api_url)

        async def address():
            return (await client.apps_connections_open(app_token=APP_TOKEN))["url"]

        staying = asyncio.create_task(Sockets(address, answering, session, **options).stay_connected())
        try:
            await slack.connected(1)
            yield
        finally:
            staying.cancel()
            await asyncio.gather(staying, return_exceptions=True)


@pytest.mark.parametrize(("pause", "pauses"), [(1e-6, []), (1000.0, [1000.0])], ids=["well", "just opened"])
async def test_a_socket_that_broke_is_followed_at_once_only_where_it_was_well(slack, pause, pauses):
    slept = []

    async def sleep(seconds):
        slept.append(seconds)

    async with listening(slack, pause=pause, sleep=sleep):
        slack.abort()
        await slack.connected(2)
    assert slept == pauses


async def test_a_socket_that_broke_is_followed_while_something_is_still_answered_that_came_on_it(slack):
    begun, told = asyncio.Event(), []

    async def answer(envelope):
        begun.set()
        await asyncio.Event().wait()

    async with listening(slack, answer, pause=1e-6, heard_on=told.append):
        await slack.send_raw('{"type": "slash_commands", "envelope_id": "1", "payload": {}}')
        await begun.wait()
        slack.abort()
        await slack.connected(2)
    assert told[:2] == [1, 0]


async def test_pauses_grow_up_to_a_minute_and_end_with_the_token():
    refusals = [DeliveryError("Slack failed: try later.")] * 8 + [DeliveryError("No.", permanent=True)]
    pauses = []

    async def address():
        raise refusals.pop(0)

    async def sleep(seconds):
        pauses.append(seconds)

    async with aiohttp.ClientSession() as session:
        with pytest.raises(DeliveryError, match=r"^No\.$"):
            await Sockets(address, None, session, pause=1.0, sleep=sleep).stay_connected()
    assert pauses == [1, 2, 4, 8, 16, 32, 60, 60]


async def test_a_malformed_envelope_harms_nothing(slack, desk):
    async with connect(slack, desk):
        for frame in ("no JSON", "[]", '{"type": 1}', '{"type": "slash_commands", "envelope_id": "1"}',
                      '{"type": "slash_commands", "envelope_id": "1", "payload": {}}',
                      '{"type": "interactive", "envelope_id": "2", "payload": {"type": "block_actions"}}'):  # fmt: skip
            await slack.send_raw(frame)
        assert await works(slack)
    assert len(slack.sockets) == 1


async def test_an_app_token_that_is_revoked_later_ends_the_body(slack, desk):
    async def until_the_end():
        async with asyncio.timeout(10), connect(slack, desk):
            slack.knobs.refuse("token_revoked", 99, method="apps.connections.open")
            slack.abort()
            await asyncio.Event().wait()

    with pytest.raises(DeliveryError, match="ATTACHE_SLACK_APP_TOKEN"):
        await until_the_end()


async def test_beside_another_platform_an_app_token_that_is_revoked_is_waited_out(slack, desk):
    noting, again = Noted(), asyncio.Event()
    both = {Platform.SLACK, Platform.DISCORD}
    staying = connecting(
        Platform.SLACK, lambda: connect(slack, desk), noting, welcome=both, sleep=lambda _: again.wait()
    )
    async with asyncio.timeout(20), staying as messenger:
        assert await noting.next() == "there"
        slack.knobs.refuse("token_revoked", method="apps.connections.open")
        slack.abort()
        assert "ATTACHE_SLACK_APP_TOKEN" in await noting.next()
        again.set()
        assert await noting.next() == "there"
        assert await works(slack)
        assert await messenger.send(Channel(Platform.SLACK, NEWS), POST, key="attache-1")


async def test_the_bodys_own_failure_comes_out_as_it_is(slack, desk):
    with pytest.raises(ZeroDivisionError):
        async with connect(slack, desk):
            raise ZeroDivisionError


async def test_posts_go_on_while_a_socket_is_opened_anew(slack, desk):
    async with connect(slack, desk) as messenger:
        held = slack.knobs.hold(method="apps.connections.open")
        slack.abort()
        receipt = await messenger.send(Channel(Platform.SLACK, NEWS), POST, key="attache-1")
        held.set()
    assert [message["ts"] for message in slack.channel().messages] == [receipt]


async def test_slack_is_asked_who_we_are_once(slack, desk):
    async with connect(slack, desk):
        for _ in range(3):
            assert await works(slack)
    assert len(slack.asked("auth.test")) == 1


# closing


async def test_closing_waits_for_answers_and_takes_no_more(slack, desk):
    desk.gate = asyncio.Event()

    async def late():
        """Asks once closing has begun, then lets the first answer go on."""
        second = await slack.command("/digest")
        desk.gate.set()
        return second

    async with asyncio.timeout(10):
        async with connect(slack, desk):
            first = await slack.command("/digest")
            await desk.begun.wait()
            closing = asyncio.create_task(late())
        second = await closing
    assert not (await first.answer()).private
    assert second.ack.payload == {"text": CLOSING}
    assert len(desk.asked) == 1


@pytest.mark.parametrize("command", ["/digest", "/feeds"])
async def test_closing_waits_no_longer_than_told_and_says_so(slack, desk, command):
    desk.gate, desk.needs_to_end = asyncio.Event(), 0.3
    async with asyncio.timeout(10):
        async with connect(slack, desk, patience=0.01):
            asked = await slack.command(command)
            await desk.begun.wait()
    answer = await asked.answer()
    assert (answer.private, words(answer.blocks)) == (True, CLOSING)
    assert desk.ended == [command[1:]]


async def test_a_page_that_is_not_turned_in_time_is_said_so(slack, desk):
    desk.message = Message(plain("Venn"), choices=(Choice("Older", "whosaid Venn page 2"),))
    async with connect(slack, desk, patience=0.01):
        shown = await (await slack.command("/whosaid", "Venn")).answer()
        desk.gate = asyncio.Event()
        desk.begun.clear()
        pressed = await slack.press(shown, "Older")
        await desk.begun.wait()
    answer = await pressed.answer()
    assert (answer.private, words(answer.blocks)) == (True, CLOSING)


async def test_a_press_while_the_bot_closes_is_refused(slack, desk):
    desk.message = Message(plain("Venn"), choices=(Choice("Older", "whosaid Venn page 2"),))

    async def late(shown):
        pressed = await slack.press(shown, "Older")
        answer = await pressed.answer()
        desk.gate.set()
        return answer

    async with connect(slack, desk):
        shown = await (await slack.command("/whosaid", "Venn")).answer()
        desk.gate = asyncio.Event()
        desk.begun.clear()
        await slack.command("/digest")
        await desk.begun.wait()
        closing = asyncio.create_task(late(shown))
    answer = await closing
    assert (answer.private, words(answer.blocks)) == (True, CLOSING)
    assert [command for _, _, command, _ in desk.asked] == ["whosaid", "digest"]


# what comes twice


async def test_ids_are_kept_for_some_minutes():
    clock = [0.0]
    handled = Recently(now=lambda: clock[0])
    assert await handled.first("a")
    clock[0] = KEPT - 1
    assert not await handled.first("a")
    assert await handled.first("b")
    clock[0] = KEPT
    assert await handled.first("a")
    assert not await handled.first("b")


def test_an_id_is_the_events_or_the_triggers():
    assert id_of({"event_id": "Ev1"}) == "Ev1"
    assert id_of({"trigger_id": "1.2"}) == "1.2"
    assert id_of({}) == ""


async def test_processes_may_share_what_they_handled(slack, desk):
    class Nothing:
        async def first(self, id):  # noqa: A002
            return False

    async with connect(slack, desk, handled=Nothing()):
        assert (await slack.command("/digest")).ack
    assert desk.asked == []
