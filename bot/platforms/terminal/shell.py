"""The conversation in a terminal: lines in, answers out, through the same desk as every platform."""

from __future__ import annotations

import asyncio
import signal
import sys
from collections.abc import AsyncIterator, Coroutine
from typing import Any

from bot.grammar import parse
from bot.messages.message import Message
from bot.messages.statements import OLDER
from bot.platforms.terminal.output import has_person, show_error, show_message
from bot.ports import Desk
from news.channels import Channel, Workspace
from news.errors import AttacheError, GrammarError

LEAVE = {"exit", "quit"}
PROMPT = "attaché> "


async def converse(desk: Desk, workspace: Workspace, channel: Channel) -> bool:
    """Answers line after line until `exit` or the end of input.

    What goes wrong is told on standard error, and it goes on; returns whether nothing did.
    """
    if has_person():
        sys.stdout.write("`help` lists the commands, `more` shows older ones, `exit` leaves.\n")
    well, last = True, None
    async for line in _lines():
        words = line.strip()
        if words.lstrip("/").lower() in LEAVE:
            break
        if not words:
            continue
        try:
            last = await _stoppable(_answer(desk, workspace, channel, words, last))
            show_message(last)
        except _Stopped:
            show_error("Stopped.")
        except AttacheError as error:
            well = False
            show_error(str(error))
    return well


class _Stopped(Exception):
    """Somebody pressed Ctrl-C while an answer was made."""


async def _stoppable(answer: Coroutine[Any, Any, Message]) -> Message:
    """The answer; Ctrl-C ends it and not the conversation."""
    task, loop = asyncio.ensure_future(answer), asyncio.get_running_loop()
    if has_person():
        loop.add_signal_handler(signal.SIGINT, task.cancel)
    try:
        return await task
    except asyncio.CancelledError:
        current = asyncio.current_task()
        if current is not None and current.cancelling():
            raise
        raise _Stopped from None
    finally:
        if has_person():
            loop.remove_signal_handler(signal.SIGINT)


async def _answer(
    desk: Desk, workspace: Workspace, channel: Channel, words: str, last: Message | None
) -> Message:
    if words.lstrip("/").lower() == "more":
        older = [choice.command for choice in (last.choices if last else ()) if choice.label == OLDER]
        if not older:
            raise GrammarError("There is no more to show.")
        words = older[0]
    parsed = parse(words)
    workspace = await desk.workspace(workspace.platform, workspace.external_id)  # its time zone may be new
    return await desk.answer(workspace, channel, parsed.command, parsed.options)


async def _lines() -> AsyncIterator[str]:
    """With editing and history in a terminal; plainly from a pipe."""
    if sys.stdin is None:
        return
    if not has_person():
        while line := await asyncio.to_thread(sys.stdin.readline):
            yield line
        return
    from prompt_toolkit import PromptSession
    from prompt_toolkit.history import InMemoryHistory

    session: PromptSession[str] = PromptSession(history=InMemoryHistory())
    while True:
        try:
            yield await session.prompt_async(PROMPT)
        except KeyboardInterrupt:
            continue
        except EOFError:
            return
