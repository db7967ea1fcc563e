"""Answers by address: made again where Slack surely took none, and the address stays out of the log."""

from __future__ import annotations

import socket
from contextlib import asynccontextmanager

import aiohttp
import pytest
import structlog.testing
from aiohttp import web
from aiohttp.abc import AbstractResolver
from aiohttp.test_utils import TestServer

from bot.platforms.slack import replies
from bot.platforms.slack.failures import NotShown, PerhapsShown, told_of
from bot.platforms.slack.rendering import render_error
from bot.platforms.slack.replies import Reply
from tests.slack.fake import NEWS, READER

POST = render_error("Hello.")


@pytest.fixture(autouse=True)
def _at_once(monkeypatch):
    monkeypatch.setattr(replies, "_AGAIN_AFTER", 0)


@pytest.fixture
async def session():
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.fixture
def asked(slack):
    return slack._asked(READER, NEWS)


@asynccontextmanager
async def answering(status, text=""):
    """A server that answers thus; its address, which it gives away, and what it was sent."""
    taken = []

    async def take(request):
        taken.append(await request.json())
        return web.Response(status=status, text=text.format(request.url))

    application = web.Application()
    application.add_routes([web.post("/secret", take)])
    async with TestServer(application) as server:
        yield server.make_url("/secret"), taken


class Failing(AbstractResolver):
    """Knows no address for so many times."""

    def __init__(self, times):
        self.left = times

    async def resolve(self, host, port=0, family=socket.AF_INET):
        self.left -= 1
        if self.left >= 0:
            raise OSError("no such host")
        place = {"hostname": host, "host": "127.0.0.1", "port": port}
        return [{**place, "family": socket.AF_INET, "proto": 0, "flags": 0}]

    async def close(self):
        pass


@pytest.mark.parametrize(("times", "shown"), [(2, 1), (3, 0)])
async def test_where_slack_cannot_be_reached_it_is_tried_twice_more(times, shown):
    connector = aiohttp.TCPConnector(resolver=Failing(times), use_dns_cache=False)
    async with answering(200) as (url, taken), aiohttp.ClientSession(connector=connector) as session:
        reply = Reply(str(url.with_host("slack.test")), session)
        if shown:
            await reply.show(POST)
        else:
            with pytest.raises(NotShown, match="cannot be reached") as failed:
                await reply.show(POST)
            assert not isinstance(failed.value, PerhapsShown)
    assert len(taken) == shown


@pytest.mark.parametrize(("times", "shown"), [(2, 1), (3, 0)])
async def test_a_slack_that_is_down_is_tried_twice_more(slack, session, asked, times, shown):
    slack.knobs.break_down(times, method="response_url")
    refused = []
    reply = Reply(slack.new_response_url(asked), session, lambda: refused.append(429))
    await reply.tell("Hello.")
    assert (len(asked.answers), len(slack.asked("response_url"))) == (shown, 3)
    assert not refused  # down is not too many


async def test_answers_that_are_one_too_many_are_counted(slack, session, asked):
    slack.knobs.limit(2, retry_after=0, method="response_url")
    refused = []
    await Reply(slack.new_response_url(asked), session, lambda: refused.append(429)).show(POST)
    assert len(refused) == 2


@pytest.mark.parametrize("when", ["before", "after"])
async def test_a_reply_that_is_lost_leaves_it_open_whether_it_is_shown(slack, session, asked, when):
    slack.knobs.drop(when, method="response_url")
    with pytest.raises(PerhapsShown):
        await Reply(slack.new_response_url(asked), session).show(POST)
    assert len(slack.asked("response_url")) == 1


@pytest.mark.parametrize("public", [True, False])
async def test_what_is_replaced_stays_as_public_as_it_was(slack, session, asked, public):
    reply = Reply(slack.new_response_url(asked), session)
    await reply.show(POST, public=public)
    await reply.show(POST, replace=True)
    new, replacing = slack.asked("response_url")
    assert (new["response_type"], new["replace_original"]) == ("in_channel" if public else "ephemeral", False)
    assert replacing["replace_original"] is True
    assert "response_type" not in replacing


async def test_the_fake_takes_no_kind_of_answer_where_one_is_replaced(slack, session, asked):
    body = {"text": "x", "replace_original": True, "response_type": "ephemeral"}
    async with session.post(slack.new_response_url(asked), json=body) as answer:
        assert answer.status == 400
    assert asked.answers == []


async def _fail(url, session):
    """All log lines of an answer that is not taken."""
    reply = Reply(url, session)
    with structlog.testing.capture_logs() as logs:
        await reply.tell("Hello.")
        with pytest.raises(NotShown) as failed:
            await reply.show(POST)
        told_of(failed.value, "digest")
    assert len(logs) == 2
    return logs


@pytest.mark.parametrize("url", ["http://127.0.0.1:{}/secret", "http://127.0.0.1:{}99999/secret"])
async def test_an_address_that_fails_is_not_logged(session, unused_tcp_port, url, caplog):
    logs = await _fail(url.format(unused_tcp_port), session)
    assert "secret" not in str(logs) + caplog.text


@pytest.mark.parametrize(
    ("text", "logged"),
    [("no page {}", "status 404"), ('{{"ok": false, "error": "expired_url"}}', "status 404: expired_url")],
)
async def test_of_what_is_answered_the_log_has_slacks_word_and_no_more(session, text, logged, caplog):
    async with answering(404, text) as (url, _):
        logs = await _fail(str(url), session)
    assert "secret" not in str(logs) + caplog.text
    assert {each["error"] for each in logs} == {logged}
