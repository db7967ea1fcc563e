"""A conversation in a terminal: Ctrl-C ends an answer and not the conversation."""

from __future__ import annotations

import asyncio
import os
import signal

import pytest

from bot.messages.message import Message, plain
from bot.platforms.terminal import shell
from news.channels import Channel, Platform, Workspace, WorkspaceId

HERE = Channel(Platform.TERMINAL, "local")
LOCAL = Workspace(WorkspaceId(1), Platform.TERMINAL, "local")


class SlowDesk:
    """Answers `digest` never, and everything else at once."""

    def __init__(self):
        self.asked = []

    async def workspace(self, platform, external_id):
        return LOCAL

    async def answer(self, workspace, channel, command, options):
        self.asked.append(command)
        if command == "digest":
            asyncio.get_running_loop().call_soon(os.kill, os.getpid(), signal.SIGINT)
            await asyncio.Event().wait()
        return Message(plain("Here it is"))


@pytest.fixture
def typed(monkeypatch):
    async def lines():
        for line in ("digest", "feeds list", "exit"):
            yield line

    monkeypatch.setattr(shell, "_lines", lines)
    monkeypatch.setattr(shell, "has_person", lambda: True)


async def test_ctrl_c_ends_an_answer_and_the_conversation_goes_on(typed, capsys):
    desk = SlowDesk()
    assert await shell.converse(desk, LOCAL, HERE)
    assert desk.asked == ["digest", "feeds"]
    printed = capsys.readouterr()
    assert "Here it is" in printed.out
    assert "Stopped." in printed.err
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
