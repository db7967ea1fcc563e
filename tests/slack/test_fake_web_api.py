"""The fake Slack takes and refuses what Slack does, and fails as told."""

from __future__ import annotations

import asyncio
import json
import time

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.builtin_async_handlers import AsyncRateLimitErrorRetryHandler
from slack_sdk.webhook.async_client import AsyncWebhookClient

from tests.slack.fake import (
    ATTIC,
    CLIENT_ID,
    CLIENT_SECRET,
    DESK,
    LOBBY,
    NEWS,
    READER,
    TEAM,
    TOKEN,
    VAULT,
    Installation,
    Trouble,
)
from tests.slack.samples import METADATA, POST, a_button, a_modal, a_section, refusal

# messages


async def test_a_post_is_found_again_by_its_metadata(slack, client):
    before = slack.say("Good morning")
    posted = await client.chat_postMessage(channel=NEWS, text="Digest", metadata=METADATA)
    await client.chat_postMessage(channel=NEWS, text="Part 1", thread_ts=posted["ts"], metadata=METADATA)
    plain = await client.conversations_history(channel=NEWS, oldest=before["ts"])
    whole = await client.conversations_history(channel=NEWS, include_all_metadata=True, limit=10)
    assert [message.get("metadata") for message in plain["messages"]] == [None]
    assert [message["text"] for message in whole["messages"]] == ["Digest", "Good morning"]
    assert whole["messages"][0]["metadata"] == METADATA
    thread = await client.conversations_replies(channel=NEWS, ts=posted["ts"], include_all_metadata=True)
    assert [message["text"] for message in thread["messages"]] == ["Digest", "Part 1"]
    assert slack.asked("conversations.history")[1]["include_all_metadata"] == "1"


async def test_a_history_has_pages_and_bounds(slack, client):
    for hour in range(5):
        slack.say(f"at {hour}", at=1_000_000 + 3600 * hour)
    bounds = {"oldest": "1003600.5", "latest": "1014399"}
    between = await client.conversations_history(channel=NEWS, **bounds)
    assert [message["text"] for message in between["messages"]] == ["at 3", "at 2"]
    found = [
        [message["text"] for message in page["messages"]]
        async for page in await client.conversations_history(channel=NEWS, limit=2)
    ]
    assert found == [["at 4", "at 3"], ["at 2", "at 1"], ["at 0"]]
    ts = slack.channel().messages[2]["ts"]
    for inclusive, times in ((True, 1), (False, 0)):
        page = await client.conversations_history(channel=NEWS, oldest=ts, latest=ts, inclusive=inclusive)
        assert len(page["messages"]) == times


async def test_a_history_may_be_short_or_empty(slack, client):
    for _ in range(3):
        slack.say("Hello")
    slack.knobs.history_page = 2
    page = await client.conversations_history(channel=NEWS, limit=100)
    assert (len(page["messages"]), page["has_more"]) == (2, True)
    slack.knobs.hide_history = True
    assert (await client.conversations_history(channel=NEWS))["messages"] == []


async def test_a_message_is_rewritten_by_whoever_wrote_it_only(slack, client):
    posted = await client.chat_postMessage(channel=NEWS, text="Old", blocks=[a_section("Old")])
    await client.chat_update(channel=NEWS, ts=posted["ts"], text="New")
    assert slack.channel().texts == ["New"]
    assert "blocks" not in slack.channel().messages[0]
    other = slack.say("Mine")
    with refusal("cant_update_message"):
        await client.chat_update(channel=NEWS, ts=other["ts"], text="Yours")
    with refusal("message_not_found"):
        await client.chat_update(channel=NEWS, ts="1.000001", text="New")
    with refusal("msg_too_long"):
        await client.chat_update(channel=NEWS, ts=posted["ts"], text="x" * 4001)


@pytest.mark.parametrize(
    ("channel", "error"),
    [(VAULT, "channel_not_found"), (ATTIC, "is_archived"), ("C404", "channel_not_found")],
)
async def test_channels_where_nothing_can_be_posted(client, channel, error):
    with refusal(error):
        await client.chat_postMessage(channel=channel, text="Hello")


async def test_a_public_channel_takes_posts_of_strangers_where_the_scopes_say_so(slack, client):
    await client.chat_postMessage(channel=LOBBY, text="Hello")
    assert (await client.conversations_info(channel=LOBBY))["channel"]["is_member"] is False
    with refusal("not_in_channel"):
        await client.conversations_history(channel=LOBBY)
    slack.installations[TOKEN].scopes = ("chat:write",)
    with refusal("not_in_channel"):
        await client.chat_postMessage(channel=LOBBY, text="Hello")
    with refusal("missing_scope") as raised:
        await client.conversations_history(channel=NEWS)
    assert raised.value.response["needed"] == "channels:history"


async def test_a_person_is_written_to_directly_and_in_private(slack, client):
    direct = (await client.conversations_open(users=READER))["channel"]["id"]
    await client.chat_postMessage(channel=direct, text="By the conversation")
    await client.chat_postMessage(channel=READER, text="By the person")
    assert slack.channel(direct).texts == ["By the conversation", "By the person"]
    await client.chat_postEphemeral(channel=NEWS, user=READER, text="Only for you")
    assert [(shown.text, shown.user, shown.private) for shown in slack.ephemerals] == [
        ("Only for you", READER, True)
    ]
    assert slack.channel().messages == []
    assert (await client.users_info(user=READER))["user"]["name"] == "reader"


@pytest.mark.parametrize(
    ("blocks", "complaint"),
    [
        ([a_section("x" * 3001)], "must be less than 3001 characters [json-pointer:/blocks/0/text/text]"),
        ([a_section("")], "must be more than 0 characters [json-pointer:/blocks/0/text/text]"),
        ([{"type": "divider"}] * 51, "no more than 50 items allowed [json-pointer:/blocks]"),
        ([{"type": "marquee"}], "unsupported type: marquee [json-pointer:/blocks/0/type]"),
        ([a_section(colour="red")], "invalid additional property: colour [json-pointer:/blocks/0]"),
        ([{"type": "section"}], "missing required field: text [json-pointer:/blocks/0]"),
        ([a_section(block_id="a")] * 2, "block_id already exists: a [json-pointer:/blocks/1/block_id]"),
        (
            [{"type": "header", "text": {"type": "plain_text", "text": "x" * 151}}],
            "must be less than 151 characters [json-pointer:/blocks/0/text/text]",
        ),
        (
            [{"type": "header", "text": {"type": "mrkdwn", "text": "x"}}],
            "failed to match all allowed schemas [json-pointer:/blocks/0/text]",
        ),
        (
            [{"type": "context", "elements": [{"type": "plain_text", "text": "x"}] * 11}],
            "no more than 10 items allowed [json-pointer:/blocks/0/elements]",
        ),
        ([a_button("x" * 76, "a")], "must be less than 76 characters [json-pointer:/blocks/0/elements/0/text/text]"),
        (
            [a_button("x", "a", value="x" * 2001)],
            "must be less than 2001 characters [json-pointer:/blocks/0/elements/0/value]",
        ),
        (
            [{"type": "actions", "elements": a_button("x", "a")["elements"] * 2}],
            "action_id already exists: a [json-pointer:/blocks/0/elements/1/action_id]",
        ),
        (
            [{"type": "section", "fields": [{"type": "mrkdwn", "text": "x" * 2001}]}],
            "must be less than 2001 characters [json-pointer:/blocks/0/fields/0/text]",
        ),
    ],
)  # fmt: skip
async def test_blocks_beyond_a_limit_are_refused_with_the_reason(slack, client, blocks, complaint):
    with refusal("invalid_blocks") as raised:
        await client.chat_postMessage(channel=NEWS, text="x", blocks=blocks)
    assert raised.value.response["response_metadata"]["messages"] == [f"[ERROR] {complaint}"]
    assert slack.channel().messages == []


@pytest.mark.parametrize(
    ("payload", "error"),
    [
        ({"text": ""}, "no_text"),
        ({"text": "x" * 40_001}, "msg_too_long"),
        ({"text": "x", "blocks": [a_section("x" * 2900)] * 5}, "msg_blocks_too_long"),
        ({"text": "x", "metadata": {"event_type": "digest"}}, "invalid_metadata_format"),
        ({"text": "x", "thread_ts": "1.000001"}, "thread_not_found"),
    ],
)
async def test_messages_that_slack_does_not_take(client, payload, error):
    with refusal(error):
        await client.api_call(POST, json={"channel": NEWS, **payload})


async def test_messages_at_their_limits_are_taken(slack, client):
    markdown = {"type": "markdown", "text": "x" * 12_000}
    most = [
        a_section("x" * 3000),
        *[{"type": "divider"}] * 48,
        a_button("x" * 75, "a" * 255, value="x" * 2000),
    ]
    await client.chat_postMessage(channel=NEWS, text="x" * 40_000, blocks=most)
    await client.chat_postMessage(channel=NEWS, text="x", blocks=[markdown])
    assert len(slack.channel().messages) == 2


async def test_views_beyond_a_limit_are_refused_with_the_reason(slack, client):
    long = a_modal(title={"type": "plain_text", "text": "x" * 25})
    with refusal("invalid_arguments") as raised:
        await client.views_open(trigger_id=slack.new_trigger(READER), view=long)
    assert raised.value.response["response_metadata"]["messages"] == [
        "[ERROR] must be less than 25 characters [json-pointer:/view/title/text]"
    ]
    home = {"type": "home", "blocks": [{"type": "divider"}] * 101}
    with refusal("invalid_arguments"):
        await client.views_publish(user_id=READER, view=home)
    await client.views_publish(user_id=READER, view=home | {"blocks": home["blocks"][:100]})


async def test_a_trigger_opens_one_view_and_soon(slack, client):
    trigger = slack.new_trigger(READER)
    opened = await client.views_open(trigger_id=trigger, view=a_modal())
    with refusal("exchanged_trigger_id"):
        await client.views_open(trigger_id=trigger, view=a_modal())
    slack.knobs.trigger_lasts = 0
    with refusal("expired_trigger_id"):
        await client.views_open(trigger_id=slack.new_trigger(READER), view=a_modal())
    view = opened["view"]
    await client.views_update(view_id=view["id"], hash=view["hash"], view=a_modal(private_metadata="2"))
    assert slack.views[view["id"]]["private_metadata"] == "2"
    with refusal("hash_conflict"):
        await client.views_update(view_id=view["id"], hash=view["hash"], view=a_modal())


async def test_an_address_answers_five_times_and_not_for_ever(slack, client):
    asked = await slack.command("/digest", wait=False)
    answers = AsyncWebhookClient(asked.payload["response_url"], session=client.session)
    for _ in range(5):
        assert (await answers.send(text="Hello")).status_code == 200
    used = await answers.send(text="Hello")
    assert (used.status_code, json.loads(used.body)["error"]) == (404, "used_url")
    assert len(asked.answers) == 5
    later = await slack.command("/digest", wait=False)
    slack.knobs.response_url_lasts = 0
    answers = AsyncWebhookClient(later.payload["response_url"], session=client.session)
    expired = await answers.send(text="Hello")
    assert (expired.status_code, json.loads(expired.body)["error"]) == (404, "expired_url")


async def test_files_are_uploaded_and_shared(slack, client):
    await client.files_upload_v2(
        channel=NEWS, content=b"\x89PNG", filename="chart.png", alt_txt="A chart", title="Chart", initial_comment="See"
    )  # fmt: skip
    (message,) = slack.channel().messages
    (file,) = slack.files.values()
    assert (file["content"], file["alt_txt"], file["title"], file["done"]) == (
        b"\x89PNG",
        "A chart",
        "Chart",
        True,
    )
    assert (message["text"], message["files"][0]["name"]) == ("See", "chart.png")


# the account


async def test_who_the_bot_is_and_what_it_may(slack, client):
    answer = await client.auth_test()
    assert (answer["team_id"], answer["user_id"]) == (TEAM, slack.installations[TOKEN].bot_user)
    assert "chat:write" in answer.headers["x-oauth-scopes"].split(",")
    slack.knobs.scopes_shown = False
    assert "x-oauth-scopes" not in (await client.auth_test()).headers
    with refusal("invalid_auth"):
        await client.auth_test(token="xoxb-a-bad-token")


@pytest.mark.filterwarnings("ignore:BasicAuth is deprecated:DeprecationWarning")  # the SDK's own call
async def test_an_installation_is_given_its_token_once(slack, client):
    slack.to_be_installed["code-1"] = Installation("xoxb-second", team="T0SECOND000", bot_user="U0SECOND000")
    with refusal("bad_client_secret"):
        await client.oauth_v2_access(client_id=CLIENT_ID, client_secret="wrong", code="code-1")
    given = await client.oauth_v2_access(client_id=CLIENT_ID, client_secret=CLIENT_SECRET, code="code-1")
    assert (given["access_token"], given["team"]["id"]) == ("xoxb-second", "T0SECOND000")
    assert (await client.auth_test(token="xoxb-second"))["team_id"] == "T0SECOND000"
    with refusal("channel_not_found"):
        await client.chat_postMessage(channel=NEWS, text="Hello", token="xoxb-second")
    with refusal("invalid_code"):
        await client.oauth_v2_access(client_id=CLIENT_ID, client_secret=CLIENT_SECRET, code="code-1")


# what goes wrong


async def test_a_limit_says_when_to_ask_again(slack, client):
    slack.knobs.limit(method=POST, retry_after=30)
    with refusal("ratelimited") as raised:
        await client.chat_postMessage(channel=NEWS, text="Hello")
    assert (raised.value.response.status_code, raised.value.response.headers["Retry-After"]) == (429, "30")
    slack.knobs.limit(method=POST, channel=NEWS, retry_after=0)
    client.retry_handlers = [AsyncRateLimitErrorRetryHandler(max_retry_count=1)]
    await client.chat_postMessage(channel=DESK, text="Elsewhere")
    await client.chat_postMessage(channel=NEWS, text="Hello")
    assert len(slack.asked(POST)) == 4
    assert slack.channel().texts == ["Hello"]


async def test_a_pace_holds_for_each_channel(slack, client):
    slack.knobs.pace, slack.knobs.burst = 0.001, 2
    for _ in range(2):
        await client.chat_postMessage(channel=NEWS, text="Hello")
    with refusal("ratelimited") as raised:
        await client.chat_postMessage(channel=NEWS, text="Hello")
    assert 900 < int(raised.value.response.headers["Retry-After"]) <= 1000
    await client.chat_postMessage(channel=DESK, text="Hello")


@pytest.mark.parametrize(("when", "stored"), [("before", []), ("after", ["Hello"])])
async def test_a_reply_may_be_lost_before_or_after_storing(slack, client, when, stored):
    slack.knobs.drop(when, method=POST)
    with pytest.raises(aiohttp.ClientConnectionError):
        await client.chat_postMessage(channel=NEWS, text="Hello")
    assert slack.channel().texts == stored
    assert slack.asked(POST) == [{"channel": NEWS, "text": "Hello"}]


async def test_a_server_may_be_down_garbled_or_unwilling(slack, client):
    slack.knobs.break_down(status=503)
    with pytest.raises(SlackApiError) as down:
        await client.auth_test()
    assert down.value.response.status_code == 503
    slack.knobs.garble()
    with pytest.raises(SlackApiError):
        await client.auth_test()
    slack.knobs.refuse("fatal_error", 2, method="auth.test")
    for _ in range(2):
        with refusal("fatal_error"):
            await client.auth_test()
    assert (await client.auth_test())["ok"]


async def test_a_request_may_be_held(slack, client):
    gate = slack.knobs.hold(method=POST)
    posting = asyncio.create_task(client.chat_postMessage(channel=NEWS, text="Hello"))
    assert await slack.called(POST) == [{"channel": NEWS, "text": "Hello"}]
    assert not posting.done()
    assert slack.channel().messages == []
    gate.set()
    assert (await posting)["ok"]


async def test_a_request_may_be_slow(slack, client):
    slack.knobs.troubles.append(Trouble(method=POST, delay=0.05))
    begun = time.monotonic()
    await client.chat_postMessage(channel=NEWS, text="Hello")
    assert time.monotonic() - begun >= 0.05


async def test_requests_that_make_no_sense_are_refused(slack, client):
    with refusal("unknown_method"):
        await client.api_call("chat.whisper")
    with refusal("not_authed"):
        await client.api_call("auth.test", headers={"Authorization": ""})
    async with client.session.post(
        f"{slack.api_url}{POST}", data="{", headers={"Content-Type": "application/json"}
    ) as answer:
        assert (await answer.json())["error"] == "invalid_json"
    form = {"channel": NEWS, "text": "x", "blocks": json.dumps([a_section("In a form")])}
    assert (await client.api_call(POST, data=form))["ok"]
    assert slack.channel().messages[0]["blocks"][0]["text"]["text"] == "In a form"
    with refusal("invalid_blocks_format"):
        await client.api_call(POST, data=form | {"blocks": "[{"})


async def test_answers_by_address_and_uploads_go_wrong_too(slack, client):
    asked = await slack.command("/digest", wait=False)
    answers = AsyncWebhookClient(asked.payload["response_url"], session=client.session, retry_handlers=[])
    slack.knobs.break_down(method="response_url", status=502)
    assert (await answers.send(text="Hello")).status_code == 502
    slack.knobs.break_down(method="upload", status=500)
    with pytest.raises(Exception, match="status: 500"):
        await client.files_upload_v2(content=b"x", filename="chart.png")
    assert asked.answers == []
