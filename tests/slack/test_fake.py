"""The fake Slack is what the real Bolt and SDK take for Slack."""

from __future__ import annotations

import time
from contextlib import asynccontextmanager

import pytest
from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request

from tests.slack.fake import (
    DESK,
    NEWS,
    OTHER,
    READER,
    TEAM,
    Shown,
)
from tests.slack.samples import a_button, a_modal, a_section, refusal

# Socket Mode


async def test_a_slash_command_is_acknowledged_and_answered_through_its_address(slack, bolt, listen):
    @bolt.command("/whosaid")
    async def whosaid(ack, command, respond):
        await ack()
        await respond(text=f"{command['text']} in {command['channel_id']}")
        await respond(text="And to all.", response_type="in_channel")

    async with listen(bolt):
        asked = await slack.command("/whosaid", "Peskov since 3d", user=READER)
        first, second = await asked.answer(), await asked.answer(2)
    assert (first.text, first.private, first.user) == (f"Peskov since 3d in {NEWS}", True, READER)
    assert (second.text, second.private) == ("And to all.", False)
    assert slack.channel().texts == ["And to all."]
    assert slack.ephemerals == [first]
    assert asked.ack.payload is None
    assert 0 <= asked.ack.took < 3


async def test_an_acknowledgement_may_carry_the_answer(slack, bolt, listen):
    @bolt.command("/help")
    async def help_(ack):
        await ack(text="Ask me.")

    async with listen(bolt):
        asked = await slack.command("/help")
    assert asked.ack.payload == {"text": "Ask me."}
    assert (await asked.answer()).private


async def test_a_button_is_pressed_and_its_message_rewritten(slack, bolt, client, listen):
    pressed = []

    @bolt.action("more")
    async def more(ack, action, body, respond):
        await ack()
        pressed.append((action["value"], body["message"]["text"], body["user"]["id"]))
        await respond(text="More", blocks=[a_section("More")], replace_original=True)

    blocks = [a_section(), a_button("More", "more", value="page 2")]
    await client.chat_postMessage(channel=NEWS, text="Page 1", blocks=blocks)
    async with listen(bolt):
        asked = await slack.press(slack.channel().messages[0], "More", user=OTHER)
        await asked.replaced()
    assert pressed == [("page 2", "Page 1", OTHER)]
    assert slack.channel().texts == ["More"]
    assert slack.channel().messages[0]["blocks"][0]["text"]["text"] == "More"


async def test_a_private_answer_has_buttons_whose_message_is_not_told(slack, bolt, listen):
    @bolt.command("/digest")
    async def digest(ack, respond):
        await ack()
        await respond(text="Page 1", blocks=[a_button("More", "more", value="2")])

    @bolt.action("more")
    async def more(ack, body, respond):
        await ack()
        assert "message" not in body
        assert body["container"]["is_ephemeral"]
        await respond(delete_original=True)

    async with listen(bolt):
        shown = await (await slack.command("/digest")).answer()
        asked = await slack.press(shown, "More")
        await slack.until(lambda: asked.removed)
    assert slack.ephemerals == []


async def test_a_modal_is_opened_suggested_to_refused_and_submitted(slack, bolt, listen):
    submitted = []

    @bolt.command("/follow")
    async def follow(ack, command, client):
        await ack()
        await client.views_open(trigger_id=command["trigger_id"], view=a_modal(private_metadata="kept"))

    @bolt.options("actor")
    async def suggest(ack, payload):
        name = f"{payload['value']}eskov"
        await ack(options=[{"text": {"type": "plain_text", "text": name}, "value": name.lower()}])

    @bolt.view("follow")
    async def done(ack, view):
        values = view["state"]["values"]
        if "://" not in values["feed"]["url"]["value"]:
            await ack(response_action="errors", errors={"feed": "That is no address."})
            return
        await ack()
        submitted.append((values, view["private_metadata"]))

    async with listen(bolt):
        asked = await slack.command("/follow")
        view = await asked.view()
        assert await slack.suggest(view, "actor", "P") == [("Peskov", "peskov")]
        refused = await slack.submit(view, {"Feed": "nonsense"})
        assert refused.payload == {"response_action": "errors", "errors": {"feed": "That is no address."}}
        assert view["id"] in slack.views
        taken = await slack.submit(view, {"url": "https://a.test/feed", "actor": "peskov"})
    assert taken.payload is None
    assert slack.views == {}
    chosen = {"text": {"type": "plain_text", "text": "peskov"}, "value": "peskov"}
    assert submitted == [
        (
            {
                "feed": {"url": {"type": "plain_text_input", "value": "https://a.test/feed"}},
                "who": {"actor": {"type": "external_select", "selected_option": chosen}},
            },
            "kept",
        )
    ]


async def test_a_required_field_left_empty_is_not_sent(slack, client):
    opened = await client.views_open(trigger_id=slack.new_trigger(READER), view=a_modal())
    with pytest.raises(ValueError, match="Feed"):
        await slack.submit(slack.views[opened["view"]["id"]], {"actor": "peskov"})
    with pytest.raises(LookupError, match="colour"):
        await slack.submit(slack.views[opened["view"]["id"]], {"url": "x", "colour": "red"})


async def test_closing_a_modal_is_told_to_whoever_asked_for_it(slack, bolt, client, listen):
    closed = []

    @bolt.view_closed("follow")
    async def gone(ack, view):
        await ack()
        closed.append(view["id"])

    async with listen(bolt):
        for notify in (True, False):
            trigger = slack.new_trigger(READER)
            await client.views_open(trigger_id=trigger, view=a_modal(notify_on_close=notify))
        told, untold = list(slack.views.values())
        assert await slack.close_view(told)
        assert await slack.close_view(untold) is None
    assert closed == [told["id"]]


async def test_a_home_tab_is_published_and_its_buttons_work(slack, bolt, listen):
    @bolt.event("app_home_opened")
    async def opened(event, client):
        home = {"type": "home", "blocks": [a_section(f"Hello {event['user']}"), a_button("Go", "go")]}
        await client.views_publish(user_id=event["user"], view=home)

    @bolt.action("go")
    async def go(ack, body, client):
        await ack()
        view = {"type": "home", "blocks": [a_section("Gone")]}
        await client.views_publish(user_id=body["user"]["id"], view=view, hash=body["view"]["hash"])

    async with listen(bolt):
        home = await slack.open_home(READER)
        assert home["blocks"][0]["text"]["text"] == f"Hello {READER}"
        await slack.press(home, "Go")
        await slack.until(lambda: len(slack.homes[READER]) == 2)
    assert slack.homes[READER][-1]["blocks"][0]["text"]["text"] == "Gone"


async def test_events_of_channels_and_of_the_app_arrive(slack, bolt, client, listen):
    heard = []
    for kind in (
        "channel_archive", "channel_unarchive", "group_left", "tokens_revoked", "app_uninstalled",
    ):  # fmt: skip

        @bolt.event(kind)
        async def happened(event, context):
            heard.append((event["type"], context.team_id))

    async with listen(bolt):
        await slack.archive(NEWS)
        with refusal("is_archived"):
            await client.chat_postMessage(channel=NEWS, text="Hello")
        await slack.unarchive(NEWS)
        await slack.remove_bot(DESK)
        with refusal("channel_not_found"):
            await client.chat_postMessage(channel=DESK, text="Hello")
        await slack.revoke()
        with refusal("token_revoked"):
            await client.chat_postMessage(channel=NEWS, text="Hello")
        await slack.uninstall()
        with refusal("account_inactive"):
            await client.auth_test()
    assert [kind for kind, _ in heard[:4]] == [
        "channel_archive", "channel_unarchive", "group_left", "tokens_revoked",
    ]  # fmt: skip
    assert sorted(kind for kind, _ in heard[4:]) == ["app_uninstalled", "tokens_revoked"]
    assert {team for _, team in heard} == {TEAM}


async def test_a_public_answer_with_buttons_is_rewritten_in_its_channel(slack, bolt, listen):
    @bolt.command("/digest")
    async def digest(ack, respond):
        await ack()
        await respond(text="Page 1", blocks=[a_button("More", "more")], response_type="in_channel")

    @bolt.action("more")
    async def more(ack, body, respond):
        await ack()
        await respond(text=f"after {body['message']['text']}", replace_original=True)

    async with listen(bolt):
        shown = await (await slack.command("/digest")).answer()
        await (await slack.press(shown, "More")).replaced()
    assert slack.channel().texts == ["after Page 1"]


async def test_a_menu_is_chosen_from_and_a_button_may_be_forged(slack, bolt, client, listen):
    chosen = []

    @bolt.action("zone")
    async def zone(ack, action):
        await ack()
        chosen.append(action["selected_option"]["value"])

    @bolt.action("more")
    async def more(ack, action):
        await ack()
        chosen.append(action["value"])

    option = {"text": {"type": "plain_text", "text": "Berlin"}, "value": "Europe/Berlin"}
    menu = {"type": "static_select", "action_id": "zone", "options": [option]}
    blocks = [a_section(accessory=menu), a_button("More", "more", value="2")]
    await client.chat_postMessage(channel=NEWS, text="Zones", blocks=blocks)
    message = slack.channel().messages[0]
    async with listen(bolt):
        await slack.choose(message, "zone", "Berlin")
        await slack.press(message, "More", forged={"value": "/unfollow everything"})
    assert chosen == ["Europe/Berlin", "/unfollow everything"]
    with pytest.raises(LookupError, match="Paris"):
        await slack.choose(message, "zone", "Paris")
    with pytest.raises(LookupError, match="Less"):
        await slack.press(message, "Less")


# request URLs


@asynccontextmanager
async def serving(take):
    """A web server that gives requests to `take`; its address."""
    application = web.Application()
    application.add_routes([web.post("/slack/events", take)])
    runner = web.AppRunner(application, shutdown_timeout=1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    host, port = runner.addresses[0][:2]
    try:
        yield f"http://{host}:{port}/slack/events"
    finally:
        await runner.cleanup()


@pytest.fixture
async def served(bolt):
    """Bolt behind a web server."""

    async def take(request):
        return await to_aiohttp_response(await bolt.async_dispatch(await to_bolt_request(request)))

    async with serving(take) as url:
        yield url


async def test_signed_requests_take_the_place_of_a_socket(slack, bolt, served):
    @bolt.command("/whosaid")
    async def whosaid(ack, respond, command):
        await ack()
        await respond(text=command["text"], blocks=[a_button("More", "more")])

    @bolt.action("more")
    async def more(ack, respond):
        await ack()
        await respond(text="More", replace_original=True)

    @bolt.event("app_home_opened")
    async def opened(event, client):
        await client.views_publish(user_id=event["user"], view={"type": "home", "blocks": [a_section()]})

    slack.request_url = served
    shown = await (await slack.command("/whosaid", "Peskov & co")).answer()
    assert shown.text == "Peskov & co"
    assert await (await slack.press(shown, "More")).replaced() == {"text": "More"}
    assert (await slack.open_home())["type"] == "home"
    assert slack.sockets == []


async def test_requests_that_are_not_signed_rightly_are_refused(slack, served):
    challenge = {"type": "url_verification", "challenge": "abc"}
    right = await slack.post_signed(served, "events_api", challenge)
    wrong = await slack.post_signed(served, "events_api", challenge, secret="another")
    old = await slack.post_signed(served, "events_api", challenge, at=time.time() - 301)
    assert (right.status, right.payload) == (200, {"challenge": "abc"})
    assert (wrong.status, old.status) == (401, 401)


async def test_an_event_that_is_not_taken_over_http_comes_once_more(slack):
    attempts = []

    async def take(request):
        attempts.append((request.headers.get("X-Slack-Retry-Num"), await request.json()))
        return web.Response(status=500 if len(attempts) == 1 else 200)

    async with serving(take) as slack.request_url:
        assert await slack.archive(NEWS)
        first, second = attempts
        assert (first[0], second[0], first[1]) == (None, "1", second[1])


async def test_a_command_that_is_not_taken_over_http_does_not_come_again(slack):
    attempts = []

    async def take(request):
        attempts.append((await request.post())["command"])
        return web.Response(status=500)

    async with serving(take) as slack.request_url:
        asked = await slack.command("/digest")
    assert asked.failed
    assert attempts == ["/digest"]


def test_a_message_that_is_shown_knows_its_buttons():
    shown = Shown({"text": "x", "blocks": [a_button("More", "more", value="2")]}, True, NEWS, READER)
    assert shown.buttons["More"]["value"] == "2"
    assert Shown({}, True, NEWS).text == ""
