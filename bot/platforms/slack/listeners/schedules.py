"""The form that adds a schedule, which `/schedule` alone and the Home tab open."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from typing import Any

import structlog
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.context.async_context import AsyncBoltContext
from slack_sdk.errors import SlackApiError

from bot.grammar import Parsed
from bot.messages.message import Message
from bot.platforms.sentences import CLOSING
from bot.platforms.slack.answering import Asked, Office, farewell
from bot.platforms.slack.envelopes import id_of
from bot.platforms.slack.failures import SLACK_FAILURES, told_of
from bot.platforms.slack.forms import (
    CHANNEL,
    FORM,
    errors_of,
    faults_in,
    options_of,
    result_of,
    schedule_form,
    typed_in,
)
from bot.platforms.slack.listeners.acknowledged import until_acknowledged
from bot.platforms.slack.pacing import TooLate
from bot.platforms.slack.refusals import Answer
from bot.platforms.slack.rendering import Post, render, render_error
from bot.platforms.slack.whereabouts import can_post
from news.addresses import SLACK_DIRECT
from news.channels import Platform
from news.errors import AttacheError, InputError

log = structlog.get_logger(__name__)

COMMAND = "schedule"
PROMPT = 2.0
"""Seconds that the desk has while the form stays open: Slack waits three."""
_LOOKED_UP_IN = 1.0
"""Seconds that there are to look up zone and channel: a form must be opened within three."""
_OPENS_IN = 2.5
_WORKING = "One moment: the answer comes here."
_IN_BETWEEN = frozenset({"hash_conflict", "internal_error", "fatal_error"})
"""Refusals after which the same may be taken: a view has no effect twice."""
_FORMS_KEPT = 200
_NO_FORM = "Slack does not open the form: ask again, or type the times, as in {} add weekdays 09:00."


async def open_form(office: Office, asked: Asked, trigger: str) -> None:
    """Opens it for whoever asked. Raises InputError where Slack does not."""
    zone, postable = await asyncio.gather(_zone(office, asked), _postable(office, asked))
    view = schedule_form(asked.channel, zone, postable=postable)
    try:
        async with asyncio.timeout(_OPENS_IN):
            await asked.client.views_open(trigger_id=trigger, view=view)
    except SLACK_FAILURES as error:
        log.warning("slack opens no form", error=str(error))
        raise InputError(_NO_FORM.format(office.names.slash(COMMAND))) from error


async def _zone(office: Office, asked: Asked) -> str | None:
    """The workspace's, where that can be told in time."""
    try:
        async with asyncio.timeout(_LOOKED_UP_IN):
            workspace = await office.desk.known(Platform.SLACK, asked.team)
    except (AttacheError, TimeoutError) as error:
        log.info("time zone not looked up", error=str(error) or "it took too long")
        return None
    return workspace.timezone if workspace is not None else None


async def _postable(office: Office, asked: Asked) -> bool:
    """Whether we may post where it was asked, where that can be told in time."""
    if not asked.channel or asked.channel.startswith(SLACK_DIRECT):
        return False
    with suppress(TimeoutError):
        async with asyncio.timeout(_LOOKED_UP_IN):
            return await can_post(office.requests(asked), asked.channel, asked.user)
    return False


Acknowledging = Callable[..., Awaitable[object]]


class _Forms:
    """How forms were acknowledged: one that Slack sends again is acknowledged as it was the first time."""

    def __init__(self) -> None:
        self._said: OrderedDict[str, asyncio.Future[dict[str, Any]]] = OrderedDict()

    async def again(self, id: str, ack: AsyncAck) -> bool:  # noqa: A002
        """Whether it is here already; then it is acknowledged once the first one was."""
        said = self._said.get(id)
        if said is not None:
            await ack(**await asyncio.shield(said))
        return said is not None

    @contextmanager
    def keeping(self, id: str, ack: AsyncAck) -> Iterator[Acknowledging]:  # noqa: A002
        """How to acknowledge a form while the body runs, so that it is kept."""
        kept: asyncio.Future[dict[str, Any]] = asyncio.get_running_loop().create_future()
        if id:
            self._said[id] = kept
        if len(self._said) > _FORMS_KEPT:
            self._said.popitem(last=False)

        async def acknowledge(**said: Any) -> None:  # noqa: ANN401  # Bolt's own
            kept.set_result(said)
            await ack(**said)

        try:
            yield acknowledge
        finally:
            if not kept.done():
                kept.set_result({})


def hear_schedules(app: AsyncApp, office: Office) -> None:
    """Adds what a form says; what is wrong is told at its fields, while it is still open."""
    forms = _Forms()

    @app.view(FORM)
    @until_acknowledged
    async def sent_off(
        ack: AsyncAck, body: dict[str, Any], view: dict[str, Any], context: AsyncBoltContext
    ) -> None:
        id = id_of(body)  # noqa: A001
        if await forms.again(id, ack):
            return
        asked = replace(office.asked("schedule form", context), channel=typed_in(view))
        asked.telling = lambda sentence: _update(office, asked, view, render_error(sentence))
        if not office.take(asked):
            await ack(**errors_of({CHANNEL: CLOSING}))
            return
        with forms.keeping(id, ack) as acknowledge:
            await _add(office, asked, acknowledge, body)


async def _add(office: Office, asked: Asked, ack: Acknowledging, body: dict[str, Any]) -> None:
    view = body["view"]
    options = options_of(view, asked.user)
    if faults := faults_in(options):
        await ack(**errors_of(faults))
        return
    asking = asyncio.create_task(_asked(office, asked, body, options))
    try:
        try:
            quick, _ = await asyncio.wait({asking}, timeout=PROMPT)
        except asyncio.CancelledError:  # we are closing, and Slack still waits
            await ack(response_action="update", view=result_of(render_error(farewell(asked))))
            raise
        if not quick:
            await ack(response_action="update", view=result_of(render_error(_WORKING)))
        try:
            post = render(await asking)[0]
        except _Elsewhere:
            if quick:
                await ack()
            return
        except Exception as error:  # noqa: BLE001  # it is told, and logged where it is no sentence for a reader
            sentence = told_of(error, asked.what)
            if quick:
                await ack(**errors_of({CHANNEL: sentence}))
                return
            post = render_error(sentence)
    finally:
        asking.cancel()
        await asyncio.gather(asking, return_exceptions=True)  # nothing of it goes on behind a closed store
    if quick:
        await ack(response_action="update", view=result_of(post))
    else:
        await _update(office, asked, view, post)


class _Elsewhere(Exception):
    """Another process has the form."""


async def _asked(office: Office, asked: Asked, body: dict[str, Any], options: dict[str, str]) -> Message:
    """Raises AttacheError and _Elsewhere. That it is claimed first takes none of the time in which Slack must hear."""
    office.check(asked, COMMAND)
    if not await office.is_first(body):
        raise _Elsewhere
    office.admit(asked, COMMAND)
    return await office.ask(asked, Parsed(COMMAND, options))


async def _update(office: Office, asked: Asked, view: dict[str, Any], post: Post) -> None:
    """Shows it where the form was; somebody may have closed that. What was asked for is done all the same."""
    requests, shown = office.requests(asked), result_of(post)
    for left in (1, 0):
        try:
            await requests.ask(
                "views.update", lambda: requests.client.views_update(view_id=view["id"], view=shown)
            )
        except (*SLACK_FAILURES, TooLate) as error:
            if left and isinstance(error, SlackApiError) and Answer.of(error).error in _IN_BETWEEN:
                continue
            log.info("slack form is gone", error=str(error) or type(error).__name__)
        return
