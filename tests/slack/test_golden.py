"""Every kind of message as Slack gets it, reviewed like code.

`python -m tests.slack.test_golden` writes the payloads anew; `python -m tests.slack.draw FOLDER` draws them.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.messages.digest import digest_message
from bot.messages.help import help_message
from bot.messages.message import Message
from bot.platforms.slack.rendering import files, render, render_error, render_thread
from news.errors import GrammarError
from tests.bot.samples import a_full_digest
from tests.discord.test_golden import MESSAGES as EVERYWHERE
from tests.discord.test_golden import written
from tests.slack.payloads import breaches
from tests.slack.schema import faults_in_blocks

GOLDEN = Path(__file__).parents[1] / "golden" / "slack"
TYPED = {"help": help_message(), "help_with_one": help_message("schedule")}
"""Where Slack's commands are typed, and Discord's are filled in."""
MESSAGES: dict[str, Message | GrammarError] = EVERYWHERE | TYPED
THREAD = digest_message(a_full_digest())


def payload_of(message: Message | GrammarError) -> dict[str, object]:
    """What is sent for the message."""
    if isinstance(message, GrammarError):
        return render_error(str(message)).payload
    [post] = render(message)
    attached = [{"name": file.name, "description": file.description} for file in files(message)]
    return post.payload | ({"files": attached} if attached else {})


def thread_of(message: Message) -> list[dict[str, object]]:
    """What is sent for the message as a thread."""
    opening, replies = render_thread(message, key="attache-7")
    return [opening.payload, *(post.payload for _, post in replies)]


@pytest.mark.parametrize("name", MESSAGES)
def test_a_message_is_as_reviewed(name):
    payload = payload_of(MESSAGES[name])
    assert breaches(payload) == faults_in_blocks(payload["blocks"]) == []
    assert written(payload) == (GOLDEN / f"{name}.json").read_text(encoding="utf-8")


def test_a_thread_is_as_reviewed():
    payloads = thread_of(THREAD)
    assert [fault for payload in payloads for fault in breaches(payload)] == []
    assert written(payloads) == (GOLDEN / "thread.json").read_text(encoding="utf-8")


def write() -> None:
    GOLDEN.mkdir(exist_ok=True)
    payloads = {name: payload_of(message) for name, message in MESSAGES.items()}
    for name, payload in (payloads | {"thread": thread_of(THREAD)}).items():
        (GOLDEN / f"{name}.json").write_text(written(payload), encoding="utf-8")


if __name__ == "__main__":
    write()
