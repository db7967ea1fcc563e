"""Files come with their messages, in words too, and lose none of the words when they do not."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.slack.fake import Trouble
from tests.slack.posting import CHANNEL, DIGEST, KEY, PICTURE, WHOLE, Time, in_thread, keys, messenger_at

IN_PARTS = replace(WHOLE, threaded=True)


@pytest.fixture
def clock():
    return Time()


@pytest.fixture
def messenger(slack, client, clock):
    return messenger_at(slack, client.session, clock)


async def test_a_file_is_shown_below_its_message_with_words_for_who_cannot_see_it(slack, messenger):
    message = replace(DIGEST, attachments=(PICTURE,))
    receipt = await messenger.send(CHANNEL, message, key=KEY)
    words, shown = slack.channel().messages
    assert (words["ts"], keys([words])) == (receipt, [KEY])
    assert "thread_ts" not in shown
    [file] = slack.files.values()
    assert (file["content"], file["alt_txt"], file["done"]) == (b"a picture", "A line that falls.", True)


async def test_a_file_of_a_message_in_parts_stands_in_its_thread(slack, messenger):
    receipt = await messenger.send(CHANNEL, replace(IN_PARTS, attachments=(PICTURE,)), key=KEY)
    assert in_thread(slack, receipt)[-1]["files"][0]["name"] == "stance.png"


@pytest.mark.parametrize(
    "trouble",
    [
        Trouble("files.getUploadURLExternal", error="missing_scope"),
        Trouble("upload", status=500, html=True),
        Trouble("upload", drop="before"),
        Trouble("files.completeUploadExternal", error="file_upload_size_restricted"),
        Trouble("files.completeUploadExternal", status=429, retry_after=3600, error="ratelimited"),
        Trouble("files.getUploadURLExternal", html=True),
    ],
)
async def test_a_file_that_cannot_be_shown_loses_no_words(slack, messenger, trouble):
    slack.knobs.troubles.append(trouble)
    receipt = await messenger.send(CHANNEL, replace(DIGEST, attachments=(PICTURE,)), key=KEY)
    assert [message["ts"] for message in slack.channel().messages] == [receipt]


async def test_a_file_is_shown_though_slack_wanted_a_rest(slack, messenger, clock):
    slack.knobs.limit(retry_after=30, method="files.completeUploadExternal")
    await messenger.send(CHANNEL, replace(DIGEST, attachments=(PICTURE,)), key=KEY)
    assert len(slack.channel().messages) == 2
    assert clock.gone >= 30
